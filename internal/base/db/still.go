package db

import (
	"sync"
	"time"
)

// Still keeps what was read for some questions for as long as nothing is committed, and for a
// second at most: others of a cluster commit too, and time passes. It is for what the pages of many
// who look at the same moment have in common, and what too many tables stand behind for a [Memo].
// The zero value is ready.
type Still struct {
	mu      sync.Mutex
	commits int64
	since   time.Time
	all     map[string]any
}

// While answers from s, or reads. Keys of one name lead to values of one type, which are only read.
func While[V any](s *Still, d *DB, key string, read func() (V, error)) (V, error) {
	commits := d.Commits()
	if v, ok := s.get(key, commits, d.Now()); ok {
		return v.(V), nil
	}
	v, err := read()
	if err == nil {
		s.put(key, commits, v)
	}
	return v, err
}

func (s *Still) get(key string, commits int64, now time.Time) (any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.since); s.commits != commits || age < 0 || age >= time.Second || s.all == nil || len(s.all) >= mostKept {
		s.commits, s.since, s.all = commits, now, map[string]any{}
	}
	v, ok := s.all[key]
	return v, ok
}

// put keeps what was read since those commits, if there were no more meanwhile.
func (s *Still) put(key string, commits int64, v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commits == commits {
		s.all[key] = v
	}
}
