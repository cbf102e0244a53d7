package db_test

import (
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// What a transaction read is read once, until it writes to a table of that area by any of its ways;
// the next transaction, and who reads outside of one, reads again.
func TestWhatATransactionReadIsRemembered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		asked := 0
		last := func(r db.Reader) (n int64) {
			t.Helper()
			n, err := db.Remember(r, "db", "remembered", func() (n int64, err error) {
				asked++
				err = r.QueryRow(t.Context(), "SELECT COALESCE(MAX(value), 0) FROM db_counter WHERE name = 'remembered'").Scan(&n)
				return n, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		expect := func(r db.Reader, want int64, reads int) {
			t.Helper()
			if n := last(r); n != want || asked != reads {
				t.Errorf("%d after %d readings, want %d after %d", n, asked, want, reads)
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			expect(tx, 0, 1)
			expect(tx, 0, 1)
			if _, err := tx.Next("remembered"); err != nil { // a row that is written and read
				return err
			}
			expect(tx, 1, 2)
			expect(tx, 1, 2)
			if _, err := tx.Exec("/* why */ UPDATE db_counter SET value = 7 WHERE name = 'remembered'"); err != nil {
				return err
			}
			expect(tx, 7, 3)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(d, 7, 4)
		expect(d, 7, 5)
		if err := d.Write(t.Context(), func(tx *db.Tx) error { expect(tx, 7, 6); return nil }); err != nil {
			t.Fatal(err)
		}
	})
}
