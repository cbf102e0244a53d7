package figure

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

// crowd folds many made-up facts into an engine, without a database behind them: seven
// counties with teams, four hundred days, half a million people.
func crowd(t testing.TB, facts int) (e *Engine, city id.ID) {
	t.Helper()
	d, _ := dbtest.Open(t, db.SQLite)
	e, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	org := func(n int) id.ID { return id.ID(fmt.Sprintf("321200-%016d", n)) }
	places, units := []place{{1, org(1), 0, "practice"}}, []unit{{id: org(1)}}
	for i := range 1400 {
		at, kind := int64(i+2), "team"
		parent := 2 + int64(i%7)
		if i < 7 {
			parent, kind = 1, "practice"
		}
		places, units = append(places, place{at, org(i + 2), parent, kind}), append(units, unit{id: org(i + 2)})
	}
	e.m.tree = e.m.tree.grow(1, places, units)
	e.m.keys = map[int64]string{}
	r := rand.New(rand.NewPCG(1, 1))
	weights := []int{30, 28, 30, 4, 2, 2, 2, 2}
	for i := range weights {
		e.m.keys[int64(i)] = kinds[i].Key
	}
	for n := range facts {
		k, at := 0, r.IntN(100)
		for ; at >= weights[k]; k++ {
			at -= weights[k]
		}
		f := fact{seq: int64(n + 1), kind: int64(k), org: 9 + r.Int64N(1390), unit: 9 + r.Int64N(1390), area: 321281001001, qty: 1,
			day: dayOf(18000 + int32(n*400/facts) - int32(r.IntN(4))), subject: string(org(1_000_000 + n/20))}
		if k < 3 {
			f.person = string(org(2_000_000 + r.IntN(500_000)))
		}
		if k == 1 || k == 3 {
			f.qty = int64(r.IntN(300))
		}
		if err := e.m.apply(f); err != nil {
			t.Fatal(err)
		}
	}
	e.m.seals = []seal{{int64(facts), 1}}
	e.compact()
	e.loaded.Store(true)
	return e, org(1)
}

// BenchmarkScreens takes the time of the questions of a screen over a million facts.
func BenchmarkScreens(b *testing.B) {
	e, city := crowd(b, 1_000_000)
	ask := func(by By, seq int64, keys ...string) []Query {
		var qs []Query
		for _, k := range keys {
			qs = append(qs, Query{Indicator: k, Org: city, By: by, AsOf: AsOf{Seq: seq}})
		}
		return qs
	}
	overview := []string{"orgs_taking_part", "volunteers_taking_part", "activities_held", "turns", "minutes", "minutes_confirmed",
		"signups", "places", "no_shows", "activities_published", "shifts_filled", "fill_rate"}
	for _, s := range []struct {
		name string
		qs   []Query
	}{
		{"overview", ask(Whole, 0, overview...)},
		{"overview_as_of", ask(Whole, 700_000, overview...)},
		{"by_day", ask(ByDay, 0, "turns", "volunteers_taking_part", "minutes")},
		{"by_child", ask(ByOrg, 0, "turns", "volunteers_taking_part", "minutes")},
	} {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.All(b.Context(), s.qs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
