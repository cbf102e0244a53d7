package orgs

import (
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
)

// card is what everybody may know of an organisation.
type card struct {
	org.Org
	Above []org.Step
	Place string
	Below []org.Tally
	Figs  []ui.Fig
}

// Public is the page of one organisation for everybody: what it is and where. One that is
// not approved yet is not there.
func Public(c *page.Ctx) error {
	at, err := id.Parse(c.Path("id"))
	if err != nil {
		return err
	}
	o, err := org.Get(c, c.DB, at)
	if err == nil && o.Approved == 0 {
		err = fail.New(fail.NotFound, "org.unknown")
	}
	if err != nil {
		return err
	}
	k := card{Org: o}
	if k.Above, err = org.Path(c, c.DB, at); err != nil {
		return err
	}
	k.Above = k.Above[:len(k.Above)-1]
	if k.Place, err = placeOf(c, o.Area); err != nil {
		return err
	}
	if k.Below, err = org.Count(c, c.DB, org.Filter{Under: at}); err != nil {
		return err
	}
	if k.Figs, err = c.Figs(figure.Query{Org: at}, false, "volunteers_taking_part", "activities_held", "minutes"); err != nil {
		return err
	}
	return c.Render(publicPage(k))
}
