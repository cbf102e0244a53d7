package rosters

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// ahead is how far ahead shifts are offered.
const ahead = 14 * 24 * time.Hour

// onHome is how many of the shifts that she could take the first page shows.
const onHome = 4

// home is a volunteer's first page.
type home struct {
	Name   string
	Next   *next
	Offers []offer
	Open   []ui.OpenShift
	Total  int // of what she could take
	Hours  hours
	Family []member
	Asked  []templ.Component // what other areas ask of her
}

// next is the shift that comes first, of her or of her family.
type next struct {
	ui.NextShift
	turn
	Code bool // check-in or check-out is possible now
	Out  bool // it is check-out
}

// offer is a place that came free for her and waits for her answer.
type offer struct {
	turn
	When, Until, Left string
}

// Home answers the first page: a volunteer's own, or the portal. Staff who are no volunteers
// begin at the desk.
func Home(c *page.Ctx) error {
	all, err := family(c)
	if err != nil {
		return err
	}
	if len(all) == 0 && c.Actor.Staff() {
		return c.Redirect("/desk")
	}
	if len(all) == 0 {
		return showPortal(c)
	}
	h, err := homeOf(c, all)
	if err != nil {
		return err
	}
	return c.Render(homePage(h))
}

func homeOf(c *page.Ctx, all []member) (h home, err error) {
	me, _ := choose(all, c.Actor.Person)
	h.Family = all
	if h.Asked, err = c.Pieces(c.Home); err != nil {
		return h, err
	}
	if c.Name != "" {
		h.Name = given(c.Name)
	}
	turns, err := coming(c, all)
	if err != nil {
		return h, err
	}
	set, err := c.Settings()
	if err != nil {
		return h, err
	}
	for _, t := range turns {
		if t.State == roster.Offered {
			h.Offers = append(h.Offers, offerOf(c, t))
		}
	}
	if i := slices.IndexFunc(turns, func(t turn) bool { return t.State == roster.Accepted || t.State == roster.CheckedIn }); i >= 0 {
		if h.Next, err = nextOf(c, set, turns[i]); err != nil {
			return h, err
		}
	}
	if h.Open, h.Total, err = openFor(c, me); err != nil {
		return h, err
	}
	h.Hours, err = hoursOf(c, me, c.Now)
	return h, err
}

// turn is a sign-up with its shift, and whose it is.
type turn struct {
	roster.Turn
	Who member
}

// coming is what is before the whole family, soonest first.
func coming(c *page.Ctx, all []member) (turns []turn, err error) {
	for _, m := range all {
		hers, err := roster.Coming(c, c.DB, m.ID, db.MS(c.Now))
		if err != nil {
			return nil, err
		}
		for _, t := range hers {
			turns = append(turns, turn{t, m})
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return int(a.At.Starts/1000 - b.At.Starts/1000) })
	return turns, nil
}

func offerOf(c *page.Ctx, t turn) offer {
	until := db.Time(t.OfferedUntil)
	return offer{turn: t, When: span(c, t.At), Until: i18n.DayNear(c.Lang, c.Now, until) + " " + i18n.Clock(until), Left: i18n.Left(c.Lang, c.Now, until)}
}

// nextOf is the coming shift in large, with those who serve beside her.
func nextOf(c *page.Ctx, set config.Settings, t turn) (*next, error) {
	mates, err := matesOf(c, t)
	if err != nil {
		return nil, err
	}
	n := &next{turn: t, Code: codeNow(c, set, t), Out: t.State == roster.CheckedIn}
	n.NextShift = ui.NextShift{
		Note: nextNote(c, set, t), When: i18n.Span(c.Lang, t.At.Starting(), t.At.Ending()),
		What: t.At.Activity.Title, Where: dot(t.At.PostName, t.At.Activity.Place), Mates: mates,
	}
	return n, nil
}

// codeNow says whether the code of the desk would be taken now.
func codeNow(c *page.Ctx, set config.Settings, t turn) bool {
	now := db.MS(c.Now)
	return t.State == roster.CheckedIn || t.State == roster.Accepted && now >= t.At.Starts-set.CheckInOpens.Milliseconds() && now < t.At.Ends
}

// nextNote says how near the shift is, and whether she can check in.
func nextNote(c *page.Ctx, set config.Settings, t turn) string {
	now := db.MS(c.Now)
	switch {
	case t.State == roster.CheckedIn:
		return c.T("rosters.next.in", "at", clock(t.Arrived))
	case now >= t.At.Starts:
		return c.T("rosters.next.begun")
	case codeNow(c, set, t):
		return c.T("rosters.next.open", "length", toGo(c, t.At.Starting()))
	}
	return dot(i18n.DayNear(c.Lang, c.Now, t.At.Starting()), c.T("rosters.next.in_length", "length", toGo(c, t.At.Starting())))
}

// matesShown is how many of those beside her are named.
const matesShown = 3

// matesOf are she and who serves beside her. Whoever is accepted may read the names.
func matesOf(c *page.Ctx, t turn) ([]ui.Mate, error) {
	mates := []ui.Mate{{Place: placeName(c, t.Place), Name: called(c, t.Who)}}
	n, err := roster.CountBeside(c, c.DB, t.Shift, t.Person)
	if err != nil || n > matesShown {
		return append(mates, ui.Mate{Place: c.T("rosters.mates"), Name: c.T("rosters.mates_n", "n", n)}), err
	}
	all, err := beside(c, t)
	for _, m := range all {
		mate := ui.Mate{Place: placeName(c, m.Place), Name: m.Name}
		if m.Arrived != 0 {
			mate.There = c.T("rosters.arrived_at", "at", clock(m.Arrived))
		}
		mates = append(mates, mate)
	}
	return mates, err
}

// mate is somebody on the same shift.
type mate struct {
	roster.Signup
	Name string
}

// holds says whether a sign-up in that state is on the shift for sure.
func holds(s roster.State) bool { return s == roster.Accepted || s.Served() }

// beside lists the others on her shift, with their names if she is accepted herself.
func beside(c *page.Ctx, t turn) ([]mate, error) {
	signups, err := roster.SignupsOf(c, c.DB, t.Shift)
	if err != nil {
		return nil, err
	}
	signups = slices.DeleteFunc(signups, func(u roster.Signup) bool { return u.Person == t.Person || !holds(u.State) })
	names, err := people.Names(c, c.DB, c.Keys, persons(signups))
	mates := make([]mate, len(signups))
	for i, u := range signups {
		mates[i] = mate{u, people.Label(names[u.Person], holds(t.State))}
	}
	return mates, err
}

func persons(signups []roster.Signup) []id.ID {
	ids := make([]id.ID, len(signups))
	for i, u := range signups {
		ids[i] = u.Person
	}
	return ids
}

// openFor is what somebody could take now, nearest first and each activity once, and how many
// shifts there are.
func openFor(c *page.Ctx, m member) ([]ui.OpenShift, int, error) {
	offers, err := offersFor(c, m)
	if err != nil {
		return nil, 0, err
	}
	var rows []ui.OpenShift
	seen := map[id.ID]bool{}
	for _, o := range offers {
		if !seen[o.Activity.ID] && len(rows) < onHome {
			seen[o.Activity.ID] = true
			rows = append(rows, openRow(c, o, m))
		}
	}
	return rows, len(offers), nil
}

// offersFor lists the shifts that a member of the family could take in the coming days.
func offersFor(c *page.Ctx, m member) ([]roster.Offer, error) {
	who, err := people.StandingOf(c, c.DB, m.ID)
	if err != nil {
		return nil, err
	}
	return c.Board.OpenFor(c, who, roster.Window{From: db.MS(c.Now), To: db.MS(c.Now.Add(ahead))})
}

// openRow is a shift that somebody could take, as a line of a list.
func openRow(c *page.Ctx, o roster.Offer, m member) ui.OpenShift {
	row := ui.OpenShift{
		Href: activityPath(o.Activity.ID) + "?shift=" + string(o.ID), What: o.Activity.Title, Far: c.T("rosters.near." + nearKeys[o.Near]),
		Left: c.T("rosters.left", "n", o.Free(roster.Primary)), When: dot(span(c, *o.Shift), o.PostName, o.Activity.Place),
	}
	if !m.Self {
		row.Href += "&who=" + string(m.ID)
	}
	if o.Why == nil {
		row.Fits = c.T("rosters.fits")
		return row
	}
	do := remedy(c, o.Why)
	row.Missing, row.Miss, row.Do, row.DoHref = c.T("rosters.missing"), why(c, o.Why), do.Label, do.Href
	return row
}

// nearKeys are the words for how near a shift is, by roster's measure.
var nearKeys = [...]string{"door", "town", "county", "city", "far"}
