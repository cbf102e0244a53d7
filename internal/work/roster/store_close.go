package roster

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// openStates are the states of a sign-up that is not served and not over.
const openStates = "('applied', 'waitlisted', 'offered', 'accepted')"

func opensOf(ctx context.Context, r db.Reader, person id.ID, limit int) ([]Signup, error) {
	rows, err := r.Query(ctx, `/* across homes: her turns, in any county */ SELECT `+signupColumns+` FROM roster_signup u
		WHERE u.person = $1 AND u.state IN `+openStates+` ORDER BY u.shift LIMIT $2`, person, limit)
	return db.Collect(rows, err, scanSignups)
}

// refuseTold refuses what was told of a person's hours and never confirmed.
func refuseTold(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec(`/* across homes: her hours, in any county */ UPDATE roster_backfill SET state = 'refused', note = $2, decided = $3
		WHERE person = $1 AND state = 'pending'`, person, accountClosed, db.MS(tx.Now))
	return err
}

func countOpen(ctx context.Context, r db.Reader, person id.ID) (o Open, err error) {
	err = r.QueryRow(ctx, `/* across homes: her turns, in any county */ SELECT
		(SELECT COUNT(*) FROM roster_signup u WHERE u.person = $1 AND u.state IN `+openStates+`),
		(SELECT COUNT(*) FROM roster_backfill b WHERE b.person = $1 AND b.state = 'pending')`, person).Scan(&o.Turns, &o.Told)
	return o, err
}
