package org

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// RegisteredBy are the organisations that a person registered.
func RegisteredBy(ctx context.Context, r db.Reader, person id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, "SELECT id FROM org_org WHERE registered_by = $1 AND registered_by <> '' ORDER BY id", person)
	return db.Collect(rows, err, db.Value[id.ID])
}

// HandRegistration is a step of merging people: another record stands for who registered an
// organisation.
func HandRegistration(tx *db.Tx, org, to id.ID) error {
	_, err := tx.Exec("UPDATE org_org SET registered_by = $2 WHERE id = $1", org, to)
	return err
}
