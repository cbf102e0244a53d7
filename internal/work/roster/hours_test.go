package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

func (w *world) totals(who auth.Actor) map[ledger.Grade]int64 {
	w.t.Helper()
	all, err := ledger.ByGrade(w.ctx, w.d, Minutes, who.Person, "2020-01-01", "2021-01-01")
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[ledger.Grade]int64{}
	for _, t := range all {
		if t.Facts != 0 {
			out[t.Grade] = t.Qty
		}
	}
	return out
}

func TestForgottenCheckOutsAreDeclaredUntilConfirmed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		night := time.Date(2020, 12, 31, 14, 0, 0, 0, time.UTC) // 22:00, over the year's end
		s := w.shift(plan{starts: night, hours: 8})
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		c.Set(night.Add(3 * time.Minute))
		for _, who := range []auth.Actor{ann, bo} {
			w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, s.ID, who.Person); return err })
		}
		c.Set(s.Ending().Add(10 * time.Minute))
		w.jobs()
		w.state(s, ann, CheckedIn) // whoever is late in checking out still can, and finds where
		if coming, err := Coming(w.ctx, d, ann.Person, db.MS(c.Now())); err != nil || len(coming) != 1 || coming[0].Shift != s.ID {
			t.Errorf("coming: %+v, %v", coming, err)
		}
		if past, err := Past(w.ctx, d, ann.Person, db.MS(c.Now()), 0, 10); err != nil || len(past) != 0 {
			t.Errorf("past already: %+v, %v", past, err)
		}
		w.must(func(tx *db.Tx) error { _, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, bo.Person, false); return err })
		c.Set(s.Ending().Add(61 * time.Minute))
		w.jobs()
		w.state(s, ann, Unclosed)
		if past, err := Past(w.ctx, d, ann.Person, db.MS(c.Now()), 0, 10); err != nil || len(past) != 1 {
			t.Errorf("past: %+v, %v", past, err)
		}
		w.told(ann, "roster.unclosed", 1)
		if got := w.totals(ann); got[ledger.Declared] != 477 || len(got) != 1 {
			t.Errorf("%v", got)
		}
		if got := w.totals(bo); got[ledger.Recorded] != 487 || len(got) != 1 {
			t.Errorf("%v", got)
		}
		w.refused("roster.closed_already", func(tx *db.Tx) error { _, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, ann.Person, false); return err })
		confirm := func(by, who auth.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := ConfirmMinutes(w.ctx, tx, by, s.ID, who.Person); return err }
		}
		w.refused("org.out_of_reach", confirm(ann, ann))
		w.must(confirm(w.leader, ann))
		w.refused("roster.not_unclosed", confirm(w.leader, ann))
		if got := w.totals(ann); got[ledger.Confirmed] != 477 || len(got) != 1 {
			t.Errorf("%v", got)
		}
		entries, err := ledger.Of(w.ctx, d, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Day != "2020-12-31" {
				t.Errorf("%s counts on %s: a shift is its first day's", e.Key, e.Day)
			}
		}
		w.verified()
	})
}

func TestToldHoursNeedASecondPerson(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		w.signUp(s, ann, Primary)
		c.Set(s.Starting().Add(time.Minute))
		w.must(func(tx *db.Tx) error { _, err := MarkNoShow(w.ctx, tx, w.leader, s.ID, ann.Person); return err })
		c.Set(s.Ending().Add(30 * time.Minute))
		told := Told{Shift: s.ID, Person: ann.Person, Arrived: s.Starts, Departed: s.Ends, Reason: "手机没电，纸质签到"}
		tell := func(by auth.Actor, change func(*Told)) (out Backfill, err error) {
			in := told
			if change != nil {
				change(&in)
			}
			err = w.do(func(tx *db.Tx) (err error) { out, err = TellHours(w.ctx, tx, by, in); return err })
			return out, err
		}
		for want, change := range map[string]func(*Told){
			"roster.told_outside":      func(b *Told) { b.Arrived = s.Starts - 3_600_000 },
			"roster.ends_before_start": func(b *Told) { b.Departed = b.Arrived },
			"roster.told_future":       func(b *Told) { b.Departed = db.MS(c.Now()) + 1 },
			"roster.reason_needed":     func(b *Told) { b.Reason = "" },
		} {
			w.refusedErr(want, func() error { _, err := tell(w.leader, change); return err })
		}
		w.refusedErr("org.out_of_reach", func() error { _, err := tell(ann, nil); return err })

		b, err := tell(w.leader, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.totals(ann); len(got) != 0 {
			t.Errorf("counted before anybody confirmed: %v", got)
		}
		decide := func(by auth.Actor, b id.ID, yes bool, note string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := DecideHours(w.ctx, tx, by, b, yes, note); return err }
		}
		for name, by := range map[string]auth.Actor{"the author": w.leader, "another leader of the team": w.Staff("leader2", w.Team, auth.Leader),
			"another county": w.foreign, "herself": ann} {
			if err := w.do(decide(by, b.ID, true, "")); err == nil {
				t.Errorf("%s confirmed it", name)
			}
		}
		w.must(decide(w.station, b.ID, true, ""))
		w.refused("roster.decided_already", decide(w.institute, b.ID, true, ""))
		w.facts(s, Absent, 0, 0)
		w.facts(s, Arrived, 1, 1)
		if got := w.totals(ann); got[ledger.Confirmed] != 120 || len(got) != 1 {
			t.Errorf("%v", got)
		}

		again, err := tell(w.leader, func(b *Told) { b.Departed -= 30 * 60_000; b.Reason = "写错了，提前走的" })
		if err != nil {
			t.Fatal(err)
		}
		w.refused("roster.reason_needed", decide(w.station, again.ID, false, ""))
		w.must(decide(w.station, again.ID, true, ""))
		if got := w.totals(ann); got[ledger.Confirmed] != 90 {
			t.Errorf("corrected: %v", got)
		}
		// somebody who was never on the list
		walk, err := tell(w.leader, func(b *Told) { b.Person = bo.Person })
		if err != nil {
			t.Fatal(err)
		}
		w.must(decide(w.station, walk.ID, true, ""))
		w.seats(s, 1, 0, 0)
		w.facts(s, Arrived, 2, 2)
		w.verified()
	})
}

func TestToldHoursCannotOverlapServiceElsewhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		at := c.Now().Truncate(time.Hour).Add(30 * time.Hour)
		here, there := w.shift(plan{starts: at}), w.shift(plan{of: w.ForeignTeam, starts: at.Add(time.Hour)})
		ann := w.Volunteer("甲一")
		w.signUp(there, ann, Primary)
		c.Set(there.Starting())
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.foreign, there.ID, ann.Person); return err })
		c.Set(there.Ending())
		w.must(func(tx *db.Tx) error {
			_, err := CheckOutBy(w.ctx, tx, w.foreign, there.ID, ann.Person, false)
			return err
		})
		c.Add(2 * time.Hour)
		w.refused("roster.told_overlap", func(tx *db.Tx) error {
			_, err := TellHours(w.ctx, tx, w.leader, Told{Shift: here.ID, Person: ann.Person, Arrived: here.Starts, Departed: here.Ends, Reason: "补"})
			return err
		})
		w.must(func(tx *db.Tx) error {
			_, err := TellHours(w.ctx, tx, w.leader, Told{Shift: here.ID, Person: ann.Person, Arrived: here.Starts, Departed: here.Starts + 3_600_000, Reason: "补"})
			return err
		})
	})
}
