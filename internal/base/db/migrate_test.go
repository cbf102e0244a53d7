package db_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// files are two migrations after those that a test's database already has; the second ends
// with the statement given.
func files(last string) fs.FS {
	out := fstest.MapFS{}
	_ = fs.WalkDir(db.Migrations(), ".", func(name string, e fs.DirEntry, _ error) error {
		if !e.IsDir() {
			out[name] = &fstest.MapFile{Data: []byte("-- +goose Up\nSELECT 1;\n")}
		}
		return nil
	})
	out["20990101000001_one.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE one (id BIGINT);\n")}
	out["20990101000002_two.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE two (id BIGINT);\n" +
		"INSERT INTO two (id) VALUES (2);\n" + last + ";\n")}
	return out
}

// endless keeps the second migration busy until its process is killed. PostgreSQL's own
// process notices only after its statement.
var endless = map[db.Engine]string{
	db.SQLite:   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
	db.Postgres: "SELECT pg_sleep(2)",
}

// there counts the rows of a table; -1 without such a table.
func there(d *db.DB, table string) (n int) {
	if d.QueryRow(context.Background(), "SELECT COUNT(*) FROM "+table).Scan(&n) != nil {
		return -1
	}
	return n
}

func TestMigrateAgainDoesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		write(t, d, func(tx *db.Tx) error { return put(tx, "kept", 1) })
		for range 2 {
			if err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestMigrationFailsInTheMiddle(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		if err := d.MigrateFiles(t.Context(), files("SELECT nothing FROM nowhere")); err == nil {
			t.Fatal("no error")
		}
		if there(d, "one") != 0 || there(d, "two") != -1 {
			t.Errorf("one: %d, two: %d", there(d, "one"), there(d, "two"))
		}
		write(t, d, func(tx *db.Tx) error { return put(tx, "still at work", 1) })
		if err := d.MigrateFiles(t.Context(), files("SELECT 1")); err != nil || there(d, "two") != 1 {
			t.Errorf("%v, two: %d", err, there(d, "two"))
		}
	})
}

func TestMigrationKilled(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			dsn := dbtest.DSN(t, e)
			lines, kill := child(t, "migrate", dsn)
			lines.Scan()
			beside := dbtest.Reopen(t, dsn, db.Options{ReadOnly: true})
			for busy := false; !busy; { // until the second migration is at work
				if e == db.SQLite {
					busy = there(beside, "one") == 0 && lockedByOther(t, dsn)
				} else if err := beside.QueryRow(t.Context(),
					"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT pg_sleep(2);')").Scan(&busy); err != nil {
					t.Fatal(err)
				}
			}
			kill()
			for lines.Scan() { // until it is gone
			}
			if there(beside, "two") != -1 {
				t.Error("half a migration stays")
			}
			d := dbtest.Reopen(t, dsn, db.Options{})
			if err := d.MigrateFiles(t.Context(), files("SELECT 1")); err != nil || there(d, "two") != 1 {
				t.Errorf("%v, two: %d", err, there(d, "two"))
			}
		})
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		if err := d.MigrateFiles(t.Context(), files("SELECT 1")); err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(t.Context()); fail.Key(err) != "db.newer" {
			t.Errorf("err = %v", err)
		}
	})
}

// Several nodes start at once on a new database: one migrates, the others wait for it.
func TestNodesMigrateAtOnce(t *testing.T) {
	var all sync.WaitGroup
	dsn := dbtest.Empty(t)
	for range 3 {
		d := dbtest.Reopen(t, dsn, db.Options{Conns: 4})
		all.Go(func() {
			if err := d.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
			if there(d, "db_counter") != 0 {
				t.Error("no table")
			}
		})
	}
	all.Wait()
}

func TestNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "同心 #1 100%25.db")
	d := dbtest.Reopen(t, "file:"+path, db.Options{})
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
	for _, beside := range []string{"", "-wal", "-shm", ".lock"} {
		if info, err := os.Stat(path + beside); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v, %v", beside, info, err)
		}
	}
	if there(d, "jobs_job") != 0 {
		t.Error("not migrated")
	}
}

func TestCheckSchema(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		if err := d.CheckSchema(t.Context()); err != nil {
			t.Fatalf("of this program: %v", err)
		}
		for key, change := range map[string]string{
			"db.newer": "UPDATE goose_db_version SET version_id = 20990101000000 WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)",
			"db.older": "UPDATE goose_db_version SET version_id = 20190101000000 WHERE version_id > 0",
		} {
			write(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(change)
				return err
			})
			if err := d.CheckSchema(t.Context()); fail.Key(err) != key {
				t.Errorf("want %s: %v", key, err)
			}
		}
	})
}
