package figure

import "unsafe"

// Bytes is what the model holds in memory, as far as it grows with the ledger: rows, ids and what
// is kept of questions.
func (e *Engine) Bytes() int64 {
	e.scopes.Lock()
	kept := e.memo.bytes
	e.scopes.Unlock()
	e.mu.RLock()
	defer e.mu.RUnlock()
	return int64(kept) + e.m.bytes()
}

// Loaded reports whether figures have read the ledger and answer.
func (e *Engine) Loaded() bool { return e.loaded.Load() }

func (m *model) bytes() (n int64) {
	for _, blocks := range m.kinds {
		for _, b := range blocks {
			n += b.sorted.bytes() + b.tail.bytes()
		}
	}
	return n + m.persons.bytes() + m.subjects.bytes() + room(m.seals)
}

func (c *columns) bytes() int64 {
	return room(c.seq) + room(c.until) + room(c.org) + room(c.unit) + room(c.area) + room(c.person) + room(c.subject) +
		room(c.campaign) + room(c.callup) + room(c.service) + room(c.category) + room(c.day) + room(c.grade) + room(c.qty)
}

func (n *names) bytes() int64 { return room(n.list) + room(n.table) }

// room is what a slice takes.
func room[T any](s []T) int64 {
	var one T
	return int64(cap(s)) * int64(unsafe.Sizeof(one))
}
