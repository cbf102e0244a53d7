package web

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/web/activities"
	"tongxin/internal/web/articles"
	"tongxin/internal/web/bulletins"
	"tongxin/internal/web/experiences"
	"tongxin/internal/web/orgs"
	"tongxin/internal/web/page"
	"tongxin/internal/web/people"
	"tongxin/internal/web/reports"
)

// menu is the desk's, top to bottom. Each entry shows to whom its Access lets in.
var menu = []page.MenuItem{
	{Href: "/desk/overview", Icon: "chart", Key: "desk.title", Access: page.Staff()},
	{Href: "/desk/search", Icon: "search", Key: "search.title", Access: page.Staff()},
	{Href: "/desk/activities", Icon: "calendar", Key: "activities.h1", Access: page.Staff()},
	{Href: "/desk/reviews", Icon: "review", Key: "activities.reviews", Access: page.Staff(auth.Reviewer, auth.Admin), Count: activities.Waiting},
	{Href: "/desk/callups", Icon: "phone", Key: "callups.title", Access: page.Staff()},
	{Href: "/desk/articles", Icon: "doc", Key: "articles.title", Access: page.Staff(), Count: articles.Waiting},
	{Href: "/desk/experiences", Icon: "doc", Key: "experiences.title", Access: page.Staff(), Count: experiences.Waiting},
	{Href: "/desk/campaigns", Icon: "flag", Key: "campaigns.h1", Access: page.Staff()},
	{Href: "/desk/shifts", Icon: "shifts", Key: "rosters.desk.shifts", Access: page.Staff(auth.Leader, auth.Admin, auth.Editor)},
	{Href: "/desk/at-risk", Icon: "wait", Key: "rosters.at_risk", Access: page.Staff(auth.Leader, auth.Admin)},
	{Href: "/desk/hours", Icon: "clock", Key: "rosters.hours_desk", Access: page.Staff(auth.Leader, auth.Admin, auth.Reviewer)},
	{Href: "/desk/anomalies", Icon: "alert", Key: "rosters.anomalies", Access: page.Staff(auth.Leader, auth.Admin, auth.Reviewer)},
	{Href: "/desk/figures", Icon: "list", Key: "figures.title", Access: page.Staff()},
	{Href: "/desk/reports", Icon: "doc", Key: "reports.title", Access: page.Staff(), Count: reports.Waiting},
	{Href: "/desk/progress", Icon: "progress", Key: "progress.title", Access: page.Staff()},
	{Href: "/desk/guidance", Icon: "doc", Key: "guidance.title", Access: page.Staff()},
	{Href: "/desk/bulletins", Icon: "doc", Key: "bulletins.title", Access: page.Staff(), Count: bulletins.Waiting},
	{Href: "/desk/orgs", Icon: "tree", Key: "orgs.title", Access: page.Staff()},
	{Href: "/desk/orgs/pending", Icon: "review", Key: "orgs.pending", Access: page.Staff(auth.Admin, auth.Reviewer), Count: orgs.Waiting},
	{Href: "/desk/people", Icon: "team", Key: "volunteers.title", Access: page.Staff(people.Readers...)},
	{Href: "/desk/imports", Icon: "doc", Key: "imports.title", Access: page.Staff(auth.Admin)},
	{Href: "/desk/staff", Icon: "shield", Key: "staff.title", Access: page.Staff(auth.SecurityAdmin)},
	{Href: "/desk/walls", Icon: "scan", Key: "desk.walls", Access: page.Staff(auth.Admin)},
	{Href: "/desk/shapes", Icon: "flag", Key: "desk.shapes", Access: page.Staff(auth.SystemAdmin)},
	{Href: "/desk/tokens", Icon: "box", Key: "tokens.title", Access: page.Staff(auth.SecurityAdmin)},
	{Href: "/desk/audits", Icon: "list", Key: "audits.title", Access: page.Staff(auth.Auditor)},
	{Href: "/desk/rest", Icon: "clock", Key: "rosters.rest", Access: page.Staff(auth.SystemAdmin)},
	{Href: "/desk/channels", Icon: "phone", Key: "channels.title", Access: page.Staff(auth.SystemAdmin)},
	{Href: "/desk/dead-letters", Icon: "alert", Key: "letters.title", Access: page.Staff(auth.SystemAdmin)},
	{Href: "/desk/settings", Icon: "gear", Key: "settings.title", Access: page.Staff(auth.SystemAdmin)},
}
