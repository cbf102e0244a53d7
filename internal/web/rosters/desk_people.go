package rosters

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// candidate is somebody whom a search at the desk found. Her name is whole only where she is
// of the desk's own subtree.
type candidate struct {
	ID    id.ID
	Name  string
	No    string
	Tired string // which rule of rest the shift would break for her, in words
}

// sought is who is looked for at the desk of a shift: a person already found, or what was typed.
type sought struct {
	Shift id.ID        `path:"shift"`
	Who   id.ID        `form:"who"`
	Query string       `form:"q" max:"40"`
	Place roster.Place `form:"place" max:"10"`
	Rest  string       `form:"rest" max:"200"`
}

// find answers who is meant; several when the query fits several.
func (in sought) find(c *page.Ctx) ([]candidate, error) {
	if in.Who != "" {
		return []candidate{{ID: in.Who}}, nil
	}
	if in.Query == "" {
		return nil, fail.Field("q", "rosters.seek.missing")
	}
	at, err := seats(c, deskRoles...)
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, o := range at {
		if all, err = below(c, o, in.Query, all); err != nil {
			return nil, err
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	return byNumber(c, in.Query)
}

// mostFound is how many people a search at the desk shows.
const mostFound = 10

// below adds those of an organisation's subtree whom a query fits.
func below(c *page.Ctx, at id.ID, query string, all []candidate) ([]candidate, error) {
	found, err := people.Find(c, c.DB, c.Keys, c.Actor, people.Filter{Org: at, State: people.Active, Query: query, Limit: mostFound})
	if err != nil {
		return nil, err
	}
	for _, p := range found.People {
		name, err := p.Open(c.Keys, people.FieldName)
		if err != nil {
			return nil, err
		}
		if p.Volunteer && len(all) < mostFound && !slices.ContainsFunc(all, func(k candidate) bool { return k.ID == p.ID }) {
			all = append(all, candidate{ID: p.ID, Name: name, No: p.No})
		}
	}
	return all, nil
}

// byNumber finds whoever shows her volunteer number, from whatever county.
func byNumber(c *page.Ctx, no string) ([]candidate, error) {
	none := fail.Field("q", "rosters.seek.none")
	if !looksLikeNumber(no) {
		return nil, none
	}
	person, err := people.ByNo(c, c.DB, plainDigits(no))
	if fail.KindOf(err) == fail.NotFound {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	name, err := nameOf(c, person, false)
	return []candidate{{ID: person, Name: name, No: plainDigits(no)}}, err
}

// Add answers POST /desk/shifts/{shift}/people: staff sign somebody up. A search that fits
// several asks which.
func Add(c *page.Ctx) error {
	in, err := page.Bind[sought](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if _, broken := permitted(c, in.Shift, deskRoles...); broken != nil {
		return broken
	}
	var found []candidate
	if err == nil {
		found, err = in.find(c)
	}
	if err == nil && (len(found) > 1 || in.Who == "") {
		return which(c, in.Shift, found)
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.SignUp(c, tx, c.Actor, roster.Request{Shift: in.Shift, Person: found[0].ID, Place: in.Place, Rest: in.Rest})
			return err
		})
	}
	if err != nil {
		for i, k := range found { // found by id alone
			if name, broken := nameOf(c, k.ID, true); k.Name == "" && broken == nil {
				found[i].Name = name
			}
		}
		return againOnRoster(c, err, in.Shift, found)
	}
	return added(c, in.Shift, found[0].ID)
}

// which shows whom a search found, to choose from.
func which(c *page.Ctx, shift id.ID, found []candidate) error {
	l, err := listOf(c, shift)
	if err != nil {
		return err
	}
	l.Found = found
	if err := l.foundTired(c); err != nil {
		return err
	}
	return c.Render(rosterPage(l))
}

// foundTired says of whom a search found which rule of rest the shift would break.
func (l list) foundTired(c *page.Ctx) error {
	for i, k := range l.Found {
		broken, err := roster.Unrested(c, c.DB, l.Shift, k.ID)
		if err != nil {
			return err
		}
		if broken != nil {
			l.Found[i].Tired = why(c, broken)
		}
	}
	return nil
}

func againOnRoster(c *page.Ctx, err error, shift id.ID, found []candidate) error {
	l, broken := listOf(c, shift)
	if broken != nil {
		return broken
	}
	l.Found = found
	if broken := l.foundTired(c); broken != nil {
		return broken
	}
	return c.Retry(err, rosterPage(l))
}

// added says how it went and offers to take it back.
func added(c *page.Ctx, shift, person id.ID) error {
	u, err := roster.SignupOf(c, c.DB, shift, person)
	if err != nil {
		return err
	}
	name, err := nameOf(c, person, true)
	if err != nil {
		return err
	}
	c.Flash("rosters.added."+string(u.State), "name", name)
	return c.Redirect(deskPath(shift))
}

// deciding is the answer to an application.
type deciding struct {
	onShift
	Answer string `form:"answer" max:"10"`
	Reason string `form:"reason" max:"200"`
}

// Decide answers POST /desk/shifts/{shift}/people/{person}/decide.
func Decide(c *page.Ctx) error {
	in, err := page.Bind[deciding](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.Decide(c, tx, c.Actor, in.Shift, in.Person, in.Answer == "yes", in.Reason)
			return err
		})
	}
	return onRoster(c, err, in.onShift, "rosters.decided")
}

// takingOff takes the picked off a shift.
type takingOff struct {
	atShift
	Who    []id.ID `form:"who"`
	Reason string  `form:"reason" max:"200"`
}

// TakeOff answers POST /desk/shifts/{shift}/take-off.
func TakeOff(c *page.Ctx) error {
	in, err := page.Bind[takingOff](c)
	if err == nil {
		err = reasonMissing(in.Reason)
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			return roster.TakeOff(c, tx, c.Actor, in.Shift, in.Who, in.Reason)
		})
	}
	return onRoster(c, err, onShift{atShift: in.atShift}, "rosters.taken_off")
}

// onRoster goes back to the roster, with what was done or what was refused.
func onRoster(c *page.Ctx, err error, at onShift, done string) error {
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err != nil {
		return againOnRoster(c, err, at.Shift, nil)
	}
	c.Flash(done)
	return c.Redirect(deskPath(at.Shift))
}
