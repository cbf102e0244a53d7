package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/work/people"
)

func TestClosingAnAccountFreesItsPlacesAndKeepsWhatWasServed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		her, waits := w.Volunteer("王小明"), w.Volunteer("李文")
		day := c.Now().Truncate(time.Hour).Add(24 * time.Hour)
		served, told := w.shift(plan{starts: day}), w.shift(plan{starts: day.Add(4 * time.Hour)})
		coming := w.shift(plan{starts: day.Add(12 * 24 * time.Hour), places: 1})
		for _, s := range []Shift{served, coming} {
			w.signUp(s, her, Primary)
		}
		w.signUp(coming, waits, Primary)
		c.Set(db.Time(served.Starts))
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, served.ID, her.Person); return err })
		c.Set(db.Time(served.Ends))
		w.must(func(tx *db.Tx) error {
			_, err := CheckOutBy(w.ctx, tx, w.leader, served.ID, her.Person, false)
			return err
		})
		c.Set(db.Time(told.Ends).Add(time.Minute))
		w.must(func(tx *db.Tx) error {
			_, err := TellHours(w.ctx, tx, w.leader, Told{Shift: told.ID, Person: her.Person, Arrived: told.Starts, Departed: told.Ends, Reason: "补录"})
			return err
		})
		if o, err := OpenOf(w.ctx, d, her.Person); err != nil || o != (Open{Turns: 1, Told: 1}) {
			t.Errorf("open are %+v, %v", o, err)
		}
		before := w.totals(her)
		w.must(func(tx *db.Tx) error { _, err := people.AskToClose(w.ctx, tx, her, her.Person); return err })
		c.Add(8 * 24 * time.Hour)
		w.jobs()
		w.state(coming, her, Withdrawn)
		w.state(coming, waits, Offered)
		w.told(w.leader, "roster.account_closed", 1)
		w.told(her, "roster.offered", 0)
		w.state(served, her, CheckedOut)
		w.facts(served, Arrived, 1, 1)
		if after := w.totals(her); len(after) != len(before) || after["recorded"] != before["recorded"] || before["recorded"] == 0 {
			t.Errorf("hours were %v and are %v", before, after)
		}
		if all, err := BackfillsOf(w.ctx, d, told.ID); err != nil || len(all) != 1 || all[0].State != "refused" {
			t.Errorf("told hours %+v, %v", all, err)
		}
		w.refused("roster.person_merged", func(tx *db.Tx) error { return moveAgenda(tx, her.Person) })
		w.verified()
	})
}
