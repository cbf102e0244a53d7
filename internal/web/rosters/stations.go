package rosters

import (
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// stations is the page of where one can go: a centre, institute or station with those
// right below it, and what is on in its place.
type stations struct {
	At     org.Org
	Above  org.Org // "" at a centre
	Below  []org.Org
	Next   string
	Cities []city // instead of all that, the way to the centres
	Open   []activity.Listed
}

// Stations answers GET /stations: the centres of all counties.
func Stations(c *page.Ctx) error {
	cities, err := centersOf(c)
	if err != nil {
		return err
	}
	return c.Render(stationsPage(stations{Cities: cities}))
}

// Station answers GET /stations/{org}: a centre, institute or station, and what is below it.
func Station(c *page.Ctx) error {
	in, err := page.Bind[atOrg](c)
	if err != nil {
		return err
	}
	s, err := stationOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(stationsPage(s))
}

type atOrg struct {
	Org   id.ID  `path:"org"`
	After string `form:"after"`
}

func stationOf(c *page.Ctx, in atOrg) (s stations, err error) {
	if s.At, err = org.Get(c, c.DB, in.Org); err != nil {
		return s, err
	}
	if !s.At.Alive() || s.At.Kind != org.Practice {
		return s, fail.New(fail.NotFound, "org.unknown")
	}
	if s.At.Tier != org.Center && s.At.Parent != "" {
		if s.Above, err = org.Get(c, c.DB, s.At.Parent); err != nil {
			return s, err
		}
	}
	if s.Below, s.Next, err = org.List(c, c.DB, org.Filter{Under: s.At.ID, Direct: true, Kind: org.Practice, After: in.After}); err != nil {
		return s, err
	}
	if s.At.Area.Level() >= area.County {
		s.Open, _, err = activity.Open(c, c.DB, c.Now, activity.Filter{Area: s.At.Area, Limit: onPortal}, "")
	}
	return s, err
}
