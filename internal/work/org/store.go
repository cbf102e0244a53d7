package org

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/search"
)

const orgColumns = `o.id, o.home, o.kind, o.tier, o.name, o.area, o.position, o.parent, o.credit_code, o.address, o.about, o.contact,
	o.state, o.reason, o.trusted, o.successor, o.registered_by, o.created, o.due, o.approved, o.rev`

// scanner is a row or rows.
type scanner interface{ Scan(to ...any) error }

func scanOrg(r scanner) (o Org, err error) {
	err = r.Scan(&o.ID, &o.Home, &o.Kind, &o.Tier, &o.Name, &o.Area, &o.Position, &o.Parent, &o.CreditCode, &o.Address, &o.About,
		&o.Contact, &o.State, &o.Reason, &o.Trusted, &o.Successor, &o.Registrant, &o.Created, &o.Due, &o.Approved, &o.Rev)
	return o, err
}

func scanOrgs(r *sql.Rows) (Org, error) { return scanOrg(r) }

// Get reads an organisation, whatever its state.
func Get(ctx context.Context, r db.Reader, org id.ID) (Org, error) {
	return db.Remember(r, "org", org, func() (Org, error) {
		o, err := scanOrg(r.QueryRow(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.home = $1 AND o.id = $2`, org.Home(), org))
		if db.NoRows(err) {
			return Org{}, fail.New(fail.NotFound, "org.unknown")
		}
		return o, err
	})
}

// link is an organisation on the way up from another.
type link struct {
	org      id.ID
	position int64
	kind     Kind
	tier     Tier
	name     string
	alive    bool
}

// chainOf lists an organisation and those above it, nearest first, as they hang now; for
// one that is not in the tree yet it begins with the one that it registers under.
func chainOf(ctx context.Context, r db.Reader, o Org) ([]link, error) {
	if o.Position == 0 && o.Parent != "" {
		parent, err := Get(ctx, r, o.Parent)
		if err != nil {
			return nil, err
		}
		o = parent
	}
	rows, err := r.Query(ctx, `SELECT p.org, p.id, a.kind, a.tier, a.name, a.state FROM org_under u
		JOIN org_position p ON p.id = u.ancestor JOIN org_org a ON a.id = p.org
		WHERE u.position = $1 ORDER BY u.depth`, o.Position)
	return db.Collect(rows, err, func(r *sql.Rows) (l link, err error) {
		var s State
		err = r.Scan(&l.org, &l.position, &l.kind, &l.tier, &l.name, &s)
		l.alive = s == Approved
		return l, err
	})
}

// turn makes the commands that change the tree take turns: they meet on one counter row, so
// that none reads a tree that another is changing. Its value is the tree's version.
func turn(tx *db.Tx) (int64, error) { return tx.Next("org_tree") }

// clash says what keeps an organisation from standing beside the others, if anything does:
// a sibling's name, another one in its seat, another one with its credit code.
func clash(ctx context.Context, r db.Reader, o Org) error {
	var name, seat, credit int64
	err := r.QueryRow(ctx, `SELECT
		(SELECT COUNT(*) FROM org_org WHERE parent = $2 AND kind = $3 AND name = $4 AND state IN ('pending', 'approved') AND id <> $1),
		(SELECT COUNT(*) FROM org_org WHERE area = $5 AND tier = $6 AND tier IN ('office', 'center', 'institute', 'station')
			AND state IN ('pending', 'approved') AND id <> $1),
		(SELECT COUNT(*) FROM org_org WHERE credit_code = $7 AND credit_code <> '' AND state IN ('pending', 'approved') AND id <> $1)`,
		o.ID, o.Parent, o.Kind, o.Name, o.Area, o.Tier, o.CreditCode).Scan(&name, &seat, &credit)
	if err != nil {
		return err
	}
	var errs [3]error
	if name > 0 {
		errs[0] = fail.Field("name", "org.name_taken")
	}
	if seat > 0 {
		errs[1] = fail.Field("area", "org.seat_taken."+string(o.Tier))
	}
	if credit > 0 {
		errs[2] = fail.Field("credit_code", "org.credit_taken")
	}
	return fail.Join(errs[:]...)
}

// children counts what hangs under an organisation or asks to.
func children(ctx context.Context, r db.Reader, o Org) (n int64, err error) {
	err = r.QueryRow(ctx, "SELECT COUNT(*) FROM org_org WHERE parent = $1 AND state IN ('pending', 'approved')", o.ID).Scan(&n)
	return n, err
}

// changed turns a guarded write that touched nothing into a refusal.
func changed(n int64, err error, key string) error {
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, key)
	}
	return err
}

// decide moves a registration from pending to approved or returned.
func decide(tx *db.Tx, o Org) error {
	n, err := tx.Exec(`UPDATE org_org SET state = $3, reason = $4, approved = $5, area = $6, due = 0, rev = rev + 1
		WHERE home = $1 AND id = $2 AND state = 'pending'`, o.Home, o.ID, o.State, o.Reason, o.Approved, o.Area)
	return changed(n, err, "org.not_pending")
}

// resubmit replaces what a returned registration said.
func resubmit(tx *db.Tx, o Org) error {
	n, err := tx.Exec(`UPDATE org_org SET state = 'pending', reason = '', kind = $4, name = $5, area = $6, parent = $7, credit_code = $8,
		address = $9, about = $10, contact = $11, due = $12, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state = 'returned'`,
		o.Home, o.ID, o.Rev, o.Kind, o.Name, o.Area, o.Parent, o.CreditCode, o.Address, o.About, o.Contact, o.Due)
	return changed(n, err, "org.changed_meanwhile")
}

// rename renames the organisation and the position that it holds.
func rename(tx *db.Tx, o Org, name string) error {
	n, err := tx.Exec("UPDATE org_org SET name = $4, rev = rev + 1 WHERE home = $1 AND id = $2 AND rev = $3 AND state = 'approved'",
		o.Home, o.ID, o.Rev, name)
	if err = changed(n, err, "org.changed_meanwhile"); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE org_position SET name = $2 WHERE id = $1", o.Position, name)
	return err
}

// describe writes what an organisation says about itself.
func describe(tx *db.Tx, o Org) error {
	n, err := tx.Exec(`UPDATE org_org SET credit_code = $4, address = $5, about = $6, contact = $7, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state = 'approved'`,
		o.Home, o.ID, o.Rev, o.CreditCode, o.Address, o.About, o.Contact)
	return changed(n, err, "org.changed_meanwhile")
}

// trust sets whether the ordinary activities of an organisation need no review.
func trust(tx *db.Tx, o Org, trusted bool) error {
	n, err := tx.Exec(`UPDATE org_org SET trusted = $3, rev = rev + 1
		WHERE home = $1 AND id = $2 AND state = 'approved' AND trusted <> $3`, o.Home, o.ID, trusted)
	return changed(n, err, "org.changed_meanwhile")
}

// end closes an organisation and the position that it holds.
func end(tx *db.Tx, o Org, reason string) error {
	n, err := tx.Exec(`UPDATE org_org SET state = 'closed', reason = $4, due = 0, trusted = FALSE, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state = $5`, o.Home, o.ID, o.Rev, reason, o.State)
	if err = changed(n, err, "org.changed_meanwhile"); err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE org_position SET to_day = $2 WHERE id = $1 AND to_day = ''", o.Position, db.Day(tx.Now)); err != nil {
		return err
	}
	return search.Drop(tx, o.ID)
}

// unapprove makes a closed organisation one that never was: its place is over and it does
// not count.
func unapprove(tx *db.Tx, org id.ID) error {
	_, err := tx.Exec("UPDATE org_org SET approved = 0 WHERE home = $1 AND id = $2", org.Home(), org)
	return err
}
