package roster

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// InState lists the turns of an organisation's subtree that stand in one state, on shifts that
// end after a moment, soonest first: applications that wait for an answer, check-ins that
// nobody closed.
func InState(ctx context.Context, r db.Reader, org id.ID, state State, since int64, limit int) ([]Turn, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+signupColumns+`, `+shiftColumns+shiftFrom+`JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		JOIN org_org g ON g.id = a.org JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND u.state = $2 AND u.state IN ('applied', 'checked_in', 'unclosed') AND s.ends > $3 ORDER BY s.starts, s.id, u.applied, u.id LIMIT $4`, org, state, since, limit)
	return db.Collect(rows, err, scanTurn)
}
