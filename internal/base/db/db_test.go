package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

// put writes one row of the counter table, which serves these tests as a table of anything.
func put(tx *db.Tx, name string, value int64) error {
	n, err := tx.Exec("INSERT INTO db_counter (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, value)
	if err == nil && n == 0 {
		err = errTwice
	}
	return err
}

var errTwice = errors.New("twice")

func count(t *testing.T, r db.Reader) (n int) {
	t.Helper()
	if err := r.QueryRow(t.Context(), "SELECT COUNT(*) FROM db_counter").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func write(t *testing.T, d *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func TestWriteThenRead(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		write(t, d, func(tx *db.Tx) error {
			if !tx.Now.Equal(dbtest.Start) {
				t.Errorf("tx.Now = %v", tx.Now)
			}
			return put(tx, "甲", 7)
		})
		var v int64
		err := d.QueryRow(t.Context(), "SELECT value FROM db_counter WHERE name = $1 OR name = $1", "甲").Scan(&v)
		if err != nil || v != 7 {
			t.Fatalf("value = %d, %v", v, err)
		}
		err = d.QueryRow(t.Context(), "SELECT value FROM db_counter WHERE name = $1", "乙").Scan(&v)
		if !db.NoRows(err) {
			t.Fatalf("err = %v", err)
		}
		rows, err := d.Query(t.Context(), "SELECT name FROM db_counter WHERE name IN ("+db.In(2, 1)+")", "甲", "乙")
		names, err := db.Collect(rows, err, db.Value[string])
		if err != nil || fmt.Sprint(names) != "[甲]" {
			t.Fatalf("names = %v, %v", names, err)
		}
	})
}

func TestNextAndNewID(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var last id.ID
		for want := int64(1); want <= 3; want++ {
			write(t, d, func(tx *db.Tx) error {
				n, err := tx.Next("kind")
				if n != want {
					t.Errorf("Next = %d, want %d", n, want)
				}
				one := tx.NewID("321281")
				if one <= last {
					t.Errorf("id %s is not after %s", one, last)
				}
				last = one
				return err
			})
		}
	})
}

func TestErrorUndoesTheClosureOnly(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		boom := errors.New("boom")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := put(tx, "a", 1); err != nil {
				return err
			}
			return boom
		})
		if err != boom {
			t.Fatalf("err = %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Fatalf("%d rows stay", n)
		}
	})
}

func TestSnapshotStandsStill(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		err := d.Snapshot(t.Context(), func(r db.Reader) error {
			before := count(t, r)
			write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
			if after := count(t, r); before != 0 || after != 0 {
				t.Errorf("%d rows, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d); n != 1 {
			t.Fatalf("%d rows", n)
		}
	})
}

var (
	_ db.Reader = (*db.DB)(nil)
	_ db.Reader = (*db.Tx)(nil)
	_           = sql.ErrNoRows
	_           = context.Background
)
