package roster

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// unreminded is the next shift that begins within a span and was not reminded of.
func unreminded(ctx context.Context, r db.Reader, kind string, after, until int64) (shift id.ID, err error) {
	err = r.QueryRow(ctx, `/* across homes: one job reminds everybody */ SELECT s.id FROM roster_shift s WHERE s.state = 'open' AND s.starts > $1 AND s.starts <= $2 AND s.day >= $4 AND s.day <= $5
		AND NOT EXISTS (SELECT 1 FROM roster_reminder m WHERE m.home = s.home AND m.shift = s.id AND m.kind = $3 AND m.starts = s.starts)
		ORDER BY s.starts, s.id LIMIT 1`, after, until, kind, db.Day(db.Time(after)), db.Day(db.Time(until))).Scan(&shift)
	return shift, err
}

func putReminder(tx *db.Tx, s Shift, kind string) error {
	_, err := tx.Exec(`INSERT INTO roster_reminder (home, shift, kind, starts) VALUES ($1, $2, $3, $4)
		ON CONFLICT (home, shift, kind) DO UPDATE SET starts = excluded.starts`, s.Home, s.ID, kind, s.Starts)
	return err
}
