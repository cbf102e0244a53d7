package orgs

import (
	"context"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// draft is the form of an organisation to be founded or registered.
type draft struct {
	Under      id.ID     `form:"under"`
	Type       org.Type  `form:"kind"`
	Name       string    `form:"name"`
	Area       area.Code `form:"area"`
	CreditCode string    `form:"credit_code"`
	Address    string    `form:"address"`
	About      string    `form:"about"`
	Phone      string    `form:"phone"`
	Rev        int64     `form:"rev"`
}

func (d draft) in() org.In {
	in := org.In{Name: d.Name, Area: d.Area, Parent: d.Under, CreditCode: d.CreditCode, Address: d.Address, About: d.About, Phone: d.Phone}
	in.Kind, in.Tier = d.Type.Parts()
	return in
}

// blank is the page on which an organisation is written down.
type blank struct {
	draft
	Parent org.Org
	Path   []ui.Link
	Areas  []area.Area // the parent's place and those right below it
}

// prepare reads what the form needs to know of the organisation above.
func prepare(c *page.Ctx, d draft) (b blank, err error) {
	b.draft = d
	if b.Parent, err = org.Get(c, c.DB, d.Under); err != nil {
		return b, err
	}
	at, err := area.Get(c, c.DB, b.Parent.Area)
	if err != nil {
		return b, err
	}
	below, err := area.Children(c, c.DB, b.Parent.Area)
	b.Areas = append([]area.Area{at}, below...)
	return b, err
}

// NewForm asks for what is to be founded.
func NewForm(c *page.Ctx) error {
	d, err := page.Bind[draft](c)
	if err != nil {
		return err
	}
	b, err := founding(c, d)
	if err != nil {
		return err
	}
	return c.Render(newPage(b))
}

// New founds an organisation.
func New(c *page.Ctx) error {
	d, wrong := page.Bind[draft](c)
	b, err := founding(c, d)
	if err != nil {
		return err
	}
	var at id.ID
	if wrong == nil {
		at, wrong = c.Create(b.Parent.Home, func(tx *db.Tx) (id.ID, error) { return org.Found(c, tx, c.Actor, d.in()) })
	}
	if wrong != nil {
		return c.Retry(wrong, newPage(b))
	}
	c.Flash("orgs.founded")
	return c.Redirect("/desk/orgs/" + string(at))
}

// founding prepares the page for staff, who must administer the organisation above.
func founding(c *page.Ctx, d draft) (b blank, err error) {
	if err := org.Permit(c, c.DB, c.Actor, d.Under, auth.Admin); err != nil {
		return b, err
	}
	if b, err = prepare(c, d); err != nil {
		return b, err
	}
	b.Path, err = crumbs(c, d.Under, "/desk/orgs/")
	if err == nil {
		b.Path[len(b.Path)-1].Href = "/desk/orgs/" + string(d.Under)
		b.Path = append(b.Path, ui.Link{Label: c.T("orgs.new")})
	}
	return b, err
}

// types are those that may hang under the parent; only staff found practice organisations.
func (b blank) types(ctx context.Context, staff bool) []ui.Option {
	var options []ui.Option
	for _, t := range b.Parent.Takes() {
		if k, _ := t.Parts(); staff || k != org.Practice {
			options = append(options, ui.Option{Value: string(t), Label: ui.T(ctx, t.Full()), Note: ui.T(ctx, "orgs.type_note."+string(t))})
		}
	}
	return options
}

func (b blank) areas() []ui.Option {
	options := make([]ui.Option, len(b.Areas))
	for i, a := range b.Areas {
		options[i] = ui.Option{Value: strconv.FormatInt(int64(a.Code), 10), Label: a.Name}
	}
	return options
}

// area is the value of the place that is chosen already.
func (b blank) area() string {
	if b.Area == 0 {
		return strconv.FormatInt(int64(b.Parent.Area), 10)
	}
	return strconv.FormatInt(int64(b.Area), 10)
}
