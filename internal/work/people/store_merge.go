package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func putMerge(tx *db.Tx, m Merge) (bool, error) {
	n, err := tx.Exec(`INSERT INTO people_merge (home, id, duplicate, survivor, state, proposed_by, proposed) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, m.ID.Home(), m.ID, m.Duplicate, m.Survivor, m.State, m.ProposedBy, m.Proposed)
	return n == 1, err
}

const mergeColumns = "m.id, m.duplicate, m.survivor, m.state, m.proposed_by, m.proposed, m.decided_by, m.decided, m.undone_by, m.done, m.step, m.moved"

func scanMerge(scan func(...any) error) (m Merge, err error) {
	err = scan(&m.ID, &m.Duplicate, &m.Survivor, &m.State, &m.ProposedBy, &m.Proposed, &m.DecidedBy, &m.Decided, &m.UndoneBy, &m.Done, &m.step, &m.moved)
	return m, err
}

func mergeRow(rows *sql.Rows) (Merge, error) { return scanMerge(rows.Scan) }

// MergeOf is one merge.
func MergeOf(ctx context.Context, r db.Reader, merge id.ID) (Merge, error) {
	m, err := scanMerge(r.QueryRow(ctx, "SELECT "+mergeColumns+" FROM people_merge m WHERE m.home = $1 AND m.id = $2", merge.Home(), merge).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "people.merge_unknown")
	}
	return m, err
}

// moveMerge moves a merge from one state to the next, once.
func moveMerge(tx *db.Tx, merge id.ID, from, to MergeState, by id.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE people_merge SET state = $4,
			decided_by = CASE WHEN $4 IN ('merging', 'refused') THEN $5 ELSE decided_by END,
			decided = CASE WHEN $4 IN ('merging', 'refused') THEN $6 ELSE decided END,
			undone_by = CASE WHEN $4 = 'undoing' THEN $5 ELSE undone_by END,
			done = CASE WHEN $4 IN ('merged', 'undone') THEN $6 ELSE done END
		WHERE home = $1 AND id = $2 AND state = $3`, merge.Home(), merge, from, to, by, db.MS(tx.Now))
	return n == 1, err
}

func nextStep(tx *db.Tx, merge id.ID) error {
	_, err := tx.Exec("UPDATE people_merge SET step = step + 1 WHERE home = $1 AND id = $2", merge.Home(), merge)
	return err
}

// moving reports whether one of two records is in a merge that goes on.
func moving(ctx context.Context, r db.Reader, d, s id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `/* across homes: the two may live in different counties */ SELECT
		(SELECT COUNT(*) FROM people_merge m WHERE m.home IN (SUBSTR($1, 1, 6), SUBSTR($2, 1, 6)) AND m.duplicate IN ($1, $2) AND m.state IN ('merging', 'undoing'))
		+ (SELECT COUNT(*) FROM people_merge m WHERE m.survivor IN ($1, $2) AND m.state IN ('merging', 'undoing'))`, d, s).Scan(&n)
	return n > 0, err
}

// closing reports whether one of two records is to be closed.
func closing(ctx context.Context, r db.Reader, d, s id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM people_closing c WHERE c.home = $1 AND c.person = $2 AND c.closed = 0)
		+ (SELECT COUNT(*) FROM people_closing c WHERE c.home = $3 AND c.person = $4 AND c.closed = 0)`, d.Home(), d, s.Home(), s).Scan(&n)
	return n > 0, err
}

// mergedSince reports whether another record was merged into the same survivor, or into the
// duplicate's, since.
func mergedSince(ctx context.Context, r db.Reader, m Merge) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `/* across homes: records of one person in any county */ SELECT COUNT(*) FROM people_merge m
		WHERE m.id <> $1 AND m.survivor = $2 AND m.state IN ('merging', 'merged', 'undoing') AND (m.decided > $3 OR m.decided = $3 AND m.id > $1)`,
		m.ID, m.Survivor, m.Decided).Scan(&n)
	return n > 0, err
}

// standFor makes a record that is active stand for another.
func standFor(tx *db.Tx, from, to id.ID) (bool, error) {
	n, err := tx.Exec("UPDATE people_person SET state = 'merged', merged_into = $3, rev = rev + 1 WHERE home = $1 AND id = $2 AND state = 'active'",
		from.Home(), from, to)
	return n == 1, err
}

func standAlone(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE people_person SET state = 'active', merged_into = '', rev = rev + 1 WHERE home = $1 AND id = $2 AND state = 'merged'",
		person.Home(), person)
	return err
}

// repoint has a merged record stand for another than before.
func repoint(tx *db.Tx, old, to id.ID) error {
	_, err := tx.Exec("UPDATE people_person SET merged_into = $3, rev = rev + 1 WHERE home = $1 AND id = $2", old.Home(), old, to)
	return err
}

// standingFor are the records that were merged into one.
func standingFor(ctx context.Context, r db.Reader, person id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: records of one person in any county */ SELECT id FROM people_person
		WHERE merged_into = $1 AND merged_into <> '' ORDER BY id`, person)
	return db.Collect(rows, err, db.Value[id.ID])
}

func wardsOf(ctx context.Context, r db.Reader, guardian id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a guardian's dependants may live elsewhere */ SELECT id FROM people_person
		WHERE guardian = $1 ORDER BY id`, guardian)
	return db.Collect(rows, err, db.Value[id.ID])
}

func giveWard(tx *db.Tx, ward, guardian id.ID) error {
	_, err := tx.Exec("UPDATE people_person SET guardian = $3, rev = rev + 1 WHERE home = $1 AND id = $2", ward.Home(), ward, guardian)
	return err
}

func memberOf(ctx context.Context, r db.Reader, person id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, "SELECT org FROM people_member WHERE home = $1 AND person = $2 ORDER BY org", person.Home(), person)
	return db.Collect(rows, err, db.Value[id.ID])
}

func putMoved(tx *db.Tx, merge id.ID, n int64, area string, w Moved) error {
	if _, err := tx.Exec("UPDATE people_merge SET moved = $3 WHERE home = $1 AND id = $2", merge.Home(), merge, n); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO people_moved (home, merge, n, area, what, ref, was) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		merge.Home(), merge, n, area, w.What, w.Ref, w.was)
	return err
}

// noted is a row of what was moved.
type noted struct {
	Moved
	n    int64
	area string
}

// lastMoved are the last things that a merge moved, the very last first.
func lastMoved(ctx context.Context, r db.Reader, merge id.ID, limit int) ([]noted, error) {
	rows, err := r.Query(ctx, "SELECT n, area, what, ref, was FROM people_moved WHERE home = $1 AND merge = $2 ORDER BY n DESC LIMIT $3",
		merge.Home(), merge, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (w noted, err error) {
		err = rows.Scan(&w.n, &w.area, &w.What, &w.Ref, &w.was)
		return w, err
	})
}

func dropMoved(tx *db.Tx, merge id.ID, n int64) error {
	_, err := tx.Exec("DELETE FROM people_moved WHERE home = $1 AND merge = $2 AND n = $3", merge.Home(), merge, n)
	return err
}
