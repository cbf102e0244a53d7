package org

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// opening is a position about to be opened, and the positions above it, nearest first.
type opening struct {
	Position
	above []int64
}

// insertOrgs inserts organisations and answers how many found their place free.
func insertOrgs(tx *db.Tx, orgs []Org) (int64, error) {
	rows := make([][]any, len(orgs))
	for i, o := range orgs {
		rows[i] = []any{o.ID, o.Home, o.Kind, o.Tier, o.Name, o.Area, o.Position, o.Parent, o.CreditCode, o.Address, o.About, o.Contact,
			o.State, o.Registrant, o.Created, o.Due, o.Approved}
	}
	return insert(tx, `INSERT INTO org_org (id, home, kind, tier, name, area, position, parent, credit_code, address, about, contact,
		state, registered_by, created, due, approved) VALUES `, rows)
}

// open writes positions and what each is under.
func open(tx *db.Tx, all []opening) error {
	places := make([][]any, len(all))
	var unders [][]any
	for i, p := range all {
		places[i] = []any{p.ID, p.Org, p.Parent, p.Kind, p.Tier, p.Name, p.Area, p.From}
		unders = append(unders, []any{p.ID, p.ID, 0})
		for depth, ancestor := range p.above {
			unders = append(unders, []any{ancestor, p.ID, depth + 1})
		}
	}
	if _, err := insert(tx, "INSERT INTO org_position (id, org, parent, kind, tier, name, area, from_day) VALUES ", places); err != nil {
		return err
	}
	_, err := insert(tx, "INSERT INTO org_under (ancestor, position, depth) VALUES ", unders)
	return err
}

// insert writes rows in as few statements as there are sizes for: each size is prepared once.
func insert(tx *db.Tx, into string, rows [][]any) (total int64, err error) {
	for _, size := range []int{128, 16, 1} {
		for len(rows) >= size {
			var args []any
			for _, row := range rows[:size] {
				args = append(args, row...)
			}
			n, err := tx.Exec(into+tuples(size, len(rows[0]))+" ON CONFLICT DO NOTHING", args...)
			if err != nil {
				return total, err
			}
			total, rows = total+n, rows[size:]
		}
	}
	return total, nil
}

// tuples writes ($1,$2),($3,$4) for n rows of that width.
func tuples(n, width int) string {
	var b strings.Builder
	for i := range n * width {
		switch {
		case i%width > 0:
			b.WriteByte(',')
		case i > 0:
			b.WriteString("),(")
		default:
			b.WriteByte('(')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	return b.String() + ")"
}

// aboveOf lists a position and those above it, nearest first.
func aboveOf(ctx context.Context, r db.Reader, position int64) ([]int64, error) {
	rows, err := r.Query(ctx, "SELECT ancestor FROM org_under WHERE position = $1 ORDER BY depth", position)
	return db.Collect(rows, err, db.Value[int64])
}

// branch lists an organisation and all that hangs below it now, parents before children.
func branch(ctx context.Context, r db.Reader, o Org) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_under u
		JOIN org_position p ON p.id = u.position AND p.to_day = '' JOIN org_org o ON o.id = p.org
		WHERE u.ancestor = $1 ORDER BY u.depth, u.position`, o.Position)
	return db.Collect(rows, err, scanOrgs)
}

// leave ends the positions that the organisations at and below one hold.
func leave(tx *db.Tx, top int64, day string) error {
	_, err := tx.Exec(`UPDATE org_position SET to_day = $2 WHERE to_day = ''
		AND id IN (SELECT position FROM org_under WHERE ancestor = $1)`, top, day)
	return err
}

// settle makes organisations hold the positions that were opened for them at and below top,
// with the area that each has there.
func settle(tx *db.Tx, top int64) error {
	_, err := tx.Exec(`UPDATE org_org SET
		position = (SELECT p.id FROM org_position p WHERE p.org = org_org.id AND p.to_day = ''),
		area = (SELECT p.area FROM org_position p WHERE p.org = org_org.id AND p.to_day = '')
		WHERE id IN (SELECT p.org FROM org_under u JOIN org_position p ON p.id = u.position WHERE u.ancestor = $1)`, top)
	return err
}

// hang gives an organisation its new parent.
func hang(tx *db.Tx, o Org, parent id.ID) error {
	n, err := tx.Exec(`UPDATE org_org SET parent = $4, rev = rev + 1
		WHERE home = $1 AND id = $2 AND parent = $3 AND state = 'approved'`, o.Home, o.ID, o.Parent, parent)
	return changed(n, err, "org.changed_meanwhile")
}

// take makes an approved registration hold its position.
func take(tx *db.Tx, o Org) error {
	_, err := tx.Exec("UPDATE org_org SET position = $3 WHERE home = $1 AND id = $2", o.Home, o.ID, o.Position)
	return err
}

func scanPosition(r *sql.Rows) (p Position, err error) {
	err = r.Scan(&p.ID, &p.Org, &p.Parent, &p.Kind, &p.Tier, &p.Name, &p.Area, &p.From, &p.To)
	return p, err
}

const positionColumns = "id, org, parent, kind, tier, name, area, from_day, to_day"

// Positions lists all places that an organisation held, oldest first.
func Positions(ctx context.Context, r db.Reader, org id.ID) ([]Position, error) {
	rows, err := r.Query(ctx, "SELECT "+positionColumns+" FROM org_position WHERE org = $1 ORDER BY id", org)
	return db.Collect(rows, err, scanPosition)
}
