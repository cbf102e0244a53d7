package rosters

import (
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// place is the page of one's own place on a shift.
type place struct {
	turn
	State    tag
	Says     string // how it stands, in a sentence
	Times    string // arrival and departure
	Unit     string
	Contact  string
	Mates    []mate
	Code     bool // the desk's code would be taken now
	Out      bool // it would be a check-out
	Leave    bool // she may still withdraw
	LeaveHow string
	News     []news
}

// Shift answers GET /shifts/{shift}, where notices lead: one's own place on it, or the
// activity.
func Shift(c *page.Ctx) error {
	in, err := page.Bind[atShift](c)
	if err != nil {
		return err
	}
	s, err := roster.Get(c, c.DB, in.Shift)
	if err != nil {
		return err
	}
	all, err := family(c)
	if err != nil {
		return err
	}
	for _, m := range all {
		if _, err := roster.SignupOf(c, c.DB, s.ID, m.ID); err == nil {
			return c.Redirect(placePath(s.ID, m.ID))
		}
	}
	if k, err := roster.AskOf(c, c.DB, s.ID, c.Actor.Person); err == nil && k.Answer == "" {
		return c.Redirect(shiftPath(s.ID) + "/ask")
	}
	return c.Redirect(activityPath(s.Activity.ID) + "?shift=" + string(s.ID))
}

// Place answers GET /shifts/{shift}/people/{person}.
func Place(c *page.Ctx) error {
	in, err := page.Bind[onShift](c)
	if err != nil {
		return err
	}
	p, err := placeOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(placePage(p))
}

func againOnPlace(c *page.Ctx, err error, in onShift) error {
	if in.Shift == "" || in.Person == "" {
		return err
	}
	p, broken := placeOf(c, in)
	if broken != nil {
		return broken
	}
	return c.Retry(err, placePage(p))
}

// placeOf reads a place of the visitor or her family; nobody else's.
func placeOf(c *page.Ctx, in onShift) (p place, err error) {
	all, err := family(c)
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(all, func(m member) bool { return m.ID == in.Person })
	if i < 0 {
		return p, fail.New(fail.NotFound, "roster.not_signed")
	}
	p.Who = all[i]
	if p.At, err = roster.Get(c, c.DB, in.Shift); err != nil {
		return p, err
	}
	if p.Signup, err = roster.SignupOf(c, c.DB, in.Shift, in.Person); err != nil {
		return p, err
	}
	return p, p.fill(c)
}

func (p *place) fill(c *page.Ctx) (err error) {
	set, err := c.Settings()
	if err != nil {
		return err
	}
	a, err := activity.Get(c, c.DB, p.At.Activity.ID)
	if err != nil {
		return err
	}
	p.State, p.Contact = stateTag(c, p.Signup.State), a.Contact
	p.Code, p.Out = codeNow(c, set, p.turn), p.Signup.State == roster.CheckedIn
	if p.Mates, err = beside(c, p.turn); err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Signup.Unit})
	if err != nil {
		return err
	}
	p.Unit = names[p.Signup.Unit]
	if p.Says, err = p.says(c); err != nil {
		return err
	}
	if p.Signup.Arrived != 0 {
		p.Times = p.times(c)
	}
	if p.News, err = newsOf(c, a, []turn{p.turn}); err != nil || p.Signup.State.Over() {
		return err
	}
	return p.leave(c, set.WithdrawBefore)
}

// says is how a place stands, in a sentence.
func (p *place) says(c *page.Ctx) (string, error) {
	key := "rosters.says." + string(p.Signup.State)
	switch p.Signup.State {
	case roster.Waitlisted:
		n, err := p.inQueue(c)
		return c.T(key, "n", n), err
	case roster.Offered:
		until := db.Time(p.OfferedUntil)
		return c.T(key, "until", i18n.DayNear(c.Lang, c.Now, until)+" "+i18n.Clock(until)), nil
	case roster.Declined, roster.Withdrawn, roster.Lapsed:
		if r := reason(c, p.Signup.Reason); r != "" {
			return c.T("rosters.says_reason", "says", c.T(key), "reason", r), nil
		}
	case roster.Accepted:
		return p.acceptedSays(c)
	}
	return c.T(key), nil
}

// acceptedSays tells when check-in opens.
func (p *place) acceptedSays(c *page.Ctx) (string, error) {
	set, err := c.Settings()
	opens := p.At.Starting().Add(-set.CheckInOpens)
	switch {
	case err != nil:
		return "", err
	case !c.Now.Before(p.At.Ending()):
		return c.T("rosters.says.missed"), nil
	case c.Now.Before(opens):
		return c.T("rosters.says.accepted", "at", i18n.DayNear(c.Lang, c.Now, opens)+" "+i18n.Clock(opens)), nil
	}
	return c.T("rosters.says.checkin"), nil
}

// inQueue is her number on the waiting list.
func (p *place) inQueue(c *page.Ctx) (int, error) {
	all, err := roster.SignupsOf(c, c.DB, p.Shift)
	n := 1
	for _, u := range all {
		if u.State == roster.Waitlisted && u.Queue < p.Queue {
			n++
		}
	}
	return n, err
}

// times is when she came and went, and how long that is.
func (p *place) times(c *page.Ctx) string {
	if p.Departed == 0 {
		return c.T("rosters.times.in", "in", clock(p.Arrived))
	}
	return c.T("rosters.times.both", "in", clock(p.Arrived), "out", clock(p.Departed), "length", i18n.Length(c.Lang, p.Minutes))
}

// leave says until when she may withdraw by herself, and what happens then.
func (p *place) leave(c *page.Ctx, before time.Duration) error {
	switch {
	case p.Signup.State.Served() || p.Signup.State == roster.NoShow || !c.Now.Before(p.At.Starting()):
		return nil
	case p.Signup.State != roster.Accepted || p.Place == roster.Standby:
		p.Leave, p.LeaveHow = true, c.T("rosters.leave.free")
		return nil
	}
	until := p.At.Starting().Add(-before)
	standby := slices.ContainsFunc(p.Mates, func(m mate) bool { return m.Place == roster.Standby && m.State == roster.Accepted })
	at := i18n.DayNear(c.Lang, c.Now, until) + " " + i18n.Clock(until)
	switch {
	case standby:
		p.Leave, p.LeaveHow = true, c.T("rosters.leave.standby")
	case !c.Now.After(until):
		p.Leave, p.LeaveHow = true, c.T("rosters.leave.until", "at", at)
	default:
		p.LeaveHow = c.T("rosters.leave.late", "at", at)
	}
	return nil
}

// nameOf is a person's name as somebody may read it.
func nameOf(c *page.Ctx, person id.ID, whole bool) (string, error) {
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{person})
	return people.Label(names[person], whole), err
}

// ToPlace answers a GET of what is only posted to, as after going back: the place it is about.
func ToPlace(c *page.Ctx) error {
	in, err := page.Bind[onShift](c)
	if err != nil {
		return err
	}
	return c.Redirect(placePath(in.Shift, in.Person))
}
