package idem

import (
	"bytes"
	"context"
	"crypto/sha256"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// Kept is how long an answer can be asked for again.
const Kept = 7 * 24 * time.Hour

// longest is the longest key that is accepted, in bytes.
const longest = 255

// Once runs f unless the actor's key has been answered before; then it gives that answer,
// with replayed. f's status is the HTTP status, its ref the id that goes with it. An empty
// key means that the request does not name itself: f runs.
//
// request is all that makes two requests the same: method, path, body.
func Once(tx *db.Tx, home string, actor id.ID, key string, request []byte, f func() (status int, ref string, err error)) (
	status int, ref string, replayed bool, err error,
) {
	if key == "" {
		status, ref, err = f()
		return status, ref, false, err
	}
	if len(key) > longest {
		return 0, "", false, fail.New(fail.Invalid, "idempotency.key", "n", longest)
	}
	sum := sha256.Sum256(request)
	status, ref, err = take(tx, home, actor, key, sum[:])
	if err != nil || status != 0 {
		return status, ref, err == nil, err
	}
	if status, ref, err = f(); err != nil {
		return 0, "", false, err
	}
	_, err = tx.Exec("UPDATE idem_key SET status = $1, ref = $2 WHERE home = $3 AND actor = $4 AND key = $5",
		status, ref, home, actor, key)
	return status, ref, false, err
}

// take makes the key this transaction's own, or gives the answer that it was given.
func take(tx *db.Tx, home string, actor id.ID, key string, sum []byte) (status int, ref string, err error) {
	n, err := tx.Exec(`INSERT INTO idem_key (home, actor, key, request, status, ref, at) VALUES ($1, $2, $3, $4, 0, '', $5)
		ON CONFLICT DO NOTHING`, home, actor, key, sum, db.MS(tx.Now))
	if err != nil || n == 1 {
		return 0, "", err
	}
	var was []byte
	err = tx.QueryRow(tx.Context(), "SELECT request, status, ref FROM idem_key WHERE home = $1 AND actor = $2 AND key = $3",
		home, actor, key).Scan(&was, &status, &ref)
	switch {
	case db.NoRows(err): // purged between the two statements
		return take(tx, home, actor, key, sum)
	case err != nil:
		return 0, "", err
	case !bytes.Equal(was, sum):
		return 0, "", fail.New(fail.Invalid, "idempotency.mismatch")
	}
	return status, ref, nil // 0 where the same transaction failed before, and went on
}

// purgeAtOnce bounds one transaction of the purge.
const purgeAtOnce = 500

// Schedule has the runner forget, every hour, the keys older than [Kept].
func Schedule(r *jobs.Runner) { r.Every("idem.purge", time.Hour, purge) }

func purge(_ context.Context, tx *db.Tx, _ jobs.Job) error {
	n, err := tx.Exec(`/* across homes: old keys go wherever they are */ DELETE FROM idem_key WHERE (home, actor, key) IN
		(SELECT home, actor, key FROM idem_key WHERE at < $1 ORDER BY at LIMIT $2)`, db.MS(tx.Now.Add(-Kept)), purgeAtOnce)
	if err == nil && n == purgeAtOnce {
		err = jobs.Again
	}
	return err
}
