package figure

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
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
				follower.tail, follower.enough = 5, 1
				follower.Keep(filepath.Join(t.TempDir(), "figures"))
				for n := range steps {
					w.step()
					if n == steps/2 { // what comes after is in the ledger only
						saved(t, follower)
					}
					if w.rand.IntN(3) > 0 {
						continue
					}
					if err := follower.Load(t.Context()); err != nil {
						t.Fatal(err)
					}
					if n%10 == 0 {
						onTheWay(t, w, follower)
					}
				}
				if err := follower.Load(t.Context()); err != nil {
					t.Fatal(err)
				}
				b, bulk, kept := readBrute(t, d), w.engine(), resumed(w, follower.kept)
				if n := len(b.facts); n < 300 || len(b.merged) == 0 {
					t.Fatalf("only %d facts and %d mergers", n, len(b.merged))
				}
				counted := 0
				for range questions {
					q := w.query(b.facts[len(b.facts)-1].Seq)
					want := b.answer(q)
					for name, e := range map[string]*Engine{"bulk": bulk, "follower": follower, "kept": kept} {
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
				if counted < questions/4 {
					t.Errorf("only %d of %d questions had an answer to speak of", counted, questions)
				}
			})
		})
	}
}

// onTheWay asks the same about the present while the ledger grows: what was kept of earlier
// answers must not show.
func onTheWay(t *testing.T, w *world, e *Engine) {
	t.Helper()
	b := readBrute(t, w.d)
	for _, key := range []string{"turns", "volunteers_taking_part", "minutes", "orgs_taking_part", "activities_held"} {
		for _, by := range []By{Whole, ByDay, ByOrg, ByUnit, ByWeek} {
			for _, q := range []Query{{}, {Org: w.tree.City}, {Org: w.tree.Center}, {Org: w.tree.Center, From: "2020-03-01"}} {
				q.Indicator, q.By = key, by
				got, err := e.At(t.Context(), q)
				if want := b.answer(q); err != nil || told(got) != told(want) {
					t.Fatalf("on the way: %+v: %v\n got %s\nwant %s", q, err, told(got), told(want))
				}
			}
		}
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
	if i.Measure == ledger.Facts {
		newest, err := e.Latest(t.Context(), q, 3)
		if err != nil || len(newest) != min(3, len(all)) {
			t.Fatalf("%+v: the latest are %v, %v", q, newest, err)
		}
		for k, one := range newest {
			if one.ID != all[len(all)-1-k].ID {
				t.Fatalf("%+v: the latest but %d is %s, want %s", q, k, one.ID, all[len(all)-1-k].ID)
			}
		}
	}
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

// TestEveryMomentStays follows a ledger and notes some figures after every commit; at the end
// each moment, by number and by time, still tells the same, in a model that was loaded at once.
func TestEveryMomentStays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 7)
		e := w.engine()
		type moment struct {
			q    Query
			told string
		}
		var noted []moment
		for range 80 {
			w.step()
			if err := e.Load(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"turns", "volunteers_taking_part", "minutes", "orgs_taking_part", "fill_rate"} {
				q := Query{Indicator: key, Org: pick(w.rand, w.orgs), By: ByOrg}
				a, err := e.At(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				q.AsOf.Time = a.Time
				noted = append(noted, moment{q, told(a)})
			}
		}
		last := w.engine()
		for _, m := range noted {
			a, err := last.At(t.Context(), m.q)
			if err != nil || told(a) != m.told {
				t.Fatalf("%+v: %v\n told now %s\n told then %s", m.q, err, told(a), m.told)
			}
		}
	})
}

// TestFiguresAreWhatSQLFinds asks plain SQL over the facts, as of every fact.
func TestFiguresAreWhatSQLFinds(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 11)
		for range 60 {
			w.step()
		}
		e := w.engine()
		head, _ := e.Seq()
		for seq := int64(1); seq <= head; seq++ {
			var turns, persons, minutes int64
			err := d.QueryRow(t.Context(), `SELECT
				CAST(COALESCE(SUM(CASE WHEN k.key = 'roster.arrived' THEN 1 ELSE 0 END), 0) AS BIGINT),
				COUNT(DISTINCT CASE WHEN k.key = 'roster.arrived' THEN f.person END),
				CAST(COALESCE(SUM(CASE WHEN k.key = 'roster.minutes' THEN f.qty ELSE 0 END), 0) AS BIGINT)
				FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
				WHERE f.seq <= $1 AND f.reverses = '' AND f.org IN (SELECT u.position FROM org_under u JOIN org_position p ON p.id = u.ancestor WHERE p.org = $2)
				AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.seq <= $1)`,
				seq, w.tree.Province).Scan(&turns, &persons, &minutes)
			if err != nil {
				t.Fatal(err)
			}
			all, err := e.All(t.Context(), []Query{
				{Indicator: "turns", Org: w.tree.Province, AsOf: AsOf{Seq: seq}},
				{Indicator: "volunteers_taking_part", Org: w.tree.Province, AsOf: AsOf{Seq: seq}},
				{Indicator: "minutes", Org: w.tree.Province, AsOf: AsOf{Seq: seq}}})
			if err != nil {
				t.Fatal(err)
			}
			if all[0].Value != turns || all[1].Value != persons || all[2].Value != minutes {
				t.Fatalf("as of %d: %d turns, %d persons, %d minutes; SQL says %d, %d, %d", seq, all[0].Value, all[1].Value, all[2].Value, turns, persons, minutes)
			}
		}
	})
}

// TestEnginesTellTheSame plants the same ledger on both engines.
func TestEnginesTellTheSame(t *testing.T) {
	var told [2][]int64
	for i, on := range dbtest.Engines {
		d, c := dbtest.Open(t, on)
		w := plant(t, d, c, 5)
		for range 60 {
			w.step()
		}
		e := w.engine()
		head, _ := e.Seq()
		for range 200 {
			a, err := e.At(t.Context(), w.query(head))
			if err != nil {
				t.Fatal(err)
			}
			told[i] = append(told[i], a.Value, a.Seq, a.Entries, a.Overlap)
			for _, s := range a.Splits {
				told[i] = append(told[i], s.Value)
			}
		}
	}
	if !slices.Equal(told[0], told[1]) {
		t.Errorf("%s tells\n%v\n%s tells\n%v", dbtest.Engines[0], told[0], dbtest.Engines[1], told[1])
	}
}

// TestMergers: a unit counts with its successor from the very moment of the merger on, also
// where the successor stood below it.
func TestMergers(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := plant(t, d, c, 1)
	post := func(at id.ID) {
		w.write(func(ctx context.Context, tx *db.Tx) error {
			p, err := org.PositionOn(ctx, tx, at, db.Day(tx.Now))
			if err != nil {
				return err
			}
			return ledger.Post(tx, ledger.Fact{Kind: roster.Arrived, Day: db.Day(tx.Now), Org: p, Unit: p, Area: int64(orgtest.StationArea),
				Subject: tx.NewID("321281"), Person: w.persons[0], Qty: 1, By: w.persons[0]})
		})
	}
	for _, at := range []id.ID{w.tree.Institute, w.tree.Station, w.tree.Sibling, w.tree.Team} {
		post(at)
	}
	c.Add(time.Hour)
	before := c.Now().Add(-time.Millisecond)
	w.succeed(w.tree.Institute, w.tree.Station)
	at := c.Now()
	c.Add(time.Hour)
	e, b := w.engine(), readBrute(t, d)
	for _, s := range []struct {
		asOf  time.Time
		value int64
		parts string
	}{
		{before, 2, fmt.Sprintf(" %s=1 %s=1", w.tree.Station, w.tree.Team)},
		{at, 4, fmt.Sprintf(" %s=2 %s=1 %s=1", w.tree.Station, w.tree.Sibling, w.tree.Team)},
		{time.Time{}, 4, fmt.Sprintf(" %s=2 %s=1 %s=1", w.tree.Station, w.tree.Sibling, w.tree.Team)},
	} {
		q := Query{Indicator: "turns", Org: w.tree.Station, By: ByOrg, AsOf: AsOf{Time: s.asOf}}
		a, err := e.At(t.Context(), q)
		if err != nil || a.Value != s.value || !strings.HasSuffix(told(a), s.parts) || told(a) != told(b.answer(q)) {
			t.Errorf("as of %v: %v\n got %s\nwant %d:%s", s.asOf, err, told(a), s.value, s.parts)
		}
	}
}

// TestReversalsAreSeenAtOnce reverses facts of blocks whose sums are kept, one by one.
func TestReversalsAreSeenAtOnce(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := plant(t, d, c, 9)
	for range 30 {
		w.post(10)
	}
	e := w.engine()
	e.tail, e.enough = 0, 1
	e.compact()
	for range 12 {
		onTheWay(t, w, e)
		w.reverse(1)
		if err := e.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	onTheWay(t, w, e)
}
