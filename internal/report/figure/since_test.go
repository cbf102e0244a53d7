package figure

import (
	"maps"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// TestWhatIsNewSince asks random ledgers what is new since random moments: it is the figure less
// what it was, part by part, and opens to what plain loops find to count at one moment only.
func TestWhatIsNewSince(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 8)
		for range 120 {
			w.step()
		}
		e, b := w.engine(), readBrute(t, d)
		last := b.facts[len(b.facts)-1].Seq
		changed, veiled, gone := 0, 0, int64(0)
		for range 400 {
			q := w.query(last)
			q.Since = AsOf{Seq: 1 + w.rand.Int64N(last)}
			if w.rand.IntN(2) == 0 {
				q.AsOf = AsOf{}
			}
			got, err := e.At(t.Context(), q)
			switch {
			case ledger.IndicatorOf(q.Indicator).Measure == ledger.Ratio:
				if fail.Key(err) != "figure.since_ratio" {
					t.Fatalf("%+v: %v", q, err)
				}
				continue
			case fail.Key(err) == "figure.since_order":
				if as, _ := b.asOf(q.AsOf); as >= q.Since.Seq {
					t.Fatalf("%+v: %v", q, err)
				}
				continue
			case err != nil:
				t.Fatalf("%+v: %v", q, err)
			}
			gone += got.Gone
			veiled += veiledSince(t, e, b, q)
			if changes(t, e, b, q, got) {
				changed++
			}
		}
		if changed < 60 || gone < 10 || veiled < 10 {
			t.Errorf("only %d questions saw a change, %d of few persons, and %d things gone", changed, veiled, gone)
		}
	})
}

// veiledSince asks the same in public: behind whatever is told stand none or enough persons.
func veiledSince(t *testing.T, e *Engine, b *brute, q Query) int {
	t.Helper()
	q.By, q.AsOf, q.Category, q.Person = Whole, AsOf{}, 0, ""
	p, err := e.Public(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	now, then := q.twice()
	ind, persons := ledger.IndicatorOf(q.Indicator), map[id.ID]bool{}
	is, was := b.answer(now), b.answer(then)
	after, before := b.living(ind, now, is.Seq, is.Time.UnixMilli()), b.living(ind, then, was.Seq, was.Time.UnixMilli())
	there, thereBefore := b.things(ind, after), b.things(ind, before)
	for _, side := range []struct {
		facts []ledger.Entry
		other map[id.ID]int64
	}{{after, thereBefore}, {before, there}} {
		for _, f := range side.facts {
			thing := f.ID
			switch ind.Measure {
			case ledger.Persons:
				thing = f.Person
			case ledger.Subjects:
				thing = f.Subject
			}
			if side.other[thing] == 0 && f.Person != "" {
				persons[f.Person] = true
			}
		}
	}
	n := len(persons)
	if hide := Personal(ind) && n > 0 && n < Few; p.Hidden != hide || !hide && p.Value != is.Value-was.Value || hide && (p.Value != 0 || p.Parts != nil) {
		t.Fatalf("%+v: hidden %v with %d persons, value %d", q, p.Hidden, n, p.Value)
	}
	if p.Hidden {
		return 1
	}
	return 0
}

// changes holds one answer and its entries against plain loops, and says whether there are any.
func changes(t *testing.T, e *Engine, b *brute, q Query, got Answer) bool {
	t.Helper()
	now, then := q.twice()
	is, was := b.answer(now), b.answer(then)
	if got.Value != is.Value-was.Value || got.Seq != is.Seq {
		t.Fatalf("%+v: %d as of %d, want %d − %d as of %d", q, got.Value, got.Seq, is.Value, was.Value, is.Seq)
	}
	parts := map[string]int64{}
	for _, p := range is.Splits {
		parts[p.Key] += p.Value
	}
	for _, p := range was.Splits {
		parts[p.Key] -= p.Value
	}
	maps.DeleteFunc(parts, func(_ string, n int64) bool { return n == 0 })
	for _, p := range got.Splits {
		if parts[p.Key] != p.Value {
			t.Fatalf("%+v: part %s is %d, want %d", q, p.Key, p.Value, parts[p.Key])
		}
		delete(parts, p.Key)
	}
	if len(parts) > 0 {
		t.Fatalf("%+v: parts %v are missing", q, parts)
	}
	ind := ledger.IndicatorOf(q.Indicator)
	living := func(q Query, a Answer) []ledger.Entry { return b.living(ind, q, a.Seq, a.Time.UnixMilli()) }
	before, after := b.things(ind, living(then, was)), b.things(ind, living(now, is))
	sum, seen, lost := int64(0), map[id.ID]bool{}, int64(0)
	for next := ""; ; {
		page, err := e.Entries(t.Context(), q, next, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Entries {
			in, out := after, before
			if one.Gone {
				in, out = before, after
				lost++
			}
			if seen[one.ID] || in[one.ID] == 0 || out[one.ID] > 0 || one.Facts != in[one.ID] {
				t.Fatalf("%+v: entry %+v, of %d facts then and %d now", q, one, before[one.ID], after[one.ID])
			}
			seen[one.ID] = true
			sum += one.Qty
		}
		if next = page.Next; next == "" {
			break
		}
	}
	only := 0
	for one := range after {
		if before[one] == 0 {
			only++
		}
	}
	for one := range before {
		if after[one] == 0 {
			only++
		}
	}
	if len(seen) != only || got.Entries != int64(only) || got.Gone != lost {
		t.Fatalf("%+v: opens to %d, says %d of which %d gone, want %d of which %d", q, len(seen), got.Entries, got.Gone, only, lost)
	}
	if ind.Measure == ledger.Sum && sum != got.Value {
		t.Fatalf("%+v: entries add up to %d, want %d", q, sum, got.Value)
	}
	return only > 0
}

// TestSinceInWords: a day is its beginning, so what was done on it is new since it.
func TestSinceInWords(t *testing.T) {
	day := time.Date(2020, 3, 5, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	for text, want := range map[string]AsOf{"": {}, "seq:7": {Seq: 7}, "2020-03-05": {Time: day.Add(-time.Millisecond)},
		"2020-03-05T08:00:00+08:00": {Time: day.Add(8 * time.Hour)}} {
		got, err := ParseSince(text)
		if err != nil || got.Seq != want.Seq || !got.Time.Equal(want.Time) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"yesterday", "seq:0", "seq:-1", "2020-02-30", "2020-03-05 08:00"} {
		_, err := ParseSince(text)
		if f := fail.Fields(err); len(f) != 1 || f[0].Field != "since" {
			t.Errorf("%q: %v", text, err)
		}
	}
}
