package roster

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Shortage is the shifts of a subtree that begin soon and are short of people.
type Shortage struct {
	Shifts int64   // so many
	Lack   int64   // primaries, altogether
	First  []Shift // the soonest
}

// shortFrom selects by $1 organisation, $2 and $3 from when to when, $4 campaign or 0.
const shortFrom = `JOIN org_org g ON g.id = a.org JOIN org_under n ON n.position = g.position
	JOIN org_org top ON top.position = n.ancestor
	WHERE top.id = $1 AND s.starts >= $2 AND s.starts < $3 AND s.state = 'open' AND s.published > 0 AND s.taken < s.places
	AND ($4 = 0 OR EXISTS (SELECT 1 FROM campaign_under c WHERE c.ancestor = $4 AND c.campaign = a.campaign))`

// ShortOf finds the shifts that begin within a window and have fewer primaries than places.
func ShortOf(ctx context.Context, r db.Reader, org id.ID, campaign int64, w Window, limit int) (s Shortage, err error) {
	err = r.QueryRow(ctx, `/* across homes: a subtree may span homes */
		SELECT COUNT(*), COALESCE(SUM(s.places - s.taken), 0) FROM roster_shift s
		JOIN activity_activity a ON a.home = s.home AND a.id = s.activity `+shortFrom, org, w.From, w.To, campaign).Scan(&s.Shifts, &s.Lack)
	if err != nil || s.Shifts == 0 {
		return s, err
	}
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+shiftColumns+shiftFrom+shortFrom+` ORDER BY s.starts, s.id LIMIT $5`, org, w.From, w.To, campaign, limit)
	s.First, err = db.Collect(rows, err, scanShifts)
	return s, err
}

// CountPending counts what Pending lists, and tells since when the oldest waits.
func CountPending(ctx context.Context, r db.Reader, org id.ID) (n, oldest int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: a subtree may span homes */
		SELECT COUNT(*), COALESCE(MIN(b.created), 0) FROM roster_backfill b
		JOIN org_org g ON g.id = b.author_org JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND b.state = 'pending'`, org).Scan(&n, &oldest)
	return n, oldest, err
}

// FreeIn tells how many places for primaries are free on the coming shifts of each activity.
func FreeIn(ctx context.Context, r db.Reader, activities []id.ID, now int64) (map[id.ID]int64, error) {
	free := make(map[id.ID]int64, len(activities))
	if len(activities) == 0 {
		return free, nil
	}
	args := []any{now}
	for _, a := range activities {
		args = append(args, string(a))
	}
	for _, a := range activities { // by which their shifts are found
		args = append(args, a.Home())
	}
	rows, err := r.Query(ctx, `SELECT s.activity, SUM(s.places - s.taken) FROM roster_shift s
		WHERE s.state = 'open' AND s.published > 0 AND s.ends > $1 AND s.activity IN (`+db.In(len(activities), 2)+`)
		AND s.home IN (`+db.In(len(activities), 2+len(activities))+`) GROUP BY s.activity`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var a id.ID
		var n int64
		err = r.Scan(&a, &n)
		free[a] = n
		return none, err
	})
	return free, err
}
