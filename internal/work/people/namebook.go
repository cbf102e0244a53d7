package people

import (
	"context"
	"sync"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// named is the topic of persons whose name changes or goes, see [db.Tx.Touch].
const named = "people.named"

// mostNames bounds how many names a [NameBook] knows: some three megabytes.
const mostNames = 20_000

// NameBook remembers the names that desks ask for again and again: to read and to unseal two
// hundred takes longer than all else of a long roster. A name is forgotten when it changes or its
// account is closed; on a server with several processes, the others' changes are seen a second later.
type NameBook struct {
	r    db.Reader
	keys *crypt.Keys
	w    *db.Watch

	mu    sync.Mutex
	names map[id.ID]string
	turn  int // how often something was forgotten
}

// NewNameBook makes an empty one over a database and what watches it.
func NewNameBook(r db.Reader, keys *crypt.Keys, watch func(topic string, tables ...string) *db.Watch) *NameBook {
	return &NameBook{r: r, keys: keys, w: watch(named)}
}

// Names answers what [Names] does.
func (b *NameBook) Names(ctx context.Context, ids []id.ID) (map[id.ID]string, error) {
	all, missing, turn := b.known(ids)
	if len(missing) == 0 {
		return all, nil
	}
	read, err := Names(ctx, b.r, b.keys, missing)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, who := range missing {
		name, ok := read[who]
		if !ok {
			continue
		}
		all[who] = name
		if b.turn == turn { // else it may have changed since it was read
			b.names[who] = name
		}
	}
	return all, nil
}

func (b *NameBook) known(ids []id.ID) (all map[id.ID]string, missing []id.ID, turn int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed, keys := b.w.Changes()
	if changed || b.names == nil || len(b.names) > mostNames {
		b.names = map[id.ID]string{}
	}
	for _, k := range keys {
		delete(b.names, id.ID(k))
	}
	if changed || len(keys) > 0 {
		b.turn++
	}
	all = make(map[id.ID]string, len(ids))
	for _, who := range ids {
		if name, ok := b.names[who]; ok {
			all[who] = name
		} else if who != "" {
			missing = append(missing, who)
		}
	}
	return all, missing, b.turn
}
