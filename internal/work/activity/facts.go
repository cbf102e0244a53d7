package activity

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts (FIGURES, "The facts of the first areas").
var (
	PublishedFact = ledger.Define("activity.published", "activity", ledger.PerSubject)
	HeldFact      = ledger.Define("activity.held", "session", ledger.PerDay)
)

// The indicators over activities.
var (
	ActivitiesPublished = ledger.Indicate(ledger.Indicator{Key: "activities_published", Unit: "activity", Measure: ledger.Facts,
		Kinds: []*ledger.Kind{PublishedFact}})
	ActivitiesHeld = ledger.Indicate(ledger.Indicator{Key: "activities_held", Unit: "activity", Measure: ledger.Facts,
		Kinds: []*ledger.Kind{HeldFact}})
)

// postPublished posts that an activity was published, once in its life: what is
// returned before publication never was, and a cancellation does not undo it.
func postPublished(ctx context.Context, tx *db.Tx, a Activity, by id.ID) error {
	return a.post(ctx, tx, PublishedFact, db.Day(tx.Now), by)
}

func (a Activity) post(ctx context.Context, tx *db.Tx, kind *ledger.Kind, day string, by id.ID) error {
	at, err := org.PositionOn(ctx, tx, a.Org, day)
	if err != nil {
		return err
	}
	f := a.fact(kind, day, by)
	f.Org, f.Unit = at, at
	return ledger.Post(tx, f)
}

// fact is the activity's part of a fact, but for where it counts.
func (a Activity) fact(kind *ledger.Kind, day string, by id.ID) ledger.Fact {
	return ledger.Fact{
		Kind: kind, Day: day, Area: int64(a.Area), Campaign: a.Campaign, Service: a.Service,
		Subject: a.ID, Qty: 1, Grade: ledger.Recorded, By: by,
	}
}

// MarkHeld is a step: somebody arrived on that day, so that the activity was held.
// The day's later arrivals change nothing.
func MarkHeld(ctx context.Context, tx *db.Tx, activity id.ID, day string, by id.ID) error {
	if held, err := heldOn(ctx, tx, activity, day); held || err != nil {
		return err
	}
	a, err := Get(ctx, tx, activity)
	if err != nil {
		return err
	}
	if err = a.post(ctx, tx, HeldFact, day, by); fail.Key(err) == "ledger.twice" {
		return nil
	}
	return err
}

// Unheld is a step: no arrival of that day lives any more.
func Unheld(_ context.Context, tx *db.Tx, activity id.ID, day string, by id.ID) error {
	_, err := ledger.Reverse(tx, HeldFact, activity, "", day, by)
	return err
}
