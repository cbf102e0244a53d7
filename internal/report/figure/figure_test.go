package figure

import (
	"fmt"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// TestFiguresAreWhatBruteForceFinds asks random questions of random ledgers: of a model loaded
// at once and of one that followed fact by fact, and of plain loops over all facts.
func TestFiguresAreWhatBruteForceFinds(t *testing.T) {
	const steps, questions = 120, 400
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
				w := plant(t, d, c, seed)
				follower := w.engine()
				follower.tail = 5
				for range steps {
					w.step()
					if w.rand.IntN(3) > 0 {
						continue
					}
					if err := follower.Load(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if err := follower.Load(t.Context()); err != nil {
					t.Fatal(err)
				}
				b, bulk := readBrute(t, d), w.engine()
				if n := len(b.facts); n < 300 || len(b.merged) == 0 {
					t.Fatalf("only %d facts and %d mergers", n, len(b.merged))
				}
				counted := 0
				for range questions {
					q := w.query(b.facts[len(b.facts)-1].Seq)
					want := b.answer(q)
					for name, e := range map[string]*Engine{"bulk": bulk, "follower": follower} {
						got, err := e.At(t.Context(), q)
						if err != nil {
							t.Fatalf("%s: %+v: %v", name, q, err)
						}
						if told(got) != told(want) {
							t.Fatalf("%s: %+v:\n got %s\nwant %s", name, q, told(got), told(want))
						}
					}
					if want.Value > 1 {
						counted++
					}
					entriesAddUp(t, bulk, b, q, want)
				}
				if counted < questions/3 {
					t.Errorf("only %d of %d questions had an answer to speak of", counted, questions)
				}
			})
		})
	}
}

// entriesAddUp checks that what a figure opens to is exactly what brute force counts, that
// there are as many as it says, and that they add up to it.
func entriesAddUp(t *testing.T, e *Engine, b *brute, q Query, want Answer) {
	t.Helper()
	var all []Entry
	for after := ""; ; {
		page, err := e.Entries(t.Context(), q, after, 7)
		if err != nil {
			t.Fatal(err)
		}
		if page.Answer.Value != want.Value || page.Answer.Seq != want.Seq {
			t.Fatalf("%+v: the page tells %s", q, told(page.Answer))
		}
		all = append(all, page.Entries...)
		if after = page.Next; after == "" {
			break
		}
	}
	if int64(len(all)) != want.Entries {
		t.Fatalf("%+v: %d entries, want %d", q, len(all), want.Entries)
	}
	i := ledger.IndicatorOf(q.Indicator)
	if i.Measure == ledger.Ratio {
		return
	}
	behind := b.things(i, b.living(i, q, want.Seq, want.Time.UnixMilli()))
	seen, sum := map[id.ID]bool{}, int64(0)
	for _, one := range all {
		if seen[one.ID] || behind[one.ID] == 0 || one.Facts != behind[one.ID] {
			t.Fatalf("%+v: entry %s has %d facts, want %d", q, one.ID, one.Facts, behind[one.ID])
		}
		seen[one.ID] = true
		sum += one.Qty
	}
	if i.Measure == ledger.Sum && sum != want.Value {
		t.Fatalf("%+v: entries add up to %d, want %d", q, sum, want.Value)
	}
}
