package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"tongxin/internal/base/id"
)

// Reader reads: a *DB outside of any transaction, a [DB.Snapshot], or a *Tx. Domains take
// one for what they only read.
type Reader interface {
	Query(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, q string, args ...any) *sql.Row
}

// Tx is one closure's turn to write; it ends with the closure. A statement that fails
// fails the closure, on both engines, even when its error is dropped: what may collide
// says ON CONFLICT DO NOTHING and looks at the rows affected.
type Tx struct {
	// Now is the moment of this closure, to the millisecond: the only clock of domain
	// code. It never goes back within a process.
	Now time.Time

	db     *DB
	ctx    context.Context
	run    runner
	open   []*sql.Rows
	after  []func()
	failed error
	ended  atomic.Bool

	touched []touch                // what watches are told of
	known   map[string]map[any]any // see [Remember]
}

var errEnded = errors.New("db: a Tx used after its closure")

// Exec runs a statement and gives the number of rows it touched.
func (tx *Tx) Exec(q string, args ...any) (int64, error) {
	if err := tx.refuse(q); err != nil {
		return 0, err
	}
	tx.wrote(q)
	res, err := tx.run.ExecContext(tx.ctx, q, args...)
	if err != nil {
		return 0, tx.fail(q, err)
	}
	return res.RowsAffected()
}

// Query reads within the transaction. The context is there for [Reader] and not used: a
// cancelled statement would take its neighbours' work with it. Close the rows before the
// next statement: PostgreSQL wants it so.
func (tx *Tx) Query(_ context.Context, q string, args ...any) (*sql.Rows, error) {
	if err := tx.refuse(q); err != nil {
		return nil, err
	}
	tx.wrote(q)
	rows, err := tx.run.QueryContext(tx.ctx, q, args...)
	if err != nil {
		return nil, tx.fail(q, err)
	}
	tx.open = append(tx.open, rows)
	return rows, nil
}

// QueryRow reads one row within the transaction; RETURNING comes this way too.
func (tx *Tx) QueryRow(_ context.Context, q string, args ...any) *sql.Row {
	if err := tx.refuse(q); err != nil {
		return failedRow(err)
	}
	tx.wrote(q)
	row := tx.run.QueryRowContext(tx.ctx, q, args...)
	if err := row.Err(); err != nil {
		tx.fail(q, err)
	}
	return row
}

// NewID names a new record of that home: its time is Now, and it sorts after every id made
// before it in this process.
func (tx *Tx) NewID(home string) id.ID { return tx.db.ids.New(home, tx.Now) }

// Next takes the next number of a counter, from 1 on, never given twice: what is undone
// gives its number back before anyone else sees it.
func (tx *Tx) Next(counter string) (n int64, err error) {
	err = tx.QueryRow(tx.ctx, `INSERT INTO db_counter (name, value) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET value = db_counter.value + 1 RETURNING value`, counter).Scan(&n)
	return n, err
}

// After calls f in the caller's goroutine once the closure is committed. f may Write.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Context is for libraries that want one: it carries the caller's values and is never
// cancelled.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Engine says which engine this is; nothing outside of base should ask.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// Batch is the joined participant of that name: nil on PostgreSQL and for other names.
func (tx *Tx) Batch(name string) Batcher {
	if tx.db.writer == nil {
		return nil
	}
	for _, p := range tx.db.writer.batchers {
		if p.name == name {
			return p.Batcher
		}
	}
	return nil
}

// markerKey finds, in a context, the Tx whose closure it was given to.
type markerKey struct{}

// newTx begins a closure's turn on run.
func (d *DB) newTx(ctx context.Context, run runner) *Tx {
	tx := &Tx{Now: d.Now(), db: d, run: run}
	tx.ctx = context.WithValue(context.WithoutCancel(ctx), markerKey{}, tx)
	return tx
}

// refuse says why a statement may not run. On SQLite preparing it asks the same.
func (tx *Tx) refuse(q string) error {
	if tx.failed == nil && tx.db.engine == Postgres {
		if _, err := translate(q); err != nil {
			return tx.fail(q, err)
		}
	}
	return tx.failed
}

func (tx *Tx) fail(q string, err error) error {
	tx.failed = fmt.Errorf("%w (in: %s)", err, brief(q))
	return tx.failed
}

// brief is enough of a statement to find it again. It holds no values: those are arguments.
func brief(q string) string {
	q = strings.Join(strings.Fields(q), " ")
	if len(q) > 100 {
		q = q[:100] + "…"
	}
	return q
}

// do runs f and closes what it left open. A panic becomes an error. When f ends its goroutine
// (runtime.Goexit, as t.Fatal does), do does not return.
func (tx *Tx) do(f func(*Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = tx.end(&Panic{Value: v, Stack: debug.Stack()})
		}
	}()
	return tx.end(f(tx))
}

func (tx *Tx) end(err error) error {
	for _, rows := range tx.open {
		rows.Close()
		if e := rows.Err(); e != nil && tx.failed == nil {
			tx.failed = e
		}
	}
	if err == nil {
		err = tx.failed
	}
	tx.open, tx.failed = nil, errEnded
	tx.ended.Store(true)
	return err
}

// Panic is the error of a closure that panicked.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("panic: %v\n%s", p.Value, p.Stack) }

// Unwrap gives the value when the closure panicked with an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Batcher takes part in SQLite's group commits: it numbers and seals what the closures of
// one commit insert. On PostgreSQL, where there are several writers, it is not called.
type Batcher interface {
	Begin(tx *Tx) error  // a transaction begins
	Mark() any           // a closure begins
	Restore(mark any)    // that closure was undone
	Finish(tx *Tx) error // just before the commit
}

type joined struct {
	name string
	Batcher
}

var registered []struct {
	name string
	make func() Batcher
}

// Register gives every database opened from now on a participant of its own. Call it while
// the program starts, from the package that owns the participant.
func Register(name string, make func() Batcher) {
	registered = append(registered, struct {
		name string
		make func() Batcher
	}{name, make})
}

// Join adds a participant to this database, before its first Write.
func (d *DB) Join(name string, b Batcher) {
	if d.writer != nil {
		d.writer.batchers = append(d.writer.batchers, joined{name, b})
	}
}
