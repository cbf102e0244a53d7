package ledger_test

import (
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// TestManyAtOnce: facts posted in bulk are those that one by one would make, the book holds,
// and nothing is posted twice.
func TestManyAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		k := turns
		facts := make([]ledger.Fact, 150)
		write := func(f func(tx *db.Tx) error) error { return d.Write(t.Context(), f) }
		err := write(func(tx *db.Tx) error {
			for i := range facts {
				facts[i] = ledger.Fact{Kind: k, Day: "2020-02-28", Org: 1, Unit: 1, Area: 321281000000, Subject: tx.NewID("321281"), Person: tx.NewID("321281"),
					Qty: int64(i), By: id.ID("321281-0000000000000001")}
			}
			return ledger.PostAll(tx, "test", facts)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := write(func(tx *db.Tx) error { return ledger.ReverseAll(tx, "test", facts[:70], facts[0].By) }); err != nil {
			t.Fatal(err)
		}
		if err := write(func(tx *db.Tx) error { return ledger.PostAll(tx, "test", facts[:1]) }); err == nil {
			t.Error("a fact is posted twice")
		}
		var n, qty, last int64
		err = d.QueryRow(t.Context(), "SELECT COUNT(*), CAST(SUM(qty) AS BIGINT), MAX(seq) FROM ledger_fact WHERE home = $1", "321281").Scan(&n, &qty, &last)
		if err != nil || n != 220 || qty != 150*149/2-70*69/2 || last != 220 {
			t.Errorf("%d facts of %d, the last is %d: %v", n, qty, last, err)
		}
		checks, err := ledger.Verify(t.Context(), d, d.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 || c.Name == "ledger.chain" && c.Checked != 220 {
				t.Errorf("%s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
			}
		}
	})
}

// TestBulkTellsOfMomentsPast: facts of moments past are what posting them then would have
// made, each moment with its own seal, and go on from one transaction to the next.
func TestBulkTellsOfMomentsPast(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		begin := db.MS(d.Now())
		shift, by := newID(t, d), newID(t, d)
		fact := func(person id.ID) ledger.Fact {
			return ledger.Fact{Kind: turns, Day: "2020-02-28", Org: 1, Unit: 2, Area: 321281000000, Subject: shift, Person: person, Qty: 1, By: by}
		}
		var people []id.ID
		var posted []ledger.Posted
		for range 40 {
			people = append(people, newID(t, d))
			posted = append(posted, ledger.Posted{})
		}
		c.Add(time.Hour)
		bulk := func(f func(b *ledger.Bulk) error) {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				b := ledger.NewBulk(tx, "test")
				if err := f(b); err != nil {
					return err
				}
				return b.Write()
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		minute := time.Minute.Milliseconds()
		bulk(func(b *ledger.Bulk) (err error) {
			for i := len(people) - 1; i >= 0; i-- { // the order of moments is not that of the calls
				if posted[i], err = b.Post(fact(people[i]), begin+int64(i/4)*minute, 1); err != nil {
					return err
				}
			}
			return nil
		})
		c.Add(time.Hour)
		bulk(func(b *ledger.Bulk) error {
			now := db.MS(d.Now())
			if err := b.Reverse(fact(people[3]), posted[3], now-minute, by); err != nil {
				return err
			}
			_, err := b.Post(fact(people[3]), now, posted[3].Rev+1)
			return err
		})
		c.Add(time.Hour)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return ledger.Post(tx, fact(by)) }); err != nil {
			t.Fatal(err)
		}
		seal(t, d)
		for name, check := range verify(t, d) {
			if check.Broken > 0 || name == "ledger.chain" && check.Checked != 43 || name == "ledger.seals" && check.Checked != 13 {
				t.Errorf("%s: %+v", name, check)
			}
		}
		for i := range 10 {
			seq, err := ledger.Book().AsOf(t.Context(), d, db.Time(begin+int64(i)*minute))
			if err != nil || seq != int64(i+1)*4 {
				t.Errorf("after %d minutes %d facts stood, %v", i, seq, err)
			}
		}
		was, err := ledger.Of(t.Context(), d, shift)
		if err != nil || len(was) != 43 || was[0].Posted != begin || !slices.ContainsFunc(was, func(e ledger.Entry) bool { return e.Person == people[3] && e.Reversed }) {
			t.Errorf("%d facts, %v", len(was), err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return ledger.Post(tx, fact(people[3])) }); fail.Key(err) != "ledger.twice" {
			t.Errorf("what was posted anew is not known as such: %v", err)
		}
	})
}
