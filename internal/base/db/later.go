package db

import (
	"context"
	"sync"
	"time"
)

// Later keeps answers that take long to find. Whoever asks is given what was found last and waits
// for nothing: it is found beside him, and again once it is [patience] times as old as finding it
// took, so that looking costs the same small part of a processor however often it is asked for.
type Later[K comparable, V any] struct {
	Find func(context.Context, K) (V, error)

	mu  sync.Mutex
	all map[K]*found[V]
}

const patience = 100

// found is an answer as it was found last.
type found[V any] struct {
	v       V
	err     error // why it could not be found anew, until somebody was told
	finding bool
	again   time.Time // not before
}

// Get answers what was found last; at first that is nothing. That it could not be found anew is
// told to whoever asks next.
func (l *Later[K, V]) Get(ctx context.Context, key K) (v V, err error) {
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
		go l.find(context.WithoutCancel(ctx), key, f)
	}
	err, f.err = f.err, nil
	return f.v, err
}

func (l *Later[K, V]) find(ctx context.Context, key K, f *found[V]) {
	began := time.Now()
	v, err := l.Find(ctx, key)
	l.mu.Lock()
	defer l.mu.Unlock()
	f.finding, f.err, f.again = false, err, time.Now().Add(patience*time.Since(began))
	if err == nil {
		f.v = v
	}
}
