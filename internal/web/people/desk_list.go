package people

import (
	"slices"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Keepers may register volunteers and see what is masked; Readers may list them.
var (
	Keepers = []auth.Role{auth.Leader, auth.Admin}
	Readers = []auth.Role{auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor}
)

const (
	perPage   = 50
	countMost = 10_000
)

// lookup is what the list of volunteers asks for. What is searched for comes by POST and is
// in no URL.
type lookup struct {
	Org      id.ID  `form:"org"`
	Category int64  `form:"category"`
	State    string `form:"state" max:"20"`
	Query    string `form:"q" max:"60"`
	After    string `form:"after" max:"40"`
}

// row is one volunteer, masked.
type row struct {
	people.Person
	Name, Contact string
	Category      string
	Station       string
}

// register is a page of volunteers.
type register struct {
	lookup
	Where   string
	Rows    []row
	Next    string
	Total   int
	Orgs    []ui.Option
	choices choices
	Keeps   bool
	Hands   bool // she may ask for the list unmasked, or decide on it
}

// List shows the volunteers of a subtree, and those that are searched for.
func List(c *page.Ctx) error {
	in, err := page.Bind[lookup](c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return give(c, in)
	}
	r, err := listed(c, in)
	if fail.KindOf(err) == fail.Invalid {
		in.Query = ""
		again, readErr := listed(c, in)
		if readErr != nil {
			return readErr
		}
		return c.Retry(err, listPage(again))
	}
	if err != nil {
		return err
	}
	return c.Render(listPage(r))
}

func listed(c *page.Ctx, in lookup) (r register, err error) {
	r.lookup = in
	if err = r.scope(c); err != nil {
		return r, err
	}
	if r.choices, err = chooseFrom(c); err != nil {
		return r, err
	}
	f := people.Filter{Org: r.Org, Category: in.Category, State: people.State(in.State), Query: in.Query, After: id.ID(in.After), Limit: perPage}
	l, err := people.Find(c, c.DB, c.Keys, c.Actor, f)
	if err != nil {
		return r, err
	}
	r.Next, r.Total = string(l.Next), len(l.People)
	if in.Query == "" {
		if r.Total, err = people.Count(c, c.DB, c.Actor, f, countMost); err != nil {
			return r, err
		}
	}
	r.Rows, err = rows(c, l.People, r.choices)
	return r, err
}

// scope finds whose volunteers are shown, and whose could be.
func (r *register) scope(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor, Readers...)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if r.Org == "" {
		r.Org = seats[0].Org
	}
	o, err := org.Get(c, c.DB, r.Org)
	if err != nil {
		return err
	}
	r.Where = o.Name
	if r.Keeps, err = org.Reaches(c, c.DB, c.Actor, r.Org, Keepers...); err != nil {
		return err
	}
	if r.Hands, err = org.Reaches(c, c.DB, c.Actor, r.Org, auth.Admin, auth.Reviewer); err != nil {
		return err
	}
	r.Orgs, err = nearby(c, seats, o)
	return err
}

// nearby are the organisations that one may look at next: one's own, the one that is shown,
// and those right below it.
func nearby(c *page.Ctx, seats []org.Seat, o org.Org) ([]ui.Option, error) {
	ids := []id.ID{o.ID}
	for _, s := range seats {
		if !slices.Contains(ids, s.Org) {
			ids = append(ids, s.Org)
		}
	}
	below, _, err := org.List(c, c.DB, org.Filter{Under: o.ID, Direct: true, Limit: 100})
	if err != nil {
		return nil, err
	}
	names, err := org.Names(c, c.DB, ids)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, i := range ids {
		options = append(options, ui.Option{Value: string(i), Label: names[i]})
	}
	for _, b := range below {
		options = append(options, ui.Option{Value: string(b.ID), Label: "　" + b.Name})
	}
	return options, nil
}

// rows masks what a page of volunteers shows.
func rows(c *page.Ctx, all []people.Person, ch choices) ([]row, error) {
	var stations []id.ID
	for _, p := range all {
		if p.Station != "" {
			stations = append(stations, p.Station)
		}
	}
	names, err := org.Names(c, c.DB, stations)
	if err != nil {
		return nil, err
	}
	out := make([]row, len(all))
	for i, p := range all {
		out[i] = row{Person: p, Station: names[p.Station]}
		out[i].Category, _ = ch.words(p)
		for f, to := range map[people.Field]*string{people.FieldName: &out[i].Name, people.FieldContact: &out[i].Contact} {
			plain, err := p.Open(c.Keys, f)
			if err != nil {
				return nil, err
			}
			*to = people.Mask(f, plain)
		}
	}
	return out, nil
}

// entry is the form with which staff register somebody on her behalf.
type entry struct {
	Org       id.ID    `form:"org"`
	Name      string   `form:"name" max:"60"`
	Birth     string   `form:"birth" max:"20"`
	IDNo      string   `form:"idno" max:"40"`
	Contact   string   `form:"contact" max:"40"`
	ContactOf string   `form:"contact_of" max:"20"`
	Guardian  string   `form:"guardian" max:"60"`
	Category  int64    `form:"category"`
	Skills    []string `form:"skill"`
	Terms     bool     `form:"terms"`
	Political bool     `form:"political"`
	IDConsent bool     `form:"idno_consent"`
	Minor     bool     `form:"minor"`
	Child     bool     `form:"child"`
	Proxy     bool     `form:"proxy"`

	Orgs    []ui.Option
	choices choices
}

// New asks for a person whom staff register on her behalf.
func New(c *page.Ctx) error {
	in, err := page.Bind[entry](c)
	if err == nil {
		err = in.load(c)
	}
	if err != nil {
		return err
	}
	return c.Render(newPage(in))
}

func (in *entry) load(c *page.Ctx) (err error) {
	seats, err := org.Seats(c, c.DB, c.Actor, Keepers...)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if in.Org == "" {
		in.Org = seats[0].Org
	}
	o, err := org.Get(c, c.DB, in.Org)
	if err != nil {
		return err
	}
	if in.Orgs, err = nearby(c, seats, o); err != nil {
		return err
	}
	in.choices, err = chooseFrom(c)
	return err
}

// Create registers a person on her behalf.
func Create(c *page.Ctx) error {
	in, err := page.Bind[entry](c)
	if loadErr := in.load(c); loadErr != nil {
		return loadErr
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) { return people.RegisterFor(c, tx, c.Keys, c.Actor, in.command(c)) })
	}
	if err != nil {
		return c.Retry(err, newPage(in))
	}
	c.Flash("volunteers.registered")
	return c.Redirect("/desk/people/" + string(made))
}

func (in entry) command(c *page.Ctx) people.Registration {
	return people.Registration{Org: in.Org, Name: in.Name, Birth: in.Birth, IDNo: in.IDNo, Contact: in.Contact, ContactOf: people.ContactOf(in.ContactOf),
		Category: in.Category, Skills: numbers(in.Skills), Guardian: in.Guardian,
		Paper: people.Agreed{Terms: in.Terms, Political: in.Political, IDNumber: in.IDConsent, Minor: in.Minor, Child: in.Child, Proxy: in.Proxy, Lang: c.Lang}}
}

// stateOptions are what the list can be narrowed to.
func stateOptions(t func(string, ...any) string) []ui.Option {
	return []ui.Option{{Label: t("volunteers.all")}, {Value: string(people.Active), Label: t("volunteers.state.active")},
		{Value: string(people.Pending), Label: t("volunteers.state.pending")}}
}

func categoryOptions(t func(string, ...any) string, ch choices) []ui.Option {
	options := []ui.Option{{Label: t("volunteers.all")}}
	for _, k := range ch.Categories {
		options = append(options, ui.Option{Value: strconv.FormatInt(k.ID, 10), Label: k.Name})
	}
	return options
}
