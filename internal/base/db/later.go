package db

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Later keeps answers that take long to find. Whoever asks is given what was found last and waits
// for nothing: it is found beside him, and again once it is [patience] times as old as finding it
// took, so that looking costs the same small part of a processor however often it is asked for.
type Later[K comparable, V any] struct {
	DB   *DB
	Find func(context.Context, K) (V, error)

	mu   sync.Mutex
	all  map[K]*found[V]
	busy sync.WaitGroup
}

const patience = 100

// found is an answer as it was found last.
type found[V any] struct {
	v              V
	known, finding bool
	again          time.Time // not before
}

// Get answers what was found last, if anything was.
func (l *Later[K, V]) Get(ctx context.Context, key K) (v V, known bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.all[key]
	if f == nil {
		if l.all == nil || len(l.all) >= mostKept {
			l.all = map[K]*found[V]{}
		}
		f = &found[V]{}
		l.all[key] = f
	}
	if !f.finding && !time.Now().Before(f.again) {
		f.finding = true
		l.busy.Go(func() { l.find(context.WithoutCancel(ctx), key, f) })
	}
	return f.v, f.known
}

func (l *Later[K, V]) find(ctx context.Context, key K, f *found[V]) {
	began := time.Now()
	v, err := l.Find(ctx, key)
	if err != nil && !l.DB.closed.Load() {
		slog.ErrorContext(ctx, "what takes long could not be read, will try again", "err", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.finding, f.again = false, time.Now().Add(patience*time.Since(began)); err == nil {
		f.v, f.known = v, true
	}
}

// Wait waits for what is being found.
func (l *Later[K, V]) Wait() { l.busy.Wait() }
