package app

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/jobs"
)

// ping asks the database for nothing and waits for its answer.
func ping(ctx context.Context, r db.Reader) error {
	var one int
	return r.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// queues is what waits.
type queues struct{ due, dead, facts, entries int64 }

func readQueues(ctx context.Context, d *db.DB) (q queues, err error) {
	c, err := jobs.Count(ctx, d, d.Now())
	if err != nil {
		return q, err
	}
	q.due, q.dead = c.Due, c.Dead
	err = d.QueryRow(ctx, `/* across homes: the books as a whole */ SELECT
		(SELECT COUNT(*) FROM ledger_fact WHERE seq IS NULL), (SELECT COUNT(*) FROM audit_entry WHERE seq IS NULL)`).
		Scan(&q.facts, &q.entries)
	return q, err
}

// sight is what a check has to look at: rows of a table.
type sight struct{ table, where string }

// sights says for each check what it has to look at, so that it can be counted without its
// help.
var sights = map[string]sight{
	"ledger.chain":     {"ledger_fact", "seq IS NOT NULL"},
	"ledger.seals":     {"ledger_fact", "seq IS NOT NULL"},
	"ledger.unsealed":  {"ledger_fact", "seq IS NULL"},
	"ledger.reversals": {"ledger_fact", "reverses <> ''"},
	"audit.chain":      {"audit_entry", "seq IS NOT NULL"},
	"audit.seals":      {"audit_entry", "seq IS NOT NULL"},
	"audit.unsealed":   {"audit_entry", "seq IS NULL"},
}

// exists counts what a check has to look at.
func exists(ctx context.Context, r db.Reader, check string) (n int64, err error) {
	s, ok := sights[check]
	if !ok {
		return 0, errors.New("nobody has said what this check looks at")
	}
	err = r.QueryRow(ctx, "SELECT COUNT(*) FROM "+s.table+" WHERE "+s.where).Scan(&n)
	return n, err
}
