package web

import (
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/report/article"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/activities"
	"tongxin/internal/web/articles"
	"tongxin/internal/web/audits"
	"tongxin/internal/web/bulletins"
	"tongxin/internal/web/callups"
	"tongxin/internal/web/design"
	overview "tongxin/internal/web/desk"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/experiences"
	"tongxin/internal/web/figures"
	"tongxin/internal/web/imports"
	"tongxin/internal/web/orgs"
	"tongxin/internal/web/page"
	"tongxin/internal/web/people"
	"tongxin/internal/web/progress"
	"tongxin/internal/web/reports"
	"tongxin/internal/web/rosters"
	"tongxin/internal/web/search"
	"tongxin/internal/web/settings"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/report"
)

// Who may use a route.
var (
	public   = page.Public
	signedIn = page.SignedIn
	desk     = page.Staff()
	admin    = page.Staff(auth.Admin)
	reviewer = page.Staff(auth.Admin, auth.Reviewer)
	writer   = page.Staff(auth.Leader, auth.Admin)
	planner  = page.Staff(auth.Leader, auth.Admin, auth.Editor)
	checker  = page.Staff(auth.Leader, auth.Admin, auth.Reviewer)
	guide    = page.Staff(auth.Supervisor, auth.Admin)
	reporter = page.Staff(report.Reporting...)
	keeper   = page.Staff(report.Keeping...)
	penman   = page.Staff(article.Writing...)
	teller   = page.Staff(experience.Writing...)
	adopter  = page.Staff(experience.Adopting...)
	caller   = page.Staff(callup.Writing...)
	issuer   = page.Staff(callup.Issuing...)
	receiver = page.Staff(callup.Receiving...)
	press    = page.Staff(bulletin.Writing...)
	censor   = page.Staff(bulletin.Reviewing...)
	signer   = page.Staff(bulletin.Signing...)
	author   = page.Staff(auth.Admin, auth.Editor, auth.Signer, auth.Leader)
	shaper   = page.Staff(auth.Admin, auth.Editor)
	answers  = page.Staff(auth.Admin, auth.Editor, auth.Leader, auth.Reviewer, auth.Signer)
	security = page.Staff(auth.SecurityAdmin)
	system   = page.Staff(auth.SystemAdmin)
	readers  = page.Staff(people.Readers...)
	keepers  = page.Staff(people.Keepers...)
)

// table is every URL of the site and who may use it. /api/v1, /healthz, /readyz and
// /metrics are mounted beside them by package app.
var table = []page.Route{
	// everybody's
	{Pattern: "POST /preferences", Handler: page.SetPreferences, Access: public},
	// the desk
	{Pattern: "GET /desk", Handler: page.Desk, Access: desk},
	{Pattern: "GET /desk/overview", Handler: overview.Overview, Access: desk},
	{Pattern: "GET /desk/overview/live", Handler: overview.Live, Access: desk},
	{Pattern: "GET /overview", Handler: overview.Public, Access: public},
	{Pattern: "GET /overview/live", Handler: overview.PublicLive, Access: public},
	{Pattern: "GET /screen", Handler: overview.Screen, Access: desk},
	{Pattern: "GET /screen/live", Handler: overview.ScreenLive, Access: desk},
	{Pattern: "GET /screen/{wall}/{secret}", Handler: overview.Hung, Access: public},
	{Pattern: "GET /screen/{wall}/{secret}/live", Handler: overview.HungLive, Access: public},
	{Pattern: "GET /desk/shapes", Handler: overview.Shapes, Access: system},
	{Pattern: "POST /desk/shapes", Handler: overview.ImportShapes, Access: system, Body: area.ShapeFileMost + 1<<20},
	{Pattern: "POST /desk/shapes/drop", Handler: overview.DropShapes, Access: system},
	{Pattern: "GET /desk/walls", Handler: overview.Walls, Access: admin},
	{Pattern: "POST /desk/walls", Handler: overview.HangWall, Access: admin},
	{Pattern: "POST /desk/walls/{wall}/end", Handler: overview.EndWall, Access: admin},
	{Pattern: "GET /search", Handler: search.Show, Access: public},
	{Pattern: "GET /desk/search", Handler: search.Desk, Access: desk},
	{Pattern: "POST /desk/search", Handler: search.Desk, Access: desk},
	{Pattern: "GET /desk/audits", Handler: audits.Search, Access: page.Staff(auth.Auditor)},
	{Pattern: "GET /desk/settings", Handler: settings.Show, Access: system},
	{Pattern: "POST /desk/settings/{key}", Handler: settings.Save, Access: system},
	{Pattern: "GET /desk/channels", Handler: settings.Channels, Access: system},
	{Pattern: "POST /desk/channels/{channel}", Handler: settings.SaveChannel, Access: system},
	{Pattern: "GET /desk/channels/{channel}/templates", Handler: settings.Templates, Access: system},
	{Pattern: "POST /desk/channels/{channel}/templates", Handler: settings.SaveTemplate, Access: system},
	{Pattern: "GET /desk/dead-letters", Handler: settings.DeadLetters, Access: system},
	{Pattern: "POST /desk/dead-letters/release", Handler: settings.ReleaseAll, Access: system},
	{Pattern: "POST /desk/dead-letters/{delivery}/release", Handler: settings.Release, Access: system},
	{Pattern: "POST /desk/dead-letters/{delivery}/give-up", Handler: settings.GiveUp, Access: system},

	{Pattern: "/", Handler: page.NotFound, Access: public},

	// activities
	{Pattern: "GET /activities", Handler: activities.Open, Access: public},
	{Pattern: "GET /desk/activities", Handler: activities.List, Access: desk},
	{Pattern: "GET /desk/activities/new", Handler: activities.New, Access: writer},
	{Pattern: "POST /desk/activities", Handler: activities.Create, Access: writer},
	{Pattern: "GET /desk/activities/{id}", Handler: activities.Show, Access: desk},
	{Pattern: "GET /desk/activities/{id}/edit", Handler: activities.Edit, Access: writer},
	{Pattern: "POST /desk/activities/{id}/edit", Handler: activities.Save, Access: writer},
	{Pattern: "GET /desk/activities/{id}/posts/new", Handler: activities.EditPost, Access: writer},
	{Pattern: "POST /desk/activities/{id}/posts", Handler: activities.SavePost, Access: writer},
	{Pattern: "GET /desk/activities/{id}/posts/{post}", Handler: activities.EditPost, Access: writer},
	{Pattern: "POST /desk/activities/{id}/posts/{post}", Handler: activities.SavePost, Access: writer},
	{Pattern: "POST /desk/activities/{id}/posts/{post}/remove", Handler: activities.RemovePost, Access: writer},
	{Pattern: "GET /desk/activities/{id}/coorgs", Handler: activities.EditCoOrgs, Access: writer},
	{Pattern: "POST /desk/activities/{id}/coorgs", Handler: activities.SaveCoOrgs, Access: writer},
	{Pattern: "POST /desk/activities/{id}/submit", Handler: activities.Submit, Access: writer},
	{Pattern: "POST /desk/activities/{id}/recall", Handler: activities.Recall, Access: writer},
	{Pattern: "POST /desk/activities/{id}/approve", Handler: activities.Approve, Access: reviewer},
	{Pattern: "POST /desk/activities/{id}/return", Handler: activities.Return, Access: reviewer},
	{Pattern: "GET /desk/activities/{id}/cancel", Handler: activities.AskCancel, Access: writer},
	{Pattern: "POST /desk/activities/{id}/cancel", Handler: activities.Cancel, Access: writer},
	{Pattern: "GET /desk/reviews", Handler: activities.Reviews, Access: reviewer},
	{Pattern: "GET /desk/campaigns", Handler: activities.Campaigns, Access: desk},
	{Pattern: "GET /desk/campaigns/new", Handler: activities.NewCampaign, Access: admin},
	{Pattern: "POST /desk/campaigns", Handler: activities.CreateCampaign, Access: admin},
	{Pattern: "GET /desk/campaigns/{n}", Handler: activities.ShowCampaign, Access: desk},
	{Pattern: "POST /desk/campaigns/{n}", Handler: activities.SaveCampaign, Access: admin},
	{Pattern: "POST /desk/campaigns/{n}/close", Handler: activities.CloseCampaign, Access: admin},
	{Pattern: "POST /desk/campaigns/{n}/reopen", Handler: activities.ReopenCampaign, Access: admin},

	// figures
	{Pattern: "GET /desk/figures", Handler: figures.List, Access: desk},
	{Pattern: "GET /desk/figures/{key}", Handler: figures.Show, Access: desk},
	{Pattern: "GET /figures/{key}", Handler: figures.Public, Access: public},

	// schedules and directives
	{Pattern: "GET /desk/progress", Handler: progress.Board, Access: desk},
	{Pattern: "POST /desk/progress", Handler: progress.Create, Access: guide},
	{Pattern: "GET /desk/progress/new", Handler: progress.New, Access: guide},
	{Pattern: "GET /desk/progress/{schedule}", Handler: progress.Board, Access: desk},
	{Pattern: "GET /desk/progress/{schedule}/template", Handler: progress.Template, Access: guide},
	{Pattern: "GET /desk/progress/{schedule}/import", Handler: progress.ListForm, Access: guide},
	{Pattern: "POST /desk/progress/{schedule}/import", Handler: progress.Preview, Access: guide, Body: 8 << 20},
	{Pattern: "POST /desk/progress/{schedule}/import/apply", Handler: progress.Apply, Access: guide, Body: 4 << 20},
	{Pattern: "POST /desk/progress/{schedule}/close", Handler: progress.Close, Access: guide},
	{Pattern: "POST /desk/progress/{schedule}/reopen", Handler: progress.Reopen, Access: guide},
	{Pattern: "POST /desk/progress/{schedule}/rows", Handler: progress.Set, Access: guide},
	{Pattern: "GET /desk/progress/{schedule}/rows/new", Handler: progress.Fill, Access: guide},
	{Pattern: "GET /desk/progress/{schedule}/rows/{row}", Handler: progress.Show, Access: desk},
	{Pattern: "POST /desk/progress/{schedule}/rows/{row}/remove", Handler: progress.Remove, Access: guide},
	{Pattern: "POST /desk/progress/{schedule}/rows/{row}/reach", Handler: progress.Reach, Access: guide},
	{Pattern: "POST /desk/progress/{schedule}/rows/{row}/unreach", Handler: progress.Unreach, Access: guide},
	{Pattern: "GET /desk/guidance", Handler: progress.List, Access: desk},
	{Pattern: "POST /desk/guidance", Handler: progress.Send, Access: guide},
	{Pattern: "GET /desk/guidance/new", Handler: progress.Write, Access: guide},
	{Pattern: "GET /desk/guidance/{directive}", Handler: progress.File, Access: desk},
	{Pattern: "POST /desk/guidance/{directive}/edit", Handler: progress.Resend, Access: guide},
	{Pattern: "POST /desk/guidance/{directive}/take", Handler: progress.Take, Access: admin},
	{Pattern: "POST /desk/guidance/{directive}/reply", Handler: progress.Reply, Access: admin},
	{Pattern: "POST /desk/guidance/{directive}/act", Handler: progress.Act, Access: admin},
	{Pattern: "POST /desk/guidance/{directive}/return", Handler: progress.SendBack, Access: guide},
	{Pattern: "POST /desk/guidance/{directive}/close", Handler: progress.Finish, Access: guide},
	{Pattern: "POST /desk/guidance/{directive}/withdraw", Handler: progress.Withdraw, Access: guide},

	// bulletins
	{Pattern: "GET /bulletins", Handler: bulletins.Public, Access: public},
	{Pattern: "GET /bulletins/{issue}", Handler: bulletins.Issue, Access: public},
	{Pattern: "GET /bulletins/{issue}/figures/{n}", Handler: bulletins.Figure, Access: public},
	{Pattern: "GET /bulletins/{issue}/docx", Handler: bulletins.Docx, Access: public},
	{Pattern: "GET /bulletins/{issue}/text", Handler: bulletins.Plain, Access: public},
	{Pattern: "GET /bulletins/{issue}/paper", Handler: bulletins.Paper, Access: public},
	{Pattern: "POST /bulletins/{issue}/pdf", Handler: bulletins.PDF, Access: desk},
	{Pattern: "GET /desk/bulletins", Handler: bulletins.List, Access: desk},
	{Pattern: "GET /desk/bulletins/new", Handler: bulletins.New, Access: press},
	{Pattern: "POST /desk/bulletins", Handler: bulletins.Create, Access: press},
	{Pattern: "GET /desk/bulletins/template", Handler: bulletins.Template, Access: shaper},
	{Pattern: "POST /desk/bulletins/template", Handler: bulletins.SaveTemplate, Access: shaper},
	{Pattern: "GET /desk/bulletins/{issue}", Handler: bulletins.Show, Access: desk},
	{Pattern: "GET /desk/bulletins/{issue}/preview", Handler: bulletins.Preview, Access: desk},
	{Pattern: "GET /desk/bulletins/{issue}/edit", Handler: bulletins.EditForm, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/edit", Handler: bulletins.Edit, Access: press},
	{Pattern: "GET /desk/bulletins/{issue}/correct", Handler: bulletins.CorrectForm, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/correct", Handler: bulletins.Correct, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/add", Handler: bulletins.Add, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/experience", Handler: bulletins.AddExperience, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/submit", Handler: bulletins.Submit, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/recall", Handler: bulletins.Recall, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/drop", Handler: bulletins.Drop, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/agree", Handler: bulletins.Agree, Access: censor},
	{Pattern: "POST /desk/bulletins/{issue}/object", Handler: bulletins.Object, Access: censor},
	{Pattern: "POST /desk/bulletins/{issue}/publish", Handler: bulletins.Publish, Access: signer},
	{Pattern: "POST /desk/bulletins/{issue}/send", Handler: bulletins.Send, Access: press},
	{Pattern: "POST /desk/bulletins/{issue}/remind", Handler: bulletins.Remind, Access: press},
	{Pattern: "GET /desk/bulletin-texts/{article}", Handler: bulletins.Text, Access: author},
	{Pattern: "POST /desk/bulletin-texts/{article}/write", Handler: bulletins.Save, Access: author},
	{Pattern: "POST /desk/bulletin-texts/{article}/respeak", Handler: bulletins.Respeak, Access: author},
	{Pattern: "POST /desk/bulletin-texts/{article}/redraft", Handler: bulletins.Redraft, Access: author},
	{Pattern: "POST /desk/bulletin-texts/{article}/handin", Handler: bulletins.HandIn, Access: author},
	{Pattern: "POST /desk/bulletin-texts/{article}/accept", Handler: bulletins.Accept, Access: press},
	{Pattern: "POST /desk/bulletin-texts/{article}/return", Handler: bulletins.SendBack, Access: press},
	{Pattern: "POST /desk/bulletin-texts/{article}/remove", Handler: bulletins.Remove, Access: press},
	{Pattern: "POST /desk/bulletin-texts/{article}/up", Handler: bulletins.Up, Access: press},
	{Pattern: "GET /desk/bulletin-received/{delivery}", Handler: bulletins.Received, Access: desk},
	{Pattern: "POST /desk/bulletin-received/{delivery}/take", Handler: bulletins.Take, Access: answers},
	{Pattern: "POST /desk/bulletin-received/{delivery}/answer", Handler: bulletins.Answer, Access: answers},

	// reports
	{Pattern: "GET /desk/reports", Handler: reports.Home, Access: desk},
	{Pattern: "POST /desk/reports", Handler: reports.Create, Access: reporter, Body: report.MaxFile + 1<<20},
	{Pattern: "GET /desk/reports/new", Handler: reports.New, Access: reporter},
	{Pattern: "GET /desk/reports/{id}", Handler: reports.Show, Access: desk},
	{Pattern: "GET /desk/reports/{id}/file", Handler: reports.File, Access: desk},
	{Pattern: "GET /desk/reports/{id}/edit", Handler: reports.Edit, Access: reporter},
	{Pattern: "POST /desk/reports/{id}/edit", Handler: reports.Save, Access: reporter, Body: report.MaxFile + 1<<20},
	{Pattern: "POST /desk/reports/{id}/accept", Handler: reports.Accept, Access: reviewer},
	{Pattern: "POST /desk/reports/{id}/return", Handler: reports.Return, Access: reviewer},
	{Pattern: "POST /desk/reports/{id}/withdraw", Handler: reports.Withdraw, Access: reporter},
	{Pattern: "GET /desk/duties/new", Handler: reports.NewDuty, Access: keeper},
	{Pattern: "POST /desk/duties", Handler: reports.BeginDuty, Access: keeper},
	{Pattern: "GET /desk/duties/{id}", Handler: reports.ShowDuty, Access: desk},
	{Pattern: "POST /desk/duties/{id}/remind", Handler: reports.Remind, Access: keeper},
	{Pattern: "POST /desk/duties/{id}/close", Handler: reports.CloseDuty, Access: keeper},
	{Pattern: "POST /desk/dues/{id}/nothing", Handler: reports.Nothing, Access: reporter},
	{Pattern: "POST /desk/dues/{id}/something", Handler: reports.Something, Access: reporter},

	// appeals and call-ups
	{Pattern: "GET /callups", Handler: callups.Public, Access: public},
	{Pattern: "POST /callups/again", Handler: callups.AskAgain, Access: signedIn},
	{Pattern: "GET /callups/{callup}", Handler: callups.Leaflet, Access: public},
	{Pattern: "POST /callups/{callup}/answer", Handler: callups.Answer, Access: signedIn},
	{Pattern: "POST /callups/{callup}/back", Handler: callups.TakeBack, Access: signedIn},
	{Pattern: "GET /callups/{callup}/{did}", Handler: callups.ToLeaflet, Access: public},
	{Pattern: "GET /appeals/{appeal}", Handler: callups.Appeal, Access: public},
	{Pattern: "GET /desk/callups", Handler: callups.List, Access: desk},
	{Pattern: "POST /desk/callups", Handler: callups.Create, Access: caller},
	{Pattern: "GET /desk/callups/new", Handler: callups.New, Access: caller},
	{Pattern: "GET /desk/callups/{callup}", Handler: callups.Show, Access: desk},
	{Pattern: "GET /desk/callups/{callup}/live", Handler: callups.Live, Access: desk},
	{Pattern: "GET /desk/callups/{callup}/units", Handler: callups.Units, Access: desk},
	{Pattern: "GET /desk/callups/{callup}/edit", Handler: callups.Edit, Access: caller},
	{Pattern: "POST /desk/callups/{callup}/edit", Handler: callups.Save, Access: caller},
	{Pattern: "POST /desk/callups/{callup}/receivers", Handler: callups.SetReceivers, Access: caller},
	{Pattern: "POST /desk/callups/{callup}/issue", Handler: callups.Issue, Access: issuer},
	{Pattern: "POST /desk/callups/{callup}/nudge", Handler: callups.Nudge, Access: issuer},
	{Pattern: "POST /desk/callups/{callup}/close", Handler: callups.Close, Access: issuer},
	{Pattern: "POST /desk/callups/{callup}/withdraw", Handler: callups.Withdraw, Access: issuer},
	{Pattern: "GET /desk/receipts/{receipt}", Handler: callups.Receipt, Access: desk},
	{Pattern: "POST /desk/receipts/{receipt}/acknowledge", Handler: callups.Acknowledge, Access: receiver},
	{Pattern: "POST /desk/receipts/{receipt}/forward", Handler: callups.Forward, Access: receiver},
	{Pattern: "POST /desk/receipts/{receipt}/shifts", Handler: callups.OpenShifts, Access: receiver},
	{Pattern: "POST /desk/receipts/{receipt}/nudge", Handler: callups.NudgeBelow, Access: receiver},
	{Pattern: "POST /desk/receipts/{receipt}/report", Handler: callups.Report, Access: receiver},
	{Pattern: "POST /desk/appeals", Handler: callups.CreateAppeal, Access: caller},
	{Pattern: "GET /desk/appeals/new", Handler: callups.NewAppeal, Access: caller},
	{Pattern: "GET /desk/appeals/{appeal}", Handler: callups.ShowAppeal, Access: desk},
	{Pattern: "POST /desk/appeals/{appeal}/edit", Handler: callups.SaveAppeal, Access: caller},
	{Pattern: "POST /desk/appeals/{appeal}/publish", Handler: callups.PublishAppeal, Access: issuer},
	{Pattern: "POST /desk/appeals/{appeal}/withdraw", Handler: callups.RecallAppeal, Access: issuer},

	// organisations
	{Pattern: "GET /orgs/{id}", Handler: orgs.Public, Access: public},
	{Pattern: "GET /orgs/register", Handler: orgs.RegisterForm, Access: signedIn},
	{Pattern: "POST /orgs/register", Handler: orgs.Register, Access: signedIn},
	{Pattern: "GET /orgs/mine", Handler: orgs.Mine, Access: signedIn},
	{Pattern: "GET /orgs/mine/{id}", Handler: orgs.MineOne, Access: signedIn},
	{Pattern: "POST /orgs/mine/{id}", Handler: orgs.Resubmit, Access: signedIn},
	{Pattern: "POST /orgs/mine/{id}/withdraw", Handler: orgs.Withdraw, Access: signedIn},
	{Pattern: "GET /desk/orgs", Handler: orgs.Browse, Access: desk},
	{Pattern: "GET /desk/orgs/new", Handler: orgs.NewForm, Access: admin},
	{Pattern: "POST /desk/orgs/new", Handler: orgs.New, Access: admin},
	{Pattern: "GET /desk/orgs/pending", Handler: orgs.Pending, Access: reviewer},
	{Pattern: "GET /desk/orgs/{id}", Handler: orgs.Show, Access: desk},
	{Pattern: "POST /desk/orgs/{id}/contact", Handler: orgs.ReadContact, Access: reviewer},
	{Pattern: "POST /desk/orgs/{id}/approve", Handler: orgs.Approve, Access: reviewer},
	{Pattern: "POST /desk/orgs/{id}/return", Handler: orgs.Return, Access: reviewer},
	{Pattern: "GET /desk/orgs/{id}/edit", Handler: orgs.EditForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/edit", Handler: orgs.Edit, Access: admin},
	{Pattern: "GET /desk/orgs/{id}/rename", Handler: orgs.RenameForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/rename", Handler: orgs.Rename, Access: admin},
	{Pattern: "GET /desk/orgs/{id}/move", Handler: orgs.MoveForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/move", Handler: orgs.Move, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/trust", Handler: orgs.Trust, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/untrust", Handler: orgs.Untrust, Access: admin},
	{Pattern: "GET /desk/orgs/{id}/merge", Handler: orgs.MergeForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/merge", Handler: orgs.Merge, Access: admin},
	{Pattern: "GET /desk/orgs/{id}/close", Handler: orgs.CloseForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/close", Handler: orgs.Close, Access: admin},

	// lists from offices
	{Pattern: "GET /desk/imports", Handler: imports.List, Access: admin},
	{Pattern: "POST /desk/imports", Handler: imports.Bring, Access: admin, Body: imports.MostBody},
	{Pattern: "GET /desk/import-templates/{kind}", Handler: imports.Template, Access: admin},
	{Pattern: "GET /desk/imports/{batch}", Handler: imports.Show, Access: admin},
	{Pattern: "GET /desk/imports/{batch}/annotated", Handler: imports.Annotated, Access: admin},
	{Pattern: "POST /desk/imports/{batch}/enter", Handler: imports.Enter, Access: admin},
	{Pattern: "POST /desk/imports/{batch}/undo", Handler: imports.Undo, Access: admin},
	{Pattern: "POST /desk/imports/{batch}/drop", Handler: imports.Drop, Access: admin},

	// signing in and joining
	{Pattern: "GET /sign-in", Handler: people.SignIn, Access: public},
	{Pattern: "POST /sign-in", Handler: people.SendCode, Access: public},
	{Pattern: "POST /sign-in/code", Handler: people.EnterCode, Access: public},
	{Pattern: "GET /sign-in/whose", Handler: people.Whose, Access: public},
	{Pattern: "POST /sign-in/whose", Handler: people.AnswerWhose, Access: public},
	{Pattern: "POST /sign-out", Handler: people.SignOut, Access: public},
	{Pattern: "GET /join", Handler: people.Join, Access: public},
	{Pattern: "POST /join", Handler: people.DoJoin, Access: public},
	{Pattern: "GET /desk/sign-in", Handler: people.StaffSignIn, Access: public},
	{Pattern: "POST /desk/sign-in", Handler: people.StaffPassword, Access: public},
	{Pattern: "GET /desk/sign-in/step", Handler: people.StaffStep, Access: public},
	{Pattern: "POST /desk/sign-in/step", Handler: people.TakeStep, Access: public},

	// one's own things
	{Pattern: "GET /my", Handler: people.My, Access: signedIn},
	{Pattern: "GET /my/data", Handler: people.Data, Access: signedIn},
	{Pattern: "GET /my/data/edit", Handler: people.Edit, Access: signedIn},
	{Pattern: "POST /my/data/edit", Handler: people.SaveEdit, Access: signedIn},
	{Pattern: "GET /my/data/place", Handler: people.Place, Access: signedIn},
	{Pattern: "POST /my/data/place", Handler: people.SavePlace, Access: signedIn},
	{Pattern: "GET /my/data/identity", Handler: people.Identity, Access: signedIn},
	{Pattern: "POST /my/data/birth", Handler: people.SaveBirth, Access: signedIn},
	{Pattern: "POST /my/data/idno", Handler: people.SaveIDNo, Access: signedIn},
	{Pattern: "GET /my/data/category", Handler: people.Category, Access: signedIn},
	{Pattern: "POST /my/data/category", Handler: people.SaveCategory, Access: signedIn},
	{Pattern: "GET /my/data/skills", Handler: people.Skills, Access: signedIn},
	{Pattern: "POST /my/data/skills", Handler: people.SaveSkills, Access: signedIn},
	{Pattern: "GET /my/data/orgs", Handler: people.Orgs, Access: signedIn},
	{Pattern: "POST /my/data/orgs/{org}/join", Handler: people.Belong, Access: signedIn},
	{Pattern: "POST /my/data/orgs/{org}/leave", Handler: people.Leave, Access: signedIn},
	{Pattern: "GET /my/data/consents", Handler: people.Consents, Access: signedIn},
	{Pattern: "POST /my/data/consents/{kind}/withdraw", Handler: people.Withdraw, Access: signedIn},
	{Pattern: "GET /my/data/certificates", Handler: people.Certificates, Access: signedIn},
	{Pattern: "POST /my/data/certificates", Handler: people.AddCertificate, Access: signedIn},
	{Pattern: "POST /my/data/certificates/{certificate}/drop", Handler: people.DropCertificate, Access: signedIn},
	{Pattern: "GET /my/data/export", Handler: people.OwnData, Access: signedIn},
	{Pattern: "POST /my/data/export", Handler: people.TakeData, Access: signedIn},
	{Pattern: "GET /my/data/close", Handler: people.Closing, Access: signedIn},
	{Pattern: "POST /my/data/close", Handler: people.AskToClose, Access: signedIn},
	{Pattern: "POST /my/data/close/back", Handler: people.KeepOpen, Access: signedIn},
	{Pattern: "POST /my/family/let", Handler: people.LetActFor, Access: signedIn},
	{Pattern: "POST /my/family/{person}/take", Handler: people.TakeOn, Access: signedIn},
	{Pattern: "POST /my/family/{person}/decline", Handler: people.Decline, Access: signedIn},
	{Pattern: "GET /my/family", Handler: people.Family, Access: signedIn},
	{Pattern: "GET /my/family/new", Handler: people.NewWard, Access: signedIn},
	{Pattern: "POST /my/family/new", Handler: people.SaveWard, Access: signedIn},
	{Pattern: "POST /my/family/{person}/agree", Handler: people.Agree, Access: signedIn},
	{Pattern: "POST /my/family/{person}/refuse", Handler: people.Refuse, Access: signedIn},
	{Pattern: "POST /my/family/{person}/renew", Handler: people.Renew, Access: signedIn},
	{Pattern: "GET /my/notices", Handler: people.Notices, Access: signedIn},
	{Pattern: "POST /my/notices/{notice}", Handler: people.OpenNotice, Access: signedIn},
	{Pattern: "POST /my/notices/read", Handler: people.ReadAll, Access: signedIn},
	{Pattern: "GET /my/notices/ways", Handler: people.Ways, Access: signedIn},
	{Pattern: "POST /my/notices/ways", Handler: people.SaveWays, Access: signedIn},
	{Pattern: "POST /my/notices/ways/address", Handler: people.NameAddress, Access: signedIn},
	{Pattern: "POST /my/notices/ways/code", Handler: people.ProveAddress, Access: signedIn},
	{Pattern: "GET /my/notices/ways/wechat/begin", Handler: people.AskWeChat, Access: signedIn},
	{Pattern: "GET /my/notices/ways/wechat", Handler: people.FromWeChat, Access: signedIn},
	{Pattern: "POST /my/notices/ways/drop", Handler: people.DropAddress, Access: signedIn},
	{Pattern: "GET /my/security", Handler: people.Security, Access: signedIn},
	{Pattern: "POST /my/security/sessions/{session}", Handler: people.EndSession, Access: signedIn},
	{Pattern: "POST /my/security/others", Handler: people.EndOthers, Access: signedIn},
	{Pattern: "POST /my/security/password", Handler: people.SavePassword, Access: signedIn},
	{Pattern: "POST /my/security/factor", Handler: people.SaveFactor, Access: signedIn},

	// people at the desk
	{Pattern: "GET /desk/people", Handler: people.List, Access: readers},
	{Pattern: "POST /desk/people", Handler: people.List, Access: readers},
	{Pattern: "GET /desk/people/new", Handler: people.New, Access: keepers},
	{Pattern: "POST /desk/people/new", Handler: people.Create, Access: keepers},
	{Pattern: "GET /desk/duplicates", Handler: people.Duplicates, Access: keepers},
	{Pattern: "POST /desk/duplicates", Handler: people.LookThrough, Access: keepers},
	{Pattern: "GET /desk/duplicates/{first}/{other}", Handler: people.Compare, Access: keepers},
	{Pattern: "POST /desk/duplicates/{first}/{other}", Handler: people.Propose, Access: keepers},
	{Pattern: "POST /desk/duplicates/{first}/{other}/distinct", Handler: people.NotTheSame, Access: keepers},
	{Pattern: "POST /desk/merges/{merge}/agree", Handler: people.AgreeMerge, Access: reviewer},
	{Pattern: "POST /desk/merges/{merge}/refuse", Handler: people.RefuseMerge, Access: reviewer},
	{Pattern: "POST /desk/merges/{merge}/undo", Handler: people.Unmerge, Access: reviewer},
	{Pattern: "GET /desk/handouts", Handler: people.Handouts, Access: reviewer},
	{Pattern: "POST /desk/handouts", Handler: people.AskHandout, Access: admin},
	{Pattern: "POST /desk/handouts/{handout}/agree", Handler: people.AgreeHandout, Access: reviewer},
	{Pattern: "POST /desk/handouts/{handout}/refuse", Handler: people.RefuseHandout, Access: reviewer},
	{Pattern: "POST /desk/handouts/{handout}/take", Handler: people.TakeHandout, Access: admin},
	{Pattern: "POST /desk/people/{person}/certificates", Handler: people.EnterCertificate, Access: keepers},
	{Pattern: "POST /desk/people/{person}/number", Handler: people.Rebind, Access: admin},
	{Pattern: "GET /desk/people/{person}/close", Handler: people.CloseFor, Access: admin},
	{Pattern: "POST /desk/people/{person}/close", Handler: people.AskToCloseFor, Access: admin},
	{Pattern: "POST /desk/people/{person}/close/back", Handler: people.KeepOpenFor, Access: keepers},
	{Pattern: "GET /desk/certificates", Handler: people.CertificateList, Access: readers},
	{Pattern: "POST /desk/certificates/{certificate}/seen", Handler: people.SeenCertificate, Access: keepers},
	{Pattern: "POST /desk/certificates/{certificate}/unseen", Handler: people.UnseenCertificate, Access: keepers},
	{Pattern: "POST /desk/certificates/{certificate}/withdraw", Handler: people.WithdrawCertificate, Access: keepers},
	{Pattern: "GET /desk/people/{person}", Handler: people.Show, Access: readers},
	{Pattern: "POST /desk/people/{person}/reveal", Handler: people.Reveal, Access: keepers},
	{Pattern: "POST /desk/people/{person}/keep", Handler: people.Keep, Access: keepers},
	{Pattern: "GET /desk/staff", Handler: people.Staff, Access: security},
	{Pattern: "POST /desk/staff", Handler: people.Staff, Access: security},
	{Pattern: "GET /desk/staff/new", Handler: people.NewStaff, Access: security},
	{Pattern: "POST /desk/staff/new", Handler: people.CreateStaff, Access: security},
	{Pattern: "GET /desk/staff/{person}", Handler: people.ShowStaff, Access: security},
	{Pattern: "POST /desk/staff/{person}/grant", Handler: people.GrantRole, Access: security},
	{Pattern: "POST /desk/staff/{person}/revoke", Handler: people.RevokeRole, Access: security},
	{Pattern: "POST /desk/staff/{person}/password", Handler: people.ResetPassword, Access: security},
	{Pattern: "POST /desk/staff/{person}/factor", Handler: people.ResetFactor, Access: security},
	{Pattern: "POST /desk/staff/{person}/remove", Handler: people.RemoveStaff, Access: security},
	{Pattern: "GET /desk/tokens", Handler: people.Tokens, Access: security},
	{Pattern: "POST /desk/tokens", Handler: people.NewToken, Access: security},
	{Pattern: "POST /desk/tokens/{person}/end", Handler: people.EndToken, Access: security},

	// articles
	{Pattern: "GET /articles", Handler: articles.Public, Access: public},
	{Pattern: "GET /articles/{article}", Handler: articles.Read, Access: public},
	{Pattern: "GET /articles.atom", Handler: articles.Feed, Access: public},
	{Pattern: "GET /pictures/{picture}", Handler: editor.Picture, Access: public},
	{Pattern: "GET /desk/articles", Handler: articles.List, Access: desk},
	{Pattern: "GET /desk/articles/new", Handler: articles.New, Access: penman},
	{Pattern: "POST /desk/articles/new", Handler: articles.Create, Access: penman},
	{Pattern: "GET /desk/editor/figure", Handler: editor.Figure, Access: author},
	{Pattern: "POST /desk/editor/paste", Handler: editor.Paste, Access: author, Body: editor.MaxForm},
	{Pattern: "GET /desk/articles/{article}", Handler: articles.Show, Access: desk},
	{Pattern: "GET /desk/articles/{article}/history", Handler: articles.History, Access: desk},
	{Pattern: "GET /desk/articles/{article}/edit", Handler: articles.Edit, Access: penman},
	{Pattern: "POST /desk/articles/{article}/edit", Handler: articles.Save, Access: penman, Body: editor.MaxForm},
	{Pattern: "POST /desk/articles/{article}/draft", Handler: articles.Keep, Access: penman, Body: editor.MaxForm},
	{Pattern: "POST /desk/articles/{article}/pictures", Handler: articles.AddPicture, Access: penman, Body: editor.MaxPicture},
	{Pattern: "GET /desk/articles/{article}/{did}", Handler: articles.ToSheet, Access: desk},
	{Pattern: "POST /desk/articles/{article}/{did}", Handler: articles.Act, Access: desk},

	// experiences and mentions in the media
	{Pattern: "GET /desk/experiences", Handler: experiences.Library, Access: desk},
	{Pattern: "GET /desk/experiences/ours", Handler: experiences.Pile, Access: desk},
	{Pattern: "GET /desk/experiences/new", Handler: experiences.New, Access: teller},
	{Pattern: "POST /desk/experiences/new", Handler: experiences.Create, Access: teller},
	{Pattern: "GET /desk/experiences/{experience}", Handler: experiences.Show, Access: desk},
	{Pattern: "GET /desk/experiences/{experience}/edit", Handler: experiences.Edit, Access: teller},
	{Pattern: "POST /desk/experiences/{experience}/edit", Handler: experiences.Save, Access: teller, Body: editor.MaxForm},
	{Pattern: "POST /desk/experiences/{experience}/draft", Handler: experiences.Keep, Access: teller, Body: editor.MaxForm},
	{Pattern: "POST /desk/experiences/{experience}/pictures", Handler: experiences.AddPicture, Access: teller, Body: editor.MaxPicture},
	{Pattern: "GET /desk/experiences/{experience}/{did}", Handler: experiences.ToSheet, Access: desk},
	{Pattern: "POST /desk/experiences/{experience}/{did}", Handler: experiences.Act, Access: desk},
	{Pattern: "GET /desk/mentions", Handler: experiences.Mentions, Access: desk},
	{Pattern: "POST /desk/mentions", Handler: experiences.Mention, Access: adopter},
	{Pattern: "GET /desk/mentions/{mention}", Handler: experiences.OneMention, Access: desk},
	{Pattern: "POST /desk/mentions/{mention}", Handler: experiences.TakeBack, Access: adopter},

	// shifts and who is on them
	{Pattern: "GET /{$}", Handler: rosters.Home, Access: public},
	{Pattern: "GET /stations", Handler: rosters.Stations, Access: public},
	{Pattern: "GET /stations/{org}", Handler: rosters.Station, Access: public},
	{Pattern: "GET /activities/{activity}", Handler: rosters.Activity, Access: public},
	{Pattern: "POST /activities/{activity}", Handler: rosters.SignUp, Access: signedIn},
	{Pattern: "POST /activities/{activity}/seen", Handler: rosters.Seen, Access: signedIn},
	{Pattern: "GET /shifts", Handler: rosters.Find, Access: public},
	{Pattern: "GET /shifts/{shift}", Handler: rosters.Shift, Access: public},
	{Pattern: "GET /shifts/{shift}/people/{person}", Handler: rosters.Place, Access: signedIn},
	{Pattern: "GET /shifts/{shift}/people/{person}/{did}", Handler: rosters.ToPlace, Access: signedIn},
	{Pattern: "POST /shifts/{shift}/people/{person}/withdraw", Handler: rosters.Withdraw, Access: signedIn},
	{Pattern: "POST /shifts/{shift}/people/{person}/confirm", Handler: rosters.Confirm, Access: signedIn},
	{Pattern: "GET /my/shifts", Handler: rosters.Mine, Access: signedIn},
	{Pattern: "GET /my/hours", Handler: rosters.Hours, Access: signedIn},
	{Pattern: "GET /my/calendar", Handler: rosters.Calendar, Access: signedIn},
	{Pattern: "POST /my/calendar", Handler: rosters.MakeCalendar, Access: signedIn},
	{Pattern: "POST /my/calendar/end", Handler: rosters.EndCalendar, Access: signedIn},
	{Pattern: "GET /my/calendar/end", Handler: rosters.ToCalendar, Access: signedIn},
	{Pattern: "GET /calendars/{calendar}/{secret}", Handler: rosters.OwnCalendar, Access: public},
	{Pattern: "GET /calendars/activities/{activity}", Handler: rosters.ActivityCalendar, Access: public},
	{Pattern: "GET /calendars/orgs/{org}", Handler: rosters.OrgCalendar, Access: public},
	{Pattern: "GET /checkin", Handler: rosters.CheckIn, Access: signedIn},
	{Pattern: "POST /checkin", Handler: rosters.SendCode, Access: signedIn},
	{Pattern: "GET /desk/shifts", Handler: rosters.DeskShifts, Access: planner},
	{Pattern: "GET /desk/activities/{activity}/shifts", Handler: rosters.Plan, Access: planner},
	{Pattern: "POST /desk/activities/{activity}/shifts", Handler: rosters.AddShift, Access: planner},
	{Pattern: "GET /desk/shifts/{shift}", Handler: rosters.Roster, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/edit", Handler: rosters.EditShift, Access: planner},
	{Pattern: "POST /desk/shifts/{shift}/edit", Handler: rosters.ChangeShift, Access: planner},
	{Pattern: "POST /desk/shifts/{shift}/cancel", Handler: rosters.CancelShift, Access: planner},
	{Pattern: "POST /desk/activities/{activity}/series", Handler: rosters.AddSeries, Access: planner},
	{Pattern: "POST /desk/activities/{activity}/series/{series}", Handler: rosters.ExtendSeries, Access: planner},
	{Pattern: "POST /desk/activities/{activity}/copy-week", Handler: rosters.CopyWeek, Access: planner},
	{Pattern: "GET /desk/activities/{activity}/series", Handler: rosters.ToPlan, Access: planner},
	{Pattern: "GET /desk/activities/{activity}/series/{series}", Handler: rosters.ToPlan, Access: planner},
	{Pattern: "GET /desk/activities/{activity}/copy-week", Handler: rosters.ToPlan, Access: planner},
	{Pattern: "GET /desk/templates", Handler: rosters.Templates, Access: writer},
	{Pattern: "GET /desk/templates/{template}", Handler: rosters.Template, Access: writer},
	{Pattern: "POST /desk/templates/{template}", Handler: rosters.EditTemplate, Access: writer},
	{Pattern: "POST /desk/templates/{template}/retire", Handler: rosters.RetireTemplate, Access: writer},
	{Pattern: "POST /desk/templates/{template}/activities", Handler: rosters.DraftByTemplate, Access: writer},
	{Pattern: "GET /desk/templates/{template}/retire", Handler: rosters.ToTemplate, Access: writer},
	{Pattern: "GET /desk/templates/{template}/activities", Handler: rosters.ToTemplate, Access: writer},
	{Pattern: "POST /desk/activities/{activity}/templates", Handler: rosters.SaveTemplate, Access: writer},
	{Pattern: "POST /desk/activities/{activity}/apply-template", Handler: rosters.ApplyTemplate, Access: writer},
	{Pattern: "GET /desk/activities/{activity}/templates", Handler: rosters.ToPlan, Access: writer},
	{Pattern: "GET /desk/activities/{activity}/apply-template", Handler: rosters.ToPlan, Access: writer},
	{Pattern: "GET /desk/at-risk", Handler: rosters.AtRisk, Access: writer},
	{Pattern: "GET /desk/rest", Handler: rosters.Rests, Access: page.Staff(auth.SystemAdmin)},
	{Pattern: "GET /desk/rest/{service}", Handler: rosters.ToRests, Access: page.Staff(auth.SystemAdmin)},
	{Pattern: "POST /desk/rest/{service}", Handler: rosters.SetRest, Access: page.Staff(auth.SystemAdmin)},
	{Pattern: "GET /desk/shifts/{shift}/ask", Handler: rosters.AskForm, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/ask", Handler: rosters.AskPeople, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/sheet", Handler: rosters.Sheet, Access: writer},
	{Pattern: "GET /shifts/{shift}/ask", Handler: rosters.Asked, Access: signedIn},
	{Pattern: "POST /shifts/{shift}/ask", Handler: rosters.Answer, Access: signedIn},
	{Pattern: "POST /desk/shifts/{shift}/people", Handler: rosters.Add, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/decide", Handler: rosters.Decide, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/take-off", Handler: rosters.TakeOff, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/desk", Handler: rosters.Desk, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/walk-ups", Handler: rosters.WalkUp, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/arrive", Handler: rosters.Arrive, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/undo-arrival", Handler: rosters.UndoArrival, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/absent", Handler: rosters.Absent, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/depart", Handler: rosters.Depart, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/leave-early", Handler: rosters.LeaveEarly, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/settle", Handler: rosters.Settle, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/{did}", Handler: rosters.ToRoster, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/people/{person}/{did}", Handler: rosters.ToDesk, Access: writer},
	{Pattern: "GET /desk/shifts/{shift}/hours", Handler: rosters.TellForm, Access: writer},
	{Pattern: "POST /desk/shifts/{shift}/hours", Handler: rosters.Tell, Access: writer},
	{Pattern: "GET /desk/anomalies", Handler: rosters.Anomalies, Access: checker},
	{Pattern: "GET /desk/anomalies/{anomaly}", Handler: rosters.ToAnomalies, Access: checker},
	{Pattern: "POST /desk/anomalies/{anomaly}", Handler: rosters.Dismiss, Access: reviewer},
	{Pattern: "POST /desk/shifts/{shift}/people/{person}/strike", Handler: rosters.Strike, Access: reviewer},
	{Pattern: "GET /desk/hours", Handler: rosters.HoursDesk, Access: checker},
	{Pattern: "GET /desk/hours/{backfill}", Handler: rosters.HoursDesk, Access: checker},
	{Pattern: "POST /desk/hours/{backfill}", Handler: rosters.DecideHours, Access: reviewer},
}

// routes are those of a site: the gallery of components is for development.
func routes(s *page.Site) []page.Route {
	if s.Dev {
		return append(slices.Clone(table), design.Routes()...)
	}
	return table
}
