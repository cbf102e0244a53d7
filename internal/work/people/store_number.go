package people

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// lastUsed is when somebody last signed in or was seen with a number; of one that never did,
// when her record was made.
func lastUsed(ctx context.Context, r db.Reader, hash []byte, person id.ID) (at int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: a number leads to a person in any county */
		SELECT CASE WHEN f.used > COALESCE(s.seen, 0) THEN CASE WHEN f.used > p.created THEN f.used ELSE p.created END
			WHEN COALESCE(s.seen, 0) > p.created THEN s.seen ELSE p.created END
		FROM people_phone f JOIN people_person p ON p.home = SUBSTR(f.person, 1, 6) AND p.id = f.person
		LEFT JOIN (SELECT MAX(seen) AS seen FROM people_session WHERE person = $2 AND kind = 'volunteer') s ON TRUE
		WHERE f.hash = $1`, hash, person).Scan(&at)
	return at, err
}

func markUsed(tx *db.Tx, hash []byte) error {
	_, err := tx.Exec("UPDATE people_phone SET used = $2 WHERE hash = $1", hash, db.MS(tx.Now))
	return err
}

func dropPhone(tx *db.Tx, hash []byte) error {
	_, err := tx.Exec("DELETE FROM people_phone WHERE hash = $1", hash)
	return err
}

// countDoubt counts an answer of one whose number lay still, so many in a day.
func countDoubt(tx *db.Tx, person id.ID, tries int64) (bool, error) {
	now := db.MS(tx.Now)
	n, err := tx.Exec(`INSERT INTO people_doubt (home, person, since, tries) VALUES ($1, $2, $3, 1)
		ON CONFLICT (home, person) DO UPDATE SET tries = CASE WHEN people_doubt.since < $4 THEN 1 ELSE people_doubt.tries + 1 END,
			since = CASE WHEN people_doubt.since < $4 THEN excluded.since ELSE people_doubt.since END
		WHERE people_doubt.since < $4 OR people_doubt.tries < $5`,
		person.Home(), person, now, now-(24*time.Hour).Milliseconds(), tries)
	return n == 1, err
}

func forgetDoubt(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("DELETE FROM people_doubt WHERE home = $1 AND person = $2", person.Home(), person)
	return err
}
