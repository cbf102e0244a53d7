package article

import (
	"context"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// world is a planted tree whose station has held seven activities.
type world struct {
	*testing.T
	orgtest.Tree
	ctx   context.Context
	d     *db.DB
	clock *dbtest.Clock
	e     *figure.Engine
	jobs  *jobs.Runner

	editor, admin, reviewer, center, foreign auth.Actor
}

// inWorlds runs the body on each engine, and verifies what it leaves.
func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c, jobs: jobs.NewRunner(d)}
		Handle(w.jobs)
		w.must(w.write(func(tx *db.Tx) (err error) {
			w.Tree, err = orgtest.Plant(w.ctx, tx)
			return err
		}))
		var err error
		w.e, err = figure.Open(w.ctx, d)
		w.must(err)
		w.editor = w.hire(1, w.Station, auth.Editor)
		w.admin = w.hire(2, w.Station, auth.Admin)
		w.reviewer = w.hire(3, w.Institute, auth.Reviewer)
		w.center = w.hire(4, w.Center, auth.Admin)
		w.foreign = w.hire(5, w.Foreign, auth.Admin)
		w.holds(7)
		body(w)
		w.verified()
	})
}

// hire gives somebody a role, in the table too, so that she is told things.
func (w *world) hire(number byte, at id.ID, role auth.Role) auth.Actor {
	w.Helper()
	a := orgtest.Staff(number, at, role)
	w.must(w.write(func(tx *db.Tx) error {
		if _, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, 0, '')",
			a.Person.Home(), a.Person, at, string(role)); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO people_person (home, id, state, created) VALUES ($1, $2, 'active', 0)", a.Person.Home(), a.Person)
		return err
	}))
	return a
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

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

// holds posts that the station held so many activities today.
func (w *world) holds(n int) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		for range n {
			day := db.Day(tx.Now)
			place, err := org.PositionOn(w.ctx, tx, w.Station, day)
			if err != nil {
				return err
			}
			f := ledger.Fact{Kind: activity.HeldFact, Day: day, Org: place, Unit: place, Area: int64(orgtest.StationArea), Subject: tx.NewID("321281"), Qty: 1, Grade: ledger.Recorded, By: auth.SystemID}
			if err := ledger.Post(tx, f); err != nil {
				return err
			}
		}
		return nil
	}))
	w.follow()
}

// held is the figure of what the station held, said as a number.
func (w *world) held(form figure.Form, d int64) prose.Node {
	return prose.F(prose.Figure{Key: activity.ActivitiesHeld.Key, Org: string(w.Station), Form: string(form), D: d, Measure: "场"})
}

// text is a text with a figure that holds.
func (w *world) text(words ...prose.Node) In {
	return In{Kind: News, Doc: prose.New(prose.Doc, prose.TitleOf("守好小区门", "站好每班岗"),
		prose.P(append([]prose.Node{prose.T("本月开展活动"), w.held(figure.Exact, 7), prose.T("，口罩齐备。")}, words...)...))}
}

func (w *world) create(in In) (a id.ID) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) (err error) { a, err = Create(w.ctx, tx, w.editor, w.Station, in); return err }))
	return a
}

func (w *world) freeze(a id.ID) Frozen {
	w.Helper()
	w.follow()
	f, err := Freeze(w.ctx, w.d, w.e, a)
	w.must(err)
	return f
}

func (w *world) submit(by auth.Actor, a id.ID) error {
	w.Helper()
	f := w.freeze(a)
	return w.write(func(tx *db.Tx) error { _, err := Submit(w.ctx, tx, by, a, f); return err })
}

func (w *world) approve(by auth.Actor, a id.ID) error {
	w.Helper()
	f := w.freeze(a)
	return w.write(func(tx *db.Tx) error { return Approve(w.ctx, tx, by, a, f) })
}

// published is a text that was written, submitted and approved.
func (w *world) published() id.ID {
	w.Helper()
	a := w.create(w.text())
	w.must(w.submit(w.editor, a))
	w.must(w.approve(w.reviewer, a))
	return a
}

func (w *world) get(a id.ID) Article {
	w.Helper()
	one, err := Get(w.ctx, w.d, a)
	w.must(err)
	return one
}

// value is an indicator of the centre.
func (w *world) value(i *ledger.Indicator) int64 {
	w.Helper()
	w.follow()
	a, err := w.e.At(w.ctx, figure.Query{Indicator: i.Key, Org: w.Center})
	w.must(err)
	return a.Value
}

// broken are the checks that find something.
func (w *world) broken() (names []string) {
	w.Helper()
	w.follow()
	checks, err := Verify(w.ctx, w.d)
	w.must(err)
	c, err := VerifyFigures(w.ctx, w.d)
	w.must(err)
	for _, c := range append(checks, c) {
		if c.Broken > 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

func (w *world) verified() {
	w.Helper()
	if names := w.broken(); len(names) > 0 {
		w.Errorf("verify: %v", names)
	}
}
