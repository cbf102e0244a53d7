package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
)

// runner is what database/sql's DB, Conn and Tx share. On PostgreSQL they are used as they
// are: pgx keeps its own prepared statements.
type runner interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
}

// mostStatements bounds the texts kept prepared; what comes after is prepared each time.
const mostStatements = 1000

// prepared is a runner for SQLite that keeps statements by their text. Preparing costs as
// much as running a small statement, so this nearly doubles what the writer does.
type prepared struct {
	on interface {
		PrepareContext(ctx context.Context, q string) (*sql.Stmt, error)
	}
	heard func(q string)
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

// stmt gives the statement of that text and whether it must be closed after use.
func (p *prepared) stmt(ctx context.Context, q string) (st *sql.Stmt, once bool, err error) {
	p.mu.RLock()
	st, full := p.stmts[q], len(p.stmts) >= mostStatements
	p.mu.RUnlock()
	if st != nil {
		return st, false, nil
	}
	text, err := translate(q)
	if err != nil {
		return nil, false, err
	}
	if st, err = p.on.PrepareContext(ctx, text); err != nil || full {
		return st, true, err
	}
	if p.heard != nil {
		p.heard(q)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.stmts[q]; other != nil {
		st.Close()
		return other, false, nil
	}
	if p.stmts == nil {
		p.stmts = map[string]*sql.Stmt{}
	}
	p.stmts[q] = st
	return st, false, nil
}

func (p *prepared) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	st, once, err := p.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	if once {
		defer st.Close()
	}
	return st.ExecContext(ctx, args...)
}

func (p *prepared) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	st, once, err := p.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	if once {
		defer st.Close() // takes effect when the rows are closed
	}
	return st.QueryContext(ctx, args...)
}

func (p *prepared) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	st, once, err := p.stmt(ctx, q)
	if err != nil {
		return failedRow(err)
	}
	if once {
		defer st.Close()
	}
	return st.QueryRowContext(ctx, args...)
}

// close forgets and closes the statements.
func (p *prepared) close() {
	for _, st := range p.stmts {
		st.Close()
	}
	p.stmts = nil
}

// within is prepared for one transaction of its pool.
type within struct {
	*prepared
	tx *sql.Tx
}

func (w within) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	st, once, err := w.stmt(ctx, q)
	if err != nil {
		return nil, err
	}
	if once {
		defer st.Close()
	}
	return w.tx.StmtContext(ctx, st).QueryContext(ctx, args...)
}

func (w within) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	st, once, err := w.stmt(ctx, q)
	if err != nil {
		return failedRow(err)
	}
	if once {
		defer st.Close()
	}
	return w.tx.StmtContext(ctx, st).QueryRowContext(ctx, args...)
}

// failedRow is a row whose Scan gives err: database/sql offers no other way to make one.
func failedRow(err error) *sql.Row {
	d := sql.OpenDB(refusing{err})
	defer d.Close()
	return d.QueryRow("")
}

type refusing struct{ err error }

func (r refusing) Connect(context.Context) (driver.Conn, error) { return nil, r.err }
func (r refusing) Driver() driver.Driver                        { return nil }
