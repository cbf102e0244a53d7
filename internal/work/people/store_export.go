package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// countExport counts an export of a day, so many at most.
func countExport(tx *db.Tx, person id.ID, most int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO people_export (home, person, day, times) VALUES ($1, $2, $3, 1)
		ON CONFLICT (home, person) DO UPDATE SET times = CASE WHEN people_export.day = excluded.day THEN people_export.times + 1 ELSE 1 END, day = excluded.day
		WHERE people_export.day <> excluded.day OR people_export.times < $4`, person.Home(), person, db.Day(tx.Now), most)
	return n == 1, err
}

// Looked is somebody's look at a masked field of a person.
type Looked struct {
	By      id.ID
	Field   Field
	Purpose Purpose
	At      int64
}

// Looks are all looks at masked fields of a person, the latest first.
func Looks(ctx context.Context, r db.Reader, person id.ID) ([]Looked, error) {
	rows, err := r.Query(ctx, "SELECT by, field, purpose, at FROM people_reveal WHERE home = $1 AND person = $2 ORDER BY at DESC, id DESC", person.Home(), person)
	return db.Collect(rows, err, func(rows *sql.Rows) (l Looked, err error) {
		err = rows.Scan(&l.By, &l.Field, &l.Purpose, &l.At)
		return l, err
	})
}

// Trace is what the audit trail says was done on a person.
type Trace struct {
	At     int64
	Actor  id.ID
	Via    auth.Via
	Action string
}

// Traces are the latest entries of the audit trail on a person, without before and after.
func Traces(ctx context.Context, r db.Reader, person id.ID, limit int) ([]Trace, error) {
	rows, err := r.Query(ctx, "SELECT at, actor, via, action FROM audit_entry WHERE home = $1 AND subject = $2 ORDER BY at DESC, id DESC LIMIT $3",
		person.Home(), person, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (t Trace, err error) {
		err = rows.Scan(&t.At, &t.Actor, &t.Via, &t.Action)
		return t, err
	})
}
