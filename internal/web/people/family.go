package people

import (
	"net/url"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people"
)

// ward is one for whom the reader acts.
type ward struct {
	people.Person
	FullName string
	Minor    bool
	Unread   int
}

// family is what the page shows: who waits for consent, and for whom the reader acts.
type family struct {
	Asks   []people.Ask
	Places map[id.ID]string
	Wards  []ward
	Known  bool // she is known to be an adult

	Relatives []people.Ask // adults who let her act for them
	Minor     bool         // she is under age herself
	Acts      string       // who acts for her, masked
}

// Family shows for whom the reader acts and who waits for her consent.
func Family(c *page.Ctx) error {
	f, err := familyOf(c)
	if err != nil {
		return err
	}
	return c.Render(familyPage(f))
}

func familyOf(c *page.Ctx) (f family, err error) {
	if f.Asks, err = people.Asks(c, c.DB, c.Keys, c.Actor, c.Now); err != nil {
		return f, err
	}
	if f.Relatives, err = people.Relatives(c, c.DB, c.Keys, c.Actor); err != nil {
		return f, err
	}
	f.Places = map[id.ID]string{}
	for _, a := range append(f.Asks, f.Relatives...) {
		if f.Places[a.Person], err = placeName(c, a.Area); err != nil {
			return f, err
		}
	}
	own, err := people.StandingOf(c, c.DB, c.Actor.Person)
	if err != nil {
		return f, err
	}
	f.Known, f.Minor = own.AdultKnown(db.Day(c.Now)), own.MinorOn(db.Day(c.Now))
	acts, err := people.Names(c, c.DB, c.Keys, []id.ID{own.Guardian})
	if err != nil {
		return f, err
	}
	f.Acts = people.Label(acts[own.Guardian], false)
	wards, err := people.Dependants(c, c.DB, c.Actor.Person)
	if err != nil {
		return f, err
	}
	for _, p := range wards {
		w := ward{Person: p, Minor: p.MinorOn(db.Day(c.Now))}
		if w.FullName, err = p.Open(c.Keys, people.FieldName); err != nil {
			return f, err
		}
		if w.Unread, err = notice.Unread(c, c.DB, p.ID); err != nil {
			return f, err
		}
		f.Wards = append(f.Wards, w)
	}
	return f, nil
}

// answer is what a guardian answers.
type answer struct {
	Person id.ID  `path:"person"`
	Name   string `form:"name" max:"60"`
	Minor  bool   `form:"minor"`
	Child  bool   `form:"child"`
}

func (in answer) command(c *page.Ctx) people.Answer {
	return people.Answer{Person: in.Person, Name: in.Name, Agreed: people.Agreed{Minor: in.Minor, Child: in.Child, Lang: c.Lang}}
}

// Agree is a guardian's yes.
func Agree(c *page.Ctx) error {
	return decide(c, "me.agreed", func(tx *db.Tx, in answer) error {
		return people.GuardianConsent(c, tx, c.Keys, c.Actor, in.command(c))
	})
}

// Refuse is a guardian's no.
func Refuse(c *page.Ctx) error {
	return decide(c, "me.refused", func(tx *db.Tx, in answer) error {
		return people.GuardianRefusal(c, tx, c.Keys, c.Actor, in.command(c))
	})
}

func decide(c *page.Ctx, said string, f func(*db.Tx, answer) error) error {
	in, err := page.Bind[answer](c)
	if err == nil {
		err = c.Write(in.Person.Home(), func(tx *db.Tx) error { return f(tx, in) })
	}
	if err == nil {
		c.Flash(said)
		return c.Redirect("/my/family")
	}
	if fail.Key(err) == "people.guardian_age_unknown" {
		c.FlashWarn(fail.Key(err))
		return c.Redirect("/my/data/identity")
	}
	fam, readErr := familyOf(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, familyPage(fam))
}

// dependant is the form with which a ward is registered.
type dependant struct {
	At        int64    `form:"at"`
	Name      string   `form:"name" max:"60"`
	Birth     string   `form:"birth" max:"20"`
	IDNo      string   `form:"idno" max:"40"`
	Category  int64    `form:"category"`
	Skills    []string `form:"skill"`
	Terms     bool     `form:"terms"`
	IDConsent bool     `form:"idno_consent"`
	Political bool     `form:"political"`
	Minor     bool     `form:"minor"`
	Child     bool     `form:"child"`
	Proxy     bool     `form:"proxy"`

	place   place
	choices choices
}

// NewWard asks where the ward lives and then for the rest.
func NewWard(c *page.Ctx) error {
	own, err := people.StandingOf(c, c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	if !own.AdultKnown(db.Day(c.Now)) {
		c.FlashWarn("people.guardian_age_unknown")
		return c.Redirect("/my/data/identity")
	}
	in := dependant{At: int64(own.Area)}
	if v, err := strconv.ParseInt(c.Query("at"), 10, 64); err == nil {
		in.At = v
	}
	if err := in.load(c); err != nil {
		return err
	}
	if c.Query("where") != "" {
		return c.Render(placePage(in.place, c.T("me.ward_where")))
	}
	return c.Render(wardPage(in))
}

func (in *dependant) load(c *page.Ctx) (err error) {
	if in.place, err = choosePlace(c, area.Code(in.At)); err != nil {
		return err
	}
	in.place.Href = "/my/family/new?where=1"
	in.place.Done = "/my/family/new?at=" + url.QueryEscape(code(in.place.At))
	in.choices, err = chooseFrom(c)
	return err
}

// SaveWard registers a ward.
func SaveWard(c *page.Ctx) error {
	in, err := page.Bind[dependant](c)
	if loadErr := in.load(c); loadErr != nil {
		return loadErr
	}
	if err == nil {
		_, err = c.Create(area.Code(in.At).Home(), func(tx *db.Tx) (id.ID, error) {
			return people.RegisterDependant(c, tx, c.Keys, c.Actor, in.command(c))
		})
	}
	if err != nil {
		return c.Retry(err, wardPage(in))
	}
	c.Flash("me.ward_saved")
	return c.Redirect("/my/family")
}

func (in dependant) command(c *page.Ctx) people.Dependant {
	return people.Dependant{Name: in.Name, Birth: in.Birth, IDNo: in.IDNo, Area: area.Code(in.At), Category: in.Category,
		Skills: numbers(in.Skills), Agreed: people.Agreed{Terms: in.Terms, Political: in.Political, IDNumber: in.IDConsent,
			Minor: in.Minor, Child: in.Child, Proxy: in.Proxy, Lang: c.Lang}}
}

type renewal struct {
	Person id.ID `path:"person"`
	Minor  bool  `form:"minor"`
	Child  bool  `form:"child"`
}

// Renew gives a guardian's consent again.
func Renew(c *page.Ctx) error {
	in, err := page.Bind[renewal](c)
	if err == nil {
		err = c.Write(in.Person.Home(), func(tx *db.Tx) error {
			return people.Renew(c, tx, c.Keys, c.Actor, in.Person, people.Agreed{Minor: in.Minor, Child: in.Child, Lang: c.Lang})
		})
	}
	if err != nil {
		fam, readErr := familyOf(c)
		if readErr != nil {
			return readErr
		}
		return c.Retry(err, familyPage(fam))
	}
	c.Flash("me.agreed")
	return c.Redirect("/my/family")
}
