package live

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"tongxin/internal/base/fail"
)

const (
	rest  = 250 * time.Millisecond // shortest between two reckonings of a topic
	share = 9                      // a topic rests this many times as long as it reckoned
	tired = 500 * time.Millisecond // but no longer: what was committed is to be seen within a second
	beat  = 3 * time.Second        // longest between two reckonings
	again = time.Second            // after one that failed
	most  = 10_000                 // watches of one process
)

// Parts are what may change on a page, by name.
type Parts map[string]string

// Source reckons all parts of a page as they are now. It outlives the request that gave it.
type Source func(ctx context.Context) (Parts, error)

// Figures is what the hub follows: the last fact that is known, and a channel that is closed
// when there are more.
type Figures interface {
	Seq() (seq int64, more <-chan struct{})
}

// Hub connects the pages that are looked at with what happens.
type Hub struct {
	figures Figures
	mu      sync.Mutex // of topics, watches and closed, and of what is in topics
	topics  map[string]*topic
	watches int
	closed  bool
	running sync.WaitGroup
}

// New makes a hub.
func New(f Figures) *Hub { return &Hub{figures: f, topics: map[string]*topic{}} }

// Close ends all watches, and waits for the reckonings under way.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	for _, t := range h.topics {
		t.end()
	}
	h.mu.Unlock()
	h.running.Wait()
}

// Watches is how many pages are being kept up to date.
func (h *Hub) Watches() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.watches
}

// topic is what everybody sees who watches the same.
type topic struct {
	name    string // unlike any other's
	key     string
	ctx     context.Context
	end     context.CancelFunc
	source  Source
	watches int
	round   int64
	parts   map[string]part
	changed chan struct{} // closed when a round brings something new
}

// part is a part of a page, and the round in which it last changed.
type part struct {
	text  string
	round int64
}

// Watch begins to watch the page of a key. seen is the last round that the page has seen, ""
// if none. Whoever watches must end it with Close.
func (h *Hub) Watch(key, seen string, s Source) (*Watch, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.watches >= most {
		return nil, fail.New(fail.Unavailable, "live.full")
	}
	t := h.topics[key]
	if t == nil {
		t = &topic{name: rand.Text()[:8], key: key, source: s, parts: map[string]part{}, changed: make(chan struct{})}
		t.ctx, t.end = context.WithCancel(context.Background())
		h.topics[key] = t
		h.running.Go(func() { h.follow(t) })
	}
	t.watches++
	h.watches++
	w := &Watch{hub: h, topic: t}
	if name, round, ok := strings.Cut(seen, "."); ok && name == t.name {
		w.seen, _ = strconv.ParseInt(round, 10, 64)
	}
	return w, nil
}

// follow reckons a topic until nobody watches it.
func (h *Hub) follow(t *topic) {
	for t.ctx.Err() == nil {
		_, more := h.figures.Seq()
		began := time.Now()
		parts, err := t.reckon()
		pause, longest := min(max(rest, share*time.Since(began)), tired), beat
		if err != nil {
			if t.ctx.Err() == nil && fail.Key(err) != "figure.loading" {
				slog.ErrorContext(t.ctx, "a live page cannot be reckoned, will try again", "err", err)
			}
			pause, longest = again, again
		} else {
			h.settle(t, parts)
		}
		wait(t.ctx, pause, nil)
		wait(t.ctx, max(0, longest-pause), more)
	}
}

// reckon asks the source. A page that cannot be reckoned must not end the process.
func (t *topic) reckon() (parts Parts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return t.source(t.ctx)
}

// wait waits for a while, or until something comes.
func wait(ctx context.Context, d time.Duration, come <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-come:
	}
}

// settle keeps what changed, and wakes who watches.
func (h *Hub) settle(t *topic, parts Parts) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t.round++
	news := false
	for name, text := range parts {
		if old, ok := t.parts[name]; !ok || old.text != text {
			t.parts[name], news = part{text, t.round}, true
		}
	}
	if news {
		close(t.changed)
		t.changed = make(chan struct{})
	}
}

// Watch is one page that is kept up to date.
type Watch struct {
	hub   *Hub
	topic *topic
	seen  int64
	over  bool
}

// Update is what changed on a page, and the round up to which it is told.
type Update struct {
	Round string
	Parts Parts
}

// Next waits for what changed since the last time; the first answers everything that the page
// has not seen. It ends with the context's error, or as Unavailable when the hub closes.
func (w *Watch) Next(ctx context.Context) (Update, error) {
	for {
		u, changed := w.news()
		if len(u.Parts) > 0 {
			return u, nil
		}
		select {
		case <-ctx.Done():
			return u, ctx.Err()
		case <-w.topic.ctx.Done():
			return u, fail.New(fail.Unavailable, "live.full")
		case <-changed:
		}
	}
}

func (w *Watch) news() (Update, <-chan struct{}) {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	t := w.topic
	u := Update{Round: t.name + "." + strconv.FormatInt(t.round, 10), Parts: Parts{}}
	for name, p := range t.parts {
		if p.round > w.seen {
			u.Parts[name] = p.text
		}
	}
	w.seen = t.round
	return u, t.changed
}

// Close ends the watch.
func (w *Watch) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	if w.over {
		return
	}
	w.over = true
	w.hub.watches--
	if w.topic.watches--; w.topic.watches == 0 {
		w.topic.end()
		delete(w.hub.topics, w.topic.key)
	}
}
