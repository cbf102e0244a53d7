package people

import (
	"context"
	"time"

	"tongxin/internal/base/db"
)

// putCode stores a new code for a number unless the last was sent after since or there were
// so many today already.
func putCode(tx *db.Tx, hash, code []byte, until, since time.Time, daily int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO people_code (hash, code, sent, expires, tries, day, sent_day) VALUES ($1, $2, $3, $4, 0, $5, 1)
		ON CONFLICT (hash) DO UPDATE SET code = excluded.code, sent = excluded.sent, expires = excluded.expires, tries = 0,
			day = excluded.day, sent_day = CASE WHEN people_code.day = excluded.day THEN people_code.sent_day + 1 ELSE 1 END
		WHERE people_code.sent <= $6 AND (people_code.day <> excluded.day OR people_code.sent_day < $7)`,
		hash, code, db.MS(tx.Now), db.MS(until), db.Day(tx.Now), db.MS(since), daily)
	return n == 1, err
}

// codeSent is when the last code was sent and how many were on a day.
func codeSent(ctx context.Context, r db.Reader, hash []byte, day string) (sent, today int64, err error) {
	err = r.QueryRow(ctx, "SELECT sent, CASE WHEN day = $2 THEN sent_day ELSE 0 END FROM people_code WHERE hash = $1", hash, day).
		Scan(&sent, &today)
	return sent, today, err
}

// countTry counts a try against a code that is still good and not tried too often.
func countTry(tx *db.Tx, hash []byte, tries int64) (bool, error) {
	n, err := tx.Exec("UPDATE people_code SET tries = tries + 1 WHERE hash = $1 AND expires > $2 AND tries < $3", hash, db.MS(tx.Now), tries)
	return n == 1, err
}

// codeOf is the hash of a number's code; nothing when there never was one.
func codeOf(ctx context.Context, r db.Reader, hash []byte) (code []byte, err error) {
	err = r.QueryRow(ctx, "SELECT code FROM people_code WHERE hash = $1", hash).Scan(&code)
	if db.NoRows(err) {
		return nil, nil
	}
	return code, err
}

// spendCode makes a code that was right useless.
func spendCode(tx *db.Tx, hash []byte) error {
	_, err := tx.Exec("UPDATE people_code SET expires = 0 WHERE hash = $1", hash)
	return err
}

// sweepCodes forgets some codes that were sent before a moment.
func sweepCodes(tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec("DELETE FROM people_code WHERE hash IN (SELECT hash FROM people_code WHERE sent < $1 ORDER BY sent LIMIT $2)",
		db.MS(before), sweepAtOnce)
}
