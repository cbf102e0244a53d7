package experience

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts, at the place of the unit.
var (
	SubmittedFact = ledger.Define("experience.submitted", "item", ledger.PerSubject)
	ChosenFact    = ledger.Define("experience.chosen", "item", ledger.PerSubject)
	AdoptedFact   = ledger.Define("experience.adopted", "item", ledger.PerSubject)
	MentionedFact = ledger.Define("experience.mentioned", "item", ledger.PerSubject)
)

// The indicators over experiences and mentions.
var (
	ExperiencesSubmitted = indicate("experiences_submitted", SubmittedFact)
	ExperiencesChosen    = indicate("experiences_chosen", ChosenFact)
	ExperiencesAdopted   = indicate("experiences_adopted", AdoptedFact)
	MediaMentions        = indicate("media_mentions", MentionedFact)
)

func indicate(key string, kind *ledger.Kind) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: "item", Measure: ledger.Facts, Kinds: []*ledger.Kind{kind}})
}

func post(ctx context.Context, tx *db.Tx, actor auth.Actor, kind *ledger.Kind, at, subject id.ID) error {
	return postOn(ctx, tx, actor, kind, at, subject, db.Day(tx.Now))
}

func postOn(ctx context.Context, tx *db.Tx, actor auth.Actor, kind *ledger.Kind, at, subject id.ID, day string) error {
	o, err := org.Get(ctx, tx, at)
	if err != nil {
		return err
	}
	place, err := org.PositionOn(ctx, tx, at, day)
	if err != nil {
		return err
	}
	return ledger.Post(tx, ledger.Fact{Kind: kind, Day: day, Org: place, Unit: place, Area: int64(o.Area), Subject: subject, Qty: 1,
		Grade: ledger.Recorded, By: actor.Person})
}
