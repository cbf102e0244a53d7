package db

import (
	"maps"
	"slices"
	"sync"
)

// Memo keeps what was read for some questions until what it came from, which Watch watches, is
// written to. Values are everybody's: they are only read.
type Memo[K comparable, V any] struct {
	Watch *Watch
	Keep  func(V) bool   // whether a value is small enough to keep; nil: any is
	Of    func(K) string // the record that a question is about; nil: about any that Watch watches

	mu   sync.Mutex
	all  map[K]V
	turn int // how often it was emptied
}

// mostKept bounds the questions.
const mostKept = 1000

// Get answers from memory, or reads. What is read while something is written is not kept.
func (m *Memo[K, V]) Get(key K, read func() (V, error)) (V, error) {
	v, ok, turn := m.known(key)
	if ok {
		return v, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.turn == turn && (m.Keep == nil || m.Keep(v)) {
		m.all[key] = v
	}
	return v, nil
}

func (m *Memo[K, V]) known(key K) (v V, ok bool, turn int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, keys := m.Watch.Changes()
	switch {
	case all || m.Of == nil && len(keys) > 0 || m.all == nil || len(m.all) >= mostKept:
		m.all = map[K]V{}
		m.turn++
	case len(keys) > 0:
		maps.DeleteFunc(m.all, func(k K, _ V) bool { return slices.Contains(keys, m.Of(k)) })
		m.turn++
	}
	v, ok = m.all[key]
	return v, ok, m.turn
}
