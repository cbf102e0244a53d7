package rosters

import (
	"context"
	"net/url"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/roster"
)

// desk is the check-in desk of a shift.
type desk struct {
	shiftRow
	Leader   string
	Code     shownCode
	Open     bool // codes are taken now
	Show     string
	Lines    []line
	Counts   map[string]int
	Siblings []roster.Shift // other posts of the activity at the same time
	Before   []unclosed
	Last     *roster.Shift // the shift of the post before this one
	Found    []candidate
}

// unclosed is somebody who left without checking out.
type unclosed struct {
	line
	At roster.Shift
}

// deskShows is what the desk's counts sort by, in their order.
var deskShows = []string{"", "in", "out", "missing", "left"}

// Desk answers GET /desk/shifts/{shift}/desk.
func Desk(c *page.Ctx) error {
	in, err := page.Bind[atShift](c)
	if err != nil {
		return err
	}
	d, err := deskOf(c, in.Shift)
	if err != nil {
		return err
	}
	return c.Render(deskPage(d))
}

func deskOf(c *page.Ctx, shift id.ID) (d desk, err error) {
	if d.shiftRow, err = permitted(c, shift, deskRoles...); err != nil {
		return d, err
	}
	d.Open = d.shiftRow.Now
	if d.Code, err = codeOf(c, shift, c.Query("do") == "out"); err != nil {
		return d, err
	}
	if d.Leader, err = nameOf(c, d.Activity.Leader, true); err != nil {
		return d, err
	}
	if err = d.lines(c); err != nil {
		return d, err
	}
	return d, d.around(c)
}

// lines are those who should be there or are, and how many of them stand how.
func (d *desk) lines(c *page.Ctx) error {
	all, err := linesOf(c, d.Shift)
	all = slices.DeleteFunc(all, func(x line) bool { return !holds(x.State) && x.State != roster.NoShow })
	d.Counts = map[string]int{}
	if d.Show = c.Query("show"); !slices.Contains(deskShows, d.Show) {
		d.Show = ""
	}
	for _, x := range all {
		for _, show := range deskShows {
			if x.shows(show) {
				d.Counts[show]++
			}
		}
		if x.shows(d.Show) {
			d.Lines = append(d.Lines, x)
		}
	}
	return err
}

// shows says whether somebody is among those whom one of the counts counts.
func (x line) shows(show string) bool {
	switch show {
	case "in":
		return x.State == roster.CheckedIn
	case "out":
		return x.State.Served() && x.State != roster.CheckedIn && !x.LeftEarly
	case "missing":
		return x.State == roster.Accepted || x.State == roster.NoShow
	case "left":
		return x.LeftEarly
	}
	return true
}

// around finds the other posts of the hour, and who of the shift before has not checked out.
func (d *desk) around(c *page.Ctx) error {
	all, err := roster.Of(c, c.DB, d.Activity.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		switch {
		case s.ID == d.ID || s.State != "open":
		case s.Starts < d.Ends && d.Starts < s.Ends:
			d.Siblings = append(d.Siblings, s)
		case s.Post == d.Post && s.Ends <= d.Starts && (d.Last == nil || s.Ends > d.Last.Ends):
			d.Last = &s
		}
	}
	if d.Last == nil {
		return nil
	}
	lines, err := linesOf(c, *d.Last)
	for _, x := range lines {
		if x.State == roster.Unclosed {
			d.Before = append(d.Before, unclosed{x, *d.Last})
		}
	}
	return err
}

// deskCommand is something done to one person at the desk.
func deskCommand(c *page.Ctx, run func(tx *db.Tx, in onShift) error) error {
	in, err := page.Bind[onShift](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error { return run(tx, in) })
	}
	return onDesk(c, err, in.Shift)
}

// onDesk goes back to the desk, with what was refused.
func onDesk(c *page.Ctx, err error, shift id.ID) error {
	if err == nil {
		return c.Redirect(deskPath(shift) + "/desk")
	}
	if k := fail.KindOf(err); k == fail.NotFound || k == fail.Forbidden || k == fail.Internal {
		return err
	}
	d, broken := deskOf(c, shift)
	if broken != nil {
		return broken
	}
	return c.Retry(err, deskPage(d))
}

// Arrive answers POST /desk/shifts/{shift}/people/{person}/arrive.
func Arrive(c *page.Ctx) error {
	return deskCommand(c, func(tx *db.Tx, in onShift) error {
		_, err := roster.CheckInBy(c, tx, c.Actor, in.Shift, in.Person)
		return err
	})
}

// UndoArrival answers POST /desk/shifts/{shift}/people/{person}/undo-arrival.
func UndoArrival(c *page.Ctx) error {
	return deskCommand(c, func(tx *db.Tx, in onShift) error {
		_, err := roster.UndoArrival(c, tx, c.Actor, in.Shift, in.Person)
		return err
	})
}

// Depart answers POST /desk/shifts/{shift}/people/{person}/depart.
func Depart(c *page.Ctx) error { return departs(c, false) }

// LeaveEarly answers POST /desk/shifts/{shift}/people/{person}/leave-early.
func LeaveEarly(c *page.Ctx) error { return departs(c, true) }

func departs(c *page.Ctx, early bool) error {
	return deskCommand(c, func(tx *db.Tx, in onShift) error {
		_, err := roster.CheckOutBy(c, tx, c.Actor, in.Shift, in.Person, early)
		return err
	})
}

// Absent answers POST /desk/shifts/{shift}/people/{person}/absent.
func Absent(c *page.Ctx) error {
	return deskCommand(c, func(tx *db.Tx, in onShift) error {
		_, err := roster.MarkNoShow(c, tx, c.Actor, in.Shift, in.Person)
		return err
	})
}

// WalkUp answers POST /desk/shifts/{shift}/walk-ups: somebody came without a sign-up.
func WalkUp(c *page.Ctx) error {
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
	if err == nil && in.Who == "" {
		return whichWalkUp(c, in.Shift, found)
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.WalkUp(c, tx, c.Actor, in.Shift, in.Who, "")
			return err
		})
	}
	return onDesk(c, err, in.Shift)
}

// whichWalkUp shows whom a search found: the leader sees who stands before her.
func whichWalkUp(c *page.Ctx, shift id.ID, found []candidate) error {
	d, err := deskOf(c, shift)
	if err != nil {
		return err
	}
	d.Found = found
	return c.Render(deskPage(d))
}

// stats are the counts above the list, each a filter of it.
func (d desk) stats(c context.Context) []ui.Stat {
	stats := make([]ui.Stat, len(deskShows))
	for i, show := range deskShows {
		stats[i] = ui.Stat{Label: ui.T(c, "rosters.desk.show."+showKey(show)), Href: d.href(show, d.Code.Out), N: d.Counts[show], On: d.Show == show}
	}
	return stats
}

// href is this desk with its list and its code chosen.
func (d desk) href(show string, out bool) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", show)
	}
	if out {
		q.Set("do", "out")
	}
	return deskPath(d.ID) + "/desk?" + q.Encode()
}

func showKey(show string) string {
	if show == "" {
		return "all"
	}
	return show
}

// standing is a person's sign, word and second line at the desk.
func (x line) standing(c context.Context) (sign, text, note string) {
	switch {
	case x.LeftEarly:
		return "left", ui.T(c, "rosters.desk.left_at", "at", clock(x.Departed)), ""
	case x.State == roster.CheckedIn:
		if x.SteppedIn {
			note = ui.T(c, "rosters.desk.stepped_in")
		} else if x.Walkup {
			note = ui.T(c, "rosters.desk.walked_up")
		}
		return "ok", ui.T(c, "rosters.arrived_at", "at", clock(x.Arrived)), note
	case x.State == roster.CheckedOut:
		return "ok", ui.T(c, "rosters.desk.out_at", "at", clock(x.Departed)), i18n.Length(ui.Lang(c), x.Minutes)
	case x.State == roster.NoShow:
		return "no", ui.T(c, "rosters.state.no_show"), ""
	case x.State.Served():
		return "wait", ui.T(c, "rosters.state."+string(x.State)), i18n.Length(ui.Lang(c), x.Minutes)
	}
	return "no", ui.T(c, "rosters.desk.not_there"), x.Paper
}
