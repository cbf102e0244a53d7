package web

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/web/audits"
	"tongxin/internal/web/design"
	"tongxin/internal/web/page"
	"tongxin/internal/web/settings"
)

// routes is every URL of the site and who may use it. /api/v1, /healthz, /readyz and
// /metrics are mounted beside them by package app.
func routes(s *page.Site) []page.Route {
	var (
		public = page.Public
	)
	table := []page.Route{
		// everybody's
		{Pattern: "POST /preferences", Handler: page.SetPreferences, Access: public},
		// the desk
		{Pattern: "GET /desk/audits", Handler: audits.Search, Access: page.Staff(auth.Auditor)},
		{Pattern: "GET /desk/settings", Handler: settings.Show, Access: page.Staff(auth.SystemAdmin)},
		{Pattern: "POST /desk/settings/{key}", Handler: settings.Save, Access: page.Staff(auth.SystemAdmin)},

		{Pattern: "/", Handler: page.NotFound, Access: public},
	}
	if s.Dev {
		table = append(table, design.Routes()...)
	}
	return table
}
