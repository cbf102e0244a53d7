package search

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/base/db"
)

// common is the number of records from which on a term says little: counting ends there.
const common = 200

// rarestFirst puts the term first that the fewest records have, for those are looked through, and
// says whether each of them has any.
func rarestFirst(ctx context.Context, r db.Reader, kind Kind, wanted []string) (bool, error) {
	if len(wanted) == 1 {
		return true, nil
	}
	args := []any{kind, common}
	counts, into := make([]string, len(wanted)), make([]any, len(wanted))
	numbers := make([]int, len(wanted))
	for i, t := range wanted {
		args = append(args, t)
		counts[i] = fmt.Sprintf("(SELECT COUNT(*) FROM (SELECT 1 FROM search_term WHERE term = $%d AND kind = $1 LIMIT $2) few)", len(args))
		into[i] = &numbers[i]
	}
	if err := r.QueryRow(ctx, "/* across homes: what is public is found everywhere */ SELECT "+strings.Join(counts, ", "), args...).Scan(into...); err != nil {
		return false, err
	}
	least := slices.Min(numbers)
	at := slices.Index(numbers, least)
	wanted[0], wanted[at] = wanted[at], wanted[0]
	return least > 0, nil
}

// have lists the records that have all terms, from a cursor on. It goes through those that have the
// first of them, in the order of the index and a few at a time, for most questions are answered by
// those: an engine that is asked for all at once may gather and sort whatever a common term has.
func have(ctx context.Context, r db.Reader, kind Kind, wanted []string, c cursor, limit int) (found []cursor, err error) {
	for look := limit; ; look *= 8 {
		if len(wanted) > 1 {
			look = max(look, fewest)
		}
		q, args := question(kind, wanted, c, look)
		rows, err := r.Query(ctx, q, args...)
		looked := 0
		if _, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			has := false
			if err = r.Scan(&c.rank, &c.id, &has); has && len(found) < limit {
				found = append(found, c)
			}
			looked++
			return none, err
		}); err != nil || len(found) == limit || looked < look {
			return found, err
		}
	}
}

// fewest is how many records are looked at first where they must have several terms.
const fewest = 64

// question asks for some that have the first term, and whether each has the others.
func question(kind Kind, wanted []string, c cursor, look int) (string, []any) {
	args := []any{wanted[0], kind, c.rank, c.id, look}
	has := "1 = 1"
	for _, t := range wanted[1:] {
		args = append(args, t)
		has += fmt.Sprintf(" AND EXISTS (SELECT 1 FROM search_term u WHERE u.home = SUBSTR(t.id, 1, 6) AND u.id = t.id AND u.term = $%d)", len(args))
	}
	return `/* across homes: what is public is found everywhere */ SELECT t.rank, t.id, CASE WHEN ` + has + ` THEN 1 ELSE 0 END FROM (
		SELECT rank, id FROM search_term WHERE term = $1 AND kind = $2 AND (rank, id) < ($3, $4) ORDER BY rank DESC, id DESC LIMIT $5) t
		ORDER BY t.rank DESC, t.id DESC`, args
}
