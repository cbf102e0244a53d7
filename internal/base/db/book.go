package db

import (
	"context"
	"sync"
)

// Book remembers one thing of each of many records that pages ask for again and again, such as
// names. A record is forgotten when it is touched (see [Tx.Touch]), all are when a table is written
// to that the watch is over; on a server with several processes, the others' changes are seen a
// second later.
type Book[K ~string, V any] struct {
	watch *Watch
	most  int
	read  func(ctx context.Context, keys []K) (map[K]V, error)

	mu   sync.Mutex
	all  map[K]V
	turn int // how often something was forgotten
}

// NewBook makes an empty book that remembers so many records at most; read reads them.
func NewBook[K ~string, V any](watch *Watch, most int, read func(ctx context.Context, keys []K) (map[K]V, error)) *Book[K, V] {
	return &Book[K, V]{watch: watch, most: most, read: read}
}

// Get answers of each record what read does, without those that it knows nothing of.
func (b *Book[K, V]) Get(ctx context.Context, keys []K) (map[K]V, error) {
	all, missing, turn := b.known(keys)
	if len(missing) == 0 {
		return all, nil
	}
	read, err := b.read(ctx, missing)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for k, v := range read {
		all[k] = v
		if b.turn == turn { // else it may have changed since it was read
			b.all[k] = v
		}
	}
	return all, nil
}

func (b *Book[K, V]) known(keys []K) (all map[K]V, missing []K, turn int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed, touched := b.watch.Changes()
	if changed || b.all == nil || len(b.all) > b.most {
		b.all = map[K]V{}
	}
	for _, k := range touched {
		delete(b.all, K(k))
	}
	if changed || len(touched) > 0 {
		b.turn++
	}
	all = make(map[K]V, len(keys))
	for _, k := range keys {
		if v, ok := b.all[k]; ok {
			all[k] = v
		} else if k != "" {
			missing = append(missing, k)
		}
	}
	return all, missing, b.turn
}
