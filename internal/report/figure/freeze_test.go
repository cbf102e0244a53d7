package figure

import (
	"context"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/work/roster"
)

// What is frozen comes out again, whatever happens afterwards: facts, reversals, moves.
func TestWhatIsFrozenComesOutAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 11)
		e, err := Open(t.Context(), d)
		if err == nil {
			err = e.Load(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		var all []Frozen
		for range 25 {
			for _, org := range w.orgs[:8] {
				f, err := e.Freeze(t.Context(), Query{Indicator: roster.Turns.Key, Org: org})
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, f)
			}
			for range 4 {
				w.step()
			}
			if err := e.Load(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		moved := 0
		for _, f := range all {
			again, err := e.Again(t.Context(), f)
			if err != nil || again != f.Value {
				t.Errorf("%s as of %d: %d, then %d, %v", f.Org, f.AsOf.Seq, f.Value, again, err)
			}
			now, err := e.At(t.Context(), Query{Indicator: f.Indicator, Org: f.Org})
			if err != nil {
				t.Fatal(err)
			}
			if now.Value != f.Value {
				moved++
			}
		}
		if moved == 0 || all[0].Tree == all[len(all)-1].Tree {
			t.Error("nothing happened meanwhile")
		}
	})
}
