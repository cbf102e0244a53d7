package progress

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// Verify checks that every row is of its schedule's item, that its unit and dates are there,
// and that the milestones reached are exactly those of the ledger.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	rows := ledger.Check{Name: "progress.rows"}
	all, err := every(ctx, r)
	if err != nil {
		return nil, err
	}
	var facts []ledger.Fact
	for _, w := range all {
		rows.Checked++
		if !w.whole || checkSpan(w.From, w.Due) != nil || w.Reached != "" && !w.milestone {
			rows.Break(string(w.ID))
		}
		if w.Reached != "" {
			facts = append(facts, ledger.Fact{Subject: w.ID, Day: w.Reached, Qty: 1, Grade: ledger.Declared, Campaign: w.campaign})
		}
	}
	recount, err := ledger.Recount(ctx, r, ReachedFact, facts)
	return []ledger.Check{rows, recount}, err
}
