package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// CROSS JOIN keeps SQLite to the order in which the tables stand: from the hash to the person.
// Otherwise it may read all persons of a home to have them in order.

// alikeByNumber are those of her city who say that a number is their own.
func alikeByNumber(ctx context.Context, r db.Reader, p Person, hash []byte) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: she may be registered in two counties of a city */
		SELECT t.person FROM people_number n CROSS JOIN people_token_hash t CROSS JOIN people_person p
		WHERE n.home >= $1 AND n.home < $2 AND t.home = n.home AND t.hash = $3 AND p.home = t.home AND p.id = t.person
			AND t.person <> $4 AND p.contact_of = 'self' AND p.state IN ('pending', 'active') ORDER BY t.person LIMIT $5`,
		p.Home[:4]+"00", p.Home[:4]+"99~", hash, p.ID, alikeMost)
	return db.Collect(rows, err, db.Value[id.ID])
}

// alikeByName are those of her county with her name and year of birth.
func alikeByName(ctx context.Context, r db.Reader, p Person, hash []byte) ([]id.ID, error) {
	rows, err := r.Query(ctx, `SELECT t.person FROM people_token_hash t CROSS JOIN people_person p
		WHERE t.home = $1 AND t.hash = $2 AND p.home = t.home AND p.id = t.person
			AND t.person <> $3 AND p.birth_year = $4 AND p.state IN ('pending', 'active') ORDER BY t.person LIMIT $5`,
		p.Home, hash, p.ID, p.BirthYear, alikeMost)
	return db.Collect(rows, err, db.Value[id.ID])
}

func putDuplicate(tx *db.Tx, d Duplicate) error {
	_, err := tx.Exec("INSERT INTO people_duplicate (home, first, other, why, found, state) VALUES ($1, $2, $3, $4, $5, 'open') ON CONFLICT DO NOTHING",
		d.First.Home(), d.First, d.Other, d.Why, db.MS(tx.Now))
	return err
}

func markDistinct(tx *db.Tx, actor auth.Actor, d Duplicate) error {
	_, err := tx.Exec(`INSERT INTO people_duplicate (home, first, other, why, found, state, by, at) VALUES ($1, $2, $3, $4, $5, 'distinct', $6, $5)
		ON CONFLICT (home, first, other) DO UPDATE SET state = 'distinct', by = excluded.by, at = excluded.at`,
		d.First.Home(), d.First, d.Other, d.Why, db.MS(tx.Now), actor.Person)
	return err
}

func duplicateRow(rows *sql.Rows) (d Duplicate, err error) {
	err = rows.Scan(&d.First, &d.Other, &d.Why, &d.Found)
	return d, err
}

// shownMost is how many pairs are looked at for one page.
const shownMost = 500

// openDuplicates are pairs that nobody has decided on and neither of which is merged or closed.
func openDuplicates(ctx context.Context, r db.Reader, low, top string) ([]Duplicate, error) {
	rows, err := r.Query(ctx, `/* across homes: an office sees the volunteers of its counties */
		SELECT d.first, d.other, d.why, d.found FROM people_duplicate d
		JOIN people_person a ON a.home = d.home AND a.id = d.first JOIN people_person b ON b.home = SUBSTR(d.other, 1, 6) AND b.id = d.other
		WHERE d.home >= $1 AND d.home < $2 AND d.state = 'open' AND a.state IN ('pending', 'active') AND b.state IN ('pending', 'active')
		AND NOT EXISTS (SELECT 1 FROM people_merge m WHERE m.state = 'proposed'
			AND (m.home = d.home AND m.duplicate = d.first AND m.survivor = d.other OR m.duplicate = d.other AND m.survivor = d.first))
		ORDER BY d.found DESC, d.first, d.other LIMIT $3`, low, top, shownMost)
	return db.Collect(rows, err, duplicateRow)
}

func notedDuplicates(ctx context.Context, r db.Reader, person id.ID) ([]Duplicate, error) {
	rows, err := r.Query(ctx, `/* across homes: pairs of records in any county */ SELECT first, other, why, found FROM people_duplicate
		WHERE home = $2 AND first = $1 AND state = 'open' UNION ALL SELECT first, other, why, found FROM people_duplicate WHERE other = $1 AND state = 'open'`,
		person, person.Home())
	return db.Collect(rows, err, duplicateRow)
}

func isDistinct(ctx context.Context, r db.Reader, d Duplicate) (bool, error) {
	var n int
	err := r.QueryRow(ctx, "SELECT COUNT(*) FROM people_duplicate WHERE home = $1 AND first = $2 AND other = $3 AND state = 'distinct'",
		d.First.Home(), d.First, d.Other).Scan(&n)
	return n > 0, err
}

func mergesIn(ctx context.Context, r db.Reader, low, top string, state MergeState) ([]Merge, error) {
	rows, err := r.Query(ctx, `/* across homes: an office sees the volunteers of its counties */ SELECT `+mergeColumns+` FROM people_merge m
		WHERE m.home >= $1 AND m.home < $2 AND m.state = $3 ORDER BY m.proposed DESC, m.id DESC LIMIT $4`, low, top, state, shownMost)
	return db.Collect(rows, err, mergeRow)
}

func mergesOf(ctx context.Context, r db.Reader, person id.ID) ([]Merge, error) {
	rows, err := r.Query(ctx, "SELECT "+mergeColumns+` FROM people_merge m
		WHERE m.survivor = $1 OR m.home = $2 AND m.duplicate = $1 ORDER BY m.proposed DESC, m.id DESC`, person, person.Home())
	return db.Collect(rows, err, mergeRow)
}
