package org

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/search"
)

// everyOrg reads all organisations, the tree's reference data, for verify.
func everyOrg(ctx context.Context, r db.Reader) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o ORDER BY o.id`)
	return db.Collect(rows, err, scanOrgs)
}

// everyPosition reads all positions, oldest first.
func everyPosition(ctx context.Context, r db.Reader) ([]Position, error) {
	rows, err := r.Query(ctx, "SELECT "+positionColumns+" FROM org_position ORDER BY id")
	return db.Collect(rows, err, scanPosition)
}

// everyFindable are the organisations that a search finds.
func everyFindable(ctx context.Context, r db.Reader) (map[id.ID]bool, error) {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT DISTINCT id FROM search_term WHERE kind = $1", search.Organisations)
	found := map[id.ID]bool{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at id.ID
		err = r.Scan(&at)
		found[at] = true
		return none, err
	})
	return found, err
}

// below is one row of org_under.
type below struct {
	ancestor, position int64
	depth              int
}

func everyUnder(ctx context.Context, r db.Reader) ([]below, error) {
	rows, err := r.Query(ctx, "SELECT ancestor, position, depth FROM org_under")
	return db.Collect(rows, err, func(r *sql.Rows) (b below, err error) {
		err = r.Scan(&b.ancestor, &b.position, &b.depth)
		return b, err
	})
}
