package rosters

import (
	"slices"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/roster"
)

// hours are somebody's minutes of one month, by grade.
type hours struct {
	Month   time.Time // its first day
	Who     member
	Turns   int64
	Minutes int64
	Sure    int64 // recorded or confirmed: what a certificate states
	Parts   []ui.HoursPart
	Empty   bool
}

// known is how well hours are known, with the class of its bar.
type known struct {
	grade ledger.Grade
	class string
}

// grades are all of them, the surest first.
var grades = []known{{ledger.Recorded, ""}, {ledger.Confirmed, "g2"}, {ledger.Declared, "g3"}}

// monthOf is the first day of the month of a moment.
func monthOf(t time.Time) time.Time {
	y, m, _ := t.In(i18n.Zone()).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, i18n.Zone())
}

func monthKey(t time.Time) string { return t.Format("2006-01") }

// hoursOf sums somebody's minutes of the month in which t lies.
func hoursOf(c *page.Ctx, m member, t time.Time) (h hours, err error) {
	h.Month, h.Who = monthOf(t), m
	totals, err := ledger.ByGrade(c, c.DB, roster.Minutes, m.ID, h.Month.Format(time.DateOnly), h.Month.AddDate(0, 1, 0).Format(time.DateOnly))
	if err != nil {
		return h, err
	}
	for _, g := range grades {
		part := ui.HoursPart{Class: g.class, Name: c.T("rosters.grade." + string(g.grade)), Note: c.T("rosters.grade_note." + string(g.grade)),
			Href: hoursPath(h.Month, m, string(g.grade))}
		for _, total := range totals {
			if total.Grade != g.grade {
				continue
			}
			part.Minutes = total.Qty
			h.Turns, h.Minutes = h.Turns+total.Facts, h.Minutes+total.Qty
			if g.grade != ledger.Declared {
				h.Sure += total.Qty
			}
		}
		part.Hours = c.T("rosters.hours", "n", i18n.Hours(part.Minutes))
		h.Parts = append(h.Parts, part)
	}
	h.Empty = h.Minutes == 0
	return h, nil
}

// hoursPath is the page of somebody's hours of a month; grade "" is every grade.
func hoursPath(month time.Time, m member, grade string) string {
	path := "/my/hours?month=" + monthKey(month)
	if !m.Self {
		path += "&who=" + string(m.ID)
	}
	if grade != "" {
		path += "&grade=" + grade
	}
	return path
}

// entry is one turn of the month with the facts that stand behind it.
type entry struct {
	Shift   roster.Shift
	Minutes int64
	Grade   ledger.Grade
	Living  bool           // something of it counts
	Facts   []ledger.Entry // latest first
}

// book is the page of somebody's hours.
type book struct {
	hours
	Family  []member
	Entries []entry
	Grade   string
	Before  string // the month before
	After   string // the month after; "" where that is not yet
}

// Hours answers GET /my/hours: a month's hours, each turn with its facts.
func Hours(c *page.Ctx) error {
	all, err := family(c)
	if err != nil {
		return err
	}
	m, ok := choose(all, id.ID(c.Query("who")))
	if !ok {
		return fail.New(fail.Forbidden, "web.not_volunteer")
	}
	b, err := bookOf(c, m)
	if err != nil {
		return err
	}
	b.Family = all
	return c.Render(hoursPage(b))
}

func bookOf(c *page.Ctx, m member) (b book, err error) {
	month, err := time.ParseInLocation("2006-01", c.Query("month"), i18n.Zone())
	if err != nil || month.After(c.Now) || month.Year() < 2000 {
		month = c.Now
	}
	if b.hours, err = hoursOf(c, m, month); err != nil {
		return b, err
	}
	b.Before = hoursPath(b.Month.AddDate(0, -1, 0), m, "")
	if after := b.Month.AddDate(0, 1, 0); !after.After(c.Now) {
		b.After = hoursPath(after, m, "")
	}
	if g := c.Query("grade"); slices.ContainsFunc(grades, func(x known) bool { return string(x.grade) == g }) {
		b.Grade = g
	}
	b.Entries, err = entriesOf(c, m, b.Month, b.Grade)
	return b, err
}

// entriesOf are the turns of a month: every fact about her minutes, gathered by shift. With a
// grade, those that count under it.
func entriesOf(c *page.Ctx, m member, month time.Time, grade string) ([]entry, error) {
	facts, err := ledger.OfPerson(c, c.DB, roster.Minutes, m.ID, month.Format(time.DateOnly), month.AddDate(0, 1, 0).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, f := range facts {
		i := slices.IndexFunc(all, func(e entry) bool { return e.Shift.ID == f.Subject })
		if i < 0 {
			s, err := roster.Get(c, c.DB, f.Subject)
			if err != nil {
				return nil, err
			}
			i, all = len(all), append(all, entry{Shift: s})
		}
		all[i].Facts = append(all[i].Facts, f)
		if f.Reverses == "" && !f.Reversed {
			all[i].Living, all[i].Minutes, all[i].Grade = true, f.Qty, f.Grade
		}
	}
	if grade == "" {
		return all, nil
	}
	return slices.DeleteFunc(all, func(e entry) bool { return string(e.Grade) != grade }), nil
}
