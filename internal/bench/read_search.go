package bench

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// commonest are the terms of so many characters that the most records have.
func commonest(ctx context.Context, r db.Reader, long, most int) ([]string, error) {
	rows, err := r.Query(ctx, `/* across homes: what is public is found everywhere */
		SELECT term FROM search_term WHERE LENGTH(term) = $1 GROUP BY term ORDER BY COUNT(*) DESC, term LIMIT $2`, long, most)
	return db.Collect(rows, err, db.Value[string])
}

// someTerms are terms of so many characters, each as likely as it is common, in no order of theirs.
func someTerms(ctx context.Context, r db.Reader, long, most int) ([]string, error) {
	rows, err := r.Query(ctx, `/* across homes: what is public is found everywhere */
		SELECT term FROM search_term WHERE LENGTH(term) = $1 ORDER BY SUBSTR(id, 18), id, term LIMIT $2`, long, most)
	return db.Collect(rows, err, db.Value[string])
}

// named are the names of some organisations below another.
func named(ctx context.Context, r db.Reader, at id.ID, most int) ([]string, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT o.name FROM org_org o JOIN org_under u ON u.position = o.position JOIN org_org top ON top.position = u.ancestor
		WHERE top.id = $1 AND o.position <> 0 ORDER BY SUBSTR(o.id, 18), o.id LIMIT $2`, at, most)
	return db.Collect(rows, err, db.Value[string])
}
