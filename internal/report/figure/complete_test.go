package figure

import (
	"context"
	"fmt"
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
	"tongxin/internal/work/report"
)

// TestHowCompleteFiguresAre: two stations and two teams are to report for a day. One acted, one
// said in time that there was nothing, one said so late, one is missing; then the act is
// reversed, and as of every moment it is told as it stood.
func TestHowCompleteFiguresAre(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 1)
		var dues []report.Owed
		w.write(func(ctx context.Context, tx *db.Tx) error {
			duty, err := report.BeginNamed(ctx, tx, auth.System, report.Duty{Org: w.tree.City, Under: w.tree.City, Name: "daily report",
				Campaign: w.campaigns[0], Every: report.Daily, From: "2020-02-27", Clock: "18:00", Grace: 1})
			if err != nil {
				return err
			}
			_, dues, err = report.ExpectAll(ctx, tx, "test", duty, "2020-02-27", []id.ID{w.tree.Station, w.tree.Sibling, w.tree.Team, w.tree.ForeignTeam})
			return err
		})
		e := w.engine()
		told := func(at id.ID, asOf AsOf) string {
			t.Helper()
			if err := e.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, err := e.Completeness(t.Context(), d, w.campaigns[0], at, asOf)
			if err != nil {
				t.Fatal(err)
			}
			if short, err := e.Reported(Query{Campaign: w.campaigns[0], Org: at, AsOf: asOf}); err != nil || short.Expected != got.Expected || short.Reported != got.Reported {
				t.Errorf("in short %d of %d, %v", short.Reported, short.Expected, err)
			}
			s := fmt.Sprintf("%d/%d, %d in time", got.Reported, got.Expected, got.OnTime)
			for _, tier := range got.Tiers {
				s += fmt.Sprintf("; %s %d/%d", tier.Type, tier.Reported, tier.Expected)
			}
			if int64(len(got.Missing)) != got.Expected-got.Reported || got.Whole() != (len(got.Missing) == 0) {
				t.Errorf("%d are missing of %s", len(got.Missing), s)
			}
			return s
		}
		is := func(got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		is(told(w.tree.City, AsOf{}), "0/4, 0 in time; station 0/2; team 0/2")
		act := ledger.Fact{Kind: activity.HeldFact, Day: "2020-02-27", Area: int64(orgtest.StationArea), Subject: dues[0].ID, Qty: 1, Grade: ledger.Recorded, By: auth.SystemID}
		w.write(func(ctx context.Context, tx *db.Tx) (err error) {
			if act.Org, err = org.PositionOn(ctx, tx, w.tree.Station, act.Day); err != nil {
				return err
			}
			act.Unit = act.Org
			return ledger.Post(tx, act)
		})
		nothing := func(o report.Owed) {
			w.write(func(ctx context.Context, tx *db.Tx) error { return report.Nothing(ctx, tx, auth.System, o.ID) })
		}
		nothing(dues[1])
		is(told(w.tree.City, AsOf{}), "2/4, 2 in time; station 2/2; team 0/2")
		inTime := e.m.at
		c.Add(48 * time.Hour)
		nothing(dues[2])
		is(told(w.tree.City, AsOf{}), "3/4, 2 in time; station 2/2; team 1/2")
		is(told(w.tree.Center, AsOf{}), "3/3, 2 in time; station 2/2; team 1/1")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := ledger.Reverse(tx, activity.HeldFact, act.Subject, "", act.Day, auth.SystemID)
			return err
		})
		is(told(w.tree.City, AsOf{}), "2/4, 1 in time; station 1/2; team 1/2")
		is(told(w.tree.City, AsOf{Seq: inTime}), "2/4, 2 in time; station 2/2; team 0/2")
		is(told(w.tree.Foreign, AsOf{}), "0/1, 0 in time; team 0/1")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return activity.MergeOrg(ctx, tx, auth.System, w.tree.ForeignTeam, w.tree.Team, "one team of two")
		})
		is(told(w.tree.City, AsOf{}), "2/4, 1 in time; station 1/2; team 1/2")
		for _, words := range []string{"foreign team", string(w.tree.ForeignTeam)} {
			if q, err := Parse(t.Context(), d, "turns", Words{Org: words}); err != nil || q.Org != w.tree.ForeignTeam {
				t.Errorf("%s, which left the tree: %v, %v", words, q.Org, err)
			}
		}
		for key, want := range map[string]int64{"reports_due": 4, "reports_made": 2, "reports_missing": 2, "report_completeness": 5000} {
			a, err := e.At(t.Context(), Query{Indicator: key, Campaign: w.campaigns[0]})
			if err != nil || a.Value != want {
				t.Errorf("%s is %d, %v, want %d", key, a.Value, err, want)
			}
		}
	})
}
