package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

func TestAnOrganisationIsMergedOnceItsWorkIsDone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		her := w.Volunteer("王小明")
		var heir id.ID
		w.must(func(tx *db.Tx) (err error) {
			heir, err = org.Found(w.ctx, tx, auth.System, org.In{Kind: org.Team, Name: "another team", Parent: w.Station})
			return err
		})
		w.must(func(tx *db.Tx) error { return people.Belong(w.ctx, tx, her, her.Person, w.Team) })
		captain := w.Staff("captain", heir, auth.Leader)
		merge := func(by auth.Actor, from, into id.ID, reason string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return activity.MergeOrg(w.ctx, tx, by, from, into, reason) }
		}
		s := w.shift(plan{})
		w.signUp(s, her, Primary)

		w.refused("org.out_of_reach", merge(w.leader, w.Team, heir, "队伍合并"))
		w.refused("org.out_of_reach", merge(w.station, w.Team, w.ForeignTeam, "队伍合并"))
		w.refused("org.merge_itself", merge(w.station, w.Team, w.Team, "队伍合并"))
		w.refused("org.merge_type", merge(w.institute, w.Team, w.Station, "队伍合并"))
		w.refused("org.merge_children", merge(w.institute, w.Station, w.Sibling, "站合并"))
		w.refused("org.reason_missing", merge(w.station, w.Team, heir, ""))
		w.refused("activity.merge_open", merge(w.station, w.Team, heir, "队伍合并"))

		c.Set(db.Time(s.Starts))
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, s.ID, her.Person); return err })
		c.Set(db.Time(s.Ends).Add(time.Hour))
		w.jobs()
		w.refused("org.out_of_reach", func(tx *db.Tx) error { _, err := ConfirmMinutes(w.ctx, tx, captain, s.ID, her.Person); return err })
		w.must(merge(w.station, w.Team, heir, "队伍合并"))
		w.jobs()
		members, err := people.Memberships(w.ctx, d, her.Person)
		if err != nil || len(members) != 1 || members[0].Org != heir {
			t.Errorf("she belongs to %v, %v", members, err)
		}
		// What the team left undone is its successor's.
		w.must(func(tx *db.Tx) error { _, err := ConfirmMinutes(w.ctx, tx, captain, s.ID, her.Person); return err })
		w.refused("org.not_open", merge(w.station, w.Team, heir, "队伍合并"))
		w.verified()
		checks, err := org.Verify(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				t.Errorf("verify %+v", c)
			}
		}
	})
}
