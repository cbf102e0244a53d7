package db

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"tongxin/internal/base/fail"
)

// oldestPostgres is the first version the SQL of this product is tried on.
const oldestPostgres = 150000

func openPostgres(ctx context.Context, dsn string, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fail.New(fail.Invalid, "db.dsn") // not the cause: it may hold the password
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	d := newDB(Postgres, o)
	d.pool = postgresPool(*cfg, o.Conns, true)
	d.read = d.pool
	if !o.ReadOnly {
		d.writes = postgresPool(*cfg, o.Conns, false)
	}
	var version int
	if err := d.pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		d.Close()
		return nil, fail.Wrap(err, fail.Unavailable, "db.unreachable")
	}
	if version < oldestPostgres {
		d.Close()
		return nil, fail.New(fail.Unavailable, "db.version", "found", version/10000, "needed", oldestPostgres/10000)
	}
	return d, nil
}

// postgresPool opens no connection yet.
func postgresPool(cfg pgx.ConnConfig, conns int, readOnly bool) *sql.DB {
	if readOnly { // as SQLite's readers: what writes by mistake fails on both
		cfg.RuntimeParams = maps.Clone(cfg.RuntimeParams)
		cfg.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool := stdlib.OpenDB(cfg)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

// mostTries bounds how often one closure is run again.
const mostTries = 10

// writePostgres runs f in a transaction of its own, again while the server says that two
// transactions stood in each other's way, or the connection was lost before the commit.
func (d *DB) writePostgres(ctx context.Context, f func(*Tx) error) (tx *Tx, err error) {
	if d.closed.Load() {
		return nil, fail.New(fail.Unavailable, "db.closed")
	}
	self := goroutine()
	if _, in := d.writing.LoadOrStore(self, true); in {
		return nil, errNested
	}
	defer d.writing.Delete(self)
	for try := 1; ; try++ {
		again := false
		tx, again, err = d.attempt(ctx, f)
		if err == nil || !again || try == mostTries {
			return tx, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

// pause waits longer with each try, by chance, so that those who collided part.
func pause(ctx context.Context, try int) error {
	longest := min(5*time.Millisecond<<try, 500*time.Millisecond)
	t := time.NewTimer(rand.N(longest))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// attempt runs f once. again says that nothing was committed and that it may go better.
func (d *DB) attempt(ctx context.Context, f func(*Tx) error) (tx *Tx, again bool, err error) {
	conn, err := d.writes.Conn(ctx)
	if err != nil {
		return nil, ctx.Err() == nil && retryable(err), err
	}
	defer conn.Close()
	t, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, retryable(err) || gone(conn), err
	}
	defer t.Rollback() // does nothing after a commit
	tx = d.newTx(ctx, t)
	if err := tx.do(f); err != nil {
		return nil, retryable(err) || gone(conn), err
	}
	if err := t.Commit(); err != nil {
		again, err = afterCommit(err)
		return nil, again, err
	}
	d.commits.Add(1)
	return tx, false, nil
}

// afterCommit judges a commit that failed. Only what the server refused, or never heard, is
// certainly not committed; a connection lost on the way leaves it open, and only the
// request's idempotency key can tell.
func afterCommit(err error) (again bool, _ error) {
	var e *pgconn.PgError
	switch {
	case errors.As(err, &e) && e.SeverityUnlocalized == "ERROR":
		return retryable(err), err
	case errors.Is(err, pgx.ErrTxCommitRollback):
		return false, err
	case pgconn.SafeToRetry(err):
		return true, err
	}
	return false, fail.Wrap(err, fail.Unavailable, "db.unknown")
}

// gone reports whether a connection is lost.
func gone(c *sql.Conn) bool {
	return c.Raw(func(driver any) error {
		if driver.(*stdlib.Conn).Conn().IsClosed() {
			return sql.ErrConnDone
		}
		return nil
	}) != nil
}

func retryable(err error) bool {
	switch postgresCode(err) {
	case "40001", "40P01", "57P01", "57P02", "57P03":
		return true
	}
	var connecting *pgconn.ConnectError
	return errors.As(err, &connecting) || pgconn.SafeToRetry(err)
}

func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func postgresKey(err error) string {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) || errors.Is(err, sql.ErrConnDone) {
		return "db.unreachable"
	}
	switch code := postgresCode(err); code {
	case "40001", "40P01", "55P03", "53300":
		return "db.busy"
	case "53100":
		return "db.full"
	case "25006":
		return "db.read_only"
	case "57P01", "57P02", "57P03":
		return "db.unreachable"
	default:
		if len(code) == 5 && code[:2] == "08" {
			return "db.unreachable"
		}
	}
	return ""
}
