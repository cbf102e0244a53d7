package activity

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func ledBy(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: she leads in any county */ SELECT id FROM activity_activity WHERE leader = $1 AND leader <> '' ORDER BY home, id LIMIT $2`, person, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func writtenBy(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: she writes in any county */ SELECT id FROM activity_activity WHERE author = $1 ORDER BY home, id LIMIT $2`, person, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func setLeader(tx *db.Tx, activity, person id.ID) error {
	_, err := tx.Exec("UPDATE activity_activity SET leader = $3 WHERE home = $1 AND id = $2", activity.Home(), activity, person)
	return err
}

func setAuthor(tx *db.Tx, activity, person id.ID) error {
	_, err := tx.Exec("UPDATE activity_activity SET author = $3 WHERE home = $1 AND id = $2", activity.Home(), activity, person)
	return err
}

// openOf counts an organisation's activities that are being written, are under review or are not over.
func openOf(ctx context.Context, r db.Reader, org id.ID, now int64) (n int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: what it organises is where it is, wherever that is */ SELECT COUNT(*) FROM activity_activity
		WHERE org = $1 AND (state IN ('draft', 'submitted', 'returned') OR state = 'published' AND ends > $2)`, org, now).Scan(&n)
	return n, err
}
