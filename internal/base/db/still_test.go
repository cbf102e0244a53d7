package db_test

import (
	"io"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// What was read is read once until something is committed, by whatever way, or a second has
// passed on the product's clock; what was read while something was committed is not kept, and
// what could not be read neither.
func TestStill(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var s db.Still
		count := func() {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Next("still"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		read := 0
		ask := func(meanwhile func()) (n int64) {
			t.Helper()
			n, err := db.While(&s, d, "count", func() (n int64, err error) {
				read++
				err = d.QueryRow(t.Context(), "SELECT COALESCE(MAX(value), 0) FROM db_counter WHERE name = 'still'").Scan(&n)
				meanwhile()
				return n, err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		expect := func(want int64, reads int) {
			t.Helper()
			if n := ask(func() {}); n != want || read != reads {
				t.Errorf("%d after %d readings, want %d after %d", n, read, want, reads)
			}
		}
		expect(0, 1)
		expect(0, 1)
		count()
		expect(1, 2)
		clock.Add(time.Second)
		expect(1, 3)
		expect(1, 3)
		count()
		if n := ask(count); n != 2 {
			t.Errorf("%d, want 2", n)
		}
		expect(3, 5)
		for range 2 {
			if _, err := db.While(&s, d, "broken", func() (int, error) { read++; return 0, io.EOF }); err != io.EOF {
				t.Errorf("it answers %v", err)
			}
		}
		if read != 7 {
			t.Errorf("what could not be read was kept: %d readings", read)
		}
	})
}
