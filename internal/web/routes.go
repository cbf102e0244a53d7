package web

import (
	"tongxin/internal/web/design"
	"tongxin/internal/web/page"
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
		{Pattern: "/", Handler: page.NotFound, Access: public},
	}
	if s.Dev {
		table = append(table, design.Routes()...)
	}
	return table
}
