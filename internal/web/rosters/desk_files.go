package rosters

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// give answers the roster as a file: who is on it, by whole name as on the page, then who waits.
func (l list) give(c *page.Ctx) error {
	f := page.List{Kind: "roster", Org: l.Activity.Org, Name: c.T("rosters.file_roster", "title", l.Activity.Title, "day", l.Day),
		Heads: c.Words("rosters.fact.post", "rosters.file_place", "rosters.roster.name", "rosters.fact.unit", "rosters.roster.state", "rosters.do.in", "rosters.do.out", "rosters.file_minutes")}
	return c.Give(f, func(put page.Put) error {
		for _, part := range [][]line{l.On, l.Applied, l.Offered, l.Waiting} {
			for _, x := range part {
				cells := append(sheet.Texts(l.PostName, c.T("rosters.place."+string(x.Place)), x.Name, x.Unit, c.T("rosters.state."+string(x.State)), x.came(), x.left()), sheet.Cell{})
				if x.Minutes > 0 {
					cells[7] = sheet.Whole(x.Minutes)
				}
				if err := put(cells...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// mostOfADay is more than the shifts of a city's day.
const mostOfADay = 100_000

// giveDay answers the shifts of a day as a file, all of them.
func giveDay(c *page.Ctx, in lookedAt) error {
	day, err := time.ParseInLocation(time.DateOnly, in.Day, i18n.Zone())
	if err != nil {
		day = i18n.Midnight(c.Now)
	}
	var l dayList
	orgs, err := l.orgs(c, in.Org)
	if err != nil {
		return err
	}
	f := shiftFile(c, "shifts", c.T("rosters.desk.shifts")+" "+db.Day(day))
	if len(orgs) > 0 {
		f.Org = orgs[0]
	}
	return c.Give(f, func(put page.Put) error {
		for _, o := range orgs {
			shifts, err := roster.LeaderShifts(c, c.DB, o, db.MS(day), db.MS(day.AddDate(0, 0, 1)), mostOfADay)
			if err != nil {
				return err
			}
			rows, err := rowsOf(c, shifts)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if in.Short && r.Lacks == 0 {
					continue
				}
				if err := put(r.cells(c)...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// shiftFile is a list of shifts as a file.
func shiftFile(c *page.Ctx, kind, name string) page.List {
	return page.List{Kind: kind, Name: name, Heads: c.Words("rosters.file_title", "rosters.org", "rosters.fact.post", "rosters.file_day", "rosters.file_start", "rosters.file_end",
		"rosters.file_places", "rosters.file_taken", "rosters.file_standbys", "rosters.file_standbys_taken", "rosters.roster.state")}
}

// putRows puts shifts one after the other.
func putRows(c *page.Ctx, f page.List, rows []shiftRow) error {
	return c.Give(f, func(put page.Put) error {
		for _, r := range rows {
			if err := put(r.cells(c)...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r shiftRow) cells(c *page.Ctx) []sheet.Cell {
	cells := append(sheet.Texts(r.Activity.Title, r.Org, r.PostName), sheet.Day(r.Day), sheet.Text(clock(r.Starts)), sheet.Text(clock(r.Ends)),
		sheet.Whole(r.Places), sheet.Whole(r.Taken), sheet.Whole(r.StandbyPlaces), sheet.Whole(r.StandbyTaken))
	return append(cells, sheet.Text(c.T("rosters.file_state."+r.State)))
}

// giveAttendance answers who was on a shift, from when to when, in the columns in which such a
// list is brought: whole names, as at the shift's desk. What was told and is not refused is
// there too, with its reason.
func giveAttendance(c *page.Ctx, s shiftRow) error {
	all, err := attendanceOf(c, s)
	if err != nil {
		return err
	}
	f := page.List{Kind: "attendance", Org: s.Activity.Org, Name: c.T("rosters.file_attendance", "title", s.Activity.Title, "day", s.Day), Heads: intake.Heads(intake.Attendance, c.Lang)}
	return c.Give(f, func(put page.Put) error {
		for _, v := range all {
			if err := put(intake.Line(intake.Attendance, v)...); err != nil {
				return err
			}
		}
		return nil
	})
}

func attendanceOf(c *page.Ctx, s shiftRow) (all []map[string]string, err error) {
	lines, err := linesOf(c, s.Shift)
	if err != nil {
		return nil, err
	}
	backfills, err := roster.BackfillsOf(c, c.DB, s.ID)
	if err != nil {
		return nil, err
	}
	told := map[id.ID]bool{}
	add := func(who id.ID, arrived, departed int64, reason string) error {
		p, err := people.Get(c, c.DB, who)
		if err != nil || p.State == people.Closed {
			return err
		}
		name, err := p.Open(c.Keys, people.FieldName)
		all = append(all, map[string]string{"title": s.Activity.Title, "day": s.Day, "start": clock(s.Starts), "no": p.No, "name": name,
			"arrived": clock(arrived), "departed": clock(departed), "reason": reason})
		return err
	}
	for _, b := range backfills {
		if b.State == "pending" || b.State == "confirmed" {
			told[b.Person] = true
			if err := add(b.Person, b.Arrived, b.Departed, intake.ToldReason(b.Reason)); err != nil {
				return nil, err
			}
		}
	}
	for _, x := range lines {
		if x.Departed > 0 && !told[x.Person] {
			if err := add(x.Person, x.Arrived, x.Departed, ""); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(all, func(a, b map[string]string) int {
		return cmp.Or(strings.Compare(a["no"], b["no"]), strings.Compare(a["arrived"], b["arrived"]))
	})
	return all, nil
}

// give answers the hours that wait for somebody as a file.
func (h hoursDesk) give(c *page.Ctx) error {
	f := page.List{Kind: "hours", Name: c.T("rosters.file_hours") + " " + db.Day(c.Now), Heads: c.Words("rosters.file_title", "rosters.org", "rosters.file_day", "rosters.roster.name", "rosters.do.in", "rosters.do.out", "rosters.file_minutes", "rosters.roster.state", "rosters.file_by", "rosters.file_reason")}
	return c.Give(f, func(put page.Put) error {
		for _, u := range h.Unclosed {
			cells := append(sheet.Texts(u.At.Activity.Title, "", u.At.Day, u.Name, u.came(), u.left()), sheet.Whole(u.Minutes))
			if err := put(append(cells, sheet.Texts(c.T("rosters.state."+string(u.State)), "", "")...)...); err != nil {
				return err
			}
		}
		for _, t := range h.Told {
			cells := append(sheet.Texts(t.At.Activity.Title, t.Org, t.At.Day, t.Name, clock(t.Arrived), clock(t.Departed)), sheet.Whole(t.Minutes))
			if err := put(append(cells, sheet.Texts(c.T("rosters.file_told"), t.By, t.Reason)...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// give answers the anomalies of a day as a file.
func (d anomalyDay) give(c *page.Ctx) error {
	f := page.List{Kind: "anomalies", Name: c.T("rosters.anomalies") + " " + d.Day, Heads: c.Words("rosters.file_day", "rosters.file_anomaly", "rosters.roster.name", "rosters.file_says", "rosters.file_turns", "rosters.roster.state", "rosters.anomaly.why")}
	return c.Give(f, func(put page.Put) error {
		for i, a := range append(slices.Clone(d.Open), d.Done...) {
			state, why := "rosters.anomaly.open", ""
			if i >= len(d.Open) {
				state, why = "rosters.anomaly.done", a.Dismissed.Reason
			}
			says := c.T("rosters.anomaly.says."+string(a.Kind), "length", i18n.Length(c.Lang, a.Minutes), "n", a.Anomaly.People, "by", a.By)
			var turns []string
			for _, p := range a.Shown {
				turns = append(turns, strings.TrimSpace(p.Title+" "+clock(p.Arrived)))
			}
			if err := put(append([]sheet.Cell{sheet.Day(a.Day)}, sheet.Texts(c.T("rosters.anomaly."+string(a.Kind)), a.Who, says, strings.Join(turns, "; "), c.T(state), why)...)...); err != nil {
				return err
			}
		}
		return nil
	})
}
