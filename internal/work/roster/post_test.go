package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
)

func TestAPostGoesOnceItsShiftsAreCancelled(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		var a, post id.ID
		var s Shift
		w.must(func(tx *db.Tx) (err error) {
			if a, err = activity.Create(w.ctx, tx, w.leader, w.Team, activity.Edit{Title: "打扫楼道", Service: w.service("cleaning")}); err != nil {
				return err
			}
			if post, err = activity.AddPost(w.ctx, tx, w.leader, a, 1, activity.PostIn{Name: "清洁", Places: 2}); err != nil {
				return err
			}
			at := c.Now().Add(24 * time.Hour)
			s, err = AddShift(w.ctx, tx, w.leader, a, Plan{Post: post, Starts: at, Ends: at.Add(time.Hour)})
			return err
		})
		remove := func(by string, rev int64) func(tx *db.Tx) error {
			actor := w.leader
			if by == "foreign" {
				actor = w.foreign
			}
			return func(tx *db.Tx) error { return RemovePost(w.ctx, tx, actor, post, rev) }
		}
		w.refused("roster.post_has_shifts", remove("leader", 2))
		w.must(func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.leader, s.ID, "不办了") })
		w.refused("org.out_of_reach", remove("foreign", 2))
		w.refused("activity.changed_meanwhile", remove("leader", 1))
		w.must(remove("leader", 2))
		w.refused("activity.post_unknown", remove("leader", 3))
		if posts, err := activity.Posts(w.ctx, d, a); err != nil || len(posts) != 0 {
			t.Errorf("posts %v, %v", posts, err)
		}
		if left, err := Of(w.ctx, d, a); err != nil || len(left) != 0 {
			t.Errorf("shifts %v, %v", left, err)
		}
	})
}

func TestAPostThatPeopleSignedUpForStays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{})
		a, err := activity.Get(w.ctx, d, s.Activity.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.must(func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.leader, s.ID, "下雨") })
		w.refused("roster.post_has_shifts", func(tx *db.Tx) error { return RemovePost(w.ctx, tx, w.leader, s.Post, a.Rev) })
	})
}
