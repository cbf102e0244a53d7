package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insertHandout(tx *db.Tx, h Handout) error {
	_, err := tx.Exec(`INSERT INTO people_handout (home, id, org, category, purpose, state, asked_by, asked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		h.ID.Home(), h.ID, h.Org, h.Category, h.Purpose, h.State, h.AskedBy, h.Asked)
	return err
}

// moveHandout writes where a handout stands, if it still stands where it was read.
func moveHandout(tx *db.Tx, h Handout, from HandoutState) (bool, error) {
	n, err := tx.Exec(`UPDATE people_handout SET state = $1, decided_by = $2, decided = $3, until = $4, taken = $5 WHERE home = $6 AND id = $7 AND state = $8`,
		h.State, h.DecidedBy, h.Decided, h.Until, h.Taken, h.ID.Home(), h.ID, from)
	return n == 1, err
}

const handoutColumns = "h.id, h.org, h.category, h.purpose, h.state, h.asked_by, h.asked, h.decided_by, h.decided, h.until, h.taken"

func scanHandout(scan func(...any) error) (h Handout, err error) {
	err = scan(&h.ID, &h.Org, &h.Category, &h.Purpose, &h.State, &h.AskedBy, &h.Asked, &h.DecidedBy, &h.Decided, &h.Until, &h.Taken)
	return h, err
}

func handoutOf(ctx context.Context, r db.Reader, handout id.ID) (Handout, error) {
	h, err := scanHandout(r.QueryRow(ctx, "SELECT "+handoutColumns+" FROM people_handout h WHERE h.home = $1 AND h.id = $2", handout.Home(), handout).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "people.handout_unknown")
	}
	return h, err
}

func handoutsUnder(ctx context.Context, r db.Reader, at id.ID, limit int) ([]Handout, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */ SELECT `+handoutColumns+` FROM people_handout h JOIN org_org g ON g.id = h.org
		JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor WHERE top.id = $1 ORDER BY h.asked DESC, h.id DESC LIMIT $2`, at, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (Handout, error) { return scanHandout(rows.Scan) })
}
