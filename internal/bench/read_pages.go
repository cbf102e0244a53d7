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

// approved are the organisations and teams that were registered and hang in the tree, and the offices,
// centres, institutes and stations.
func approved(ctx context.Context, r db.Reader) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: the organisations of the whole database */
		SELECT o.id FROM org_org o WHERE o.position <> 0 ORDER BY SUBSTR(o.id, 18), o.id`)
	return db.Collect(rows, err, db.Value[id.ID])
}
