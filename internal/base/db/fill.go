package db

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"tongxin/internal/base/fail"
)

// Rows are those of one table, each with a value for every column: int64, string, []byte,
// bool, or nil. A row may be used again once the next one is asked for.
type Rows = iter.Seq2[[]any, error]

// Filler puts whole tables into a database that has none of its records yet. Nobody else has
// it open, and what a Write adds (numbers, seals) is not added: the rows are as they were.
type Filler struct {
	d    *DB
	conn *sql.Conn
	tx   *sql.Tx
}

// Fill gives f a [Filler] for a migrated database, and keeps all of it or nothing. References
// are checked at the end. Tables come in the order of [DB.Tables].
func (d *DB) Fill(ctx context.Context, f func(*Filler) error) (err error) {
	pool := d.writes
	if d.engine == SQLite {
		pool = d.sqlitePool(1, "defer_foreign_keys(1)", cacheOf(writerCache))
		defer pool.Close()
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return d.explain(err)
	}
	defer conn.Close()
	if d.engine == SQLite {
		// Looked at once, at the end: row by row it would keep the order of rows for ransom.
		if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
			return err
		}
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return d.explain(err)
	}
	defer tx.Rollback()
	if err := f(&Filler{d, conn, tx}); err != nil {
		return d.explain(err)
	}
	if d.engine == SQLite {
		if err := sqliteReferences(ctx, tx); err != nil {
			return err
		}
	}
	return d.explain(tx.Commit())
}

// sqliteReferences finds a row that refers to one that is not there.
func sqliteReferences(ctx context.Context, tx *sql.Tx) error {
	var table, parent string
	err := tx.QueryRowContext(ctx, `SELECT "table", parent FROM pragma_foreign_key_check LIMIT 1`).Scan(&table, &parent)
	if NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return fail.New(fail.Invalid, "db.reference", "table", table, "parent", parent)
}

// Table puts in the rows of a table and counts them.
func (f *Filler) Table(ctx context.Context, t Table, rows Rows) (n int64, err error) {
	if f.d.engine == Postgres {
		return f.copyIn(ctx, t, rows)
	}
	return f.insert(ctx, t, rows)
}

// copyIn speaks PostgreSQL's COPY, in the transaction of this connection: references within
// the table are checked after its last row.
func (f *Filler) copyIn(ctx context.Context, t Table, rows Rows) (n int64, err error) {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	next, stop := iter.Pull2(rows)
	defer stop()
	source := pgx.CopyFromFunc(func() ([]any, error) {
		row, err, more := next()
		if !more || err != nil {
			return nil, err
		}
		return row, nil
	})
	err = f.conn.Raw(func(driver any) (err error) {
		n, err = driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{t.Name}, names, source)
		return err
	})
	return n, err
}

// mostValues bounds the placeholders of one statement.
const mostValues = 900

// insert puts several rows into each statement.
func (f *Filler) insert(ctx context.Context, t Table, rows Rows) (n int64, err error) {
	each := len(t.Columns)
	together := max(1, mostValues/each)
	full, err := f.tx.PrepareContext(ctx, inserting(t, together))
	if err != nil {
		return 0, err
	}
	defer full.Close()
	args := make([]any, 0, together*each)
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		args = append(args, row...)
		n++
		if len(args) == cap(args) {
			if _, err := full.ExecContext(ctx, args...); err != nil {
				return n, err
			}
			args = args[:0]
		}
	}
	if len(args) > 0 {
		_, err = f.tx.ExecContext(ctx, inserting(t, len(args)/each), args...)
	}
	return n, err
}

func inserting(t Table, rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(t.Columns)), ",") + ")"
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", quote(t.Name), t.Names(), strings.TrimSuffix(strings.Repeat(one+",", rows), ","))
}
