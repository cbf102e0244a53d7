package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// MostTries is how often a job that fails is run before it is left dead.
const MostTries = 10

// Lease is how long a worker may be silent before its jobs are anyone's.
const Lease = 2 * time.Minute

// Job is an errand. For [Add], Kind is all that it needs.
type Job struct {
	Kind string
	Key  string    // one waiting job at a time has it; empty: any number
	Ref  id.ID     // the record it is about; its home is the job's
	Args any       // to JSON: ids and numbers, nothing personal
	At   time.Time // not before; zero: now

	ID    id.ID // given by Add
	Tries int   // which try this is, from 1
	lease string
}

// Home is where a job lives: with its ref, or with the operator.
func (j Job) Home() string { return home(j.Ref) }

func home(ref id.ID) string {
	if ref == "" {
		return id.Operator
	}
	return ref.Home()
}

// Into reads what was given as Args.
func (j Job) Into(v any) error {
	raw, ok := j.Args.(json.RawMessage)
	if !ok {
		return fmt.Errorf("jobs: %s was not read from the table", j.Kind)
	}
	return json.Unmarshal(raw, v)
}

// Add leaves a job. One with a key that waits already stays as it is, except that it comes
// sooner if this one would; a dead one begins anew.
func Add(tx *db.Tx, j Job) error {
	j.ID, j.Tries = tx.NewID(j.Home()), 0
	if j.At.IsZero() {
		j.At = tx.Now
	}
	args, err := json.Marshal(j.Args)
	if err != nil {
		return fmt.Errorf("jobs: args of %s: %w", j.Kind, err)
	}
	j.Args = json.RawMessage(args)
	return insert(tx, j)
}

func insert(tx *db.Tx, j Job) error {
	var key any
	if j.Key != "" {
		key = j.Key
	}
	_, err := tx.Exec(`INSERT INTO jobs_job (home, id, kind, key, ref, args, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (home, key) DO UPDATE SET state = 'waiting',
			at = CASE WHEN jobs_job.state = 'dead' OR jobs_job.tries = 0 AND excluded.at < jobs_job.at THEN excluded.at ELSE jobs_job.at END,
			tries = CASE WHEN jobs_job.state = 'dead' THEN 0 ELSE jobs_job.tries END`,
		j.Home(), j.ID, j.Kind, key, j.Ref, string(j.Args.(json.RawMessage)), db.MS(j.At))
	if err == nil && !j.At.After(tx.Now) {
		tx.After(wakeAll)
	}
	return err
}

// Move gives the job of that key, about a record of ref's home, another time. It answers
// whether there is one. A run that has not begun yet gives way.
func Move(tx *db.Tx, ref id.ID, key string, at time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE jobs_job SET at = $1, tries = 0, lease = '', until = 0, state = 'waiting', error = ''
		WHERE home = $2 AND key = $3`, db.MS(at), home(ref), key)
	if err == nil && n == 1 && !at.After(tx.Now) {
		tx.After(wakeAll)
	}
	return n == 1, err
}

// Cancel takes back the job of that key. It answers whether there was one.
func Cancel(tx *db.Tx, ref id.ID, key string) (bool, error) {
	n, err := tx.Exec("DELETE FROM jobs_job WHERE home = $1 AND key = $2", home(ref), key)
	return n == 1, err
}

// Retry brings a dead job back.
func Retry(tx *db.Tx, job id.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE jobs_job SET at = $1, tries = 0, state = 'waiting', error = ''
		WHERE home = $2 AND id = $3 AND state = 'dead'`, db.MS(tx.Now), job.Home(), job)
	if n == 1 {
		tx.After(wakeAll)
	}
	return n == 1, err
}

// Counts is how the queue stands.
type Counts struct {
	Waiting, Due, Dead int64
	Late               time.Duration // of the job that has been due longest
}

// Count reads how the queue stands at that moment.
func Count(ctx context.Context, r db.Reader, now time.Time) (Counts, error) {
	var c Counts
	var oldest int64
	err := r.QueryRow(ctx, `/* across homes: the whole queue */ SELECT COUNT(*), COUNT(CASE WHEN state = 'waiting' THEN 1 END),
		COUNT(CASE WHEN state = 'waiting' AND at <= $1 THEN 1 END), COALESCE(MIN(CASE WHEN state = 'waiting' THEN at END), $1)
		FROM jobs_job`, db.MS(now)).Scan(&c.Dead, &c.Waiting, &c.Due, &oldest)
	c.Dead -= c.Waiting
	c.Late = max(0, now.Sub(db.Time(oldest)))
	return c, err
}
