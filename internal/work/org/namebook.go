package org

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// mostNames bounds how many names a [NameBook] knows: more than a city has.
const mostNames = 20_000

// NameBook remembers the names of organisations until one of them changes, which is seldom.
type NameBook = db.Book[id.ID, string]

// NewNameBook makes an empty one over a database and what watches it; it answers what [Names] does.
func NewNameBook(r db.Reader, watch func(topic string, tables ...string) *db.Watch) *NameBook {
	return db.NewBook(watch("", "org_org"), mostNames, func(ctx context.Context, ids []id.ID) (map[id.ID]string, error) { return Names(ctx, r, ids) })
}
