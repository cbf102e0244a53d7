package bench

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/base/id"
)

// Soak is how the server stands a load that goes on: pages of all sorts, and one request in ten a
// sign-up or its withdrawal, at 80 % of what it answers at most. A latency counts from the moment
// at which a request was due, whenever it could be sent.
type Soak struct {
	Seconds  float64  `json:"seconds"`
	Peak     float64  `json:"peak_per_s"`
	Asked    float64  `json:"asked_per_s"`
	Answered float64  `json:"answered_per_s"`
	First    float64  `json:"p99_first_ms"` // of the first fifth
	Worst    float64  `json:"p99_worst_ms"` // of the worst of the other fifths
	Times    float64  `json:"p99_times"`
	Samples  []Sample `json:"samples"` // at the end of each fifth
	Errors   int64    `json:"errors"`
	VerifyOK bool     `json:"verify_ok"`
}

// Sample is the server at a moment, and how it answered since the one before.
type Sample struct {
	Memory
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Others float64 `json:"other_cores"`
}

const (
	fifths    = 5
	shareAt80 = 0.8
)

// soaker is a client of the load that goes on.
type soaker struct {
	*wire
	m      *pages
	number int
	sent   int
	wrote  int
	due    time.Time     // of the next request
	every  time.Duration // 0: as soon as the last is answered
	errors int64
	err    error
	lasted []time.Duration
}

// soak finds the peak, and goes on at most of it.
func (m *pages) soak(ctx context.Context) error {
	all := make([]*soaker, m.Clients)
	for i := range all {
		w, err := dial(m.p.addr)
		if err != nil {
			return err
		}
		defer w.conn.Close()
		all[i] = &soaker{wire: w, m: m, number: i}
	}
	if _, err := m.press(ctx, all, 0, m.For/4); err != nil {
		return err
	}
	peak, err := m.press(ctx, all, 0, m.For)
	if err != nil {
		return err
	}
	s := &Soak{Seconds: m.Soak.Seconds(), Peak: float64(len(peak)) / m.For.Seconds()}
	s.Asked = s.Peak * shareAt80
	m.r.Soak = s
	n := 0
	for range fifths {
		before, began := m.p.usage(), time.Now()
		lasted, err := m.press(ctx, all, s.Asked, m.Soak/fifths)
		if err != nil {
			return err
		}
		n += len(lasted)
		if err := s.sample(m, lasted, m.p.usage().since(before), time.Since(began)); err != nil {
			return err
		}
	}
	s.Answered = float64(n) / s.Seconds
	for _, c := range all {
		s.Errors += c.errors
	}
	s.First = s.Samples[0].P99
	s.Worst = slices.MaxFunc(s.Samples[1:], func(a, b Sample) int { return cmp.Compare(a.P99, b.P99) }).P99
	s.Times = s.Worst / s.First
	return nil
}

func (s *Soak) sample(m *pages, lasted []time.Duration, used usage, took time.Duration) error {
	y, err := m.memory()
	if err != nil {
		return err
	}
	slices.Sort(lasted)
	d := measured{latencies: lasted}
	s.Samples = append(s.Samples, Sample{Memory: y, P50: d.percentile(50), P99: d.percentile(99),
		Others: (used.busy - used.server - used.bench).Seconds() / took.Seconds()})
	return nil
}

// press has all clients ask for a while, so many requests a second altogether (0: as many as are
// answered), and gives the latencies.
func (m *pages) press(ctx context.Context, all []*soaker, rate float64, lasting time.Duration) (lasted []time.Duration, err error) {
	var over atomic.Bool
	var running sync.WaitGroup
	for i, c := range all {
		c.lasted, c.every, c.due = c.lasted[:0], 0, time.Now()
		if rate > 0 {
			c.every = time.Duration(float64(len(all)) / rate * float64(time.Second))
			c.due = c.due.Add(c.every * time.Duration(i) / time.Duration(len(all)))
		}
		running.Go(func() { c.run(ctx, &over) })
	}
	wait(ctx, lasting)
	over.Store(true)
	running.Wait()
	m.loaded += lasting
	for _, c := range all {
		if c.err != nil {
			return nil, fmt.Errorf("client %d: %w", c.number, c.err)
		}
		lasted = append(lasted, c.lasted...)
	}
	return lasted, ctx.Err()
}

func (c *soaker) run(ctx context.Context, over *atomic.Bool) {
	for !over.Load() && ctx.Err() == nil {
		began := time.Now()
		if c.every > 0 {
			wait(ctx, c.due.Sub(began))
			began, c.due = c.due, c.due.Add(c.every)
		}
		want := c.next()
		r, err := c.roundTrip()
		if err != nil {
			c.err = err
			return
		}
		c.lasted = append(c.lasted, time.Since(began))
		if r.status != want {
			c.errors++
		}
	}
}

// next makes the next request and says which answer it should get.
func (c *soaker) next() (want int) {
	c.sent++
	if c.sent%10 == 0 {
		return c.write()
	}
	s := c.m.sights[1+[]int{0, 1, 0, 1, 2, 0, 1, 3, 5}[c.sent%10-1]%(len(c.m.sights)-1)]
	t := s.targets[(c.number*7919+c.sent)%len(s.targets)]
	c.ask(t)
	return 200
}

// write signs one of the client's own volunteers up, or off again.
func (c *soaker) write() (want int) {
	mine := (len(c.m.guests) - c.number + c.m.Clients - 1) / c.m.Clients
	if mine <= 0 {
		c.ask(target{path: "/healthz"})
		return 200
	}
	g := c.m.guests[c.number+c.wrote/2%mine*c.m.Clients]
	c.wrote++
	if c.wrote%2 == 1 {
		c.signUp(c.m.spare, g.person, c.number, c.wrote)
		return 201
	}
	c.signOff(c.m.spare, g.person)
	return 200
}

// signOff makes the request of a withdrawal.
func (w *wire) signOff(shift id.ID, who person) {
	b := append(append(w.out[:0], http.MethodDelete...), " /api/v1/shifts/"...)
	b = append(b, shift...)
	b = append(b, "/signups/"...)
	b = append(b, who.id...)
	b = append(b, " HTTP/1.1\r\nHost: bench\r\nCookie: session="...)
	b = append(b, who.secret...)
	w.out = append(b, "\r\n\r\n"...)
}
