package people

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// record is a volunteer as staff see her.
type record struct {
	people.Person
	Shown        people.Shown
	Place        string
	Station      string
	Category     string
	Skills       []string
	Orgs         []people.Membership
	Consents     []people.Consent
	GuardianName string // masked
	Keeps        bool
	Steers       bool // she may bind another number and close the account, too
	Papers       []paper
	Kinds        []ui.Option // of certificates
	Twins        []row       // records that may be hers as well
	Closing      people.Closing
	Open         roster.Open
	SignsIn      bool
	choices      choices
}

type whom struct {
	ID id.ID `path:"person"`
}

// Show shows a volunteer, masked but for what this reader revealed.
func Show(c *page.Ctx) error {
	r, err := recordOf(c)
	if err != nil {
		return err
	}
	if at := c.Path("person"); at != string(r.ID) { // merged: the record that stands for it
		return c.Redirect("/desk/people/" + string(r.ID))
	}
	return c.Render(personPage(r))
}

func recordOf(c *page.Ctx) (r record, err error) {
	in, err := page.Bind[whom](c)
	if err != nil {
		return r, err
	}
	p, keeps, err := people.Seen(c, c.DB, c.Actor, in.ID)
	if err != nil {
		return r, err
	}
	if r, err = recordFor(c, p, keeps); err != nil {
		return r, err
	}
	return r, r.kept(c)
}

// kept reads what else the page of a record shows.
func (r *record) kept(c *page.Ctx) (err error) {
	if r.Papers, r.Kinds, err = certified(c, r.ID, false); err != nil || !r.Keeps {
		return err
	}
	if r.Closing, err = people.ClosingOf(c, c.DB, r.ID); err != nil {
		return err
	}
	if r.Open, err = roster.OpenOf(c, c.DB, r.ID); err != nil {
		return err
	}
	if r.SignsIn, err = people.SignsIn(c, c.DB, r.ID); err != nil {
		return err
	}
	r.Steers = c.Actor.Has(auth.Admin) && r.ID != c.Actor.Person && r.State == people.Active
	pairs, err := people.DuplicatesOf(c, c.DB, c.Keys, c.Actor, r.Person)
	if err != nil {
		return err
	}
	for _, d := range pairs {
		other := d.First
		if other == r.ID {
			other = d.Other
		}
		_, t, err := sideBySide(c, r.ID, other)
		if err != nil {
			return err
		}
		r.Twins = append(r.Twins, t)
	}
	return nil
}

// recordFor is a record as a reader who may see it sees it.
func recordFor(c *page.Ctx, p people.Person, keeps bool) (r record, err error) {
	r.Person, r.Keeps = p, keeps
	if r.Shown, err = people.Show(c, c.DB, c.Keys, c.Actor, r.Person, db.MS(c.Now)); err != nil {
		return r, err
	}
	if r.Place, err = placeName(c, r.Area); err != nil {
		return r, err
	}
	if r.Station, err = orgName(c, r.Person.Station); err != nil {
		return r, err
	}
	if r.Orgs, err = people.Memberships(c, c.DB, r.ID); err != nil {
		return r, err
	}
	if r.Consents, err = people.Consents(c, c.DB, r.ID); err != nil {
		return r, err
	}
	if r.choices, err = chooseFrom(c); err != nil {
		return r, err
	}
	r.Category, r.Skills = r.choices.words(r.Person)
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{r.Guardian})
	r.GuardianName = people.Label(names[r.Guardian], false)
	return r, err
}

type look struct {
	ID      id.ID  `path:"person"`
	Field   string `form:"field" max:"20"`
	Purpose string `form:"purpose" max:"40"`
}

// Reveal opens a masked field to this reader, for a purpose and a while.
func Reveal(c *page.Ctx) error {
	in, err := page.Bind[look](c)
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error {
			_, _, err := people.Reveal(c, tx, c.Keys, c.Actor, people.Look{Person: in.ID, Field: people.Field(in.Field), Purpose: people.Purpose(in.Purpose)})
			return err
		})
	}
	if err == nil {
		return c.Redirect("/desk/people/" + string(in.ID) + "#data")
	}
	r, readErr := recordOf(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, personPage(r))
}

type kept struct {
	ID        id.ID    `path:"person"`
	Category  int64    `form:"category"`
	Political bool     `form:"political"`
	Skills    []string `form:"skill"`
}

// Keep changes a volunteer's category and skills, as she asked staff to.
func Keep(c *page.Ctx) error {
	in, err := page.Bind[kept](c)
	if err != nil {
		return err
	}
	r, err := recordOf(c)
	if err != nil {
		return err
	}
	if !r.Keeps {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	err = c.Write(in.ID.Home(), func(tx *db.Tx) error {
		if in.Category != r.Person.Category {
			choice := people.Choice{Category: in.Category, Agreed: people.Agreed{Political: in.Political, Lang: c.Lang}}
			if err := people.SetCategory(c, tx, c.Keys, c.Actor, r.ID, choice); err != nil {
				return err
			}
		}
		return setSkills(c, tx, subject{Person: r.Person}, numbers(in.Skills))
	})
	if err != nil {
		return c.Retry(err, personPage(r))
	}
	c.Flash("me.saved")
	return c.Redirect("/desk/people/" + string(in.ID))
}
