package search

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tongxin/internal/base/db"
)

// common is the number of records from which on a term says little: counting ends there.
const common = 200

// rarestFirst puts the term first that the fewest records have: those are looked through.
func rarestFirst(ctx context.Context, r db.Reader, kind Kind, wanted []string) error {
	if len(wanted) == 1 {
		return nil
	}
	least, at := common+1, 0
	for i, t := range wanted {
		var n int
		err := r.QueryRow(ctx, "/* across homes: what is public is found everywhere */ SELECT COUNT(*) FROM (SELECT 1 FROM search_term WHERE term = $1 AND kind = $2 LIMIT $3) few",
			t, kind, common).Scan(&n)
		if err != nil {
			return err
		}
		if n < least {
			least, at = n, i
		}
	}
	wanted[0], wanted[at] = wanted[at], wanted[0]
	return nil
}

// have lists the records that have all terms, from a cursor on.
func have(ctx context.Context, r db.Reader, kind Kind, wanted []string, c cursor, limit int) ([]cursor, error) {
	args := []any{wanted[0], kind, c.rank, c.id, limit}
	var more strings.Builder
	for _, t := range wanted[1:] {
		args = append(args, t)
		fmt.Fprintf(&more, " AND EXISTS (SELECT 1 FROM search_term u WHERE u.home = t.home AND u.id = t.id AND u.term = $%d)", len(args))
	}
	rows, err := r.Query(ctx, `/* across homes: what is public is found everywhere */ SELECT t.rank, t.id FROM search_term t
		WHERE t.term = $1 AND t.kind = $2 AND (t.rank, t.id) < ($3, $4)`+more.String()+` ORDER BY t.rank DESC, t.id DESC LIMIT $5`, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (h cursor, err error) { return h, r.Scan(&h.rank, &h.id) })
}
