package db

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Watch tells a copy in memory of some records what has been committed since it last asked: which
// of them, by their keys, or that whatever stands beside them was written to. What this process
// committed it knows before [DB.Write] returns.
type Watch struct {
	topic  string
	tables []string
	shared bool // other processes write too

	mu   sync.Mutex
	all  bool
	keys map[string]struct{}
	told time.Time // when everything was said to have changed
}

// othersEvery is how old a copy may be where other processes write as well, of which a Watch knows
// nothing.
const othersEvery = time.Second

// Watch begins to watch the records of a topic, which commands name by [Tx.Touch], and all of some
// tables. It lasts as long as the database is open.
func (d *DB) Watch(topic string, tables ...string) *Watch {
	w := &Watch{topic: topic, tables: tables, shared: d.engine == Postgres || d.opts.ReadOnly, all: true, keys: map[string]struct{}{}}
	d.watching.Lock()
	defer d.watching.Unlock()
	all := append(slices.Clone(d.watched()), w)
	d.watches.Store(&all)
	return w
}

func (d *DB) watched() []*Watch {
	if all := d.watches.Load(); all != nil {
		return *all
	}
	return nil
}

// Changes are the records that changed since the last call; all says that any may have.
func (w *Watch) Changes() (all bool, keys []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if all = w.all || w.shared && time.Since(w.told) > othersEvery; all {
		w.all, w.told = false, time.Now()
	}
	for k := range w.keys {
		keys = append(keys, k)
	}
	clear(w.keys)
	return all, keys
}

// Touch says that a record of a topic is written to.
func (tx *Tx) Touch(topic, key string) {
	for _, w := range tx.db.watched() {
		if w.topic == topic {
			tx.touched = append(tx.touched, touch{w, key})
		}
	}
}

// touch is what a watch is told of once it is committed; without a key, that a table changed.
type touch struct {
	w   *Watch
	key string
}

// wrote notes which table a statement writes to, where that is watched or remembered.
func (tx *Tx) wrote(q string) {
	all := tx.db.watched()
	if len(all) == 0 && len(tx.known) == 0 {
		return
	}
	table := written(q)
	tx.forget(table)
	for _, w := range all {
		if slices.Contains(w.tables, table) {
			tx.touched = append(tx.touched, touch{w: w})
		}
	}
}

// tell tells the watches what a closure has done.
func (tx *Tx) tell() {
	for _, t := range tx.touched {
		t.w.mu.Lock()
		if t.key == "" {
			t.w.all = true
		} else {
			t.w.keys[t.key] = struct{}{}
		}
		t.w.mu.Unlock()
	}
}

// written is the table that a statement writes to, "" for one that only reads.
func written(q string) string {
	for {
		q = strings.TrimLeft(q, " \t\n")
		if !strings.HasPrefix(q, "/*") {
			break
		}
		_, q, _ = strings.Cut(q, "*/")
	}
	for _, verb := range []string{"INSERT INTO ", "UPDATE ", "DELETE FROM "} {
		if rest, ok := strings.CutPrefix(q, verb); ok {
			if end := strings.IndexAny(rest, " \t\n("); end >= 0 {
				rest = rest[:end]
			}
			return rest
		}
	}
	return ""
}
