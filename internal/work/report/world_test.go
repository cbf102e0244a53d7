package report_test

import (
	"context"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/report"
)

// world is a planted tree with the jobs of reporting. It is Friday, 2020-02-28.
type world struct {
	*testing.T
	orgtest.Tree
	ctx   context.Context
	d     *db.DB
	clock *dbtest.Clock
	jobs  *jobs.Runner

	city, institute, station auth.Actor
}

func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c, jobs: jobs.NewRunner(d)}
		report.Handle(w.jobs)
		w.write(func(tx *db.Tx) (err error) {
			w.Tree, err = orgtest.Plant(w.ctx, tx)
			return err
		})
		w.city = orgtest.Staff(1, w.City, auth.Admin)
		w.institute = orgtest.Staff(2, w.Institute, auth.Reviewer)
		w.station = orgtest.Staff(3, w.Station, auth.Admin)
		body(w)
		checks, err := report.Verify(w.ctx, d)
		w.must(err)
		for _, c := range checks {
			if c.Broken > 0 {
				w.Errorf("verify: %s: %v", c.Name, c.IDs)
			}
		}
	})
}

func (w *world) try(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) write(f func(tx *db.Tx) error) {
	w.Helper()
	w.must(w.try(f))
}

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

// run runs the jobs that are due, and those that they leave.
func (w *world) run() {
	w.Helper()
	for range 20 {
		w.must(w.jobs.RunDue(w.ctx))
	}
}

// weekly is a duty of the city's for stations and teams, from that Monday.
func (w *world) weekly() report.Duty {
	return report.Duty{Org: w.City, Name: "weekly report", Under: w.City, Types: []org.Type{"station", "team"}, Every: report.Weekly,
		From: "2020-02-24", Clock: "18:00", Grace: 1}
}

func (w *world) begin(d report.Duty) (duty id.ID) {
	w.Helper()
	w.write(func(tx *db.Tx) (err error) {
		duty, err = report.Begin(w.ctx, tx, w.city, d)
		return err
	})
	return duty
}

// living counts the living facts of a kind, and adds up their quantities.
func (w *world) living(k *ledger.Kind) (n, sum int64) {
	w.Helper()
	w.must(w.d.QueryRow(w.ctx, `SELECT COALESCE(SUM(CASE WHEN f.reverses = '' THEN 1 ELSE -1 END), 0), COALESCE(SUM(f.qty), 0)
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = $1`, k.Key).Scan(&n, &sum))
	return n, sum
}

// banquets is a proper report.
func banquets() report.In {
	return report.In{Key: "banquets_cancelled", From: "2020-02-24", To: "2020-02-28", Number: "2,000", Note: "by the village committee"}
}

func (w *world) submit(actor auth.Actor, in report.In) (p id.ID) {
	w.Helper()
	w.write(func(tx *db.Tx) (err error) {
		p, err = report.Submit(w.ctx, tx, actor, w.Station, in)
		return err
	})
	return p
}

func (w *world) get(p id.ID) report.Report {
	w.Helper()
	one, err := report.Get(w.ctx, w.d, p)
	w.must(err)
	return one
}
