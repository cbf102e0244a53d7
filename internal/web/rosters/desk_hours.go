package rosters

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// unclosedFor is how long back check-ins that nobody closed are listed.
const unclosedFor = 60 * 24 * time.Hour

// hoursDesk is the desk's page of hours that wait for somebody.
type hoursDesk struct {
	Unclosed []unclosed
	Told     []told
}

// told are hours that somebody told, with what one needs to decide on them.
type told struct {
	roster.Backfill
	At     roster.Shift
	Name   string
	By     string
	Org    string
	Mine   bool // the visitor told them herself: another must decide
	Second bool // she may be the second person
}

// HoursDesk answers GET /desk/hours.
func HoursDesk(c *page.Ctx) error {
	h, err := hoursDeskOf(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return h.give(c)
	}
	return c.Render(hoursDeskPage(h))
}

func hoursDeskOf(c *page.Ctx) (h hoursDesk, err error) {
	if err = h.unclosed(c); err != nil {
		return h, err
	}
	at, err := seats(c, auth.Leader, auth.Admin, auth.Reviewer)
	if err != nil {
		return h, err
	}
	for _, o := range at {
		pending, err := roster.Pending(c, c.DB, o, mostShifts)
		if err != nil {
			return h, err
		}
		for _, b := range pending {
			t, err := toldOf(c, b)
			if err != nil {
				return h, err
			}
			h.Told = append(h.Told, t)
		}
	}
	return h, nil
}

// unclosed lists who left without checking out, on the shifts whose desk is hers.
func (h *hoursDesk) unclosed(c *page.Ctx) error {
	at, err := seats(c, deskRoles...)
	if err != nil {
		return err
	}
	turns, err := waiting(c, at, roster.Unclosed, db.MS(c.Now.Add(-unclosedFor)))
	if err != nil {
		return err
	}
	who := make([]id.ID, len(turns))
	for i, t := range turns {
		who[i] = t.Person
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	for _, t := range turns {
		h.Unclosed = append(h.Unclosed, unclosed{line{Signup: t.Signup, Name: names[t.Person]}, t.At})
	}
	return err
}

func toldOf(c *page.Ctx, b roster.Backfill) (t told, err error) {
	t = told{Backfill: b, Mine: b.Author == c.Actor.Person}
	if t.At, err = roster.Get(c, c.DB, b.Shift); err != nil {
		return t, err
	}
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{b.Person, b.Author})
	if err != nil {
		return t, err
	}
	orgs, err := org.Names(c, c.DB, []id.ID{t.At.Activity.Org})
	if err != nil {
		return t, err
	}
	t.Name, t.By, t.Org = names[b.Person], names[b.Author], orgs[t.At.Activity.Org]
	switch err := org.SecondPerson(c, c.DB, c.Actor, b.Author, t.At.Activity.Org); fail.KindOf(err) {
	case "":
		t.Second = b.Person != c.Actor.Person
	case fail.Internal:
		return t, err
	}
	return t, nil
}

// settling confirms declared minutes; From is the shift at whose desk it was done, if any.
type settling struct {
	onShift
	From id.ID `form:"from"`
}

// Settle answers POST /desk/shifts/{shift}/people/{person}/settle: she was there to the end.
func Settle(c *page.Ctx) error {
	in, err := page.Bind[settling](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.ConfirmMinutes(c, tx, c.Actor, in.Shift, in.Person)
			return err
		})
	}
	if err != nil {
		return onHoursDesk(c, err)
	}
	c.Flash("rosters.settled")
	if in.From != "" {
		return c.Redirect(deskPath(in.From) + "/desk")
	}
	return c.Redirect("/desk/hours")
}

func onHoursDesk(c *page.Ctx, err error) error {
	h, broken := hoursDeskOf(c)
	if broken != nil {
		return broken
	}
	return c.Retry(err, hoursDeskPage(h))
}

// secondOpinion is the answer of a second person.
type secondOpinion struct {
	Backfill id.ID  `path:"backfill"`
	Answer   string `form:"answer" max:"10"`
	Note     string `form:"note" max:"200"`
}

// DecideHours answers POST /desk/hours/{backfill}.
func DecideHours(c *page.Ctx) error {
	in, err := page.Bind[secondOpinion](c)
	if err == nil {
		err = c.Write(in.Backfill.Home(), func(tx *db.Tx) error {
			_, err := roster.DecideHours(c, tx, c.Actor, in.Backfill, in.Answer == "yes", in.Note)
			return err
		})
	}
	if err != nil {
		return onHoursDesk(c, err)
	}
	if in.Answer == "yes" {
		c.Flash("rosters.hours_confirmed")
	} else {
		c.Flash("rosters.hours_refused")
	}
	return c.Redirect("/desk/hours")
}

// telling is the form with which hours are told afterwards.
type telling struct {
	Shift    id.ID     `path:"shift"`
	Who      id.ID     `form:"who"`
	Query    string    `form:"q" max:"40"`
	Arrived  time.Time `form:"arrived"`
	Departed time.Time `form:"departed"`
	Reason   string    `form:"reason" max:"200"`
}

// tellForm is the page on which hours are told.
type tellForm struct {
	shiftRow
	People []ui.Option // who is on the shift
	Found  []candidate
	Who    id.ID
	From   string
	To     string
}

// TellForm answers GET /desk/shifts/{shift}/hours.
func TellForm(c *page.Ctx) error {
	in, err := page.Bind[telling](c)
	if err != nil {
		return err
	}
	f, err := tellFormOf(c, in.Shift, in.Who)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return giveAttendance(c, f.shiftRow)
	}
	return c.Render(tellPage(f))
}

func tellFormOf(c *page.Ctx, shift, who id.ID) (f tellForm, err error) {
	if f.shiftRow, err = permitted(c, shift, deskRoles...); err != nil {
		return f, err
	}
	const typed = "2006-01-02T15:04"
	f.Who, f.From, f.To = who, f.Starting().In(i18n.Zone()).Format(typed), f.Ending().In(i18n.Zone()).Format(typed)
	lines, err := linesOf(c, f.Shift)
	for _, x := range lines {
		f.People = append(f.People, ui.Option{Value: string(x.Person), Label: dot(x.Name, c.T("rosters.state."+string(x.State)))})
		if x.Person == who && x.Arrived != 0 {
			f.From = db.Time(x.Arrived).In(i18n.Zone()).Format(typed)
		}
	}
	return f, err
}

// Tell answers POST /desk/shifts/{shift}/hours.
func Tell(c *page.Ctx) error {
	in, err := page.Bind[telling](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	f, broken := tellFormOf(c, in.Shift, in.Who)
	if broken != nil {
		return broken
	}
	if err == nil && in.Who == "" {
		f.Found, err = sought{Query: in.Query}.find(c)
		if err == nil && len(f.Found) == 1 {
			in.Who = f.Found[0].ID
		} else if err == nil {
			err = fail.Field("who", "rosters.seek.which")
		}
	}
	if err == nil {
		err = in.tell(c)
	}
	if err != nil {
		return c.Retry(err, tellPage(f))
	}
	c.Flash("rosters.told")
	return c.Redirect("/desk/hours")
}

func (in telling) tell(c *page.Ctx) error {
	if in.Arrived.IsZero() {
		return fail.Field("arrived", "web.form.moment")
	}
	if in.Departed.IsZero() {
		return fail.Field("departed", "web.form.moment")
	}
	return c.Write(in.Shift.Home(), func(tx *db.Tx) error {
		_, err := roster.TellHours(c, tx, c.Actor, roster.Told{Shift: in.Shift, Person: in.Who, Arrived: db.MS(in.Arrived), Departed: db.MS(in.Departed), Reason: in.Reason})
		return err
	})
}
