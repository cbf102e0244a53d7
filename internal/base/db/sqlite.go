package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tongxin/internal/base/fail"
)

var errLocked = errors.New("locked")

func openSQLite(ctx context.Context, path string, o Options) (_ *DB, err error) {
	if path == "" || strings.Contains(path, "?") || strings.HasPrefix(path, ":") {
		return nil, fail.New(fail.Invalid, "db.dsn")
	}
	d := newDB(SQLite, o)
	d.path = path
	defer func() {
		if err != nil && d.lock != nil {
			d.lock.Close()
		}
	}()
	if o.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, pathError(err, path)
		}
	} else {
		if d.lock, err = lockFile(path + ".lock"); err != nil {
			return nil, pathError(err, path)
		}
		if err := private(path); err != nil {
			return nil, pathError(err, path)
		}
		if d.writer, err = newWriter(ctx, d); err != nil {
			return nil, d.notOpen(err)
		}
	}
	d.pool = d.sqlitePool(o.Conns, "query_only(1)", cacheOf(readerCache))
	if err := d.pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(new(int)); err != nil {
		d.Close()
		return nil, d.notOpen(err)
	}
	d.read = &prepared{on: d.pool, heard: o.Heard}
	return d, nil
}

// What SQLite may keep of the file in memory, in KiB: the one connection that writes, and each of
// those that read. The system keeps the file's pages once more, for all of them.
const (
	writerCache = 10 << 10
	readerCache = 2 << 10

	// MostCache is what they may take altogether, in bytes, when a database serves: the driver's
	// allocator has slots of 8 KiB for pages of 4 with what SQLite notes of them.
	MostCache = 2 * (writerCache + sqliteReaders*readerCache) << 10
)

func cacheOf(kib int) string { return fmt.Sprintf("cache_size(-%d)", kib) }

// private makes a missing file that only its owner may read; SQLite gives the files it puts
// beside it the same mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// pathError says why a file cannot be opened at all.
func pathError(err error, path string) error {
	switch {
	case errors.Is(err, errLocked):
		return fail.Wrap(err, fail.Unavailable, "db.locked", "file", path)
	case errors.Is(err, fs.ErrNotExist):
		return fail.Wrap(err, fail.Invalid, "db.missing", "file", path)
	case errors.Is(err, fs.ErrPermission):
		return fail.Wrap(err, fail.Invalid, "db.permission", "file", path)
	}
	return fail.Wrap(err, fail.Unavailable, "db.open", "file", path)
}

// notOpen says why a file that is there cannot be used.
func (d *DB) notOpen(err error) error {
	if key := sqliteKey(err); key != "" {
		return fail.Wrap(err, fail.Unavailable, key)
	}
	return pathError(err, d.path)
}

// settle brings to the disk what a database that was being made has not waited for.
func (d *DB) settle() error {
	if !d.opts.Making {
		return nil
	}
	pool := d.sqlitePool(1)
	defer pool.Close()
	_, err := pool.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return d.explain(err)
}

// escape makes a path part of a URI.
var escape = strings.NewReplacer("%", "%25", "#", "%23")

// Which driver opens SQLite files, on which file layer of its own ("": the system's), and how
// many pages of write-ahead log are written back at once. The tests of power cuts have theirs.
var (
	sqliteDriver    = "sqlite"
	sqliteLayer     = ""
	checkpointPages = 4000
)

// sqlitePool opens connections to the file. What is only set for a connection is set here;
// the file itself remembers WAL.
func (d *DB) sqlitePool(conns int, pragmas ...string) *sql.DB {
	var b strings.Builder
	fmt.Fprintf(&b, "file:%s?mode=rw&_pragma=busy_timeout(%d)", escape.Replace(d.path), d.opts.Wait.Milliseconds())
	for _, p := range lastOfEach(append([]string{"foreign_keys(1)", "synchronous(2)", "temp_store(2)"}, pragmas...)) {
		b.WriteString("&_pragma=" + p)
	}
	b.WriteString(sqliteLayer)
	pool, err := sql.Open(sqliteDriver, b.String())
	if err != nil {
		panic(err) // database/sql only fails here on an unknown driver
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool
}

// lastOfEach leaves of pragmas that are said twice the last: the driver sorts them.
func lastOfEach(pragmas []string) (all []string) {
	name := func(p string) string { n, _, _ := strings.Cut(p, "("); return n }
	for i, p := range pragmas {
		if !slices.ContainsFunc(pragmas[i+1:], func(later string) bool { return name(later) == name(p) }) {
			all = append(all, p)
		}
	}
	return all
}

// code is the primary result code of SQLite within err; 0 without one.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func sqliteKey(err error) string {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "db.busy"
	case sqlite3.SQLITE_FULL:
		return "db.full"
	case sqlite3.SQLITE_IOERR:
		return "db.io"
	case sqlite3.SQLITE_READONLY:
		return "db.read_only"
	case sqlite3.SQLITE_NOTADB:
		return "db.not_database"
	case sqlite3.SQLITE_CORRUPT:
		return "db.corrupt"
	}
	return ""
}
