package web

import (
	"net/http"

	"tongxin/internal/web/assets"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// New serves the site. mounts add what is not a page to the same mux and the same chain:
// the API, health, metrics.
func New(s *page.Site, mounts ...func(*http.ServeMux)) http.Handler {
	s.Menu, s.Needs, s.Home, s.Portal, s.Looks = menu, needs, home, portal, looks
	if s.Board == nil && s.DB != nil {
		s.Board = roster.NewBoard(s.DB, s.DB.Watch)
	}
	if s.Names == nil && s.DB != nil {
		s.Names, s.OrgNames = people.NewNameBook(s.DB, s.Keys, s.DB.Watch), org.NewNameBook(s.DB, s.DB.Watch)
	}
	mux := http.NewServeMux()
	for _, rt := range routes(s) {
		mux.Handle(rt.Pattern, s.Handle(rt))
	}
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	for _, mount := range mounts {
		mount(mux)
	}
	return s.Chain(mux)
}
