package progress_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// entered is one activity as it was posted.
type entered struct {
	at     id.ID
	day    string
	posted time.Time
}

// Actual, the pace, the gap and each day of a row are what counting by hand gives, with what
// was entered late seen from its day of entry on.
func TestPlannedAgainstActualByDay(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		w.row(s, w.Center, 60, "2020-03-05 10")
		w.row(s, w.Foreign, 40, "")
		below := map[id.ID][]id.ID{w.Center: {w.Center, w.Institute, w.Station, w.Team}, w.Foreign: {w.Foreign, w.ForeignTeam}}
		r := rand.New(rand.NewPCG(5, 6))
		var all []entered
		for d := 1; d <= 12; d++ {
			day := fmt.Sprintf("2020-03-%02d", d)
			w.at(day)
			for unit, members := range below {
				n := r.IntN(5)
				if unit == w.Foreign && d > 8 {
					n = 0
				}
				at, on := members[r.IntN(len(members))], day
				if n == 4 && d > 2 { // entered late
					on = fmt.Sprintf("2020-03-%02d", d-2)
				}
				w.holds(at, on, n)
				for range n {
					all = append(all, entered{at, on, w.clock.Now()})
				}
			}
			w.follow()
		}
		count := func(unit id.ID, to string, asOf time.Time) (n int64) {
			for _, e := range all {
				if slices.Contains(below[unit], e.at) && e.day >= "2020-03-01" && e.day <= to && !e.posted.After(asOf) {
					n++
				}
			}
			return n
		}
		b := w.board(s)
		if len(b.Lines) != 2 || b.Day != "2020-03-12" {
			t.Fatalf("%d lines on %s", len(b.Lines), b.Day)
		}
		whole := int64(0)
		for _, l := range b.Lines {
			c := l.Cells[0]
			if want := count(l.Unit.Org, b.Day, w.clock.Now()); c.Actual != want {
				t.Errorf("%s: %d, want %d", l.Unit.Name, c.Actual, want)
			}
			if want := count(l.Unit.Org, "2020-03-05", w.clock.Now().AddDate(0, 0, -7).Add(12*time.Hour)); c.Earlier != want {
				t.Errorf("%s a week before: %d, want %d", l.Unit.Name, c.Earlier, want)
			}
			whole += c.Planned
			days, err := progress.ByDay(w.ctx, w.e, *c, 100)
			w.must(err)
			if len(days) != 20 || days[11].Day != "2020-03-12" || days[12].Known {
				t.Fatalf("%s: %d days: %+v", l.Unit.Name, len(days), days)
			}
			for _, d := range days[:12] {
				end, _ := time.Parse(time.DateTime, d.Day+" 15:59:59")
				if want := count(l.Unit.Org, d.Day, end); d.Actual != want {
					t.Errorf("%s on %s: %d, want %d", l.Unit.Name, d.Day, d.Actual, want)
				}
			}
			if few, err := progress.ByDay(w.ctx, w.e, *c, 5); err != nil || len(few) > 8 || few[0].Day != "2020-03-01" || few[len(few)-1].Day != "2020-03-20" {
				t.Errorf("a few days: %+v, %v", few, err)
			}
		}
		if c := b.Whole.Cells[0]; c.Target != 100 || c.Planned != whole || c.Actual != count(w.Center, b.Day, w.clock.Now())+count(w.Foreign, b.Day, w.clock.Now()) {
			t.Errorf("the whole: %+v", c)
		}
		at := slices.IndexFunc(b.Laggards, func(s *progress.Standing) bool { return s.Org == w.Foreign })
		if at < 0 || b.Laggards[at].Why[0] != progress.Silent || b.Lines[0].Behind() < b.Lines[1].Behind() {
			t.Errorf("laggards: %+v", b.Laggards)
		}
	})
}

func TestOnlyThoseAboveWriteASchedule(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		set := func(by auth.Actor, in progress.RowIn) error {
			return w.write(func(tx *db.Tx) error {
				_, err := progress.SetRow(w.ctx, tx, by, s, in)
				return err
			})
		}
		w.must(set(w.city, held(w.Center, 50, "")))
		w.refused("org.out_of_reach", set(w.county, held(w.Center, 5, "")))
		w.refused("org.out_of_reach", set(orgtest.Staff(4, w.City, auth.Leader), held(w.Center, 5, "")))
		w.refused("progress.org_outside", set(w.city, held(w.Province, 5, "")))
		w.refused("progress.target", set(w.city, held(w.Center, 0, "")))
		bad := held("", 0, "")
		bad.Item, bad.From = "", "soon"
		w.refused("form.invalid", set(w.city, bad))
		early := held(w.Center, 5, "")
		early.Due = "2020-02-01"
		w.refused("progress.due_before", set(w.city, early))
		unknown := held(w.Center, 5, "")
		unknown.Indicator = "steps_danced"
		w.refused("figure.unknown", set(w.city, unknown))
		other := held(w.Foreign, 5, "")
		other.Indicator = "turns"
		w.refused("progress.item_differs", set(w.city, other))

		w.must(set(w.city, held(w.Center, 70, "2020-03-05 10"))) // over what was there
		if b := w.board(s); len(b.Lines) != 1 || b.Lines[0].Cells[0].Target != 70 || len(b.Lines[0].Cells[0].Curve) != 1 {
			t.Errorf("the row was not written over: %+v", b.Lines)
		}
		w.must(w.write(func(tx *db.Tx) error { return progress.Close(w.ctx, tx, w.city, s) }))
		w.refused("progress.is_closed", set(w.city, held(w.Foreign, 5, "")))
		w.must(w.write(func(tx *db.Tx) error { return progress.Reopen(w.ctx, tx, w.city, s) }))
		row := w.row(s, w.Foreign, 5, "")
		w.must(w.write(func(tx *db.Tx) error { return progress.RemoveRow(w.ctx, tx, w.city, row) }))
		if b := w.board(s); len(b.Lines) != 1 || len(b.Items) != 1 {
			t.Errorf("%d lines, %d items", len(b.Lines), len(b.Items))
		}
	})
}

func TestMilestonesAreReachedOnceAndTakenBack(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.at("2020-03-10")
		s := w.schedule()
		var row id.ID
		w.must(w.write(func(tx *db.Tx) (err error) {
			row, err = progress.SetRow(w.ctx, tx, w.city, s, progress.RowIn{Org: w.Station, Item: "plan made known", From: "2020-03-01", Due: "2020-03-05", Target: 7})
			return err
		}))
		b := w.board(s)
		if c := b.Lines[0].Cells[0]; c.Target != 1 || c.Gap() != 1 || !slices.Equal(c.Why, []progress.Reason{progress.Never, progress.Behind}) {
			t.Errorf("late: %+v", c)
		}
		reach := func(by auth.Actor, day string) error {
			return w.write(func(tx *db.Tx) error { return progress.Reach(w.ctx, tx, by, row, day, "posted at the door") })
		}
		w.refused("org.out_of_reach", reach(orgtest.Staff(4, w.Sibling, auth.Admin), "2020-03-09"))
		w.refused("progress.reached_day", reach(w.station, "2020-03-11"))
		w.must(reach(w.station, "2020-03-09"))
		w.refused("progress.reached_already", reach(w.station, "2020-03-09"))
		w.refused("progress.reached_already", w.write(func(tx *db.Tx) error { return progress.RemoveRow(w.ctx, tx, w.city, row) }))
		if b := w.board(s); b.Lines[0].Cells[0].Actual != 1 || len(b.Laggards) != 0 {
			t.Errorf("reached: %+v", b.Lines[0].Cells[0])
		}
		undo := func(tx *db.Tx) error { return progress.Unreach(w.ctx, tx, w.station, row) }
		w.must(w.write(undo))
		w.must(w.write(undo)) // again: nothing
		w.must(reach(w.station, "2020-03-08"))
		facts, err := ledger.Of(w.ctx, w.d, row)
		w.must(err)
		if len(facts) != 3 || facts[2].Day != "2020-03-08" || facts[2].Reversed {
			t.Errorf("facts: %+v", facts)
		}
		counted := held(w.Station, 5, "")
		w.must(w.write(func(tx *db.Tx) (err error) { row, err = progress.SetRow(w.ctx, tx, w.city, s, counted); return err }))
		w.refused("progress.no_milestone", reach(w.station, "2020-03-09"))
	})
}

// What was read may be older than what is there: the second of two is told so.
func TestTwoWritersOfARowMeetOnItsRev(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		w.row(s, w.Center, 50, "")
		done := make(chan error, 2)
		for n := range 2 {
			go func() {
				done <- w.write(func(tx *db.Tx) error {
					_, err := progress.SetRow(w.ctx, tx, w.city, s, held(w.Center, int64(60+n), ""))
					return err
				})
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				w.refused("progress.changed_meanwhile", err)
			}
		}
		if got := w.board(s).Lines[0].Cells[0]; got.Target < 60 || got.Rev < 2 {
			t.Errorf("%+v", got.Row)
		}
	})
}

// The overview ranks what hangs right below by its pace, and lists the laggards of all below.
func TestOverviewRanksUnitsAgainstThePace(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		w.row(s, w.Center, 20, "")
		w.row(s, w.Foreign, 20, "")
		w.row(s, w.Station, 20, "")
		w.at("2020-03-10")
		w.holds(w.Center, "2020-03-09", 9)
		w.holds(w.Foreign, "2020-03-09", 4)
		w.holds(w.Station, "2020-03-09", 3)
		w.follow()
		o, err := progress.Look(w.ctx, w.d, w.e, w.City, 0, w.d.Now())
		w.must(err)
		got := ""
		for _, r := range o.Ranking {
			got += fmt.Sprintf("%s %d %d/%d; ", r.Unit.Name, r.Pace, r.Behind, r.Rows)
		}
		if want := "center 10000 0/1; foreign center 4000 1/1; "; got != want {
			t.Errorf("ranking %q, want %q", got, want)
		}
		if len(o.Laggards) != 2 || o.Laggards[0].Org != w.Station || o.Laggards[1].Org != w.Foreign {
			t.Errorf("laggards: %+v", o.Laggards)
		}
		if o, err := progress.Look(w.ctx, w.d, w.e, w.Institute, 0, w.d.Now()); err != nil || len(o.Ranking) != 1 || o.Ranking[0].Unit.Org != w.Station {
			t.Errorf("of the institute: %+v, %v", o, err)
		}
		if o, err := progress.Look(w.ctx, w.d, w.e, w.City, 99, w.d.Now()); err != nil || len(o.Ranking)+len(o.Laggards) != 0 {
			t.Errorf("of another campaign: %+v, %v", o, err)
		}
	})
}

// Who sees a part of a schedule sees the rows of that part, and no whole.
func TestARowIsSeenFromItsOwnPlace(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		w.row(s, w.Center, 20, "")
		w.row(s, w.Foreign, 20, "")
		seats, err := org.Seats(w.ctx, w.d, w.county)
		w.must(err)
		one, err := progress.Get(w.ctx, w.d, s)
		w.must(err)
		b, err := progress.Read(w.ctx, w.d, w.e, one, seats, w.d.Now())
		w.must(err)
		if len(b.Lines) != 1 || b.Lines[0].Unit.Org != w.Center || b.Whole.Cells != nil {
			t.Errorf("%+v", b)
		}
		for at, want := range map[id.ID]int{w.Province: 1, w.City: 1, w.Station: 1, w.Team: 1} {
			if all, err := progress.List(w.ctx, w.d, at); err != nil || len(all) != want {
				t.Errorf("%s: %d schedules, %v", at, len(all), err)
			}
		}
	})
}

// Verify finds rows that say what the ledger does not.
func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		row := w.row(s, w.Center, 20, "")
		broken := func() (names []string) {
			checks, err := progress.Verify(w.ctx, w.d)
			w.must(err)
			for _, c := range checks {
				if c.Broken > 0 {
					names = append(names, c.Name)
				}
			}
			return names
		}
		for _, c := range []struct{ set, back, want string }{
			{"reached = '2020-03-01'", "reached = ''", "[progress.rows recount.progress.reached]"},
			{"due_day = '2020-01-01'", "due_day = '2020-03-20'", "[progress.rows]"},
			{"org = '321281-0000000000000000'", fmt.Sprintf("org = '%s'", w.Center), "[progress.rows]"},
		} {
			tamper := func(set string) {
				w.must(w.write(func(tx *db.Tx) error {
					_, err := tx.Exec("UPDATE progress_row SET "+set+" WHERE home = $1 AND id = $2", row.Home(), row)
					return err
				}))
			}
			tamper(c.set)
			if got := fmt.Sprint(broken()); got != c.want {
				t.Errorf("%s: broken %s, want %s", c.set, got, c.want)
			}
			tamper(c.back)
		}
	})
}

// What was done before a row's first day is not its own: neither its pace nor its stir.
func TestARowBeginsFromNothing(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.at("2020-02-29")
		s := w.schedule()
		w.row(s, w.Center, 20, "")
		w.holds(w.Center, "2020-02-29", 5)
		w.at("2020-03-01")
		w.holds(w.Center, "2020-03-01", 1)
		c := w.board(s).Lines[0].Cells[0]
		if c.Actual != 1 || c.Earlier != 0 || c.Recent != 1 || c.Forecast != 20 || c.Arrives != "2020-03-20" || c.Lags() {
			t.Errorf("on its first day: %+v", c)
		}
		w.at("2020-03-03")
		if c := w.board(s).Lines[0].Cells[0]; c.Earlier != 0 || c.Recent != 1 || c.Forecast != 1+17/3 || c.Arrives != "2020-04-29" {
			t.Errorf("on its third: %+v", c)
		}
		w.at("2020-03-04")
		if c := w.board(s).Lines[0].Cells[0]; c.Recent != 0 || c.Why[0] != progress.Silent {
			t.Errorf("after three days of nothing: %+v", c)
		}
	})
}
