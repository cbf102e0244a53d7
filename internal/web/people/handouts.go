package people

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	xlsx "tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// handouts is the page of lists with nothing masked: asked for, decided on, downloaded.
type handouts struct {
	asking
	Orgs []ui.Option
	Asks bool // she may ask for one
	All  []handout
	ch   choices
}

// handout is one, with who asked and who decided.
type handout struct {
	people.Handout
	Where, Category, By, Judge string
	Mine, Decides              bool
}

// asking is the form that asks for one.
type asking struct {
	Org      id.ID  `form:"org"`
	Category int64  `form:"category"`
	Purpose  string `form:"purpose" max:"30"`
}

// mostHandouts are on the page.
const mostHandouts = 50

// Handouts shows them.
func Handouts(c *page.Ctx) error {
	in, err := page.Bind[asking](c)
	if err != nil {
		return err
	}
	h, err := handoutsOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(handoutsPage(h))
}

func handoutsOf(c *page.Ctx, in asking) (h handouts, err error) {
	h.asking = in
	seats, err := org.Seats(c, c.DB, c.Actor, auth.Admin, auth.Reviewer)
	if err != nil {
		return h, err
	}
	if len(seats) == 0 {
		return h, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if h.Asks = c.Actor.Has(auth.Admin); h.Org == "" {
		h.Org = seats[0].Org
	}
	o, err := org.Get(c, c.DB, h.Org)
	if err != nil {
		return h, err
	}
	if h.Orgs, err = nearby(c, seats, o); err != nil {
		return h, err
	}
	if h.ch, err = chooseFrom(c); err != nil {
		return h, err
	}
	for _, s := range seats {
		some, err := people.Handouts(c, c.DB, c.Actor, s.Org, mostHandouts)
		if err != nil {
			return h, err
		}
		for _, one := range some {
			if err := h.add(c, one); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}

func (h *handouts) add(c *page.Ctx, one people.Handout) error {
	who, err := people.Names(c, c.DB, c.Keys, []id.ID{one.AskedBy, one.DecidedBy})
	if err != nil {
		return err
	}
	where, err := org.Names(c, c.DB, []id.ID{one.Org})
	if err != nil {
		return err
	}
	x := handout{Handout: one, Where: where[one.Org], By: who[one.AskedBy], Judge: who[one.DecidedBy], Mine: one.AskedBy == c.Actor.Person}
	x.Category = c.T("volunteers.all")
	for _, k := range h.ch.Categories {
		if k.ID == one.Category {
			x.Category = k.Name
		}
	}
	switch err := org.SecondPerson(c, c.DB, c.Actor, one.AskedBy, one.Org); fail.KindOf(err) {
	case "":
		x.Decides = true
	case fail.Internal:
		return err
	}
	h.All = append(h.All, x)
	return nil
}

// open reports whether it still waits for somebody.
func (x handout) open(now time.Time) bool { return x.Open(db.MS(now)) }

// AskHandout asks for one.
func AskHandout(c *page.Ctx) error {
	in, err := page.Bind[asking](c)
	h, wrong := handoutsOf(c, in)
	if wrong != nil {
		return wrong
	}
	if err == nil {
		_, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return people.AskHandout(c, tx, c.Actor, in.Org, in.Category, people.Purpose(in.Purpose))
		})
	}
	if err != nil {
		return c.Retry(err, handoutsPage(h))
	}
	c.Flash("handouts.asked")
	return c.Redirect("/desk/handouts")
}

type oneHandout struct {
	Handout id.ID `path:"handout"`
}

// AgreeHandout is the second person's yes.
func AgreeHandout(c *page.Ctx) error { return decideHandout(c, true, "handouts.agreed") }

// RefuseHandout is the second person's no.
func RefuseHandout(c *page.Ctx) error { return decideHandout(c, false, "handouts.refused") }

func decideHandout(c *page.Ctx, yes bool, said string) error {
	in, err := page.Bind[oneHandout](c)
	if err != nil {
		return err
	}
	if err := c.Write(in.Handout.Home(), func(tx *db.Tx) error { return people.DecideHandout(c, tx, c.Actor, in.Handout, yes) }); err != nil {
		return err
	}
	c.Flash(said)
	return c.Redirect("/desk/handouts")
}

// TakeHandout gives the list, once.
func TakeHandout(c *page.Ctx) error {
	in, err := page.Bind[oneHandout](c)
	if err != nil {
		return err
	}
	if _, err := xlsx.ParseFormat(c.Query("as")); err != nil {
		return err
	}
	var h people.Handout
	if err := c.DB.Write(c, func(tx *db.Tx) (err error) { h, err = people.TakeHandout(c, tx, c.Actor, in.Handout); return err }); err != nil {
		return err
	}
	o, err := org.Get(c, c.DB, h.Org)
	if err != nil {
		return err
	}
	ch, err := chooseFrom(c)
	if err != nil {
		return err
	}
	l := page.List{Kind: "volunteers unmasked", Org: h.Org, Name: c.T("volunteers.file", "org", o.Name), Heads: intake.Heads(intake.Volunteers, c.Lang)}
	return c.Give(l, func(put page.Put) error {
		return everybody(c, people.Filter{Org: h.Org, Category: h.Category, Limit: atATime}, func(some []people.Person) error {
			return putPlain(c, put, ch, some)
		})
	})
}

// putPlain puts volunteers as the template has them, nothing masked. A day of birth of which
// only the year is known is left out, for the template asks for a day.
func putPlain(c *page.Ctx, put page.Put, ch choices, some []people.Person) error {
	shown, err := rows(c, some, ch)
	if err != nil {
		return err
	}
	for _, p := range shown {
		v := map[string]string{"category": p.Category, "org": p.Station}
		if p.ContactOf != "" {
			v["contact_of"] = c.T("intake.contact_of." + string(p.ContactOf))
		}
		for col, f := range map[string]people.Field{"name": people.FieldName, "idno": people.FieldIDNo, "birth": people.FieldBirth, "contact": people.FieldContact} {
			if v[col], err = p.Open(c.Keys, f); err != nil {
				return err
			}
		}
		if len(v["birth"]) != len(time.DateOnly) {
			v["birth"] = ""
		}
		if p.Guardian != "" {
			g, err := people.Get(c, c.DB, p.Guardian)
			if err != nil {
				return err
			}
			if v["guardian"], err = g.Open(c.Keys, people.FieldName); err != nil {
				return err
			}
		}
		if err := put(intake.Line(intake.Volunteers, v)...); err != nil {
			return err
		}
	}
	return nil
}

// purposeOptions are what a list may be handed out for.
func purposeOptions(t func(string, ...any) string) []ui.Option {
	options := []ui.Option{{Label: t("me.choose")}}
	for _, p := range people.HandoutPurposes() {
		options = append(options, ui.Option{Value: string(p), Label: t(p.Label())})
	}
	return options
}
