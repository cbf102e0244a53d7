package people

import (
	"context"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// account is a login for the desk.
type account struct {
	Person     id.ID
	login      []byte // sealed
	hash       string // argon2id
	totp       []byte // sealed; nil until it is set up
	totpStep   int64
	fails      int64
	mustChange bool
	changed    int64
}

// accountOf reads a person's account; one without a Person when there is none.
func accountOf(ctx context.Context, r db.Reader, person id.ID) (a account, err error) {
	err = r.QueryRow(ctx, `SELECT person, login_ct, password, totp, totp_step, fails, must_change, changed FROM people_account
		WHERE home = $1 AND person = $2`, person.Home(), person).
		Scan(&a.Person, &a.login, &a.hash, &a.totp, &a.totpStep, &a.fails, &a.mustChange, &a.changed)
	if db.NoRows(err) {
		return account{}, nil
	}
	return a, err
}

// putAccount writes an account under a login name that nobody else may have.
func putAccount(tx *db.Tx, a account, login []byte) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_login (hash, person) VALUES ($1, $2) ON CONFLICT DO NOTHING", login, a.Person)
	if err != nil || n == 0 {
		return false, err
	}
	n, err = tx.Exec(`INSERT INTO people_account (home, person, login, login_ct, password, must_change, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		a.Person.Home(), a.Person, login, a.login, a.hash, a.mustChange, db.MS(tx.Now))
	return n == 1, err
}

func dropAccount(tx *db.Tx, person id.ID) error {
	if _, err := tx.Exec("DELETE FROM people_login WHERE person = $1", person); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM people_role WHERE home = $1 AND person = $2", person.Home(), person); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM people_account WHERE home = $1 AND person = $2", person.Home(), person)
	return err
}

// countFail counts a try as failed until it is forgiven; enough of them lock the account.
// A locked account counts none and lets none through. A lock that is over begins anew.
func countFail(tx *db.Tx, person id.ID, after int64, until time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE people_account SET fails = CASE WHEN locked_until > 0 THEN 1 ELSE fails + 1 END,
			locked_until = CASE WHEN (CASE WHEN locked_until > 0 THEN 1 ELSE fails + 1 END) >= $3 THEN CAST($4 AS BIGINT) ELSE 0 END
		WHERE home = $1 AND person = $2 AND locked_until <= $5`, person.Home(), person, after, db.MS(until), db.MS(tx.Now))
	return n == 1, err
}

// forgive forgets failed tries after one that was right.
func forgive(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE people_account SET fails = 0, locked_until = 0 WHERE home = $1 AND person = $2", person.Home(), person)
	return err
}

func savePassword(tx *db.Tx, person id.ID, hash string, mustChange bool) error {
	_, err := tx.Exec(`UPDATE people_account SET password = $3, must_change = $4, changed = $5, fails = 0, locked_until = 0
		WHERE home = $1 AND person = $2`, person.Home(), person, hash, mustChange, db.MS(tx.Now))
	return err
}

func saveFactor(tx *db.Tx, person id.ID, sealed []byte, step int64) error {
	_, err := tx.Exec("UPDATE people_account SET totp = $3, totp_step = $4 WHERE home = $1 AND person = $2", person.Home(), person, sealed, step)
	return err
}

// spendStep notes the step of a code; one that is no later than the last has been used.
func spendStep(tx *db.Tx, person id.ID, step int64) (bool, error) {
	n, err := tx.Exec("UPDATE people_account SET totp_step = $3 WHERE home = $1 AND person = $2 AND totp_step < $3", person.Home(), person, step)
	return n == 1, err
}

func putRole(tx *db.Tx, actor auth.Actor, person id.ID, g auth.Grant) (bool, error) {
	n, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		person.Home(), person, g.Org, g.Role, db.MS(tx.Now), actor.Person)
	return n == 1, err
}

func dropRole(tx *db.Tx, person id.ID, g auth.Grant) (bool, error) {
	n, err := tx.Exec("DELETE FROM people_role WHERE home = $1 AND person = $2 AND org = $3 AND role = $4", person.Home(), person, g.Org, g.Role)
	return n == 1, err
}
