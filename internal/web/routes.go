package web

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/web/audits"
	"tongxin/internal/web/design"
	"tongxin/internal/web/orgs"
	"tongxin/internal/web/page"
	"tongxin/internal/web/settings"
)

// routes is every URL of the site and who may use it. /api/v1, /healthz, /readyz and
// /metrics are mounted beside them by package app.
func routes(s *page.Site) []page.Route {
	var (
		public   = page.Public
		signedIn = page.SignedIn
		desk     = page.Staff()
		admin    = page.Staff(auth.Admin)
		reviewer = page.Staff(auth.Admin, auth.Reviewer)
	)
	table := []page.Route{
		// everybody's
		{Pattern: "POST /preferences", Handler: page.SetPreferences, Access: public},
		// the desk
		{Pattern: "GET /desk/audits", Handler: audits.Search, Access: page.Staff(auth.Auditor)},
		{Pattern: "GET /desk/settings", Handler: settings.Show, Access: page.Staff(auth.SystemAdmin)},
		{Pattern: "POST /desk/settings/{key}", Handler: settings.Save, Access: page.Staff(auth.SystemAdmin)},

		{Pattern: "/", Handler: page.NotFound, Access: public},

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
	if s.Dev {
		table = append(table, design.Routes()...)
	}
	return table
}
