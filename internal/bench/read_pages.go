package bench

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// volunteers are some who joined by a number and are not hurried by being the first: in the order
// of the part of the id that chance made.
func volunteers(ctx context.Context, r db.Reader, most int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: volunteers of the whole database */
		SELECT p.id FROM people_person p WHERE p.state = 'active' AND p.volunteer AND p.merged_into = '' AND p.contact IS NOT NULL AND p.contact_of = 'self'
		ORDER BY SUBSTR(p.id, 18), p.id LIMIT $1`, most)
	return db.Collect(rows, err, db.Value[id.ID])
}

// below are an organisation and all that hang below it now: offices, centres, institutes, stations,
// organisations and teams.
func below(ctx context.Context, r db.Reader, at id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT o.id FROM org_org o JOIN org_under u ON u.position = o.position JOIN org_org top ON top.position = u.ancestor
		WHERE top.id = $1 AND o.position <> 0 ORDER BY SUBSTR(o.id, 18), o.id`, at)
	return db.Collect(rows, err, db.Value[id.ID])
}
