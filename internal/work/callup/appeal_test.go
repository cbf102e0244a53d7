package callup

import (
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org/orgtest"
)

// TestAnAppealReachesAllItIsFor: of a centre's appeal the volunteers below it are told, each once,
// and nobody else; of one that is taken back at once nobody is.
func TestAnAppealReachesAllItIsFor(t *testing.T) {
	inWorlds(t, func(w *world) {
		inside, outside := w.crowd(3), w.VolunteerAt("王芳", area.Code(orgtest.OtherCenter))
		drafted := func() (a id.ID) {
			w.must(func(tx *db.Tx) (err error) {
				a, err = DraftAppeal(w.ctx, tx, w.center, w.Center, AppealIn{Title: "众志成城", Text: "疫情就是命令。", Signed: "文明办"})
				return err
			})
			return a
		}
		one := drafted()
		w.jobs()
		if n := w.told(inside[0], "callup.appealed"); n > 0 {
			t.Errorf("told of a draft %d times", n)
		}
		w.must(func(tx *db.Tx) error { return Publish(w.ctx, tx, w.center, one) })
		w.jobs()
		back := drafted()
		w.must(func(tx *db.Tx) error { return Publish(w.ctx, tx, w.center, back) })
		w.must(func(tx *db.Tx) error { return Recall(w.ctx, tx, w.center, back, "有错字") })
		w.jobs()
		for _, who := range append([]auth.Actor{outside, w.station}, inside...) {
			want := 1
			if who.Person == outside.Person || who.Person == w.station.Person {
				want = 0
			}
			if n := w.told(who, "callup.appealed"); n != want {
				t.Errorf("%s was told %d times, want %d", who.Person, n, want)
			}
		}
	})
}
