package page

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
)

// policy allows what comes from us and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Chain puts around all handlers what every request goes through, outermost first: the pace that is
// kept, a number and a line in the log, the net for panics, headers, compression, the refusal of bodies
// that are too large, of addresses that are no text and of requests that other sites make.
func (s *Site) Chain(mux http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(s.answer(errForeign))
	h := cross.Handler(seeRoute(mux))
	h = s.refuseIllegible(h)
	h = s.refuseHuge(h)
	h = compressed(h)
	h = s.headers(h)
	h = s.caught(h)
	return s.paced(s.logged(h))
}

// answer is a handler that gives an error, in the person's language.
func (s *Site) answer(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { newCtx(s, w, r).fail(err) })
}

type traceKey struct{}

// trace is what the log says of one request. It is filled in on the way.
type trace struct {
	number string
	route  string
}

// number is the request's own: the page shows it when something broke, and the log has it.
func number(r *http.Request) string {
	if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
		return t.number
	}
	return ""
}

func newNumber() string {
	s := rand.Text()
	return s[:4] + "-" + s[4:8]
}

// seeRoute notes which pattern the mux chose; the path itself may hold an id.
func seeRoute(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if t, ok := r.Context().Value(traceKey{}).(*trace); ok {
				t.route = r.Pattern
			}
		}()
		mux.ServeHTTP(w, r)
	})
}

// logged writes one line for each request: method, route, status, time. Nothing personal.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := &trace{number: newNumber()}
		start := time.Now()
		sw := &statusWriter{ResponseWriter: w}
		w.Header().Set("X-Request-Id", t.number)
		defer func() {
			if s.Log != nil {
				s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("id", t.number), slog.String("method", r.Method),
					slog.String("route", t.route), slog.Int("status", sw.code()), slog.Duration("took", time.Since(start).Round(time.Microsecond)))
			}
		}()
		next.ServeHTTP(sw, r.WithContext(context.WithValue(r.Context(), traceKey{}, t)))
	})
}

// caught is the net for panics outside of page handlers, which have their own.
func (s *Site) caught(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.answer(&panicked{p, debug.Stack()}).ServeHTTP(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// hugeBody is more than any route takes: the largest is a list of an office.
const hugeBody = 65 << 20

// refuseHuge answers a body that no route takes before anything reads it.
func (s *Site) refuseHuge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > hugeBody {
			Drain(r)
			s.answer(errTooLarge).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuseIllegible answers an address that holds what is no text: nothing below needs to expect it.
func (s *Site) refuseIllegible(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !legible(r.URL.Path) || !legibleQuery(r.URL) {
			s.answer(fail.New(fail.Invalid, "web.error.illegible")).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// legible says whether databases take it for text.
func legible(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func legibleQuery(u *url.URL) bool {
	if !strings.Contains(u.RawQuery, "%") {
		return legible(u.RawQuery)
	}
	for name, values := range u.Query() {
		if !legible(name) || !legible(strings.Join(values, "")) {
			return false
		}
	}
	return true
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// Unwrap lets http.ResponseController find its way.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
