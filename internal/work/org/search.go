package org

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/search"
)

// text is by what everybody finds an organisation in the tree: the higher its tier, the sooner.
func (o Org) text() search.Doc {
	rank := len(Types()) - slices.Index(Types(), o.Type())
	return search.Doc{ID: o.ID, Kind: search.Organisations, Rank: int64(rank), Title: o.Name, Text: []string{o.About, o.Address}}
}

// findable lets organisations be found that are new in the tree.
func findable(tx *db.Tx, all []Org) error {
	l := search.NewLoader(tx)
	for _, o := range all {
		if err := l.Add(o.text()); err != nil {
			return err
		}
	}
	return l.Flush()
}
