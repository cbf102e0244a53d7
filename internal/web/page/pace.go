package page

import (
	"io"
	"net/http"
	"time"
)

// Pace is what the other end of a connection keeps up, or it is cut off: it may be silent for
// Grace, and must take or bring Rate bytes a second on the whole. Only waiting for the other end
// counts, not the time that an answer takes to be made.
type Pace struct {
	Grace time.Duration
	Rate  int // bytes a second
}

// Unhurried is the pace of the slowest line that serves anybody.
var Unhurried = Pace{Grace: 20 * time.Second, Rate: 4 << 10}

// paced keeps senders and readers to the pace, request by request.
func (s *Site) paced(next http.Handler) http.Handler {
	pace := s.Pace
	if pace == (Pace{}) {
		pace = Unhurried
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		out := &taken{ResponseWriter: w, rc: rc, patience: patience{pace, pace.Grace}}
		rc.SetWriteDeadline(time.Time{})                     // the connection's last answer had one
		defer func() { rc.SetWriteDeadline(out.until(0)) }() // what is still in a buffer goes out after the handler
		if r.Body != nil && r.Body != http.NoBody {
			in := &brought{ReadCloser: r.Body, rc: rc, patience: patience{pace, pace.Grace}}
			in.waits()                     // package http lets in what no handler wanted
			r = r.WithContext(r.Context()) // and looks at its own request then
			r.Body = in
		}
		next.ServeHTTP(out, r)
	})
}

// patience is what is left of the time that the other end may be silent.
type patience struct {
	Pace
	left time.Duration
}

// until is the moment by which the other end must have moved so many bytes.
func (p *patience) until(bytes int) time.Time { return time.Now().Add(p.left + p.worth(bytes)) }

// waited counts the wait for some bytes.
func (p *patience) waited(took time.Duration, bytes int) {
	p.left = min(p.Grace, p.left+p.worth(bytes)-took)
}

func (p *patience) worth(bytes int) time.Duration {
	return time.Duration(bytes) * time.Second / time.Duration(p.Rate)
}

// brought is a body as it comes.
type brought struct {
	io.ReadCloser
	rc *http.ResponseController
	patience
}

func (b *brought) Read(to []byte) (int, error) {
	began := time.Now()
	b.waits()
	n, err := b.ReadCloser.Read(to)
	b.waited(time.Since(began), n)
	switch err {
	case nil:
		b.waits()
	case io.EOF: // what waits for its turn now is not cut off
		b.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (b *brought) waits() { b.rc.SetReadDeadline(b.until(0)) }

// taken is an answer as it is read.
type taken struct {
	http.ResponseWriter
	rc *http.ResponseController
	patience
}

func (w *taken) Write(b []byte) (int, error) {
	began := time.Now()
	w.rc.SetWriteDeadline(w.until(len(b)))
	n, err := w.ResponseWriter.Write(b)
	w.done(began, n, err)
	return n, err
}

// FlushError sends what there is.
func (w *taken) FlushError() error {
	began := time.Now()
	w.rc.SetWriteDeadline(w.until(0))
	err := w.rc.Flush()
	w.done(began, 0, err)
	return err
}

// done takes the deadline off again: what is still to be made may take its time.
func (w *taken) done(began time.Time, n int, err error) {
	w.waited(time.Since(began), n)
	if err == nil {
		w.rc.SetWriteDeadline(time.Time{})
	}
}

// Unwrap lets http.ResponseController find its way.
func (w *taken) Unwrap() http.ResponseWriter { return w.ResponseWriter }
