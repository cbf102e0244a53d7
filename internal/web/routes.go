package web

import (
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/web/activities"
	"tongxin/internal/web/audits"
	"tongxin/internal/web/design"
	"tongxin/internal/web/orgs"
	"tongxin/internal/web/page"
	"tongxin/internal/web/settings"
)

// Who may use a route.
var (
	public   = page.Public
	signedIn = page.SignedIn
	desk     = page.Staff()
	admin    = page.Staff(auth.Admin)
	reviewer = page.Staff(auth.Admin, auth.Reviewer)
	writer   = page.Staff(auth.Leader, auth.Admin)
)

// table is every URL of the site and who may use it. /api/v1, /healthz, /readyz and
// /metrics are mounted beside them by package app.
var table = []page.Route{
	// everybody's
	{Pattern: "POST /preferences", Handler: page.SetPreferences, Access: public},
	// the desk
	{Pattern: "GET /desk/audits", Handler: audits.Search, Access: page.Staff(auth.Auditor)},
	{Pattern: "GET /desk/settings", Handler: settings.Show, Access: page.Staff(auth.SystemAdmin)},
	{Pattern: "POST /desk/settings/{key}", Handler: settings.Save, Access: page.Staff(auth.SystemAdmin)},

	{Pattern: "/", Handler: page.NotFound, Access: public},

	// activities
	{Pattern: "GET /activities", Handler: activities.Open, Access: public},
	{Pattern: "GET /desk/activities", Handler: activities.List, Access: desk},
	{Pattern: "GET /desk/activities/export", Handler: activities.Export, Access: desk},
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

	// organisations
	{Pattern: "GET /orgs/{id}", Handler: orgs.Public, Access: public},
	{Pattern: "GET /orgs/register", Handler: orgs.RegisterForm, Access: signedIn},
	{Pattern: "POST /orgs/register", Handler: orgs.Register, Access: signedIn},
	{Pattern: "GET /orgs/mine", Handler: orgs.Mine, Access: signedIn},
	{Pattern: "GET /orgs/mine/{id}", Handler: orgs.MineOne, Access: signedIn},
	{Pattern: "POST /orgs/mine/{id}", Handler: orgs.Resubmit, Access: signedIn},
	{Pattern: "POST /orgs/mine/{id}/withdraw", Handler: orgs.Withdraw, Access: signedIn},
	{Pattern: "GET /desk/orgs", Handler: orgs.Browse, Access: desk},
	{Pattern: "GET /desk/orgs/export", Handler: orgs.Export, Access: desk},
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
	{Pattern: "GET /desk/orgs/{id}/close", Handler: orgs.CloseForm, Access: admin},
	{Pattern: "POST /desk/orgs/{id}/close", Handler: orgs.Close, Access: admin},
}

// routes are those of a site: the gallery of components is for development.
func routes(s *page.Site) []page.Route {
	if s.Dev {
		return append(slices.Clone(table), design.Routes()...)
	}
	return table
}
