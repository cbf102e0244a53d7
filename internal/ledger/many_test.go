package ledger_test

import (
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
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
