package progress

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// ReachedFact is a milestone that a unit has reached, on the day on which it was.
var ReachedFact = ledger.Define("progress.reached", "item", ledger.PerSubject)

// MilestonesReached counts them.
var MilestonesReached = ledger.Indicate(ledger.Indicator{Key: "milestones_reached", Unit: "item", Measure: ledger.Facts,
	Kinds: []*ledger.Kind{ReachedFact}})

// postReached posts a milestone at the place where the unit stood on that day.
func postReached(ctx context.Context, tx *db.Tx, actor auth.Actor, s Schedule, w Row) error {
	o, err := org.Get(ctx, tx, w.Org)
	if err != nil {
		return err
	}
	at, err := org.PositionOn(ctx, tx, w.Org, w.Reached)
	if err != nil {
		return err
	}
	return ledger.Post(tx, ledger.Fact{
		Kind: ReachedFact, Day: w.Reached, Org: at, Unit: at, Area: int64(o.Area), Campaign: s.Campaign,
		Subject: w.ID, Qty: 1, Grade: ledger.Declared, By: actor.Person,
	})
}
