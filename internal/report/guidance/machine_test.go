package guidance

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// legal are the arrows of doc.go, by the command that draws them.
var legal = map[string]map[State][]State{
	"revise":   {Draft: {Draft}},
	"issue":    {Draft: {Issued}},
	"take":     {Issued: {Read}},
	"reply":    {Issued: {Replied}, Read: {Replied}},
	"act":      {Replied: {Acted}},
	"return":   {Acted: {Replied}},
	"close":    {Acted: {Closed}},
	"withdraw": {Draft: {Withdrawn}, Issued: {Withdrawn}, Read: {Withdrawn}, Replied: {Withdrawn}, Acted: {Withdrawn}},
	"time":     {},
}

// Random commands by random people at random times never draw another arrow, a refused one
// changes nothing, and the ledger says what happened.
func TestNoCommandReachesAnIllegalState(t *testing.T) {
	seen := map[string]int{}
	inWorlds(t, func(w *world) {
		rapid.Check(w.T, func(rt *rapid.T) {
			var d id.ID
			s := w.sight()
			w.must(w.write(func(tx *db.Tx) (err error) { d, err = Begin(w.ctx, tx, w.city, s, w.asks()); return err }))
			ahead := []func(tx *db.Tx) error{
				func(tx *db.Tx) error { return Issue(w.ctx, tx, w.city, d, 0) },
				func(tx *db.Tx) error { return Take(w.ctx, tx, w.county, d, 0) },
				func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "a plan it is") },
				func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "done it is") },
			}
			for _, f := range ahead[:rapid.IntRange(0, len(ahead)).Draw(rt, "already")] {
				w.must(w.write(f))
			}
			step := func(name string, f func(tx *db.Tx, by auth.Actor) error) func(*rapid.T) {
				return func(rt *rapid.T) {
					before := w.get(d)
					by := rapid.SampledFrom([]auth.Actor{w.city, w.county, w.other}).Draw(rt, "by")
					err := w.write(func(tx *db.Tx) error { return f(tx, by) })
					after := w.get(d)
					if err != nil {
						if fail.KindOf(err) == fail.Internal {
							rt.Fatalf("%s: %v", name, err)
						}
						if after != before {
							rt.Fatalf("%s was refused (%v) and changed %+v to %+v", name, err, before, after)
						}
						return
					}
					seen[name]++
					if !slices.Contains(legal[name][before.State], after.State) {
						rt.Fatalf("%s drew %s to %s", name, before.State, after.State)
					}
				}
			}
			rt.Repeat(map[string]func(*rapid.T){
				"a issue": step("issue", func(tx *db.Tx, by auth.Actor) error { return Issue(w.ctx, tx, by, d, 0) }),
				"b take":  step("take", func(tx *db.Tx, by auth.Actor) error { return Take(w.ctx, tx, by, d, 0) }),
				"c reply": step("reply", func(tx *db.Tx, by auth.Actor) error { return Reply(w.ctx, tx, by, d, 0, "a plan it is") }),
				"d act":   step("act", func(tx *db.Tx, by auth.Actor) error { return Act(w.ctx, tx, by, d, 0, "done it is") }),
				"e close": step("close", func(tx *db.Tx, by auth.Actor) error { return Close(w.ctx, tx, by, d, 0, w.after(tx, d), "good it is") }),
				"f return": step("return", func(tx *db.Tx, by auth.Actor) error {
					return Return(w.ctx, tx, by, d, 0, "more of it", tx.Now.Add(time.Hour))
				}),
				"g time": func(rt *rapid.T) {
					w.clock.Add(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
					before := w.get(d)
					w.must(w.jobs.RunDue(w.ctx))
					if after := w.get(d); after.State != before.State || after.Raised > before.Raised && !before.Overdue(w.d.Now()) {
						rt.Fatalf("time alone made %+v of %+v", after, before)
					}
				},
				"h revise":   step("revise", func(tx *db.Tx, by auth.Actor) error { return Revise(w.ctx, tx, by, d, 0, w.asks()) }),
				"i withdraw": step("withdraw", func(tx *db.Tx, by auth.Actor) error { return Withdraw(w.ctx, tx, by, d, 0, "not needed") }),
			})
		})
	})
	for what := range legal {
		if what != "time" && seen[what] == 0 {
			t.Errorf("%s never happened", what)
		}
	}
}

// after measures within a test's write.
func (w *world) after(tx *db.Tx, d id.ID) After {
	one, err := Get(w.ctx, tx, d)
	w.must(err)
	a, err := Measure(w.ctx, tx, w.e, one, tx.Now)
	w.must(err)
	return a
}

// Two who move a directive at once meet on its rev: one of them does.
func TestTwoMeetOnTheRev(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.issued()
		done := make(chan error, 4)
		for range 4 {
			go func() {
				done <- w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 2, "we shall see to it") })
			}()
		}
		moved := 0
		for range 4 {
			if err := <-done; err == nil {
				moved++
			} else {
				w.refused("guidance.changed_meanwhile", err)
			}
		}
		if moved != 1 {
			t.Errorf("%d moved it", moved)
		}
	})
}
