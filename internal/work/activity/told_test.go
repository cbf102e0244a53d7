package activity

import (
	"testing"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice/noticetest"
)

// TestWhoIsToldOfAnActivityUnderReview: whoever may decide is told that an activity waits, once; late, those on
// whose desk it lay and those to whom it rose; of the decision its author. Nobody else is.
func TestWhoIsToldOfAnActivityUnderReview(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		set, err := config.Load(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		l := noticetest.Listen(t, d, w.leader, w.station, w.institute, w.center, w.city, w.province)
		span := Span{Starts: db.MS(c.Now().Add(30 * 24 * time.Hour)), Ends: db.MS(c.Now().Add(31 * 24 * time.Hour)), Shifts: 1}
		run := func(after time.Duration) func() error {
			return func() error { c.Add(after); return w.run.RunDue(w.ctx) }
		}
		submit := func(tx *db.Tx, a id.ID) error { _, err := Submit(w.ctx, tx, w.leader, a, span); return err }
		var a id.ID
		for _, step := range []struct {
			what string
			do   func() error
			want []noticetest.Told
		}{
			{"written", func() error { a = w.draft(w.leader, w.Team, "cleaning"); return nil }, nil},
			{"submitted", func() error { return w.do(func(tx *db.Tx) error { return submit(tx, a) }) }, noticetest.All("activity.to_review", w.station.Person)},
			{"returned", func() error {
				return w.do(func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, a, "请写明集合地点") })
			}, noticetest.All("activity.returned", w.leader.Person)},
			{"submitted anew", func() error { c.Add(time.Minute); return w.do(func(tx *db.Tx) error { return submit(tx, a) }) },
				noticetest.All("activity.to_review", w.station.Person)},
			{"in time", run(set.ReviewWithin - time.Minute), nil},
			{"late", run(time.Hour), append(noticetest.All("activity.review_overdue", w.station.Person), noticetest.All("activity.review_raised", w.institute.Person)...)},
			{"and the jobs run again", run(0), nil},
			{"approved", func() error { return w.do(func(tx *db.Tx) error { return Approve(w.ctx, tx, w.institute, a) }) },
				noticetest.All("activity.approved", w.leader.Person)},
		} {
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			l.Hears(t, step.what, step.want...)
		}
	})
}
