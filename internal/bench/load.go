package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/roster"
)

// quiet is the log of serve, to nowhere: writing it is part of what a request costs.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// warmUp is how long the clients run before anything is counted.
func (b *bench) warmUp() time.Duration { return min(500*time.Millisecond, b.For/4) }

// measured is one run.
type measured struct {
	accepted, refused, errors int64
	acknowledged              int64 // accepted, those of the warm-up included
	latencies                 []time.Duration
	commits                   int64
	took                      time.Duration
	loneCommit                float64
	holds                     bool
}

func (m measured) rate() float64 { return float64(m.accepted) / m.took.Seconds() }

func (m measured) commitsEach() float64 {
	return float64(m.commits) / float64(max(1, len(m.latencies)))
}

// percentile is a latency in milliseconds; latencies are sorted.
func (m measured) percentile(p int) float64 {
	if len(m.latencies) == 0 {
		return 0
	}
	return float64(m.latencies[(len(m.latencies)-1)*p/100]) / float64(time.Millisecond)
}

// measure runs the clients against a copy of the stage, served as the product is.
func (b *bench) measure(ctx context.Context, stage Stage, staged string, p *plan, batch int) (m measured, err error) {
	b.Tell(stage)
	dsn, err := b.copy(ctx, staged)
	if err != nil {
		return m, err
	}
	a, err := b.open(ctx, dsn, batch)
	if err != nil {
		return m, err
	}
	defer func() {
		if e := a.Close(); err == nil {
			err = e
		}
	}()
	if m.loneCommit, err = loneCommit(ctx, a.DB); err != nil {
		return m, err
	}
	if err := b.serve(ctx, a, p, &m); err != nil {
		return m, err
	}
	b.Tell(Checking)
	m.holds, err = b.check(ctx, a, p, m)
	return m, err
}

// loneCommit is what the smallest durable write costs, alone, in microseconds: the median.
func loneCommit(ctx context.Context, d *db.DB) (float64, error) {
	all := make([]time.Duration, 201)
	for i := range all {
		began := time.Now()
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Next("bench"); return err }); err != nil {
			return 0, err
		}
		all[i] = time.Since(began)
	}
	slices.Sort(all)
	return float64(all[len(all)/2]) / float64(time.Microsecond), nil
}

// serve serves the copy while the clients run.
func (b *bench) serve(ctx context.Context, a *app.App, p *plan, m *measured) error {
	return b.served(ctx, a, func(addr string) error { return b.clients(ctx, a, p, addr, m) })
}

// served serves a copy while f runs.
func (b *bench) served(ctx context.Context, a *app.App, f func(addr string) error) error {
	at, err := (&app.Listen{Addr: "127.0.0.1:0"}).Bind()
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- a.Serve(serving, at) }()
	errRun := f(at.Addr().String())
	stop()
	if err := <-served; err != nil {
		return err
	}
	return errRun
}

// clients runs all clients and sums up what they saw.
func (b *bench) clients(ctx context.Context, a *app.App, p *plan, addr string, m *measured) error {
	all := make([]*client, b.Clients)
	for i := range all {
		w, err := dial(addr)
		if err != nil {
			return err
		}
		defer w.conn.Close()
		all[i] = &client{wire: w, b: b, a: a, p: p, number: i}
	}
	var counting, over atomic.Bool
	var running sync.WaitGroup
	for _, c := range all {
		c.counting, c.over = &counting, &over
		running.Go(c.run)
	}
	wait(ctx, b.warmUp())
	commits, began := a.DB.Commits(), time.Now()
	counting.Store(true)
	wait(ctx, b.For)
	m.took, m.commits = time.Since(began), a.DB.Commits()-commits
	counting.Store(false)
	over.Store(true)
	running.Wait()
	for _, c := range all {
		if c.err != nil {
			return fmt.Errorf("client %d: %w", c.number, c.err)
		}
		m.accepted, m.refused, m.errors = m.accepted+c.accepted, m.refused+c.refused, m.errors+c.errors
		m.acknowledged += c.acknowledged
		m.latencies = append(m.latencies, c.latencies...)
	}
	slices.Sort(m.latencies)
	return ctx.Err()
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// client sends one request after the other.
type client struct {
	*wire
	b      *bench
	a      *app.App
	p      *plan
	number int

	counting, over *atomic.Bool

	sent, cool, hot, taken    int // requests, and how far it has got among shifts and people
	accepted, refused, errors int64
	acknowledged              int64
	latencies                 []time.Duration
	last                      []byte // the last request that was accepted
	err                       error

	now   *atomic.Int64 // accepted so far, for whoever looks while it runs; nil: nobody does
	ended time.Time     // when nobody was left to sign up
}

func (c *client) run() {
	c.latencies = make([]time.Duration, 0, 1<<14)
	for !c.over.Load() {
		repeat := c.sent%20 == 19 && c.last != nil
		if repeat {
			c.out = append(c.out[:0], c.last...)
		} else if !c.next() {
			c.ended = time.Now() // everybody has signed up for everything
			return
		}
		c.sent++
		began := time.Now()
		r, err := c.roundTrip()
		if err != nil {
			c.err = err
			return
		}
		c.count(r, repeat, time.Since(began))
	}
}

// count judges an answer.
func (c *client) count(r reply, repeat bool, took time.Duration) {
	counts := c.counting.Load()
	if counts {
		c.latencies = append(c.latencies, took)
	}
	fresh := r.status == 201 && !r.replayed
	switch {
	case repeat && !fresh && (r.replayed || r.status == 200):
	case !repeat && fresh:
		c.last = append(c.last[:0], c.out...)
		c.acknowledged++
		if c.now != nil {
			c.now.Add(1)
		}
		if counts {
			c.accepted++
		}
	case !repeat && r.full:
		if counts {
			c.refused++
		}
	default:
		c.errors++
	}
}

// next makes the client's next request; false when there is nothing left to ask for.
func (c *client) next() bool {
	if c.b.Kind == CheckIn {
		i := c.taken*c.b.Clients + c.number
		if i >= len(c.p.people) {
			return false
		}
		c.taken++
		shift := c.p.shiftOf(i)
		code, _ := roster.CodeAt(roster.Secret(c.a.Keys, shift), c.a.DB.Now(), c.a.Settings.CheckInCode)
		c.checkIn(shift, c.p.people[i], code)
		return true
	}
	mine := (len(c.p.people) - c.number + c.b.Clients - 1) / c.b.Clients
	turn, shifts := &c.cool, c.p.cool
	hot := c.sent%5 == 0
	if hot {
		turn = &c.hot
	}
	round, i := *turn/mine, *turn%mine*c.b.Clients+c.number
	*turn++
	if hot {
		c.signUp(c.p.hot[(round+i)%len(c.p.hot)], c.p.people[i], c.number, c.sent)
		return true
	}
	if round >= len(shifts) {
		return false
	}
	c.signUp(shifts[round][i%len(shifts[round])], c.p.people[i], c.number, c.sent)
	return true
}

// check verifies everything, and counts the seats against what was acknowledged.
func (b *bench) check(ctx context.Context, a *app.App, p *plan, m measured) (bool, error) {
	if err := a.Seal(ctx); err != nil {
		return false, err
	}
	checks, err := app.Verify(ctx, a.DB)
	if err != nil || !app.Holds(checks) {
		return false, err
	}
	var recorded int64
	for _, shift := range p.shifts(b.Kind) {
		n, err := b.recorded(ctx, a.DB, shift)
		if err != nil {
			return false, err
		}
		recorded += n
	}
	return recorded == m.acknowledged, nil
}

// recorded is how many sign-ups, or arrivals, a shift has.
func (b *bench) recorded(ctx context.Context, r db.Reader, shift id.ID) (n int64, err error) {
	s, err := roster.Get(ctx, r, shift)
	if err != nil || b.Kind != CheckIn {
		return s.Taken, err
	}
	all, err := roster.SignupsOf(ctx, r, shift)
	for _, u := range all {
		if u.State.Served() {
			n++
		}
	}
	return n, err
}
