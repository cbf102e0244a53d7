package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// PagesOptions say which database's pages are measured, and how.
type PagesOptions struct {
	DSN, Keys string   // the database that is copied, and its keys, as for serve
	Program   []string // what serves the copy: the program with arguments before "serve", if any
	Clients   int
	For       time.Duration // of each page
	Soak      time.Duration // of the load that goes on; 0: none
	Tell      func(Stage)
}

// The stages of a measurement of pages.
const (
	Starting Stage = "starting"
	Visiting Stage = "visiting"
	Soaking  Stage = "soaking"
)

// Page is how one sort of page fares. Cost is the processor time of the server for one of them:
// what others do on the machine does not lengthen it. The times compare with the trivial page.
type Page struct {
	Name   string  `json:"name"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Rate   float64 `json:"per_s"`
	Cost   float64 `json:"cpu_ms"`
	KB     float64 `json:"kb"`
	Times  float64 `json:"cpu_times_trivial"`
	Busy   float64 `json:"busy_cores"` // of the whole machine, meanwhile
	Others float64 `json:"other_cores"`
	Errors int64   `json:"errors"`
}

// Pages is what was measured.
type Pages struct {
	Engine   db.Engine `json:"engine"`
	Start    float64   `json:"start_ms"`                 // from the start of the program to its first page
	Figures  float64   `json:"figures_after_s"`          // from there until figures answer
	Eligible int       `json:"eligible_least,omitempty"` // shifts that a volunteer among those of the first page could take, at least
	Roster   int       `json:"roster,omitempty"`         // people on the roster
	Orgs     int       `json:"orgs,omitempty"`           // organisations and teams below the overview's
	Pages    []Page    `json:"pages"`
	Memory   Memory    `json:"memory"`
	Soak     *Soak     `json:"soak,omitempty"`
}

// Memory is what the serving process holds after the load.
type Memory struct {
	After      float64 `json:"after_s"`     // of load
	Resident   float64 `json:"resident_mb"` // all of it, the program's own text too
	Model      float64 `json:"figures_mb"`  // the read model of figures, apart
	Apart      float64 `json:"apart_mb"`    // Resident without Model
	Caches     float64 `json:"sqlite_mb"`   // what SQLite's caches may grow to, of all connections
	Heap       float64 `json:"go_heap_mb"`  // living objects and what is not swept yet, Model too
	Goroutines int64   `json:"goroutines"`  //
	Files      int     `json:"files"`       // open
}

// pages is a measurement of pages.
type pages struct {
	PagesOptions
	b      *bench
	served string // the copy that is served
	r      Pages
	p      *process
	sights []sight
	guests []guest
	spare  id.ID         // a shift on which nobody is, with places for all guests
	loaded time.Duration // for how long the server was under load
}

// RunPages measures how long pages take of a program that serves a copy of the database.
func RunPages(ctx context.Context, o PagesOptions) (Pages, error) {
	return runPages(ctx, o, (*pages).stage)
}

// runPages measures the pages that a stage says.
func runPages(ctx context.Context, o PagesOptions, stage func(*pages, context.Context) error) (_ Pages, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	if o.Keys, err = crypt.Path(o.DSN, o.Keys); err != nil {
		return Pages{}, err
	}
	m := &pages{PagesOptions: o, b: &bench{Options: Options{DSN: o.DSN, Keys: o.Keys, Kind: SignUp, Clients: o.Clients, For: o.For, Tell: o.Tell}}}
	defer func() { err = errors.Join(err, m.b.clean()) }()
	o.Tell(Copying)
	if m.served, err = m.b.copy(ctx, o.DSN); err != nil {
		return m.r, err
	}
	o.Tell(Staging)
	if err := stage(m, ctx); err != nil {
		return m.r, fmt.Errorf("bench: staging: %w", err)
	}
	o.Tell(Starting)
	if err := m.start(ctx); err != nil {
		return m.r, err
	}
	err = m.visit(ctx)
	if e := m.p.stop(); err == nil {
		err = e
	}
	if err == nil && m.r.Soak != nil {
		err = m.check(ctx)
	}
	return m.r, err
}

// start starts the program on the copy and takes the time.
func (m *pages) start(ctx context.Context) (err error) {
	began := time.Now()
	clock := m.b.now().Truncate(time.Second).Add(time.Second).Format(time.RFC3339)
	m.p, err = startProcess(ctx, m.Program, "serve", "--db", m.served, "--keys", m.Keys, "--addr", "127.0.0.1:0", "--log", "none", "--clock", clock)
	if err != nil {
		return err
	}
	w, err := dial(m.p.addr)
	if err == nil {
		defer w.conn.Close()
		w.ask(target{path: "/"})
		_, err = w.roundTrip()
	}
	m.r.Start = ms(time.Since(began))
	if err == nil {
		err = m.p.figuresLoaded(ctx)
		m.r.Figures = time.Since(began).Seconds() - m.r.Start/1000
	}
	if err != nil {
		return errors.Join(err, m.p.stop())
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// visit measures one sort of page after the other, and then what the server holds.
func (m *pages) visit(ctx context.Context) error {
	m.Tell(Visiting)
	for _, s := range m.sights {
		one, err := m.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("bench: %s: %w", s.name, err)
		}
		if len(m.r.Pages) > 0 {
			one.Times = one.Cost / m.r.Pages[0].Cost
		} else {
			one.Times = 1
		}
		m.r.Pages = append(m.r.Pages, one)
	}
	var err error
	if m.r.Memory, err = m.memory(); err != nil || m.Soak == 0 {
		return err
	}
	m.Tell(Soaking)
	return m.soak(ctx)
}

// memory weighs the server.
func (m *pages) memory() (y Memory, err error) {
	g, err := m.p.gauges()
	if err != nil {
		return y, err
	}
	const mb = 1 << 20
	y = Memory{After: m.loaded.Seconds(), Resident: float64(m.p.resident()) / mb, Model: g["tongxin_figures_bytes"] / mb, Heap: g["tongxin_heap_bytes"] / mb,
		Goroutines: int64(g["tongxin_goroutines"]), Files: m.p.files()}
	if m.r.Engine == db.SQLite {
		y.Caches = float64(db.MostCache) / mb
	}
	y.Apart = y.Resident - y.Model
	return y, nil
}

// sight is a sort of page: addresses, each as somebody sees it.
type sight struct {
	name    string
	targets []target
}

// target is one page, the secret of the session with which it is asked for, and the form that is
// sent to it, if any.
type target struct{ path, secret, form string }

// visitor is a client that asks for one page after the other.
type visitor struct {
	*wire
	took   []time.Duration
	bytes  int64
	errors int64
	err    error
}

// measure asks for the pages of a sight from all clients at once, each its own and each again
// when the last is answered.
func (m *pages) measure(ctx context.Context, s sight) (one Page, err error) {
	all := make([]*visitor, m.Clients)
	for i := range all {
		w, err := dial(m.p.addr)
		if err != nil {
			return one, err
		}
		defer w.conn.Close()
		all[i] = &visitor{wire: w, took: make([]time.Duration, 0, 1<<12)}
	}
	var counting, answered, over atomic.Bool
	var running sync.WaitGroup
	for i, v := range all {
		running.Go(func() { v.run(s.targets, i, &counting, &answered, &over) })
	}
	wait(ctx, m.For/4)
	before, began := m.p.usage(), time.Now()
	counting.Store(true)
	for wait(ctx, m.For); !answered.Load() && ctx.Err() == nil; { // on a machine that is busy with other things
		wait(ctx, m.For)
	}
	counting.Store(false)
	took, used := time.Since(began), m.p.usage().since(before)
	over.Store(true)
	running.Wait()
	m.loaded += took + m.For/4
	return pageOf(s.name, all, took, used), cmp.Or(ctx.Err(), firstError(all))
}

func firstError(all []*visitor) error {
	for _, v := range all {
		if v.err != nil {
			return v.err
		}
	}
	return nil
}

// run visits until it is over.
func (v *visitor) run(targets []target, number int, counting, answered, over *atomic.Bool) {
	for n := number * 7919; !over.Load(); n++ {
		t := targets[n%len(targets)]
		v.ask(t)
		began := time.Now()
		r, err := v.roundTrip()
		if err != nil {
			v.err = err
			answered.Store(true) // nobody is to wait for it
			return
		}
		if !counting.Load() {
			continue
		}
		answered.Store(true)
		v.took = append(v.took, time.Since(began))
		v.bytes += int64(len(v.body))
		if r.status != 200 {
			v.errors++
		}
	}
}

func pageOf(name string, all []*visitor, took time.Duration, used usage) Page {
	one, lasted := Page{Name: name}, []time.Duration{}
	var bytes int64
	for _, v := range all {
		lasted = append(lasted, v.took...)
		bytes += v.bytes
		one.Errors += v.errors
	}
	slices.Sort(lasted)
	n := float64(max(1, len(lasted)))
	m := measured{latencies: lasted}
	one.P50, one.P99, one.Rate = m.percentile(50), m.percentile(99), float64(len(lasted))/took.Seconds()
	one.Cost, one.KB = ms(used.server)/n, float64(bytes)/n/1024
	one.Busy, one.Others = used.busy.Seconds()/took.Seconds(), (used.busy-used.server-used.bench).Seconds()/took.Seconds()
	return one
}

// check verifies the copy after the server has stopped.
func (m *pages) check(ctx context.Context) error {
	m.Tell(Checking)
	d, err := app.Inspect(ctx, m.served)
	if err != nil {
		return err
	}
	defer d.Close()
	checks, err := app.Verify(ctx, d)
	m.r.Soak.VerifyOK = err == nil && app.Holds(checks)
	return err
}

// ask makes the request of a page, as a browser sends it.
func (w *wire) ask(t target) {
	var b strings.Builder
	method := "GET "
	if t.form != "" {
		method = "POST "
	}
	b.WriteString(method + t.path + " HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n")
	if t.secret != "" {
		b.WriteString("Cookie: session=" + t.secret + "\r\n")
	}
	if t.form != "" {
		fmt.Fprintf(&b, "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(t.form))
	}
	b.WriteString("\r\n" + t.form)
	w.out = append(w.out[:0], b.String()...)
}

// Holds reports whether every page was answered and everything verified.
func (r Pages) Holds() bool {
	for _, p := range r.Pages {
		if p.Errors > 0 {
			return false
		}
	}
	return r.Soak == nil || r.Soak.VerifyOK
}
