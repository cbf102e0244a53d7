package app

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
)

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
