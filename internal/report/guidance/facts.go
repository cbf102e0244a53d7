package guidance

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts, each once a directive, at the place of the unit.
var (
	IssuedFact   = ledger.Define("guidance.issued", "item", ledger.PerSubject)
	ReadFact     = ledger.Define("guidance.read", "item", ledger.PerSubject)
	RepliedFact  = ledger.Define("guidance.replied", "item", ledger.PerSubject)
	ActedFact    = ledger.Define("guidance.acted", "item", ledger.PerSubject)
	ClosedFact   = ledger.Define("guidance.closed", "item", ledger.PerSubject)
	ImprovedFact = ledger.Define("guidance.improved", "item", ledger.PerSubject)
	OverdueFact  = ledger.Define("guidance.overdue", "item", ledger.PerSubject)
)

// The indicators over guidance.
var (
	GuidancesIssued   = indicate("guidances_issued", IssuedFact)
	GuidancesAnswered = indicate("guidances_answered", RepliedFact)
	GuidancesClosed   = indicate("guidances_closed", ClosedFact)
	GuidancesImproved = indicate("guidances_with_effect", ImprovedFact)
	GuidancesOverdue  = indicate("guidances_overdue", OverdueFact)
	GuidanceEffect    = ledger.Indicate(ledger.Indicator{Key: "guidance_effect_rate", Unit: "ratio", Measure: ledger.Ratio,
		Over: GuidancesImproved, Under: GuidancesClosed, Scale: 10_000})
)

func indicate(key string, kind *ledger.Kind) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: "item", Measure: ledger.Facts, Kinds: []*ledger.Kind{kind}})
}

// post posts a step where the unit stands.
func post(ctx context.Context, tx *db.Tx, actor auth.Actor, d Directive, kind *ledger.Kind) error {
	o, err := org.Get(ctx, tx, d.Unit)
	if err != nil {
		return err
	}
	day := db.Day(tx.Now)
	at, err := org.PositionOn(ctx, tx, d.Unit, day)
	if err != nil {
		return err
	}
	return ledger.Post(tx, ledger.Fact{
		Kind: kind, Day: day, Org: at, Unit: at, Area: int64(o.Area), Campaign: d.Seen.Campaign, Service: d.Seen.Service,
		Subject: d.ID, Qty: 1, Grade: ledger.Recorded, By: actor.Person,
	})
}
