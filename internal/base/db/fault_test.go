package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// rival is another program's connection to a SQLite file.
func rival(t *testing.T, dsn string) *sql.Conn {
	t.Helper()
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func lockedByOther(t *testing.T, dsn string) bool {
	t.Helper()
	c := rival(t, dsn)
	defer c.Close()
	if _, err := c.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		return true
	}
	_, err := c.ExecContext(t.Context(), "ROLLBACK")
	return err != nil
}

// Another program holds SQLite's lock: everyone who waits is told so, nobody's closure
// runs, and it goes on once the lock is gone.
func TestBusy(t *testing.T) {
	dsn := dbtest.DSN(t, db.SQLite)
	d := dbtest.Reopen(t, dsn, db.Options{Wait: 20 * time.Millisecond})
	write(t, d, func(tx *db.Tx) error { return put(tx, "before", 1) })
	other := rival(t, dsn)
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		err := d.Write(t.Context(), func(tx *db.Tx) error { t.Error("ran"); return nil })
		if fail.Key(err) != "db.busy" || fail.KindOf(err) != fail.Unavailable {
			t.Errorf("err = %v", err)
		}
		if n := count(t, d); n != 1 { // readers do not mind
			t.Errorf("%d rows", n)
		}
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "after", 1) })
}

// Whoever gives up while the writer waits for the lock is answered at once.
func TestCancelWhileBusy(t *testing.T) {
	dsn := dbtest.DSN(t, db.SQLite)
	d := dbtest.Reopen(t, dsn, db.Options{Wait: time.Hour})
	other := rival(t, dsn)
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- d.Write(ctx, func(tx *db.Tx) error { t.Error("ran"); return nil }) }()
	for d.Queued() == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "after", 1) })
}

// The disk is full for one closure of the batch; the others fit.
func TestFull(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	var pages int
	if err := d.QueryRow(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages+20))
		return err
	})
	var closures []func(tx *db.Tx) error
	for i := range 10 {
		closures = append(closures, func(tx *db.Tx) error {
			name := fmt.Sprint(i)
			if i == 5 {
				name = strings.Repeat("满", 100_000)
			}
			if err := put(tx, name+"a", 1); err != nil {
				return err
			}
			return put(tx, name+"b", 1)
		})
	}
	for i, err := range batch(t, d, closures...) {
		if i == 5 && (fail.Key(err) != "db.full" || fail.KindOf(err) != fail.Unavailable) || i != 5 && err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := count(t, d); n != 18 {
		t.Errorf("%d rows", n)
	}
}

// One process writes a file; a second one is refused in words, may read, and may write
// once the first is gone, however it went.
func TestLockedByAnotherProcess(t *testing.T) {
	dsn := dbtest.DSN(t, db.SQLite)
	lines, kill := child(t, "hold", dsn)
	if !lines.Scan() {
		t.Fatal("the child did not open")
	}
	_, err := db.Open(t.Context(), dsn, db.Options{})
	if fail.Key(err) != "db.locked" || fail.KindOf(err) != fail.Unavailable {
		t.Fatalf("err = %v", err)
	}
	reader := dbtest.Reopen(t, dsn, db.Options{ReadOnly: true})
	if n := count(t, reader); n != 0 {
		t.Errorf("%d rows", n)
	}
	if err := reader.Write(t.Context(), nil); fail.Key(err) != "db.read_only" {
		t.Errorf("err = %v", err)
	}
	if err := reader.Migrate(t.Context()); fail.Key(err) != "db.read_only" {
		t.Errorf("err = %v", err)
	}
	kill()
	for lines.Scan() {
	}
	d := dbtest.Reopen(t, dsn, db.Options{})
	write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
	if n := count(t, reader); n != 1 {
		t.Errorf("%d rows", n)
	}
	if _, err := db.Open(t.Context(), dsn, db.Options{}); fail.Key(err) != "db.locked" {
		t.Errorf("twice in one process: %v", err)
	}
}

// A process that writes is killed: all that it acknowledged is there, once, and at most
// what was on its way besides.
func TestKilledWhileWriting(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			dsn := dbtest.DSN(t, e)
			lines, kill := child(t, "write", dsn)
			var acknowledged []string
			for lines.Scan() {
				acknowledged = append(acknowledged, lines.Text())
				if len(acknowledged) == 500 {
					kill()
				}
			}
			if len(acknowledged) < 500 {
				t.Fatalf("only %d writes", len(acknowledged))
			}
			d := dbtest.Reopen(t, dsn, db.Options{})
			for _, name := range acknowledged {
				var n int
				if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM db_counter WHERE name = $1", name).Scan(&n); err != nil || n != 1 {
					t.Errorf("%s: %d, %v", name, n, err)
				}
			}
			if n := count(t, d); n > len(acknowledged)+2*childWriters {
				t.Errorf("%d rows, %d acknowledged", n, len(acknowledged))
			}
			write(t, d, func(tx *db.Tx) error { return put(tx, "after", 1) })
		})
	}
}

func TestOpenRefusesInWords(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dsn      string
		readOnly bool
		key      string
	}{
		{"", false, "db.dsn"},
		{"data.db", false, "db.dsn"},
		{"mysql://localhost/x", false, "db.dsn"},
		{"file:", false, "db.dsn"},
		{"file::memory:", false, "db.dsn"},
		{"file:" + dir + "/x.db?mode=memory", false, "db.dsn"},
		{"postgres://localhost:notaport/x", false, "db.dsn"},
		{"file:" + dir + "/no/such/place.db", false, "db.missing"},
		{"file:" + dir + "/missing.db", true, "db.missing"},
		{"file:" + dir, false, "db.open"},
		{"file:" + text, false, "db.not_database"},
		{"file:" + text, true, "db.not_database"},
		{"postgres://nobody:secret@127.0.0.1:1/none?connect_timeout=1", false, "db.unreachable"},
	} {
		d, err := db.Open(t.Context(), c.dsn, db.Options{ReadOnly: c.readOnly})
		if err == nil {
			d.Close()
		}
		if fail.Key(err) != c.key {
			t.Errorf("%q: %v, want %s", c.dsn, err, c.key)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", c.dsn, err)
		}
	}
	if _, err := os.Stat(dir + "/missing.db"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made a file: %v", err)
	}
}
