package progress_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// world is a planted tree with figures that follow its ledger.
type world struct {
	*testing.T
	orgtest.Tree
	ctx   context.Context
	d     *db.DB
	clock *dbtest.Clock
	e     *figure.Engine

	city, county, station auth.Actor // an administrator each; the city's is a supervisor
}

// inWorlds runs the body on each engine, and verifies what it leaves.
func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c}
		w.must(w.write(func(tx *db.Tx) (err error) {
			w.Tree, err = orgtest.Plant(w.ctx, tx)
			return err
		}))
		var err error
		w.e, err = figure.Open(w.ctx, d)
		w.must(err)
		w.city = orgtest.Staff(1, w.City, auth.Supervisor)
		w.county = orgtest.Staff(2, w.Center, auth.Admin)
		w.station = orgtest.Staff(3, w.Station, auth.Admin)
		w.follow()
		body(w)
		checks, err := progress.Verify(w.ctx, d)
		w.must(err)
		for _, c := range checks {
			if c.Broken > 0 {
				t.Errorf("verify: %s: %v", c.Name, c.IDs)
			}
		}
	})
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused checks that an error is the refusal of that key.
func (w *world) refused(key string, err error) {
	w.Helper()
	if fail.Key(err) != key {
		w.Errorf("refused as %v, want %s", err, key)
	}
}

// follow makes figures know what has happened.
func (w *world) follow() {
	w.Helper()
	_, err := ledger.Book().Seal(w.ctx, w.d, "test")
	w.must(err)
	w.must(w.e.Load(w.ctx))
}

// holds posts that an organisation held so many activities on a day.
func (w *world) holds(at id.ID, day string, n int) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		for range n {
			place, err := org.PositionOn(w.ctx, tx, at, day)
			if err != nil {
				return err
			}
			f := ledger.Fact{Kind: activity.HeldFact, Day: day, Org: place, Unit: place, Area: int64(orgtest.CenterArea), Subject: tx.NewID("321281"), Qty: 1, Grade: ledger.Recorded, By: auth.SystemID}
			if err := ledger.Post(tx, f); err != nil {
				return err
			}
		}
		return nil
	}))
}

// at sets the clock to noon of a day.
func (w *world) at(day string) {
	w.Helper()
	t, err := time.Parse(time.DateTime, day+" 04:00:00")
	w.must(err)
	w.clock.Set(t)
}

// schedule makes one of the city.
func (w *world) schedule() (s id.ID) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) (err error) {
		s, err = progress.Create(w.ctx, tx, w.city, w.City, progress.In{Name: "spring plan"})
		return err
	}))
	return s
}

// row writes a row of activities to be held.
func (w *world) row(s, of id.ID, target int64, curve string) (row id.ID) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) (err error) {
		row, err = progress.SetRow(w.ctx, tx, w.city, s, held(of, target, curve))
		return err
	}))
	return row
}

func held(of id.ID, target int64, curve string) progress.RowIn {
	return progress.RowIn{Org: of, Item: "activities", Indicator: "activities_held", From: "2020-03-01", Due: "2020-03-20", Target: target, Curve: curve}
}

func (w *world) board(s id.ID) progress.Board {
	w.Helper()
	w.follow()
	one, err := progress.Get(w.ctx, w.d, s)
	w.must(err)
	b, err := progress.Read(w.ctx, w.d, w.e, one, nil, w.d.Now())
	w.must(err)
	return b
}
