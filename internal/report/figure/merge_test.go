package figure

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
)

// TestAMergedOrganisationCountsWithItsSuccessor: what a team did before it was merged, by the
// command, counts at its successor too from that moment on, stays where it was done, and is as
// it was as of any earlier moment.
func TestAMergedOrganisationCountsWithItsSuccessor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 1)
		var heir id.ID
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			heir, err = org.Found(ctx, tx, auth.System, org.In{Kind: org.Team, Name: "another team", Parent: w.tree.Sibling})
			return err
		})
		arrive := func(at id.ID, person id.ID) {
			w.write(func(ctx context.Context, tx *db.Tx) error {
				p, err := org.PositionOn(ctx, tx, at, db.Day(tx.Now))
				if err != nil {
					return err
				}
				return ledger.Post(tx, ledger.Fact{Kind: roster.Arrived, Day: db.Day(tx.Now), Org: p, Unit: p, Area: int64(orgtest.StationArea),
					Subject: tx.NewID("321281"), Person: person, Qty: 1, By: person})
			})
		}
		arrive(w.tree.Team, w.persons[0])
		arrive(w.tree.Team, w.persons[1])
		arrive(heir, w.persons[1])
		c.Add(time.Hour)
		before := c.Now().Add(-time.Millisecond)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return activity.MergeOrg(ctx, tx, auth.System, w.tree.Team, heir, "队伍合并")
		})
		c.Add(time.Hour)
		arrive(heir, w.persons[2])
		e, b := w.engine(), readBrute(t, d)
		for _, s := range []struct {
			key  string
			at   id.ID
			asOf time.Time
			want int64
		}{
			{"turns", heir, before, 1}, {"turns", heir, time.Time{}, 4},
			{"volunteers_taking_part", heir, before, 1}, {"volunteers_taking_part", heir, time.Time{}, 3},
			{"turns", w.tree.Team, before, 2}, {"turns", w.tree.Team, time.Time{}, 2},
			{"turns", w.tree.Station, time.Time{}, 2}, // what was done under it stays there
			{"orgs_taking_part", w.tree.Center, before, 2}, {"orgs_taking_part", w.tree.Center, time.Time{}, 2},
			{"orgs_registered", w.tree.Center, before, 12}, {"orgs_registered", w.tree.Center, time.Time{}, 12},
		} {
			q := Query{Indicator: s.key, Org: s.at, AsOf: AsOf{Time: s.asOf}}
			a, err := e.At(t.Context(), q)
			if err != nil || a.Value != s.want || told(a) != told(b.answer(q)) {
				t.Errorf("%s of %s as of %v: %d, want %d (%v); brute force %s", s.key, s.at, s.asOf, a.Value, s.want, err, told(b.answer(q)))
			}
		}
	})
}
