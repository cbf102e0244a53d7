package notice

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// recipients are active volunteers of a home whom an announcement is for, in the order of their ids, after
// one of them.
func recipients(ctx context.Context, r db.Reader, a announcement, limit int) ([]id.ID, error) {
	if a.Home == "" {
		return nil, nil
	}
	rows, err := r.Query(ctx, `SELECT p.id FROM people_person p WHERE p.home = $1 AND p.id > $2 AND p.volunteer AND p.state = 'active'
		AND (p.station = '' AND p.area >= $4 AND p.area < $5
			OR EXISTS (SELECT 1 FROM org_org o JOIN org_under u ON u.position = o.position WHERE o.id = p.station AND u.ancestor = $3))
		ORDER BY p.id LIMIT $6`, a.Home, a.After, a.Under, a.Lo, a.Hi, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

// homeAfter is the next home that has volunteers; "" after the last.
func homeAfter(ctx context.Context, r db.Reader, home string) (next string, err error) {
	err = r.QueryRow(ctx, "/* across homes: an announcement goes from home to home */ SELECT COALESCE(MIN(home), '') FROM people_number WHERE home > $1", home).Scan(&next)
	return next, err
}
