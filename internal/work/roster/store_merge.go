package roster

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// closeAgenda ends the taking of a person's time; false where it had ended.
func closeAgenda(tx *db.Tx, person id.ID) (bool, error) {
	n, err := tx.Exec(`INSERT INTO roster_agenda (home, person, rev, closed) VALUES ($1, $2, 1, TRUE)
		ON CONFLICT (home, person) DO UPDATE SET closed = TRUE WHERE NOT roster_agenda.closed`, person.Home(), person)
	return n == 1, err
}

func openAgenda(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE roster_agenda SET closed = FALSE WHERE home = $1 AND person = $2", person.Home(), person)
	return err
}

// lockShift makes whoever changes who is on a shift wait.
func lockShift(tx *db.Tx, shift id.ID) error {
	_, err := tx.Exec("UPDATE roster_shift SET taken = taken WHERE home = $1 AND id = $2", shift.Home(), shift)
	return err
}

// turnsOf are some of a person's sign-ups that are not over, in the order in which shifts are locked.
func turnsOf(ctx context.Context, r db.Reader, person id.ID, limit int) ([]Signup, error) {
	rows, err := r.Query(ctx, `/* across homes: her turns, in any county */ SELECT `+signupColumns+` FROM roster_signup u
		WHERE u.person = $1 AND u.state NOT IN ('withdrawn', 'declined', 'lapsed', 'merged') ORDER BY u.shift LIMIT $2`, person, limit)
	return db.Collect(rows, err, scanSignups)
}

// heldBy is a person's own row on a shift, if there is one.
func heldBy(ctx context.Context, r db.Reader, shift, person id.ID) (Signup, bool, error) {
	u, err := signupOf(ctx, r, shift, person)
	if fail.KindOf(err) == fail.NotFound {
		return Signup{}, false, nil
	}
	return u, err == nil, err
}

func giveTurn(tx *db.Tx, u Signup, person, came id.ID) error {
	touchList(tx, u.Shift)
	_, err := tx.Exec("UPDATE roster_signup SET person = $3, came_from = $4, rev = rev + 1 WHERE home = $1 AND id = $2", u.ID.Home(), u.ID, person, came)
	return err
}

// giveTo gives a sign-up to another person, for [exchange].
func giveTo(tx *db.Tx, signup, person id.ID) error {
	_, err := tx.Exec("UPDATE roster_signup SET person = $3, rev = rev + 1 WHERE home = $1 AND id = $2", signup.Home(), signup, person)
	return err
}

func setTurn(tx *db.Tx, u Signup, state State, reason string) error {
	touchList(tx, u.Shift)
	u.State = state
	ended := map[bool]int64{true: db.MS(tx.Now)}[u.idle()]
	_, err := tx.Exec("UPDATE roster_signup SET state = $3, reason = $4, ended = $5, rev = rev + 1 WHERE home = $1 AND id = $2", u.ID.Home(), u.ID, state, reason, ended)
	return err
}

func rejoinQueue(tx *db.Tx, s Shift) error {
	_, err := tx.Exec("UPDATE roster_shift SET waiting = waiting + 1 WHERE home = $1 AND id = $2", s.Home, s.ID)
	return err
}

func toldFor(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, "/* across homes: her hours, in any county */ SELECT id FROM roster_backfill WHERE person = $1 ORDER BY id LIMIT $2", person, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func toldBy(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, "/* across homes: what she wrote, in any county */ SELECT id FROM roster_backfill WHERE author = $1 ORDER BY id LIMIT $2", person, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func giveTold(tx *db.Tx, backfill, person id.ID) error {
	_, err := tx.Exec("UPDATE roster_backfill SET person = $3 WHERE home = $1 AND id = $2", backfill.Home(), backfill, person)
	return err
}

func giveAuthor(tx *db.Tx, backfill, author id.ID) error {
	_, err := tx.Exec("UPDATE roster_backfill SET author = $3 WHERE home = $1 AND id = $2", backfill.Home(), backfill, author)
	return err
}
