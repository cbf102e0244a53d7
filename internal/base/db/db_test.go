package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
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

func TestValuesComeBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec("CREATE TABLE v (i BIGINT, s TEXT, y BYTEA, b BOOLEAN, n BIGINT, ref TEXT)")
			return err
		})
		type row struct {
			i   int64
			s   string
			y   []byte
			b   bool
			n   sql.NullInt64
			ref id.ID
		}
		rows := []row{
			{math.MaxInt64, "𠮷野家 １２３ 'it''s' $1 ?", []byte{0, 1, 255}, true, sql.NullInt64{Int64: -1, Valid: true}, "321281-01jd3k8zq4w7c2xv"},
			{math.MinInt64, "", []byte{}, false, sql.NullInt64{}, ""},
			{0, "x", nil, true, sql.NullInt64{}, ""},
		}
		for _, in := range rows {
			write(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec("INSERT INTO v (i, s, y, b, n, ref) VALUES ($1, $2, $3, $4, $5, $6)", in.i, in.s, in.y, in.b, in.n, in.ref)
				return err
			})
			var out row
			err := d.QueryRow(t.Context(), "SELECT i, s, y, b, n, ref FROM v WHERE i = $1 AND b = $2", in.i, in.b).
				Scan(&out.i, &out.s, &out.y, &out.b, &out.n, &out.ref)
			if len(in.y) == 0 && len(out.y) == 0 { // SQLite's driver gives nil for empty
				out.y = in.y
			}
			if err != nil || !reflect.DeepEqual(in, out) {
				t.Errorf("in %+v, out %+v, %v", in, out, err)
			}
		}
		var nulls int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM v WHERE y IS NULL").Scan(&nulls); err != nil || nulls != 1 {
			t.Errorf("%d nulls, %v", nulls, err)
		}
		var sum int64
		if err := d.QueryRow(t.Context(), "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM v").Scan(&sum); err != nil || sum != -1 {
			t.Errorf("sum = %d, %v", sum, err)
		}
	})
}

// A statement that fails fails its closure, whatever the closure makes of it.
func TestFailedStatementFailsTheClosure(t *testing.T) {
	duplicate := "INSERT INTO db_counter (name, value) VALUES ('a', 1)"
	ways := map[string]func(tx *db.Tx){
		"Exec":     func(tx *db.Tx) { _, _ = tx.Exec(duplicate) },
		"Query":    func(tx *db.Tx) { _, _ = tx.Query(tx.Context(), "SELECT nothing FROM nowhere") },
		"QueryRow": func(tx *db.Tx) { _ = tx.QueryRow(tx.Context(), duplicate+" RETURNING value") },
		"COMMIT":   func(tx *db.Tx) { _, _ = tx.Exec("COMMIT") },
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		for name, way := range ways {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if err := put(tx, "a", 1); err != nil {
					return err
				}
				way(tx)
				if _, err := tx.Exec("SELECT 1"); err == nil {
					t.Errorf("%s: a statement runs after the failed one", name)
				}
				if err := tx.QueryRow(tx.Context(), "SELECT 1").Scan(new(int)); err == nil {
					t.Errorf("%s: a row comes after the failed statement", name)
				}
				return nil
			})
			if err == nil || count(t, d) != 0 {
				t.Errorf("%s: err = %v, %d rows", name, err, count(t, d))
			}
		}
	})
}

func TestTxEndsWithItsClosure(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var kept *db.Tx
		write(t, d, func(tx *db.Tx) error { kept = tx; return nil })
		if err := put(kept, "late", 1); err == nil {
			t.Error("a Tx wrote after its closure")
		}
		// Its context is only a context by then.
		if err := d.Write(kept.Context(), func(tx *db.Tx) error { return put(tx, "a", 1) }); err != nil {
			t.Error(err)
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

// Rows that a closure forgets to close stand in nobody's way.
func TestForgottenRows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		for i := range 20 {
			write(t, d, func(tx *db.Tx) error {
				if err := put(tx, fmt.Sprint(i), 1); err != nil {
					return err
				}
				rows, err := tx.Query(tx.Context(), "SELECT name FROM db_counter")
				if err == nil {
					rows.Next()
				}
				return err
			})
		}
		if n := count(t, d); n != 20 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestReadersDoNotWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const insert = "INSERT INTO db_counter (name, value) VALUES ('a', 1) RETURNING value"
		if err := d.QueryRow(t.Context(), insert).Scan(new(int)); err == nil {
			t.Error("a DB wrote outside of Write")
		}
		err := d.Snapshot(t.Context(), func(r db.Reader) error {
			return r.QueryRow(t.Context(), insert).Scan(new(int))
		})
		if fail.Key(err) != "db.read_only" {
			t.Errorf("err = %v", err)
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestForeignKeysHold(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec("CREATE TABLE child (name TEXT REFERENCES db_counter (name))")
			return err
		})
		orphan := func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO child (name) VALUES ($1)", "a")
			return err
		}
		if err := d.Write(t.Context(), orphan); err == nil {
			t.Error("a row refers to nothing")
		}
		write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
		write(t, d, orphan)
	})
}

func TestClockNeverGoesBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		c.Set(dbtest.Start.Add(time.Hour + 1500*time.Microsecond))
		later := dbtest.Start.Add(time.Hour + time.Millisecond)
		var last id.ID
		for _, back := range []time.Duration{0, time.Minute, 24 * time.Hour} {
			c.Add(-back)
			write(t, d, func(tx *db.Tx) error {
				if !tx.Now.Equal(later) || !d.Now().Equal(later) {
					t.Errorf("back by %v: tx.Now = %v, want %v", back, tx.Now, later)
				}
				one := tx.NewID("000000")
				if one <= last {
					t.Errorf("id %s is not after %s", one, last)
				}
				last = one
				return nil
			})
		}
	})
}

func TestSameRandomSameIDs(t *testing.T) {
	var runs [2][]id.ID
	for i := range runs {
		d, _ := dbtest.OpenWith(t, db.SQLite, db.Options{Rand: rand.NewChaCha8([32]byte{7})})
		for range 5 {
			write(t, d, func(tx *db.Tx) error {
				runs[i] = append(runs[i], tx.NewID("321281"))
				return nil
			})
		}
	}
	if !slices.Equal(runs[0], runs[1]) {
		t.Errorf("%v\n%v", runs[0], runs[1])
	}
}

func TestMoreStatementsThanAreKept(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
	for i := range db.MostStatements + 50 {
		var sum int
		if err := d.QueryRow(t.Context(), fmt.Sprintf("SELECT value + %d FROM db_counter", i)).Scan(&sum); err != nil || sum != i+1 {
			t.Fatalf("%d: %d, %v", i, sum, err)
		}
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestMoments(t *testing.T) {
	at := dbtest.Start.Add(123 * time.Millisecond)
	if got := db.Time(db.MS(at)); !got.Equal(at) {
		t.Errorf("%v, want %v", got, at)
	}
	if db.Stamp(at) != fmt.Sprint(db.MS(at)) {
		t.Error(db.Stamp(at))
	}
	late := time.Date(2020, 2, 28, 16, 30, 0, 0, time.UTC) // past midnight in China
	if db.Day(late) != "2020-02-29" || db.Day(at) != "2020-02-28" {
		t.Error(db.Day(late), db.Day(at))
	}
}
