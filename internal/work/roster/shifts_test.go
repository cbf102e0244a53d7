package roster

import (
	"cmp"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

func (w *world) change(s Shift, in Edit) error {
	return w.do(func(tx *db.Tx) error {
		now, err := Get(w.ctx, tx, s.ID)
		if err != nil {
			return err
		}
		_, err = ChangeShift(w.ctx, tx, w.leader, s.ID, now.Rev, in)
		return err
	})
}

// as is the shift as it stands, to be edited.
func as(s Shift) Edit {
	return Edit{Starts: s.Starting(), Ends: s.Ending(), Places: s.Places, StandbyPlaces: s.StandbyPlaces}
}

func TestPlansThatCannotBe(t *testing.T) {
	now := time.Date(2020, 2, 28, 6, 0, 0, 0, time.UTC)
	good := Plan{Starts: now.Add(time.Hour), Ends: now.Add(2 * time.Hour), Places: 1}
	for name, tt := range map[string]struct {
		change func(*Plan)
		want   string
	}{
		"an end before the start": {func(p *Plan) { p.Ends = p.Starts.Add(-time.Minute) }, "roster.ends_before_start"},
		"an end at the start":     {func(p *Plan) { p.Ends = p.Starts }, "roster.ends_before_start"},
		"a day and a half":        {func(p *Plan) { p.Ends = p.Starts.Add(36 * time.Hour) }, "roster.too_long"},
		"yesterday":               {func(p *Plan) { p.Starts = now.Add(-time.Hour) }, "roster.starts_in_past"},
		"no places":               {func(p *Plan) { p.Places = 0 }, "roster.places_wrong"},
		"minus one place":         {func(p *Plan) { p.Places = -1 }, "roster.places_wrong"},
		"minus one standby":       {func(p *Plan) { p.StandbyPlaces = -1 }, "roster.standby_places_wrong"},
		"nothing wrong":           {func(*Plan) {}, ""},
		"over the year's end": {func(p *Plan) {
			p.Starts = time.Date(2020, 12, 31, 14, 0, 0, 0, time.UTC)
			p.Ends = p.Starts.Add(8 * time.Hour)
		}, ""},
		"over the end of a leap day": {func(p *Plan) {
			p.Starts = time.Date(2020, 2, 29, 14, 0, 0, 0, time.UTC)
			p.Ends = p.Starts.Add(8 * time.Hour)
		}, ""},
	} {
		p := good
		tt.change(&p)
		if got := fail.Key(p.check(now)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestWhatCannotBeIsRefusedWhereItIsStored(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 2})
		for want, change := range map[string]func(*Edit){
			"roster.places_wrong":         func(e *Edit) { e.Places = 0 },
			"roster.standby_places_wrong": func(e *Edit) { e.StandbyPlaces = -1 },
			"roster.ends_before_start":    func(e *Edit) { e.Ends = e.Starts.Add(-time.Hour) },
			"roster.starts_in_past":       func(e *Edit) { e.Starts, e.Ends = c.Now().Add(-time.Hour), c.Now().Add(time.Hour) },
		} {
			in := as(s)
			change(&in)
			if err := w.change(s, in); fail.Key(err) != want {
				t.Errorf("changed: %v, want %s", err, want)
			}
			w.refused(want, func(tx *db.Tx) error {
				_, err := AddShift(w.ctx, tx, w.leader, s.Activity.ID, Plan{Post: s.Post, Starts: in.Starts, Ends: in.Ends,
					Places: cmp.Or(in.Places, -1), StandbyPlaces: in.StandbyPlaces}) // 0 would be the post's
				return err
			})
		}
		if all, err := Of(w.ctx, d, s.Activity.ID); err != nil || len(all) != 1 || all[0] != w.get(s.ID) || all[0].Rev != s.Rev {
			t.Errorf("something was stored: %+v, %v", all, err)
		}
	})
}

func TestPlacesBelowTakenOnlyByNamingWhoWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 3})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		for _, who := range []auth.Actor{ann, bo, cy} {
			w.signUp(s, who, Primary)
		}
		in := as(s)
		in.Places = 1
		if err := w.change(s, in); fail.Key(err) != "roster.places_below_taken" {
			t.Fatalf("nobody named: %v", err)
		}
		in.ToWaitlist = []id.ID{cy.Person}
		if err := w.change(s, in); fail.Key(err) != "roster.places_below_taken" {
			t.Fatalf("one named of two: %v", err)
		}
		w.seats(s, 3, 0, 0) // a refused change leaves nothing
		in.ToWaitlist = []id.ID{cy.Person, bo.Person}
		if err := w.change(s, in); err != nil {
			t.Fatal(err)
		}
		w.seats(s, 1, 0, 2)
		w.facts(s, Places, 1, 1)
		w.facts(s, SignedUp, 1, 1)
		w.told(cy, "roster.moved_to_waitlist", 1)
		in.Places, in.ToWaitlist = 2, nil
		if err := w.change(s, in); err != nil { // what adds a seat promotes: the first in the queue
			t.Fatal(err)
		}
		w.state(s, cy, Offered)
		w.state(s, bo, Waitlisted)
		w.facts(s, Places, 1, 2)
		w.verified()
	})
}

func TestAMovedShiftTellsItsPeopleAndFreesWhoCannotCome(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		at := c.Now().Truncate(time.Hour).Add(30 * time.Hour)
		s, other := w.shift(plan{starts: at}), w.shift(plan{of: w.ForeignTeam, starts: at.Add(26 * time.Hour)})
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		w.signUp(other, bo, Primary)
		in := as(s)
		in.Starts, in.Ends = at.Add(26*time.Hour), at.Add(28*time.Hour)
		if err := w.change(s, in); err != nil {
			t.Fatal(err)
		}
		w.state(s, ann, Accepted)
		w.state(s, bo, Withdrawn)
		w.told(ann, "roster.moved", 1)
		w.told(bo, "roster.moved_off", 1)
		w.told(bo, "roster.moved", 0)
		w.seats(s, 1, 0, 0)
		entries, err := ledger.Of(w.ctx, d, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !e.Reversed && e.Reverses == "" && e.Key != Filled.Key && e.Day != db.Day(in.Starts) {
				t.Errorf("%s still counts on %s", e.Key, e.Day)
			}
		}
		if err := w.do(func(tx *db.Tx) error { _, err := ChangeShift(w.ctx, tx, w.leader, s.ID, 1, in); return err }); fail.Key(err) != "roster.changed_meanwhile" {
			t.Errorf("an edit of what stood before: %v", err)
		}
		w.verified()
	})
}

func TestCancelledShiftsAndActivities(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 1, standbys: 1})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Standby)
		w.signUp(s, cy, Primary)
		w.refused("roster.reason_needed", func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.leader, s.ID, "") })
		w.refused("org.out_of_reach", func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.foreign, s.ID, "改期") })
		w.must(func(tx *db.Tx) error { return Cancel(w.ctx, tx, w.leader, s.Activity.ID, "暴雨停办") })
		for _, who := range []auth.Actor{ann, bo, cy} {
			w.state(s, who, Withdrawn)
			w.told(who, "roster.cancelled", 1)
		}
		w.seats(s, 0, 0, 0)
		w.facts(s, SignedUp, 0, 0)
		w.facts(s, Places, 0, 0)
		w.refused("roster.cancelled", func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, ann, Request{Shift: s.ID}); return err })
		w.verified()
	})
}

func TestShiftsAddedToAPublishedActivityOpenAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		var added Shift
		w.must(func(tx *db.Tx) (err error) {
			added, err = AddShift(w.ctx, tx, w.leader, s.Activity.ID, Plan{Post: s.Post, Starts: s.Starting().Add(9 * time.Hour), Ends: s.Ending().Add(15 * time.Hour), Places: 7})
			return err
		})
		if got := w.get(added.ID); got.State != "open" || got.Places != 7 || got.Day != s.Day {
			t.Errorf("%+v", got)
		}
		w.facts(added, Places, 1, 7)
		w.verified()
	})
}
