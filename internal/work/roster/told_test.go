package roster

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/notice"
)

// came has somebody arrive and leave, by the leader's list.
func (w *world) came(s Shift, who auth.Actor) {
	w.t.Helper()
	w.c.Set(db.Time(s.Starts))
	w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, s.ID, who.Person); return err })
	w.c.Set(db.Time(s.Ends))
}

// whatIsTold is who is told of what: what happens to somebody who signed up for a shift, and the
// one notice that it must leave her.
var whatIsTold = []struct {
	kind string
	plan plan
	act  func(w *world, s Shift, her, other auth.Actor)
}{
	{"roster.accepted", plan{approval: true}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.must(func(tx *db.Tx) error { _, err := Decide(w.ctx, tx, w.leader, s.ID, her.Person, true, ""); return err })
	}},
	{"roster.declined", plan{approval: true}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.must(func(tx *db.Tx) error {
			_, err := Decide(w.ctx, tx, w.leader, s.ID, her.Person, false, "人数已够")
			return err
		})
	}},
	{"roster.offered", plan{places: 1}, func(w *world, s Shift, her, other auth.Actor) {
		w.signUp(s, other, Primary)
		w.signUp(s, her, Primary)
		w.withdraw(s, other)
	}},
	{"roster.lapsed", plan{places: 1}, func(w *world, s Shift, her, other auth.Actor) {
		w.signUp(s, other, Primary)
		w.signUp(s, her, Primary)
		w.withdraw(s, other)
		w.c.Add(31 * time.Minute)
	}},
	{"roster.moved", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.move(s, 3*time.Hour)
	}},
	{"roster.cancelled", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.must(func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.leader, s.ID, "下大雨") })
	}},
	{"roster.tomorrow", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.c.Set(db.Time(s.Starts).Add(-24 * time.Hour))
	}},
	{"roster.soon", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.c.Set(db.Time(s.Starts).Add(-2 * time.Hour))
	}},
	{"roster.unclosed", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.came(s, her)
		w.c.Add(2 * time.Hour)
	}},
	{"roster.confirmed", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.came(s, her)
		w.c.Add(2 * time.Hour)
		w.jobs()
		w.must(func(tx *db.Tx) error { _, err := ConfirmMinutes(w.ctx, tx, w.leader, s.ID, her.Person); return err })
	}},
	{"roster.struck", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.came(s, her)
		w.c.Add(2 * time.Hour)
		w.jobs()
		w.must(func(tx *db.Tx) error {
			_, err := StrikeTurn(w.ctx, tx, w.station, s.ID, her.Person, "本人没有来过")
			return err
		})
	}},
	{"roster.no_show", plan{}, func(w *world, s Shift, her, _ auth.Actor) {
		w.signUp(s, her, Primary)
		w.c.Set(db.Time(s.Ends))
		w.must(func(tx *db.Tx) error { _, err := MarkNoShow(w.ctx, tx, w.leader, s.ID, her.Person); return err })
	}},
}

// Each of what people are told leaves one notice, however often the jobs come round.
func TestEachIsToldExactlyOnce(t *testing.T) {
	for _, one := range whatIsTold {
		t.Run(one.kind, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
				w := begin(t, d, c)
				one.plan.starts = c.Now().Truncate(time.Hour).Add(50 * time.Hour)
				s, her := w.shift(one.plan), w.Volunteer("张玉兰")
				one.act(w, s, her, w.Volunteer("李娜"))
				for range 2 {
					w.jobs()
					w.remind()
					w.must(func(tx *db.Tx) error { return notice.ReadAll(w.ctx, tx, her, her.Person) }) // what was read is not told again
				}
				w.told(her, one.kind, 1)
				all, _, err := notice.Inbox(w.ctx, d, her, her.Person, "")
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range all {
					if text := n.Text(i18n.Chinese); text == "" || strings.Contains(text, "{") {
						t.Errorf("%s: %s", n.Kind, text)
					}
				}
			})
		})
	}
}

// move moves a shift by so long.
func (w *world) move(s Shift, by time.Duration) {
	w.t.Helper()
	in := as(w.get(s.ID))
	in.Starts, in.Ends = in.Starts.Add(by), in.Ends.Add(by)
	if err := w.change(s, in); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) remind() {
	w.t.Helper()
	w.must(func(tx *db.Tx) error {
		err := Remind(w.ctx, tx, jobs.Job{})
		if errors.Is(err, jobs.Again) {
			err = nil
		}
		return err
	})
}

// Who is on no shift any more, or only waits, is not reminded; a shift that moves is reminded of
// anew; a late one only once.
func TestReminders(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 2, starts: c.Now().Truncate(time.Hour).Add(72 * time.Hour)})
		her, gone, waits := w.Volunteer("张玉兰"), w.Volunteer("李娜"), w.Volunteer("王芳")
		w.signUp(s, her, Primary)
		w.signUp(s, gone, Primary)
		w.signUp(s, waits, Primary)
		w.remind()
		w.told(her, "roster.tomorrow", 0)
		c.Set(db.Time(s.Starts).Add(-23 * time.Hour))
		w.remind()
		w.told(her, "roster.tomorrow", 1)
		w.told(waits, "roster.tomorrow", 0)
		w.withdraw(s, gone)
		w.move(s, 24*time.Hour)
		starts := db.Time(s.Starts).Add(24 * time.Hour)
		w.remind()
		w.told(her, "roster.tomorrow", 1)
		c.Set(starts.Add(-24 * time.Hour))
		w.remind()
		w.told(her, "roster.tomorrow", 2)
		w.told(gone, "roster.tomorrow", 1)
		c.Set(starts.Add(-time.Hour))
		w.remind()
		w.told(her, "roster.soon", 1)
		c.Set(starts.Add(time.Minute))
		w.remind()
		w.told(her, "roster.soon", 1)

		late := w.shift(plan{starts: c.Now().Truncate(time.Hour).Add(2 * time.Hour), service: "cleaning"})
		other := w.Volunteer("赵敏")
		w.signUp(late, other, Primary)
		w.remind()
		w.told(other, "roster.tomorrow", 0)
		w.told(other, "roster.soon", 1)
	})
}
