package orgs

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// search is how somebody finds where her team or unit belongs.
type search struct {
	Text  string `form:"q" max:"40"`
	Under id.ID  `form:"under"`
}

// places is the page on which she looks for it.
type places struct {
	search
	Found []org.Org
	Areas map[area.Code]string
	More  bool
}

// RegisterForm lets somebody find where her team or unit belongs, and then asks about it.
func RegisterForm(c *page.Ctx) error {
	s, err := page.Bind[search](c)
	if err != nil {
		return err
	}
	if s.Under != "" {
		b, err := registering(c, draft{Under: s.Under})
		if err != nil {
			return err
		}
		return c.Render(registerPage(b))
	}
	p, err := find(c, s)
	if err != nil {
		return err
	}
	return c.Render(placesPage(p))
}

// mostPlaces is how many organisations a search for where one belongs shows.
const mostPlaces = 20

// find looks for organisations under which others may register: by their own name, and by
// the name of the place where they are.
func find(c *page.Ctx, s search) (p places, err error) {
	p.search = s
	if s.Text == "" {
		return p, nil
	}
	filters := []org.Filter{{Text: s.Text, Limit: mostPlaces}}
	areas, err := area.Search(c, c.DB, 0, s.Text, 3)
	if err != nil {
		return p, err
	}
	for _, a := range areas {
		filters = append(filters, org.Filter{Within: a.Code, Kind: org.Practice, Limit: mostPlaces})
	}
	for _, f := range filters {
		if err := p.add(c, f); err != nil {
			return p, err
		}
	}
	p.Areas, err = areaNames(c, p.Found)
	return p, err
}

// add puts what a filter selects behind what is there, each once.
func (p *places) add(c *page.Ctx, f org.Filter) error {
	found, next, err := org.List(c, c.DB, f)
	p.More = p.More || next != ""
	for _, o := range found {
		known := slices.ContainsFunc(p.Found, func(f org.Org) bool { return f.ID == o.ID })
		switch {
		case known || len(blank{Parent: o}.types(c, false)) == 0:
		case len(p.Found) == mostPlaces:
			p.More = true
		default:
			p.Found = append(p.Found, o)
		}
	}
	return err
}

// registering prepares the page of a registration. What cannot take any is said at once.
func registering(c *page.Ctx, d draft) (blank, error) {
	b, err := prepare(c, d)
	if err == nil && len(b.types(c, false)) == 0 {
		err = fail.New(fail.NotFound, "org.unknown")
	}
	return b, err
}

// Register puts a team or unit before the reviewers.
func Register(c *page.Ctx) error {
	d, wrong := page.Bind[draft](c)
	b, err := registering(c, d)
	if err != nil {
		return err
	}
	var at id.ID
	if wrong == nil {
		at, wrong = c.Create(b.Parent.Home, func(tx *db.Tx) (id.ID, error) { return org.Register(c, tx, c.Keys, c.Actor, d.in()) })
	}
	if wrong != nil {
		return c.Retry(wrong, registerPage(b))
	}
	c.Flash("orgs.registered")
	return c.Redirect("/orgs/mine/" + string(at))
}

// Mine lists what the reader registered, and what became of it.
func Mine(c *page.Ctx) error {
	mine, err := org.Mine(c, c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	return c.Render(minePage(mine))
}

// request is one registration of the reader's.
type request struct {
	Org org.Org
	blank
	Place string
	Desk  string // who decides
}

// MineOne shows a registration, and when it was returned its form again.
func MineOne(c *page.Ctx) error {
	r, err := mine(c)
	if err != nil {
		return err
	}
	return c.Render(requestPage(r))
}

func mine(c *page.Ctx) (r request, err error) {
	at, err := id.Parse(c.Path("id"))
	if err != nil {
		return r, err
	}
	o, err := org.Own(c, c.DB, c.Actor, at)
	if err != nil {
		return r, err
	}
	d := draft{Under: o.Parent, Type: o.Type(), Name: o.Name, Area: o.Area, CreditCode: o.CreditCode, Address: o.Address, About: o.About, Rev: o.Rev}
	if d.Phone, err = org.OwnContact(c, c.DB, c.Keys, c.Actor, o.ID); err != nil {
		return r, err
	}
	if r.blank, err = prepare(c, d); err != nil {
		return r, err
	}
	r.Org = o
	if r.Place, err = placeOf(c, o.Area); err != nil {
		return r, err
	}
	desk, err := org.Above(c, c.DB, o.ID)
	if err != nil {
		return r, err
	}
	names, err := org.Names(c, c.DB, []id.ID{desk})
	r.Desk = names[desk]
	return r, err
}

// Resubmit puts a returned registration before the reviewers again.
func Resubmit(c *page.Ctx) error {
	r, err := mine(c)
	if err != nil {
		return err
	}
	d, err := page.Bind[draft](c)
	if err == nil {
		err = c.Write(r.Org.Home, func(tx *db.Tx) error { return org.Resubmit(c, tx, c.Keys, c.Actor, r.Org.ID, d.Rev, d.in()) })
	}
	if err != nil {
		return c.Retry(err, requestPage(r))
	}
	c.Flash("orgs.resubmitted")
	return c.Redirect("/orgs/mine/" + string(r.Org.ID))
}

// Withdraw takes a registration back.
func Withdraw(c *page.Ctx) error {
	r, err := mine(c)
	if err != nil {
		return err
	}
	if err := c.Write(r.Org.Home, func(tx *db.Tx) error { return org.Withdraw(c, tx, c.Actor, r.Org.ID) }); err != nil {
		return err
	}
	c.Flash("orgs.withdrawn", "name", r.Org.Name)
	return c.Redirect("/orgs/mine")
}
