package rosters

import (
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// deskRoles may see and keep the rosters of their organisation and below; planRoles may plan
// its shifts.
var (
	deskRoles = []auth.Role{auth.Leader, auth.Admin}
	planRoles = []auth.Role{auth.Leader, auth.Admin, auth.Editor}
)

// mostShifts is how many shifts of a day the desk shows.
const mostShifts = 200

// daysAhead is how many days the desk's strip of days has.
const daysAhead = 7

// dayList is the desk's page of a day's shifts.
type dayList struct {
	Days   []ui.Link
	Orgs   []ui.Option
	Rows   []shiftRow
	Total  int
	Short  int // shifts that are short of people
	Cut    bool
	Waits  []roster.Turn // applications that wait for an answer
	Single bool          // one organisation only: no need to choose
	Keeps  bool          // templates of rosters are hers too
}

// shiftRow is a shift as a line of a table.
type shiftRow struct {
	roster.Shift
	Org   string
	Lacks int64 // primaries still missing
	Now   bool  // its check-in desk can be kept
}

// lookedAt is what the address says about which shifts to show.
type lookedAt struct {
	Day   string `form:"day,day"`
	Org   id.ID  `form:"org"`
	Short bool   `form:"short"`
}

// DeskShifts answers GET /desk/shifts: a day's shifts of the visitor's organisations.
func DeskShifts(c *page.Ctx) error {
	in, err := page.Bind[lookedAt](c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return giveDay(c, in)
	}
	l, err := dayOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(deskShiftsPage(l))
}

func dayOf(c *page.Ctx, in lookedAt) (l dayList, err error) {
	day, err := time.ParseInLocation(time.DateOnly, in.Day, i18n.Zone())
	if err != nil {
		day = i18n.Midnight(c.Now)
	}
	orgs, err := l.orgs(c, in.Org)
	if err != nil {
		return l, err
	}
	shifts, err := shiftsOf(c, orgs, db.MS(day), db.MS(day.AddDate(0, 0, 1)))
	if err != nil {
		return l, err
	}
	l.Cut = len(shifts) > mostShifts
	if l.Rows, err = rowsOf(c, shifts[:min(len(shifts), mostShifts)]); err != nil {
		return l, err
	}
	l.count(in.Short)
	l.days(c, day)
	if l.Waits, err = waiting(c, orgs, roster.Applied, db.MS(c.Now)); err != nil {
		return l, err
	}
	keeps, err := seats(c, deskRoles...)
	l.Keeps = len(keeps) > 0
	return l, err
}

// orgs are the organisations to look at: the one asked for, or all where she holds a role.
func (l *dayList) orgs(c *page.Ctx, asked id.ID) ([]id.ID, error) {
	seats, err := seats(c, planRoles...)
	if err != nil {
		return nil, err
	}
	if l.Orgs, err = orgChoices(c, seats); err != nil {
		return nil, err
	}
	l.Single = len(l.Orgs) < 3 // all, and one
	if asked == "" {
		return seats, nil
	}
	return []id.ID{asked}, org.Permit(c, c.DB, c.Actor, asked, planRoles...)
}

// seats are the organisations from which the visitor reaches down by one of the roles.
func seats(c *page.Ctx, roles ...auth.Role) ([]id.ID, error) {
	all, err := org.Seats(c, c.DB, c.Actor, roles...)
	ids := make([]id.ID, len(all))
	for i, s := range all {
		ids[i] = s.Org
	}
	return ids, err
}

// orgChoices offers her organisations and those right below them.
func orgChoices(c *page.Ctx, seats []id.ID) ([]ui.Option, error) {
	all := []ui.Option{{Label: c.T("rosters.any_org")}}
	names, err := org.Names(c, c.DB, seats)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		all = append(all, ui.Option{Value: string(s), Label: names[s]})
		below, _, err := org.List(c, c.DB, org.Filter{Under: s, Direct: true, Limit: mostShifts})
		if err != nil {
			return nil, err
		}
		for _, o := range below {
			all = append(all, ui.Option{Value: string(o.ID), Label: c.T("rosters.org_below", "name", o.Name)})
		}
	}
	return all, nil
}

// shiftsOf are the shifts of several subtrees that run or come within a span, soonest first.
func shiftsOf(c *page.Ctx, orgs []id.ID, from, to int64) ([]roster.Shift, error) {
	var all []roster.Shift
	for _, o := range orgs {
		shifts, err := roster.LeaderShifts(c, c.DB, o, from, to, mostShifts+1)
		if err != nil {
			return nil, err
		}
		all = append(all, shifts...)
	}
	slices.SortStableFunc(all, func(a, b roster.Shift) int { return int(a.Starts/1000 - b.Starts/1000) })
	return all, nil
}

// waiting are the turns of several subtrees that stand in a state.
func waiting(c *page.Ctx, orgs []id.ID, s roster.State, since int64) ([]roster.Turn, error) {
	var all []roster.Turn
	for _, o := range orgs {
		turns, err := roster.InState(c, c.DB, o, s, since, mostShifts)
		if err != nil {
			return nil, err
		}
		all = append(all, turns...)
	}
	return all, nil
}

func rowsOf(c *page.Ctx, shifts []roster.Shift) ([]shiftRow, error) {
	set, err := c.Settings()
	if err != nil {
		return nil, err
	}
	orgs := make([]id.ID, len(shifts))
	for i, s := range shifts {
		orgs[i] = s.Activity.Org
	}
	names, err := org.Names(c, c.DB, orgs)
	rows := make([]shiftRow, len(shifts))
	for i, s := range shifts {
		opens := s.Starting().Add(-set.CheckInOpens)
		rows[i] = shiftRow{Shift: s, Org: names[s.Activity.Org], Now: s.State == "open" && !c.Now.Before(opens) && c.Now.Before(s.Ending())}
		if s.State == "open" && c.Now.Before(s.Ending()) {
			rows[i].Lacks = s.Free(roster.Primary)
		}
	}
	return rows, err
}

// count counts the shifts that are short of people, and leaves the others out when asked to.
func (l *dayList) count(short bool) {
	l.Total = len(l.Rows)
	for _, r := range l.Rows {
		if r.Lacks > 0 {
			l.Short++
		}
	}
	if short {
		l.Rows = slices.DeleteFunc(l.Rows, func(r shiftRow) bool { return r.Lacks == 0 })
	}
}

// days is a strip from yesterday on, with the day that is shown.
func (l *dayList) days(c *page.Ctx, shown time.Time) {
	first := i18n.Midnight(c.Now).AddDate(0, 0, -1)
	if shown.Before(first) || !shown.Before(first.AddDate(0, 0, daysAhead)) {
		first = shown
	}
	for i := range daysAhead {
		t := first.AddDate(0, 0, i)
		label := i18n.DayNear(c.Lang, c.Now, t)
		if label == i18n.Day(c.Lang, t) {
			label = i18n.Weekday(c.Lang, t)
		}
		l.Days = append(l.Days, ui.Link{Href: "?" + replaced(c, "day", t.Format(time.DateOnly)), Label: label, Sub: i18n.Day(c.Lang, t), On: t.Equal(shown)})
	}
}

// replaced is the query of this page with one value changed.
func replaced(c *page.Ctx, name, value string) string {
	q := c.R.URL.Query()
	q.Set(name, value)
	return q.Encode()
}
