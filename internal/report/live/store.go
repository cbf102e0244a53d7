package live

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insertWall(tx *db.Tx, w Wall, hash []byte, by id.ID) error {
	_, err := tx.Exec(`INSERT INTO live_wall (home, id, hash, org, campaign, label, made, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		w.ID.Home(), w.ID, hash, w.Org, w.Campaign, w.Label, w.Made, by)
	return err
}

func endWall(tx *db.Tx, wall id.ID) error {
	_, err := tx.Exec("UPDATE live_wall SET ended = $3 WHERE home = $1 AND id = $2 AND ended = 0", wall.Home(), wall, db.MS(tx.Now))
	return err
}

const wallColumns = "w.id, w.org, w.campaign, w.label, w.made"

func (w *Wall) fields() []any { return []any{&w.ID, &w.Org, &w.Campaign, &w.Label, &w.Made} }

func missing(err error) error {
	if db.NoRows(err) {
		return fail.New(fail.NotFound, "live.no_wall")
	}
	return err
}

func wallOf(ctx context.Context, r db.Reader, wall id.ID) (w Wall, err error) {
	err = r.QueryRow(ctx, "SELECT "+wallColumns+" FROM live_wall w WHERE w.home = $1 AND w.id = $2 AND w.ended = 0",
		wall.Home(), wall).Scan(w.fields()...)
	return w, missing(err)
}

func wallBy(ctx context.Context, r db.Reader, wall id.ID, hash []byte) (w Wall, err error) {
	err = r.QueryRow(ctx, "SELECT "+wallColumns+" FROM live_wall w WHERE w.home = $1 AND w.id = $2 AND w.hash = $3 AND w.ended = 0",
		wall.Home(), wall, hash).Scan(w.fields()...)
	return w, missing(err)
}

// Walls lists those that show an organisation or one below it, the latest first.
func Walls(ctx context.Context, r db.Reader, under id.ID) ([]Wall, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+wallColumns+` FROM live_wall w JOIN org_org g ON g.id = w.org JOIN org_under n ON n.position = g.position
		JOIN org_org top ON top.position = n.ancestor WHERE top.id = $1 AND w.ended = 0 ORDER BY w.made DESC, w.id`, under)
	return db.Collect(rows, err, func(r *sql.Rows) (w Wall, err error) {
		err = r.Scan(w.fields()...)
		return w, err
	})
}
