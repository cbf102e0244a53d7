package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"tongxin/internal/base/fail"
)

// writer is the one goroutine that writes a SQLite file. It takes what is queued, runs it
// closure by closure in one transaction, and answers everyone after the commit. It waits
// for no company: those who come while it works join, those who come later are the next.
type writer struct {
	d        *DB
	pool     *sql.DB // of one connection
	conn     *sql.Conn
	stmts    *prepared
	control  *prepared // BEGIN and its like: not for closures
	batchers []joined

	queue     queue
	goroutine atomic.Int64
	stopped   chan struct{}

	open    bool    // a transaction is
	stands  int     // closures that hold in it
	current []*call // what this batch has begun
}

// call is one Write.
type call struct {
	ctx   context.Context
	f     func(*Tx) error
	taken atomic.Bool // by the writer, or by the caller who gave up: whoever is first
	tx    *Tx
	err   error
	lost  bool // ended the writer's goroutine: not to be run again
	done  chan struct{}
}

func newWriter(ctx context.Context, d *DB) (*writer, error) {
	w := &writer{d: d, stopped: make(chan struct{})}
	w.queue.wake = make(chan struct{}, 1)
	pragmas := []string{"journal_mode(wal)", cacheOf(writerCache), "journal_size_limit(67108864)", fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages)}
	if d.opts.Making {
		pragmas = append(pragmas, "synchronous(0)", "temp_store(1)", "cache_size(-49152)", "wal_autocheckpoint(40000)")
	}
	w.pool = d.sqlitePool(1, pragmas...)
	for _, r := range registered {
		w.batchers = append(w.batchers, joined{r.name, r.make()})
	}
	if err := w.connect(ctx); err != nil {
		w.pool.Close()
		return nil, err
	}
	w.drop()
	go w.loop()
	return w, nil
}

var errExited = errors.New("db: the closure ended its goroutine (t.Fatal in a closure?)")

func (w *writer) write(ctx context.Context, f func(*Tx) error) (*Tx, error) {
	if inClosure() && w.goroutine.Load() == goroutine() {
		return nil, errNested
	}
	c := &call{ctx: ctx, f: f, done: make(chan struct{})}
	if !w.queue.push(c) {
		return nil, fail.New(fail.Unavailable, "db.closed")
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return nil, ctx.Err()
		}
		<-c.done
	}
	return c.tx, c.err
}

func (w *writer) loop() {
	w.goroutine.Store(goroutine())
	clean := false
	defer func() {
		if !clean { // a closure ended this goroutine: go on in another
			go w.loop()
		}
	}()
	if w.current != nil {
		w.replay()
		w.answer()
	}
	for w.queue.wait() {
		w.batch()
		w.answer()
	}
	clean = true
	w.drop()
	close(w.stopped)
}

func (w *writer) close() {
	w.queue.close()
	<-w.stopped
	w.pool.Close()
}

// batch runs what is queued. When the whole cannot stand, everyone runs alone.
func (w *writer) batch() {
	err := w.together()
	switch {
	case err == nil:
	case len(w.current) == 0: // no transaction could begin
		w.rollback()
		for c := w.queue.pop(); c != nil; c = w.queue.pop() {
			c.err = err
			w.current = append(w.current, c)
		}
	case len(w.current) == 1:
		w.rollback()
		if c := w.current[0]; c.err == nil {
			c.err = err
		}
	default:
		w.replay()
	}
}

func (w *writer) answer() {
	for i, c := range w.current {
		w.current[i] = nil
		close(c.done)
	}
	w.current = w.current[:0]
}

// together runs closures until none waits, in one transaction. Its error is one of the
// whole; those of closures are in their calls.
func (w *writer) together() error {
	for len(w.current) < w.d.opts.Batch && w.queue.waiting() {
		if err := w.begin(); err != nil {
			return err
		}
		c := w.queue.pop()
		if c == nil {
			break
		}
		w.current = append(w.current, c)
		if err := w.run(c); err != nil {
			return err
		}
	}
	return w.commit()
}

// replay runs what the batch had begun once more, each alone in its transaction. A closure
// refused before may pass now, and the other way round: what it saw may be gone.
func (w *writer) replay() {
	w.rollback()
	for _, c := range w.current {
		if c.lost {
			continue
		}
		err := w.begin()
		if err == nil {
			err = w.run(c)
		}
		if err == nil {
			err = w.commit()
		}
		if err != nil {
			w.rollback()
			c.err = err
		}
	}
}

// run gives one closure its turn. The first to stand in a transaction needs no savepoint:
// when it fails, there is nobody else's work to keep.
func (w *writer) run(c *call) error {
	guarded := w.stands > 0
	if guarded {
		if err := w.exec("SAVEPOINT s"); err != nil {
			return err
		}
	}
	marks := make([]any, len(w.batchers))
	for i, b := range w.batchers {
		marks[i] = b.Mark()
	}
	c.tx = w.d.newTx(c.ctx, w.stmts)
	c.err, c.lost = errExited, true
	c.err = c.tx.do(c.f)
	c.lost = false
	switch {
	case c.err == nil && guarded:
		w.stands++
		return w.exec("RELEASE s")
	case c.err == nil:
		w.stands++
		return nil
	case !guarded:
		w.rollback()
		return nil
	}
	if err := w.exec("ROLLBACK TO s"); err != nil {
		return err
	}
	for i, b := range w.batchers {
		b.Restore(marks[i])
	}
	return w.exec("RELEASE s")
}

func (w *writer) begin() error {
	if w.open {
		return nil
	}
	if w.conn == nil {
		if err := w.connect(context.Background()); err != nil {
			return err
		}
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		w.drop() // a connection in doubt is not used again
		return err
	}
	w.open, w.stands = true, 0
	tx := w.d.newTx(context.Background(), w.stmts)
	for _, b := range w.batchers {
		if err := b.Begin(tx); err != nil {
			return err
		}
	}
	return nil
}

// commit ends the transaction, if one is open.
func (w *writer) commit() error {
	if !w.open {
		return nil
	}
	if w.stands == 0 {
		w.rollback()
		return nil
	}
	tx := w.d.newTx(context.Background(), w.stmts)
	for _, b := range w.batchers {
		if err := b.Finish(tx); err != nil {
			return err
		}
	}
	if err := tx.end(nil); err != nil {
		return err
	}
	if err := w.exec("COMMIT"); err != nil {
		return err
	}
	w.open = false
	w.d.commits.Add(1)
	return nil
}

// rollback leaves no transaction open, whether the engine has undone it already or not.
func (w *writer) rollback() {
	if w.open {
		_ = w.exec("ROLLBACK") // fails when the engine has; then there is nothing to undo
	}
	w.open, w.stands = false, 0
}

func (w *writer) connect(ctx context.Context) (err error) {
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return err
	}
	w.stmts, w.control = &prepared{on: w.conn}, &prepared{on: w.conn}
	return nil
}

func (w *writer) drop() {
	if w.conn != nil {
		w.stmts.close()
		w.control.close()
		w.conn.Close()
		w.conn, w.open = nil, false
	}
}

// exec runs a statement of the writer's own.
func (w *writer) exec(q string) error {
	st := w.control.stmts[q]
	if st == nil {
		var err error
		if st, err = w.conn.PrepareContext(context.Background(), q); err != nil {
			return err
		}
		if w.control.stmts == nil {
			w.control.stmts = map[string]*sql.Stmt{}
		}
		w.control.stmts[q] = st
	}
	_, err := st.ExecContext(context.Background())
	return err
}

// queue is what waits for the writer.
type queue struct {
	mu     sync.Mutex
	calls  []*call
	closed bool
	wake   chan struct{}
}

func (q *queue) push(c *call) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.calls = append(q.calls, c)
	q.signal()
	return true
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pop takes the first whose caller has not given up; nil when none waits.
func (q *queue) pop() *call {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.calls) > 0 {
		c := q.calls[0]
		q.calls[0] = nil
		q.calls = q.calls[1:]
		if c.taken.CompareAndSwap(false, true) {
			return c
		}
	}
	return nil
}

func (q *queue) waiting() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.calls) > 0
}

// wait answers true when something waits, false when nothing does and nothing will.
func (q *queue) wait() bool {
	for {
		q.mu.Lock()
		n, closed := len(q.calls), q.closed
		q.mu.Unlock()
		if n > 0 || closed {
			return n > 0
		}
		<-q.wake
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}
