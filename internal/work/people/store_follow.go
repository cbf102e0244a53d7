package people

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func stationedAt(ctx context.Context, r db.Reader, org id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, "SELECT id FROM people_person WHERE home = $1 AND station = $2 ORDER BY id LIMIT $3", org.Home(), org, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func setStation(tx *db.Tx, person, station id.ID) error {
	_, err := tx.Exec("UPDATE people_person SET station = $3, rev = rev + 1 WHERE home = $1 AND id = $2", person.Home(), person, station)
	return err
}

func membersOf(ctx context.Context, r db.Reader, org id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, "/* across homes: a team's members may live in several counties */ SELECT person FROM people_member WHERE org = $1 ORDER BY home, person LIMIT $2",
		org, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}
