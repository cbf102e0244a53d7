package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Engine is which database this is.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options for [Open]; the zero value is right for a server.
type Options struct {
	Now      func() time.Time // the product's clock; time.Now
	Rand     io.Reader        // randomness of ids; crypto/rand
	Batch    int              // most closures in one SQLite commit; 256. 1: no group commit
	Conns    int              // most connections that read; 6 on SQLite, 16 on PostgreSQL, where as many write
	Wait     time.Duration    // how long to wait for another process's SQLite lock; 5 s
	ReadOnly bool             // only reads, beside a running server
	Dry      bool             // a rehearsal: every Write does all it does, and is undone
	Heard    func(q string)   // is told each statement that SQLite reads by, once; nil: nobody is
	Making   bool             // nothing is promised before Close: a seed writes without waiting for the disk, with more memory
}

// sqliteReaders is how many connections read a SQLite file.
const sqliteReaders = 6

func (o Options) withDefaults(e Engine) Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Batch < 1 {
		o.Batch = 256
	}
	if o.Conns < 1 {
		o.Conns = map[Engine]int{SQLite: sqliteReaders, Postgres: 16}[e]
	}
	if o.Wait <= 0 {
		o.Wait = 5 * time.Second
	}
	return o
}

// DB is an open database. It reads outside of any transaction; see [DB.Write] and
// [DB.Snapshot] for the others. It may be used from several goroutines.
type DB struct {
	engine  Engine
	opts    Options
	path    string     // of a SQLite file
	pool    *sql.DB    // of connections that only read
	read    runner     // over pool
	writer  *writer    // SQLite, unless read-only
	writes  *sql.DB    // PostgreSQL, unless read-only
	lock    *os.File   // SQLite, unless read-only
	ids     *id.Source // of new records
	commits atomic.Int64
	rows    atomic.Int64 // inserted in bulk
	writing sync.Map     // PostgreSQL: numbers of goroutines within Write
	closed  atomic.Bool

	watching sync.Mutex // of a new watch
	watches  atomic.Pointer[[]*Watch]

	clock sync.Mutex
	last  time.Time
}

// Open opens "file:PATH", a SQLite file made if missing, or "postgres://…". A SQLite file
// has one writing process: a second one is refused in words. [DB.Migrate] comes next.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	switch {
	case strings.HasPrefix(dsn, "file:"):
		return openSQLite(ctx, strings.TrimPrefix(dsn, "file:"), o.withDefaults(SQLite))
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(ctx, dsn, o.withDefaults(Postgres))
	}
	return nil, fail.New(fail.Invalid, "db.dsn")
}

func newDB(e Engine, o Options) *DB {
	return &DB{engine: e, opts: o, ids: &id.Source{Random: o.Rand}}
}

// Engine says which engine this is.
func (d *DB) Engine() Engine { return d.engine }

// Commits counts the commits that kept something.
func (d *DB) Commits() int64 { return d.commits.Load() }

// Inserted counts the rows that were inserted in bulk, kept or not.
func (d *DB) Inserted() int64 { return d.rows.Load() }

// Now is the product's clock, to the millisecond. A clock that jumps back is held where it
// was until it has caught up.
func (d *DB) Now() time.Time {
	now := d.opts.Now().Truncate(time.Millisecond)
	d.clock.Lock()
	defer d.clock.Unlock()
	if now.After(d.last) {
		d.last = now
	}
	return d.last
}

// Query reads outside of any transaction.
func (d *DB) Query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	rows, err := d.read.QueryContext(ctx, q, args...)
	return rows, d.explain(err)
}

// QueryRow reads one row outside of any transaction.
func (d *DB) QueryRow(ctx context.Context, q string, args ...any) *sql.Row {
	return d.read.QueryRowContext(ctx, q, args...)
}

// Snapshot gives f a reader to which the database stands still from its first statement on.
func (d *DB) Snapshot(ctx context.Context, f func(r Reader) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.pool.BeginTx(ctx, o)
	if err != nil {
		return d.explain(err)
	}
	defer tx.Rollback()
	var run runner = tx
	if p, ok := d.read.(*prepared); ok {
		run = within{p, tx}
	}
	return d.explain(f(snapshot{run}))
}

type snapshot struct{ run runner }

func (s snapshot) Query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	return s.run.QueryContext(ctx, q, args...)
}

func (s snapshot) QueryRow(ctx context.Context, q string, args ...any) *sql.Row {
	return s.run.QueryRowContext(ctx, q, args...)
}

var errNested = errors.New("db: a Write within a Write: pass the *Tx on")

// Write runs f in a transaction and answers after its commit. f's error undoes what f did
// and comes back as it is; a panic comes back as a [Panic]. f may run more than once, so it
// assigns and never appends to outer variables; it is short and holds no network call.
//
// When ctx ends before f's turn has come, Write answers at once and f never runs; once f
// has begun, Write waits for its outcome.
func (d *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	if d.opts.ReadOnly {
		return fail.New(fail.Unavailable, "db.read_only")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if outer, _ := ctx.Value(markerKey{}).(*Tx); outer != nil && outer.db == d && !outer.ended.Load() {
		return errNested
	}
	if d.opts.Dry {
		f = rehearsal(f)
	}
	var tx *Tx
	var err error
	if d.engine == SQLite {
		tx, err = d.writer.write(ctx, f)
	} else {
		tx, err = d.writePostgres(ctx, f)
	}
	if errors.Is(err, errDry) {
		return nil
	}
	if err != nil {
		return d.explain(err)
	}
	tx.tell()
	for _, hook := range tx.after {
		hook()
	}
	return nil
}

var errDry = errors.New("db: undone, as it was only a rehearsal")

// rehearsal undoes what went well.
func rehearsal(f func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errDry
	}
}

// Close waits for the writes that are queued, refuses new ones, and closes.
func (d *DB) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	var err error
	if d.writer != nil {
		d.writer.close()
		err = d.settle()
	}
	err = errors.Join(err, d.pool.Close())
	if d.writes != nil {
		err = errors.Join(err, d.writes.Close())
	}
	if d.lock != nil {
		err = errors.Join(err, d.lock.Close())
	}
	return err
}

// explain puts words to what the engine says, where a person can do something about it.
func (d *DB) explain(err error) error {
	if err == nil || fail.KindOf(err) != fail.Internal {
		return err
	}
	key := ""
	if d.engine == SQLite {
		key = sqliteKey(err)
	} else {
		key = postgresKey(err)
	}
	if key == "" {
		return err
	}
	return fail.Wrap(err, fail.Unavailable, key)
}
