package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync/atomic"
	"time"

	"tongxin/internal/base/fail"
)

// mountHealth adds what watches over the product asks for. None of it says anything of a
// person.
func (a *App) mountHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /metrics", a.showMetrics)
}

func plain(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	io.WriteString(w, text+"\n")
}

// ready answers whether requests should come here: the database reads, and nobody is
// stopping us.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	switch {
	case a.stopping.Load():
		plain(w, http.StatusServiceUnavailable, "stopping")
	case ping(r.Context(), a.DB) != nil:
		plain(w, http.StatusServiceUnavailable, "database")
	default:
		plain(w, http.StatusOK, "ok")
	}
}

// metrics are counted from the start of the process.
type metrics struct {
	started  time.Time
	running  atomic.Int64
	statuses [6]atomic.Int64 // by the first digit
	spent    atomic.Int64    // ns over all requests
}

// counted counts requests by status and time.
func (a *App) counted(next http.Handler) http.Handler {
	m := &a.metrics
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.running.Add(1)
		began := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			m.running.Add(-1)
			m.spent.Add(int64(time.Since(began)))
			m.statuses[min(sw.status/100, 5)].Add(1)
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

// showMetrics answers in the text format of Prometheus: to this machine, and to the bearer of
// a token from elsewhere.
func (a *App) showMetrics(w http.ResponseWriter, r *http.Request) {
	if !near(r) {
		if v, err := a.authenticate(r); err != nil || !v.Actor.Staff() {
			plain(w, http.StatusForbidden, "only from this machine, or with a token")
			return
		}
	}
	q, err := readQueues(r.Context(), a.DB)
	if err != nil {
		a.Log.Error("metrics", "err", err)
		plain(w, fail.Status(err), "database")
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	m := &a.metrics
	put(w, "tongxin_up_seconds", "gauge", "since the start", time.Since(m.started).Seconds())
	put(w, "tongxin_requests_running", "gauge", "requests being answered", m.running.Load())
	put(w, "tongxin_request_seconds_total", "counter", "time spent answering", time.Duration(m.spent.Load()).Seconds())
	fmt.Fprintf(w, "# HELP tongxin_requests_total requests answered, by status\n# TYPE tongxin_requests_total counter\n")
	for i := 1; i < len(m.statuses); i++ {
		fmt.Fprintf(w, "tongxin_requests_total{status=\"%dxx\"} %d\n", i, m.statuses[i].Load())
	}
	put(w, "tongxin_commits_total", "counter", "commits of this process", a.DB.Commits())
	put(w, "tongxin_jobs_due", "gauge", "jobs whose time has come", q.due)
	put(w, "tongxin_jobs_dead", "gauge", "jobs that were given up", q.dead)
	put(w, "tongxin_facts_unsealed", "gauge", "facts without a number", q.facts)
	put(w, "tongxin_audit_unsealed", "gauge", "audit entries without a number", q.entries)
	put(w, "tongxin_goroutines", "gauge", "goroutines", runtime.NumGoroutine())
}

func put(w io.Writer, name, kind, help string, value any) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n%s %v\n", name, help, name, kind, name, value)
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
