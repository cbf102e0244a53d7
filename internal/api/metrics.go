package api

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/chain"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/notice"
)

func (s *Site) metrics() {
	register(s.api, huma.Operation{
		OperationID: "measure", Method: http.MethodGet, Path: "/metrics", Tags: []string{"operation"},
		Summary: "Numbers for monitoring", Description: "Prometheus' text format. To this machine; from elsewhere with a token. Nothing personal.",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/plain": {}}}},
		Errors:    []int{401, 403},
	}, s.measure)
}

// Traffic counts requests, from the start of the process.
type Traffic struct {
	Started  time.Time
	running  atomic.Int64
	statuses [6]atomic.Int64 // by the first digit
	spent    atomic.Int64    // ns over all
}

// NewTraffic starts counting.
func NewTraffic() *Traffic { return &Traffic{Started: time.Now()} }

// Running is how many requests are being answered.
func (t *Traffic) Running() int64 { return t.running.Load() }

// Count puts the counting around a handler.
func (t *Traffic) Count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.running.Add(1)
		began := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			t.running.Add(-1)
			t.spent.Add(int64(time.Since(began)))
			t.statuses[min(sw.status/100, 5)].Add(1)
		}()
		next.ServeHTTP(sw, r)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, status >= 200
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find its way.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type metricsAnswer struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (s *Site) measure(ctx context.Context, _ *struct{}) (*metricsAnswer, error) {
	if c := callIn(ctx); !near(c.r) {
		a, err := s.identify(c.r)
		if err != nil {
			return nil, err
		}
		if !a.Staff() {
			return nil, fail.New(fail.Forbidden, "api.metrics_near")
		}
	}
	var b bytes.Buffer
	s.Traffic.write(&b)
	s.writeFigures(&b)
	err := s.writeState(ctx, &b)
	return &metricsAnswer{Type: "text/plain; version=0.0.4; charset=utf-8", Body: b.Bytes()}, err
}

func (t *Traffic) write(b *bytes.Buffer) {
	put(b, "tongxin_up_seconds", "gauge", "since the start", time.Since(t.Started).Seconds())
	put(b, "tongxin_requests_running", "gauge", "requests being answered", t.running.Load())
	put(b, "tongxin_request_seconds_total", "counter", "time spent answering", time.Duration(t.spent.Load()).Seconds())
	fmt.Fprintf(b, "# HELP tongxin_requests_total requests answered, by status\n# TYPE tongxin_requests_total counter\n")
	for i := 1; i < len(t.statuses); i++ {
		fmt.Fprintf(b, "tongxin_requests_total{status=\"%dxx\"} %d\n", i, t.statuses[i].Load())
	}
	put(b, "tongxin_goroutines", "gauge", "goroutines", runtime.NumGoroutine())
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	put(b, "tongxin_heap_bytes", "gauge", "objects on the heap of the program, those that are no longer used and not yet swept too", heap.HeapAlloc)
}

// writeFigures tells how far figures follow the ledger, and what that takes.
func (s *Site) writeFigures(b *bytes.Buffer) {
	if s.Figures == nil {
		return
	}
	seq, _ := s.Figures.Seq()
	loaded := 0
	if s.Figures.Loaded() {
		loaded = 1
	}
	put(b, "tongxin_figures_loaded", "gauge", "1 once figures have read the ledger", loaded)
	put(b, "tongxin_figures_facts", "gauge", "the last fact that figures know", seq)
	put(b, "tongxin_figures_bytes", "gauge", "what figures hold of the ledger in memory", s.Figures.Bytes())
}

// writeState tells how the database, the queue and the books stand.
func (s *Site) writeState(ctx context.Context, b *bytes.Buffer) error {
	now := s.DB.Now()
	put(b, "tongxin_commits_total", "counter", "commits of this process", s.DB.Commits())
	q, err := jobs.Count(ctx, s.DB, now)
	if err != nil {
		return err
	}
	put(b, "tongxin_jobs_waiting", "gauge", "jobs that wait for their time or a worker", q.Waiting)
	put(b, "tongxin_jobs_due", "gauge", "jobs whose time has come", q.Due)
	put(b, "tongxin_jobs_dead", "gauge", "jobs that were given up", q.Dead)
	put(b, "tongxin_jobs_late_seconds", "gauge", "how late the latest job is", q.Late.Seconds())
	if err := s.writeNotices(ctx, b, now); err != nil {
		return err
	}
	for _, n := range []struct {
		name string
		book *chain.Book
	}{{"facts", ledger.Book()}, {"audit", audit.Book()}} {
		w, err := n.book.Waiting(ctx, s.DB, now)
		if err != nil {
			return err
		}
		put(b, "tongxin_"+n.name+"_sealed_total", "counter", "rows of the book with a number", w.Sealed)
		put(b, "tongxin_"+n.name+"_unsealed", "gauge", "rows of the book that wait for one", w.Unsealed)
		put(b, "tongxin_"+n.name+"_seal_lag_seconds", "gauge", "how long the oldest of them has waited", w.Longest.Seconds())
	}
	return nil
}

// writeNotices tells how long the queues to people are.
func (s *Site) writeNotices(ctx context.Context, b *bytes.Buffer, now time.Time) error {
	all, err := notice.CountAll(ctx, s.DB, now)
	if err != nil {
		return err
	}
	n := map[notice.Channel]map[notice.State]int64{}
	for _, c := range notice.Channels() {
		n[c] = map[notice.State]int64{}
	}
	for _, c := range all {
		n[c.Channel][c.State] = c.N
	}
	fmt.Fprintf(b, "# HELP tongxin_notices notices on their way, by channel and state\n# TYPE tongxin_notices gauge\n")
	for _, c := range notice.Channels() {
		for _, state := range []notice.State{notice.Waiting, notice.Dead} {
			fmt.Fprintf(b, "tongxin_notices{channel=%q,state=%q} %d\n", c, state, n[c][state])
		}
	}
	return nil
}

func put(b *bytes.Buffer, name, kind, help string, value any) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n%s %v\n", name, help, name, kind, name, value)
}

// near reports whether the request began on this machine. One that a proxy passed on did not.
func near(r *http.Request) bool {
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip"} {
		if r.Header.Get(h) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
