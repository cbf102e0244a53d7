package callup

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/work/notice/noticetest"
	"tongxin/internal/work/roster"
)

// TestWhoIsToldOfACallUp: who receives it is told, who is silent is reminded, then on whose desk that lies; who is
// asked, whom a place is offered, and of a change or the end those whom it concerns: each once, and nobody else.
func TestWhoIsToldOfACallUp(t *testing.T) {
	inWorlds(t, func(w *world) {
		crowd := w.crowd(2)
		stranger := w.Staff("stranger", w.Foreign, auth.Admin)
		s := w.shift(1, 0)
		in := w.in()
		in.Lines, in.Until = []Line{{Places: 1}}, w.c.Now().Add(70*time.Hour)
		center, city := w.center.Person, w.city.Person
		var c CallUp
		one, two := crowd[0], crowd[1]
		do := func(f func(tx *db.Tx) error) func() {
			return func() { w.must(f); w.jobs() }
		}
		later := func(by time.Duration) func() { return func() { w.later(by) } }
		l := noticetest.Listen(t, w.d, w.city, w.center, w.institute, w.station, stranger, crowd[0], crowd[1])
		for _, step := range []struct {
			what string
			do   func()
			want []noticetest.Told
		}{
			{"issued", func() { c = w.issued(in, 1) }, noticetest.All("callup.delivered", center)},
			{"silent", later(4*time.Hour + time.Minute), noticetest.All("callup.reminded", center)},
			{"silent again", later(4*time.Hour + time.Minute), append(noticetest.All("callup.reminded", center), noticetest.All("callup.silent", city)...)},
			{"acknowledged", func() { w.acknowledged(w.center, w.at(c, w.Center), 1) }, nil},
			{"shifts", func() { w.shifts(w.center, w.at(c, w.Center), s) }, noticetest.All("callup.asked", one.Person, two.Person)},
			{"the first says yes", func() { w.answer(c, one, Yes, "") }, nil},
			{"the second waits", func() { w.answer(c, two, Yes, "") }, nil},
			{"a place comes free", func() {
				w.must(func(tx *db.Tx) error { _, err := roster.Withdraw(w.ctx, tx, one, s.ID, one.Person, ""); return err })
				w.later(time.Hour)
			}, noticetest.All("callup.offered", two.Person)},
			{"and the jobs run again", later(time.Minute), nil},
			{"changed", do(func(tx *db.Tx) error { return Change(w.ctx, tx, w.city, c.ID, w.wider(c, 40)) }), noticetest.All("callup.changed", center)},
			{"closed", do(func(tx *db.Tx) error { return Close(w.ctx, tx, w.city, c.ID, "人手够了") }),
				append(noticetest.All("callup.closed", center), noticetest.All("callup.over_waiting", two.Person)...)},
		} {
			step.do()
			l.Hears(t, step.what, step.want...)
		}
	})
}
