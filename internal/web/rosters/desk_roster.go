package rosters

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// list is the page of a shift's people.
type list struct {
	shiftRow
	On      []line // who is on it, primaries first
	Applied []line // who waits for a decision
	Waiting []line // the waiting list, in its order
	Offered []line // who was offered a place
	Gone    []line // who withdrew, was declined or let an offer lapse
	Started bool
	Over    bool
	Edits   bool
	Found   []candidate // whom a search found
	Told    []roster.Backfill
}

// line is somebody on a shift's list.
type line struct {
	roster.Signup
	Name  string
	Unit  string
	Proxy string // who signed her up
	Paper string // which certificate that the post asks for does not count, in words
	Ends  string // which of them ends soon, in words
	Tired string // of an application: which rule of rest it breaks, in words
}

// Roster answers GET /desk/shifts/{shift}.
func Roster(c *page.Ctx) error {
	in, err := page.Bind[atShift](c)
	if err != nil {
		return err
	}
	l, err := listOf(c, in.Shift)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return l.give(c)
	}
	return c.Render(rosterPage(l))
}

// permitted reads a shift that the visitor may keep by one of the roles.
func permitted(c *page.Ctx, shift id.ID, roles ...auth.Role) (shiftRow, error) {
	s, err := roster.Get(c, c.DB, shift)
	if err != nil {
		return shiftRow{}, err
	}
	if err := org.Permit(c, c.DB, c.Actor, s.Activity.Org, roles...); err != nil {
		return shiftRow{}, err
	}
	rows, err := rowsOf(c, []roster.Shift{s})
	if err != nil {
		return shiftRow{}, err
	}
	return rows[0], nil
}

func listOf(c *page.Ctx, shift id.ID) (l list, err error) {
	if l.shiftRow, err = permitted(c, shift, deskRoles...); err != nil {
		return l, err
	}
	l.Started, l.Over = !c.Now.Before(l.Starting()), !c.Now.Before(l.Ending())
	l.Edits = l.State == "draft" || l.State == "open" && !l.Started
	lines, err := linesOf(c, l.Shift)
	if err != nil {
		return l, err
	}
	if err = l.tired(c, lines); err != nil {
		return l, err
	}
	for _, x := range lines {
		switch x.State {
		case roster.Applied:
			l.Applied = append(l.Applied, x)
		case roster.Waitlisted:
			l.Waiting = append(l.Waiting, x)
		case roster.Offered:
			l.Offered = append(l.Offered, x)
		case roster.Withdrawn, roster.Declined, roster.Lapsed:
			l.Gone = append(l.Gone, x)
		default:
			l.On = append(l.On, x)
		}
	}
	slices.SortStableFunc(l.Waiting, func(a, b line) int { return int(a.Queue - b.Queue) })
	slices.SortStableFunc(l.Applied, func(a, b line) int { return int(a.Signup.Applied/1000 - b.Signup.Applied/1000) })
	l.Told, err = roster.BackfillsOf(c, c.DB, shift)
	return l, err
}

// tired says of applications which rule of rest they break: who accepts one gives a reason.
func (l list) tired(c *page.Ctx, lines []line) error {
	for i, x := range lines {
		if x.State != roster.Applied || x.Place != roster.Primary || !l.Rest.Any() || l.Started {
			continue
		}
		broken, err := roster.Unrested(c, c.DB, l.Shift, x.Person)
		if err != nil {
			return err
		}
		if broken != nil {
			lines[i].Tired = why(c, broken)
		}
	}
	return nil
}

// linesOf lists everybody who ever signed up for a shift, by whole name: for its desk.
func linesOf(c *page.Ctx, s roster.Shift) ([]line, error) {
	signups, err := c.Board.SignupsOf(c, s.ID)
	if err != nil {
		return nil, err
	}
	lacks, ends, err := papersOn(c, s)
	if err != nil {
		return nil, err
	}
	var who, units []id.ID
	for _, u := range signups {
		if who = append(who, u.Person, u.Proxy); !slices.Contains(units, u.Unit) {
			units = append(units, u.Unit)
		}
	}
	names, err := c.Names.Get(c, who)
	if err != nil {
		return nil, err
	}
	orgs, err := c.OrgNames.Get(c, units)
	lines := make([]line, len(signups))
	for i, u := range signups {
		lines[i] = line{Signup: u, Name: names[u.Person], Unit: orgs[u.Unit], Proxy: names[u.Proxy]}
		if lack := lacks[u.Person]; lack != nil {
			lines[i].Paper = c.T(lacking[fail.Key(lack)], fail.Args(lack)...)
		} else if soon := ends[u.Person]; soon != nil {
			lines[i].Ends = why(c, soon)
		}
		if lines[i].Name == "" {
			lines[i].Name = c.T("rosters.closed_account")
		}
	}
	return lines, err
}

// lacking are the words, for staff, for what a volunteer is told of a certificate that she lacks.
var lacking = map[string]string{
	"roster.certificate_missing":     "rosters.roster.lacks",
	"roster.certificate_unconfirmed": "rosters.roster.unconfirmed",
	"roster.certificate_expires":     "rosters.roster.expires",
}

// papersOn says of those on a shift which certificate that it asks for they lack, and which ends soon.
func papersOn(c *page.Ctx, s roster.Shift) (lacks, ends map[id.ID]error, err error) {
	set, err := c.Settings()
	if err != nil {
		return nil, nil, err
	}
	if lacks, err = roster.Uncertified(c, c.DB, s); err != nil {
		return nil, nil, err
	}
	by := db.Day(slices.MaxFunc([]time.Time{c.Now, s.Starting()}, time.Time.Compare).Add(set.CertificateEnds))
	ends, err = roster.Ending(c, c.DB, s, by)
	return lacks, ends, err
}

// takesOff says whether there is anybody who may be taken off.
func (l list) takesOff() bool {
	return !l.Started && (len(l.Waiting)+len(l.Offered) > 0 || slices.ContainsFunc(l.On, func(x line) bool { return x.State == roster.Accepted }))
}

// picked says whether somebody was picked in what was sent and refused.
func picked(ctx context.Context, person id.ID) bool {
	r := ui.From(ctx).Refused
	return r != nil && slices.Contains(r.Typed["who"], string(person))
}

// stamps are when somebody came and went.
func (x line) came() string {
	if x.Arrived == 0 {
		return ""
	}
	return clock(x.Arrived)
}

func (x line) left() string {
	if x.Departed == 0 {
		return ""
	}
	return clock(x.Departed)
}

// served is how long somebody was there.
func (x line) served(lang string) string {
	if x.Minutes == 0 {
		return ""
	}
	return i18n.Length(lang, x.Minutes)
}

// ToRoster answers a GET of what is only posted to: the page of the shift that it is about.
func ToRoster(c *page.Ctx) error {
	in, err := page.Bind[struct {
		atShift
		Did string `path:"did"`
	}](c)
	switch {
	case err != nil:
		return err
	case in.Did == "walk-ups":
		return c.Redirect(deskPath(in.Shift) + "/desk")
	case in.Did == "cancel":
		return c.Redirect(deskPath(in.Shift) + "/edit")
	}
	return c.Redirect(deskPath(in.Shift))
}

// ToDesk answers a GET of what is only posted to from the check-in desk or the roster.
func ToDesk(c *page.Ctx) error {
	in, err := page.Bind[struct {
		onShift
		Did string `path:"did"`
	}](c)
	switch {
	case err != nil:
		return err
	case in.Did == "decide":
		return c.Redirect(deskPath(in.Shift))
	case in.Did == "strike":
		return c.Redirect("/desk/anomalies")
	case in.Did == "settle":
		return c.Redirect("/desk/hours")
	}
	return c.Redirect(deskPath(in.Shift) + "/desk")
}
