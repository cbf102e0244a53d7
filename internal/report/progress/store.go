package progress

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insert(tx *db.Tx, s Schedule) error {
	_, err := tx.Exec(`INSERT INTO progress_schedule (home, id, org, campaign, name, state, author, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.ID.Home(), s.ID, s.Org, s.Campaign, s.Name, string(s.State), s.Author, s.Created, s.Rev)
	return err
}

// save writes what may change of a schedule, if nobody saved since its rev was read.
func save(tx *db.Tx, s Schedule) error {
	n, err := tx.Exec(`UPDATE progress_schedule SET name = $4, state = $5, rev = rev + 1 WHERE home = $1 AND id = $2 AND rev = $3`,
		s.ID.Home(), s.ID, s.Rev, s.Name, string(s.State))
	return unless(n, err)
}

func unless(n int64, err error) error {
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "progress.changed_meanwhile")
	}
	return err
}

// insertItem adds a column at the right. One of that name that came meanwhile stays.
func insertItem(tx *db.Tx, i Item) error {
	_, err := tx.Exec(`INSERT INTO progress_item (home, id, schedule, place, name, indicator, service, whole)
		SELECT $1, $2, $3, COALESCE(MAX(place), 0) + 1, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BOOLEAN) FROM progress_item WHERE home = $1 AND schedule = $3
		ON CONFLICT (home, schedule, name) DO NOTHING`,
		i.ID.Home(), i.ID, i.Schedule, i.Name, i.Indicator, i.Service, i.Whole)
	return err
}

// dropEmpty removes an item that no unit has a row of.
func dropEmpty(tx *db.Tx, item id.ID) error {
	_, err := tx.Exec(`DELETE FROM progress_item WHERE home = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM progress_row w WHERE w.home = $1 AND w.item = $2)`, item.Home(), item)
	return err
}

// insertRow adds a row unless the unit has one of that item.
func insertRow(tx *db.Tx, w Row) (bool, error) {
	n, err := tx.Exec(`INSERT INTO progress_row (home, id, schedule, item, org, from_day, due_day, target, curve)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (home, item, org) DO NOTHING`,
		w.ID.Home(), w.ID, w.Schedule, w.Item, w.Org, w.From, w.Due, w.Target, w.Curve.String())
	return n == 1, err
}

// saveRow writes what may change of a row, if nobody saved since its rev was read.
func saveRow(tx *db.Tx, w Row) error {
	n, err := tx.Exec(`UPDATE progress_row SET from_day = $4, due_day = $5, target = $6, curve = $7, reached = $8, note = $9, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`,
		w.ID.Home(), w.ID, w.Rev, w.From, w.Due, w.Target, w.Curve.String(), w.Reached, w.Note)
	return unless(n, err)
}

func deleteRow(tx *db.Tx, w Row) error {
	n, err := tx.Exec(`DELETE FROM progress_row WHERE home = $1 AND id = $2 AND rev = $3`, w.ID.Home(), w.ID, w.Rev)
	return unless(n, err)
}

// stands says whether an organisation stands in the tree at or below another now.
func stands(ctx context.Context, r db.Reader, below, top id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM org_org b JOIN org_under u ON u.position = b.position
		JOIN org_org t ON t.position = u.ancestor WHERE b.id = $1 AND t.id = $2 AND b.state = 'approved'`, below, top).Scan(&n)
	return n > 0, err
}
