package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func putSession(tx *db.Tx, s Session) error {
	_, err := tx.Exec(`INSERT INTO people_session (hash, person, kind, created, seen, expires, idle, label, org, role)
		VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9)`,
		s.Hash, s.Person, s.Kind, db.MS(tx.Now), s.Expires, s.Idle, s.Label, s.Org, s.Role)
	return err
}

// sessionOf finds a session by its hash, with what matters of its person.
func sessionOf(ctx context.Context, r db.Reader, hash []byte) (s Session, err error) {
	err = r.QueryRow(ctx, `/* across homes: a session is found before its person's home is known */
		SELECT s.hash, s.person, s.kind, s.created, s.seen, s.expires, s.idle, s.label, s.org, s.role, p.state, p.volunteer, p.name
		FROM people_session s JOIN people_person p ON p.home = SUBSTR(s.person, 1, 6) AND p.id = s.person WHERE s.hash = $1`, hash).
		Scan(&s.Hash, &s.Person, &s.Kind, &s.Created, &s.Seen, &s.Expires, &s.Idle, &s.Label, &s.Org, &s.Role, &s.state, &s.volunteer, &s.name)
	if db.NoRows(err) {
		return Session{}, nil
	}
	return s, err
}

func grantsOf(ctx context.Context, r db.Reader, person id.ID) ([]auth.Grant, error) {
	rows, err := r.Query(ctx, "SELECT org, role FROM people_role WHERE home = $1 AND person = $2 ORDER BY since, org, role", person.Home(), person)
	return db.Collect(rows, err, func(rows *sql.Rows) (g auth.Grant, err error) {
		err = rows.Scan(&g.Org, &g.Role)
		return g, err
	})
}

func sessionsOf(ctx context.Context, r db.Reader, person id.ID, now int64) ([]Session, error) {
	rows, err := r.Query(ctx, `SELECT hash, person, kind, created, seen, expires, idle, label FROM people_session
		WHERE person = $1 AND expires > $2 ORDER BY created DESC, hash`, person, now)
	return db.Collect(rows, err, func(rows *sql.Rows) (s Session, err error) {
		err = rows.Scan(&s.Hash, &s.Person, &s.Kind, &s.Created, &s.Seen, &s.Expires, &s.Idle, &s.Label)
		return s, err
	})
}

func touch(tx *db.Tx, hash []byte) error {
	_, err := tx.Exec("UPDATE people_session SET seen = $2 WHERE hash = $1 AND seen < $2", hash, db.MS(tx.Now))
	return err
}

func endSession(tx *db.Tx, hash []byte) error {
	_, err := tx.Exec("DELETE FROM people_session WHERE hash = $1 AND kind <> 'token'", hash)
	return err
}

func endOwn(tx *db.Tx, hash []byte, person id.ID) (int64, error) {
	return tx.Exec("DELETE FROM people_session WHERE hash = $1 AND person = $2", hash, person)
}

// endSessions ends all sessions of a person but one.
func endSessions(tx *db.Tx, person id.ID, but []byte) error {
	_, err := tx.Exec("DELETE FROM people_session WHERE person = $1 AND hash <> $2", person, but)
	return err
}

// sweepAtOnce bounds one transaction of the sweep.
const sweepAtOnce = 500

// sweepSessions forgets some sessions and tokens that are over.
func sweepSessions(tx *db.Tx) (int64, error) {
	return tx.Exec("DELETE FROM people_session WHERE hash IN (SELECT hash FROM people_session WHERE expires < $1 ORDER BY expires LIMIT $2)",
		db.MS(tx.Now), sweepAtOnce)
}

// tokensUnder begins with the tokens, which are few, not with the sessions that have not expired: hence the sign.
func tokensUnder(ctx context.Context, r db.Reader, position, now int64) ([]Session, error) {
	rows, err := r.Query(ctx, `SELECT s.person, s.created, s.seen, s.expires, s.label, s.org, s.role
		FROM people_session s CROSS JOIN org_org o CROSS JOIN org_under u
		WHERE s.org <> '' AND o.id = s.org AND u.position = o.position AND u.ancestor = $1 AND s.kind = 'token' AND +s.expires > $2 ORDER BY s.created DESC, s.person`, position, now)
	return db.Collect(rows, err, func(rows *sql.Rows) (s Session, err error) {
		s.Kind = TokenSession
		err = rows.Scan(&s.Person, &s.Created, &s.Seen, &s.Expires, &s.Label, &s.Org, &s.Role)
		return s, err
	})
}

func tokenOf(ctx context.Context, r db.Reader, bearer id.ID) (s Session, err error) {
	err = r.QueryRow(ctx, "SELECT person, label, org, role FROM people_session WHERE person = $1 AND kind = 'token'", bearer).
		Scan(&s.Person, &s.Label, &s.Org, &s.Role)
	if db.NoRows(err) {
		return Session{}, nil
	}
	return s, err
}
