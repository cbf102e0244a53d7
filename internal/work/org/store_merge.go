package org

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/search"
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

// succeed ends an organisation that another stands for from now on.
func succeed(tx *db.Tx, o Org, to id.ID, reason string) error {
	n, err := tx.Exec(`UPDATE org_org SET state = 'merged', reason = $4, successor = $5, merged = $6, due = 0, trusted = FALSE, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state = 'approved'`, o.Home, o.ID, o.Rev, reason, to, db.MS(tx.Now))
	if err = changed(n, err, "org.changed_meanwhile"); err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE org_position SET to_day = $2 WHERE id = $1 AND to_day = ''", o.Position, db.Day(tx.Now)); err != nil {
		return err
	}
	return search.Drop(tx, o.ID)
}
