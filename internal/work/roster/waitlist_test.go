package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

func (w *world) confirm(s Shift, who auth.Actor) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { _, err := Confirm(w.ctx, tx, who, s.ID, who.Person); return err }
}

func TestTheWaitingListPromotesByItselfAndMustBeConfirmed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 1})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		w.signUp(s, cy, Primary)
		w.refused("roster.not_offered", w.confirm(s, bo))
		w.withdraw(s, ann)
		w.state(s, bo, Offered)
		w.seats(s, 1, 0, 1) // the offer holds the seat
		w.facts(s, SignedUp, 0, 0)
		w.told(bo, "roster.offered", 1)

		c.Add(31 * time.Minute)
		w.refused("roster.offer_expired", w.confirm(s, bo))
		w.jobs()
		w.state(s, bo, Lapsed)
		w.told(bo, "roster.lapsed", 1)
		w.state(s, cy, Offered)
		w.seats(s, 1, 0, 0)
		w.must(w.confirm(s, cy))
		w.must(w.confirm(s, cy)) // a second tap is no error
		w.state(s, cy, Accepted)
		w.facts(s, SignedUp, 1, 1)
		c.Add(time.Hour)
		w.jobs() // the lapse job of an offer that was confirmed does nothing
		w.state(s, cy, Accepted)
		w.facts(s, Filled, 1, 0)
		w.verified()
	})
}

func TestPromotionSkipsWhoCannotAndSaysWhy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		at := c.Now().Truncate(time.Hour).Add(30 * time.Hour)
		s := w.shift(plan{places: 1, starts: at})
		other := w.shift(plan{of: w.ForeignTeam, starts: at})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		w.signUp(s, cy, Primary)
		w.signUp(other, bo, Primary) // while she waits, she takes another post
		w.withdraw(s, ann)
		w.state(s, bo, Lapsed)
		if u := w.of(s, bo); u.Reason != "roster.overlap" {
			t.Errorf("reason %q", u.Reason)
		}
		w.told(bo, "roster.skipped", 1)
		w.state(s, cy, Offered)
		w.verified()
	})
}

func TestAStandbyStepsInBeforeTheWaitingList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 1, standbys: 1})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Standby)
		w.signUp(s, cy, Primary)
		w.facts(s, SignedUp, 1, 1)
		c.Set(s.Starting().Add(-time.Hour)) // past the deadline: only because a standby is there
		w.withdraw(s, ann)
		if u := w.of(s, bo); u.Place != Primary || u.State != Accepted {
			t.Errorf("%+v", u)
		}
		w.told(bo, "roster.stepped_in", 1)
		w.seats(s, 1, 0, 1)
		w.facts(s, SignedUp, 1, 1)
		w.refused("roster.withdraw_late", func(tx *db.Tx) error {
			_, err := Withdraw(w.ctx, tx, bo, s.ID, bo.Person, "")
			return err
		})
		w.refused("roster.reason_needed", func(tx *db.Tx) error {
			_, err := Withdraw(w.ctx, tx, w.leader, s.ID, bo.Person, "")
			return err
		})
		w.must(func(tx *db.Tx) error {
			_, err := Withdraw(w.ctx, tx, w.leader, s.ID, bo.Person, "她打电话来请假")
			return err
		})
		w.told(bo, "roster.taken_off", 1)
		w.state(s, cy, Offered)
		if u := w.of(s, cy); u.OfferedUntil != min(db.MS(c.Now().Add(30*time.Minute)), s.Starts) {
			t.Errorf("offered until %d", u.OfferedUntil)
		}
		w.verified()
	})
}

// TestSeveralTakenOffAtOnce: who follows is looked for when all have gone: nobody who goes is offered a place, or
// made a primary, on her way out.
func TestSeveralTakenOffAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 3, standbys: 2})
		p := w.crowd(3)
		b := w.crowd(2)
		q := w.crowd(3)
		for _, who := range p {
			w.signUp(s, who, Primary)
		}
		for _, who := range b {
			w.signUp(s, who, Standby)
		}
		for _, who := range q {
			w.signUp(s, who, Primary) // waits
		}
		off := func(reason string, who ...auth.Actor) error {
			var ids []id.ID
			for _, one := range who {
				ids = append(ids, one.Person)
			}
			return w.do(func(tx *db.Tx) error { return TakeOff(w.ctx, tx, w.leader, s.ID, ids, reason) })
		}
		w.refusedErr("roster.nobody_picked", func() error { return off("换人") })
		w.refusedErr("roster.reason_needed", func() error { return off("", p[0]) })
		w.refusedErr("roster.not_signed", func() error { return off("换人", p[0], w.crowd(1)[0]) })
		w.state(s, p[0], Accepted) // all of them or none
		if err := off("换人", p[0], b[0], p[1], q[0]); err != nil {
			t.Fatal(err)
		}
		for _, who := range []auth.Actor{p[0], p[1], b[0], q[0]} {
			w.state(s, who, Withdrawn)
			w.told(who, "roster.taken_off", 1)
			w.told(who, "roster.stepped_in", 0)
			w.told(who, "roster.offered", 0)
		}
		if u := w.of(s, b[1]); u.Place != Primary || u.State != Accepted {
			t.Errorf("the standby who stays is %+v", u)
		}
		w.state(s, q[1], Offered)
		w.state(s, q[2], Waitlisted)
		w.seats(s, 3, 0, 1)
		w.facts(s, SignedUp, 2, 2)
		w.verified()
	})
}

func TestSigningUpAgainIsANewRevision(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		ann := w.Volunteer("甲一")
		for range 3 {
			if got := w.signUp(s, ann, Primary); got != Accepted {
				t.Fatalf("%s", got)
			}
			w.facts(s, SignedUp, 1, 1)
			w.withdraw(s, ann)
			w.facts(s, SignedUp, 0, 0)
			w.refused("roster.withdrawn_already", func(tx *db.Tx) error {
				_, err := Withdraw(w.ctx, tx, ann, s.ID, ann.Person, "")
				return err
			})
		}
		w.seats(s, 0, 0, 0)
		w.verified()
	})
}
