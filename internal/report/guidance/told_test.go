package guidance

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice/noticetest"
)

// employ keeps the roles of somebody, so that she is told things.
func (w *world) employ(at id.ID, who auth.Actor, role auth.Role) id.ID {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, 0, '')", who.Person.Home(), who.Person, at, string(role))
		return err
	}))
	return who.Person
}

// TestWhoIsToldOfGuidance: the unit is told of what is asked of it and what became of its answer, the office
// of the answers, and of lateness both and the tier above; each once, and nobody else.
func TestWhoIsToldOfGuidance(t *testing.T) {
	inWorlds(t, func(w *world) {
		city, county := w.employ(w.City, w.city, auth.Supervisor), w.employ(w.Center, w.county, auth.Admin)
		w.employ(w.Foreign, w.other, auth.Admin)
		l := noticetest.Listen(t, w.d, w.city, w.county, w.other)
		do := func(f func(tx *db.Tx) error) func() error { return func() error { return w.write(f) } }
		late := func(d time.Duration) func() error {
			return func() error { w.clock.Add(d); return w.jobs.RunDue(w.ctx) }
		}
		var d, back id.ID
		for _, step := range []struct {
			what string
			do   func() error
			want []noticetest.Told
		}{
			{"issued", func() error { d = w.issued(); return nil }, noticetest.All("guidance.issued", county)},
			{"taken", do(func(tx *db.Tx) error { return Take(w.ctx, tx, w.county, d, 0) }), nil},
			{"in time", late(23 * time.Hour), nil},
			{"answered", do(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "each institute holds one a day") }), noticetest.All("guidance.replied", city)},
			{"done", do(func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "eleven more were held") }), noticetest.All("guidance.acted", city)},
			{"returned", do(func(tx *db.Tx) error {
				return Return(w.ctx, tx, w.city, d, 0, "the figure says otherwise", tx.Now.Add(24*time.Hour))
			}), noticetest.All("guidance.returned", county)},
			{"done at last", do(func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "now they were") }), noticetest.All("guidance.acted", city)},
			{"closed", func() error { return w.closes(w.city, d) }, noticetest.All("guidance.closed", county)},
			{"another", func() error { back = w.issued(); return nil }, noticetest.All("guidance.issued", county)},
			{"late", late(25 * time.Hour), append(noticetest.All("guidance.overdue", county), noticetest.All("guidance.late", city)...)},
			{"and the jobs run again", late(0), nil},
			{"withdrawn", do(func(tx *db.Tx) error { return Withdraw(w.ctx, tx, w.city, back, 0, "it was a mistake") }), noticetest.All("guidance.withdrawn", county)},
		} {
			w.clock.Add(time.Minute)
			w.must(step.do())
			l.Hears(t, step.what, step.want...)
		}
	})
}
