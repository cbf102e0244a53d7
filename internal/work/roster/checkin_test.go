package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
)

// shown is the code that the desk shows now.
func (w *world) shown(s Shift) string {
	w.t.Helper()
	digits, _, err := DeskCode(w.ctx, w.d, w.Keys, w.leader, s.ID, w.c.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return digits
}

func (w *world) checkIn(who auth.Actor, shift Shift, digits string) (got Scanned) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		got, err = CheckInByCode(w.ctx, tx, w.Keys, who, Scan{Shift: shift.ID, Code: digits})
		return err
	})
	return got
}

func (w *world) checkOut(who auth.Actor, digits string) (got Scanned) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		got, err = CheckOutByCode(w.ctx, tx, w.Keys, who, Scan{Code: digits})
		return err
	})
	return got
}

func TestFromCheckInByCodeToHours(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		ann := w.Volunteer("甲一")
		w.signUp(s, ann, Primary)
		c.Set(s.Starting().Add(-31 * time.Minute))
		if err := w.do(func(tx *db.Tx) error {
			_, err := CheckInByCode(w.ctx, tx, w.Keys, ann, Scan{Code: w.shown(s)})
			return err
		}); fail.Key(err) != "roster.too_early" {
			t.Errorf("31 minutes before: %v", err)
		}
		c.Set(s.Starting().Add(-10*time.Minute + 20*time.Second))
		digits := w.shown(s)
		c.Add(45 * time.Second) // the code has changed on the desk; it still holds for a while
		if got := w.checkIn(ann, Shift{}, digits); got.Refused != nil || got.Signup.State != CheckedIn {
			t.Fatalf("%+v", got)
		}
		first := w.of(s, ann).Arrived
		c.Add(30 * time.Second)
		if got := w.checkIn(ann, s, w.shown(s)); !got.Again || w.of(s, ann).Arrived != first {
			t.Errorf("a second scan moved the arrival: %+v", got)
		}
		w.facts(s, Arrived, 1, 1)
		c.Set(s.Starting().Add(-10*time.Minute + 65*time.Second).Add(125*time.Minute + 59*time.Second))
		if got := w.checkOut(ann, w.shown(s)); got.Refused != nil || got.Signup.Minutes != 125 {
			t.Errorf("%+v", got)
		}
		w.facts(s, Minutes, 1, 125)
		held, err := ledger.Of(w.ctx, d, s.Activity.ID)
		if err != nil || held[len(held)-1].Key != "activity.held" {
			t.Errorf("%v %v", held, err)
		}
		totals, err := ledger.ByGrade(w.ctx, d, Minutes, ann.Person, "2020-02-01", "2020-03-01")
		if err != nil || len(totals) != 1 || totals[0] != (ledger.Total{Grade: ledger.Recorded, Facts: 1, Qty: 125}) {
			t.Errorf("%+v %v", totals, err)
		}
		w.verified()
	})
}

func TestWrongAndOldCodesAreRefusedAndCounted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s, other := w.shift(plan{}), w.shift(plan{starts: c.Now().Truncate(time.Hour).Add(26 * time.Hour)})
		ann := w.Volunteer("甲一")
		if got := w.checkIn(ann, Shift{}, "000000"); fail.Key(got.Refused) != "roster.no_shift_now" {
			t.Errorf("no shift: %v", got.Refused)
		}
		w.signUp(s, ann, Primary)
		c.Set(s.Starting())
		if got := w.checkIn(ann, other, w.shown(other)); fail.Key(got.Refused) != "roster.code_wrong" {
			t.Errorf("another shift's code: %v", got.Refused)
		}
		old := w.shown(s)
		c.Add(95 * time.Second)
		if got := w.checkIn(ann, s, old); fail.Key(got.Refused) != "roster.code_wrong" {
			t.Errorf("an expired code: %v", got.Refused)
		}
		for range 8 {
			w.checkIn(ann, s, "12345x")
		}
		if got := w.checkIn(ann, s, w.shown(s)); fail.Key(got.Refused) != "roster.too_many_codes" {
			t.Errorf("after ten wrong ones even the right one: %v", got.Refused)
		}
		c.Add(11 * time.Minute)
		if got := w.checkIn(ann, s, w.shown(s)); got.Refused != nil {
			t.Errorf("after the wait: %v", got.Refused)
		}
		w.verified()
	})
}

func TestTheLeadersList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 2, standbys: 1})
		ann, bo, cy, di := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三"), w.Volunteer("丁四")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		w.signUp(s, cy, Standby)
		in := func(by, who auth.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, by, s.ID, who.Person); return err }
		}
		absent := func(who auth.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := MarkNoShow(w.ctx, tx, w.leader, s.ID, who.Person); return err }
		}
		w.refused("roster.not_started", absent(bo))
		c.Set(s.Starting().Add(5 * time.Minute))
		w.refused("org.out_of_reach", in(w.foreign, ann))
		w.refused("org.out_of_reach", in(bo, ann))
		w.must(in(w.leader, ann))
		w.must(in(w.station, cy)) // the tier above may
		w.must(absent(bo))
		w.told(bo, "roster.no_show", 1)
		if u := w.of(s, cy); !u.SteppedIn || u.Place != Standby {
			t.Errorf("the standby who is there stepped in, and keeps her place: %+v", u)
		}
		w.facts(s, Absent, 1, 1)
		w.seats(s, 2, 1, 0)
		w.must(in(w.leader, bo)) // he came after all
		w.facts(s, Absent, 0, 0)
		w.facts(s, Arrived, 3, 3)

		w.must(func(tx *db.Tx) error { _, err := WalkUp(w.ctx, tx, w.leader, s.ID, di.Person, ""); return err })
		w.seats(s, 2, 1, 0) // a walk-up takes no place
		w.facts(s, Arrived, 4, 4)
		w.must(func(tx *db.Tx) error { _, err := UndoArrival(w.ctx, tx, w.leader, s.ID, di.Person); return err })
		w.facts(s, Arrived, 3, 3)
		c.Add(30 * time.Minute)
		w.must(func(tx *db.Tx) error { _, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, ann.Person, true); return err })
		if u := w.of(s, ann); !u.LeftEarly || u.Minutes != 30 {
			t.Errorf("%+v", u)
		}
		w.verified()
	})
}

func TestUndoingTheLastArrivalTakesBackTheActivityHeld(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		c.Set(s.Starting())
		held := func() (n int) {
			entries, err := ledger.Of(w.ctx, d, s.Activity.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Key == "activity.held" && e.Reverses == "" && !e.Reversed {
					n++
				}
			}
			return n
		}
		for _, who := range []auth.Actor{ann, bo} {
			w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, s.ID, who.Person); return err })
		}
		for i, who := range []auth.Actor{ann, bo} {
			if held() != 1 {
				t.Errorf("held %d before undoing %d", held(), i)
			}
			w.must(func(tx *db.Tx) error { _, err := UndoArrival(w.ctx, tx, w.leader, s.ID, who.Person); return err })
		}
		if held() != 0 {
			t.Error("still held with nobody there")
		}
		w.verified()
	})
}

func TestCodes(t *testing.T) {
	secret, at := []byte("a secret"), time.Date(2020, 2, 28, 6, 0, 0, 0, time.UTC)
	digits, next := CodeAt(secret, at, 30*time.Second)
	if len(digits) != 6 || !next.Equal(at.Add(30*time.Second)) {
		t.Errorf("%q until %v", digits, next)
	}
	for after, want := range map[time.Duration]bool{0: true, 29 * time.Second: true, 89 * time.Second: true, 90 * time.Second: false, -time.Second: false} {
		if codeHolds(secret, digits, at.Add(after), 30*time.Second) != want {
			t.Errorf("%v after: want %v", after, want)
		}
	}
	if codeHolds([]byte("another"), digits, at, 30*time.Second) {
		t.Error("the code of one shift holds for another")
	}
}

func TestMinutesServed(t *testing.T) {
	s := Shift{Starts: 10 * 3_600_000, Ends: 12 * 3_600_000}
	for _, tt := range []struct{ arrived, departed, want int64 }{
		{s.Starts, s.Ends, 120},
		{s.Starts - 20*60_000, s.Ends, 140}, // early within the limit counts
		{s.Starts - 90*60_000, s.Ends, 150}, // not more than 30 minutes of it
		{s.Starts, s.Starts + 59_999, 0},    // floored
		{s.Starts, s.Starts + 60_000, 1},
		{s.Starts, s.Ends + 10*60_000, 130}, // whoever stays on serves on
	} {
		if got := served(s, tt.arrived, tt.departed, 30*time.Minute); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}
