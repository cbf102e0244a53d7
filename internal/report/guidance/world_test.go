package guidance

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// world is a planted tree with figures that follow its ledger, and a schedule of the city.
type world struct {
	*testing.T
	orgtest.Tree
	ctx   context.Context
	d     *db.DB
	clock *dbtest.Clock
	e     *figure.Engine
	jobs  *jobs.Runner

	city, county, other auth.Actor
	schedule            id.ID
	row, next           id.ID // of the centre and of the foreign one
}

// inWorlds runs the body on each engine, and verifies what it leaves.
func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c, jobs: jobs.NewRunner(d)}
		w.jobs.Handle(JobRaise, Raise)
		w.must(w.write(func(tx *db.Tx) (err error) {
			w.Tree, err = orgtest.Plant(w.ctx, tx)
			return err
		}))
		var err error
		w.e, err = figure.Open(w.ctx, d)
		w.must(err)
		w.city = orgtest.Staff(1, w.City, auth.Supervisor)
		w.county = orgtest.Staff(2, w.Center, auth.Admin)
		w.other = orgtest.Staff(3, w.Foreign, auth.Admin)
		w.plan()
		body(w)
		w.verified()
	})
}

// plan writes the schedule: by the fifth day the centre has held 2 of 10, the foreign one 8.
func (w *world) plan() {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) (err error) {
		if w.schedule, err = progress.Create(w.ctx, tx, w.city, w.City, progress.In{Name: "spring plan"}); err != nil {
			return err
		}
		in := progress.RowIn{Org: w.Center, Item: "activities", Indicator: activity.ActivitiesHeld.Key, From: "2020-02-24", Due: "2020-03-04", Target: 20}
		if w.row, err = progress.SetRow(w.ctx, tx, w.city, w.schedule, in); err != nil {
			return err
		}
		in.Org = w.Foreign
		w.next, err = progress.SetRow(w.ctx, tx, w.city, w.schedule, in)
		return err
	}))
	w.holds(w.Center, 2)
	w.holds(w.Foreign, 12)
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

// holds posts that an organisation held so many activities today.
func (w *world) holds(at id.ID, n int) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		for range n {
			day := db.Day(tx.Now)
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
	w.follow()
}

// asks is a proper directive's text, due tomorrow and in five days.
func (w *world) asks() In {
	return In{Asked: "hold one activity each day", ReplyBy: w.d.Now().Add(24 * time.Hour), ActBy: w.d.Now().Add(5 * 24 * time.Hour)}
}

// sight is the centre's row as the city sees it.
func (w *world) sight() Sight {
	w.Helper()
	w.follow()
	s, err := SeeRow(w.ctx, w.d, w.e, w.row, 0, w.d.Now())
	w.must(err)
	return s
}

// issued is a directive that was sent to the centre.
func (w *world) issued() (d id.ID) {
	w.Helper()
	s := w.sight()
	w.must(w.write(func(tx *db.Tx) (err error) {
		if d, err = Begin(w.ctx, tx, w.city, s, w.asks()); err != nil {
			return err
		}
		return Issue(w.ctx, tx, w.city, d, 0)
	}))
	return d
}

func (w *world) get(d id.ID) Directive {
	w.Helper()
	one, err := Get(w.ctx, w.d, d)
	w.must(err)
	return one
}

// closes measures and closes.
func (w *world) closes(by auth.Actor, d id.ID) error {
	w.Helper()
	w.follow()
	a, err := Measure(w.ctx, w.d, w.e, w.get(d), w.d.Now())
	w.must(err)
	return w.write(func(tx *db.Tx) error { return Close(w.ctx, tx, by, d, 0, a, "seen at the spot") })
}

// value is an indicator of the city, all of it.
func (w *world) value(i *ledger.Indicator) int64 {
	w.Helper()
	w.follow()
	a, err := w.e.At(w.ctx, figure.Query{Indicator: i.Key, Org: w.City})
	w.must(err)
	return a.Value
}

func (w *world) verified() {
	w.Helper()
	w.follow()
	checks, err := Verify(w.ctx, w.d)
	w.must(err)
	c, err := VerifyFigures(w.ctx, w.d)
	w.must(err)
	for _, c := range append(checks, c) {
		if c.Broken > 0 {
			w.Errorf("verify: %s: %v", c.Name, c.IDs)
		}
	}
}
