package roster

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insertCalendar(tx *db.Tx, calendar, person id.ID, hash []byte) error {
	_, err := tx.Exec("INSERT INTO roster_calendar (home, id, person, hash, made) VALUES ($1, $2, $3, $4, $5)",
		calendar.Home(), calendar, person, hash, db.MS(tx.Now))
	return err
}

func endCalendars(tx *db.Tx, person id.ID) (int64, error) {
	return tx.Exec("UPDATE roster_calendar SET ended = $1 WHERE home = $2 AND person = $3 AND ended = 0", db.MS(tx.Now), person.Home(), person)
}

// CalendarSince is when somebody's calendar was made, 0 when she has none.
func CalendarSince(ctx context.Context, r db.Reader, person id.ID) (made int64, err error) {
	err = r.QueryRow(ctx, "SELECT made FROM roster_calendar WHERE home = $1 AND person = $2 AND ended = 0", person.Home(), person).Scan(&made)
	if db.NoRows(err) {
		return 0, nil
	}
	return made, err
}

func calendarBy(ctx context.Context, r db.Reader, calendar id.ID, hash []byte) (person id.ID, err error) {
	err = r.QueryRow(ctx, "SELECT person FROM roster_calendar WHERE home = $1 AND id = $2 AND hash = $3 AND ended = 0", calendar.Home(), calendar, hash).Scan(&person)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "roster.calendar_gone")
	}
	return person, err
}

// told is when what people read of an activity was last changed.
const told = "COALESCE((SELECT MAX(c.at) FROM activity_change c WHERE c.home = a.home AND c.activity = a.id), 0)"

// datedOf reads what a person signed up for that ends after a moment.
func datedOf(ctx context.Context, r db.Reader, person id.ID, after int64) ([]Dated, error) {
	rows, err := r.Query(ctx, `/* across homes: her time is one, whatever the county */
		SELECT a.rev, s.changed, `+told+`, `+signupColumns+`, `+shiftColumns+shiftFrom+`JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		WHERE u.person = $1 AND u.state <> 'merged' AND s.ends > $2 ORDER BY s.starts, s.id LIMIT $3`, person, after, mostDated)
	return db.Collect(rows, err, func(rows *sql.Rows) (d Dated, err error) {
		var rev, retold int64
		d.Signup, d.Shift, err = scanBoth(prefix{rows, []any{&rev, &d.Changed, &retold}})
		u := d.Signup
		d.Sequence = d.Rev + rev + u.Rev
		d.Changed = max(d.Changed, d.Published, d.Activity.Published, u.Applied, u.Accepted, u.Arrived, u.Departed, u.Ended, retold)
		return d, err
	})
}

// datedIn reads the published shifts of an activity or an organisation that end after a moment.
func datedIn(ctx context.Context, r db.Reader, column string, of id.ID, after int64) ([]Dated, error) {
	rows, err := r.Query(ctx, `SELECT a.rev, s.changed, `+told+`, `+shiftColumns+shiftFrom+`WHERE a.home = $1 AND `+column+` = $2 AND a.published > 0
		AND s.published > 0 AND s.ends > $3 ORDER BY s.starts, s.id LIMIT $4`, of.Home(), of, after, mostDated)
	return db.Collect(rows, err, func(rows *sql.Rows) (d Dated, err error) {
		var rev, retold int64
		d.Shift, err = scanShift(prefix{rows, []any{&rev, &d.Changed, &retold}})
		d.Sequence, d.Changed = d.Rev+rev, max(d.Changed, d.Published, d.Activity.Published, retold)
		return d, err
	})
}
