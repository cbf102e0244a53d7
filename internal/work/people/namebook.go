package people

import (
	"context"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// named is the topic of persons whose name changes or goes, see [db.Tx.Touch].
const named = "people.named"

// mostNames bounds how many names a [NameBook] knows: some three megabytes.
const mostNames = 20_000

// NameBook remembers the names that desks ask for again and again: to read and to unseal two
// hundred takes longer than all else of a long roster.
type NameBook = db.Book[id.ID, string]

// NewNameBook makes an empty one over a database and what watches it; it answers what [Names] does.
func NewNameBook(r db.Reader, keys *crypt.Keys, watch func(topic string, tables ...string) *db.Watch) *NameBook {
	return db.NewBook(watch(named), mostNames, func(ctx context.Context, ids []id.ID) (map[id.ID]string, error) { return Names(ctx, r, keys, ids) })
}
