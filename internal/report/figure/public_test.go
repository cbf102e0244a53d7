package figure

import (
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
)

// TestPublicFiguresNameNoFew: of whatever is asked in public, behind each number that is told stand none or enough persons,
// and what is merged cannot be told from what is shown.
func TestPublicFiguresNameNoFew(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 21)
		for range 25 {
			w.step()
		}
		e, err := Open(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		hidden, merged := 0, 0
		for range 600 {
			q := Query{Indicator: pick(w.rand, ledger.Indicators()).Key, By: pick(w.rand, []By{Whole, ByOrg, ByUnit, ByArea, ByDay, ByWeek, ByService})}
			if w.rand.IntN(2) == 0 {
				q.Org = pick(w.rand, w.orgs)
			}
			if w.rand.IntN(3) == 0 {
				q.From = w.day()
				q.To = q.From
			}
			h, m := w.veiled(e, q)
			hidden, merged = hidden+h, merged+m
		}
		if hidden < 10 || merged < 10 {
			t.Errorf("only %d hidden and %d merged: the world is too large to tell", hidden, merged)
		}
		for name, q := range map[string]Query{"a person": {Indicator: "turns", Person: w.persons[0]}, "a subject": {Indicator: "turns", Subject: w.subjects[0]},
			"a category": {Indicator: "turns", Category: 1}, "by category": {Indicator: "turns", By: ByCategory}, "the past": {Indicator: "turns", AsOf: AsOf{Seq: 1}}, "what is new, by day": {Indicator: "turns", Since: AsOf{Seq: 1}, By: ByDay}} {
			if _, err := e.Public(t.Context(), q); fail.Key(err) != "figure.not_public" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// veiled asks in public and as who may see all, and holds one against the other.
func (w *world) veiled(e *Engine, q Query) (hidden, merged int) {
	w.t.Helper()
	p, err := e.Public(w.t.Context(), q)
	if err != nil {
		w.t.Fatalf("%+v: %v", q, err)
	}
	all, err := e.At(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	if !Personal(p.Indicator) {
		if p.Value != all.Value || len(p.Splits) != len(all.Splits) || p.Hidden || p.Merged > 0 {
			w.t.Errorf("%+v: %+v, not %+v", q, p, all)
		}
		return 0, 0
	}
	persons := map[string]int64{} // one by one: the figure of each part asked for by itself would be another question
	total := int64(0)
	if who := whoOf(e, q, p.Indicator); who != nil {
		total = who.Value
		for _, s := range who.Splits {
			persons[s.Key] = s.Value
		}
	}
	if p.Hidden != (total > 0 && total < Few) || p.Hidden && (p.Value != 0 || len(p.Splits) > 0 || len(p.Parts) > 0) {
		w.t.Errorf("%+v: hidden %v with %d persons: %+v", q, p.Hidden, total, p)
	}
	if p.Hidden {
		return 1, 0
	}
	shown := map[string]bool{}
	for _, s := range p.Splits {
		if n := persons[s.Key]; n > 0 && n < Few {
			w.t.Errorf("%+v: the part %s is told, with %d persons", q, s.Key, n)
		}
		shown[s.Key] = true
	}
	together := int64(0)
	for key, n := range persons {
		if !shown[key] {
			together += n
		}
	}
	if p.Merged == 1 && len(persons) > 1 || p.Merged > 0 && together < Few && len(persons) > p.Merged {
		w.t.Errorf("%+v: %d parts with %d persons are merged, which the rest gives away", q, p.Merged, together)
	}
	return 0, p.Merged
}

// whoOf counts the persons behind a figure, part by part.
func whoOf(e *Engine, q Query, i *ledger.Indicator) *Answer {
	if i.Measure == ledger.Ratio {
		i = i.Over
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	a, err := e.answer(q, &ledger.Indicator{Key: i.Key, Measure: ledger.Persons, Kinds: i.Kinds, Grades: i.Grades, UnitKinds: i.UnitKinds}, &scratch{})
	if err != nil {
		return nil
	}
	return &a
}
