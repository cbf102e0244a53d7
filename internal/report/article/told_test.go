package article

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice/noticetest"
)

// TestWhoIsToldOfATextUnderReview: whoever may decide is told that a text waits, once; late, those on whose
// desk it lay and those to whom it rose; of the decision its author. Nobody else is.
func TestWhoIsToldOfATextUnderReview(t *testing.T) {
	inWorlds(t, func(w *world) {
		set, err := config.Load(w.ctx, w.d)
		w.must(err)
		leader := w.hire(6, w.Institute, auth.Leader) // decides nothing
		l := noticetest.Listen(t, w.d, w.editor, w.admin, w.reviewer, w.center, w.foreign, leader)
		var a id.ID
		for _, step := range []struct {
			what string
			do   func() error
			want []noticetest.Told
		}{
			{"written", func() error { a = w.create(w.text()); return nil }, nil},
			{"submitted", func() error { return w.submit(w.editor, a) }, noticetest.All("article.to_review", w.reviewer.Person)},
			{"returned", func() error {
				return w.write(func(tx *db.Tx) error { return Return(w.ctx, tx, w.reviewer, a, "请写明时间") })
			}, noticetest.All("article.returned", w.editor.Person)},
			{"submitted anew", func() error { w.clock.Add(time.Minute); return w.submit(w.editor, a) }, noticetest.All("article.to_review", w.reviewer.Person)},
			{"in time", func() error { w.clock.Add(set.ReviewWithin - time.Minute); return w.jobs.RunDue(w.ctx) }, nil},
			{"late", func() error { w.clock.Add(time.Hour); return w.jobs.RunDue(w.ctx) },
				append(noticetest.All("article.review_overdue", w.reviewer.Person), noticetest.All("article.review_raised", w.center.Person)...)},
			{"and the jobs run again", func() error { return w.jobs.RunDue(w.ctx) }, nil},
			{"approved", func() error { return w.approve(w.center, a) }, noticetest.All("article.approved", w.editor.Person)},
		} {
			w.must(step.do())
			l.Hears(t, step.what, step.want...)
		}
	})
}
