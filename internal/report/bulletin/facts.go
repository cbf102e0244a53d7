package bulletin

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts: one an issue, and one a receiver of it and step.
var (
	PublishedFact = ledger.Define("bulletin.published", "issue", ledger.PerSubject)
	DeliveredFact = ledger.Define("bulletin.delivered", "item", ledger.PerSubject)
	ReadFact      = ledger.Define("bulletin.read", "item", ledger.PerSubject)
	AnsweredFact  = ledger.Define("bulletin.answered", "item", ledger.PerSubject)
)

// The indicators over bulletins.
var (
	BulletinsPublished = indicate("bulletins_published", "issue", PublishedFact)
	BulletinsDelivered = indicate("bulletins_delivered", "item", DeliveredFact)
	BulletinsRead      = indicate("bulletins_read", "item", ReadFact)
	BulletinsAnswered  = indicate("bulletins_answered", "item", AnsweredFact)
	BulletinReadRate   = ledger.Indicate(ledger.Indicator{Key: "bulletin_read_rate", Unit: "ratio", Measure: ledger.Ratio,
		Over: BulletinsRead, Under: BulletinsDelivered, Scale: 10_000})
)

func indicate(key, unit string, kind *ledger.Kind) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: unit, Measure: ledger.Facts, Kinds: []*ledger.Kind{kind}})
}

// postIssue posts that an issue was published, where its organisation stands.
func postIssue(ctx context.Context, tx *db.Tx, actor auth.Actor, i Issue) error {
	return post(ctx, tx, actor, PublishedFact, i.Org, i.ID, i.Campaign)
}

func post(ctx context.Context, tx *db.Tx, actor auth.Actor, kind *ledger.Kind, at, subject id.ID, campaign int64) error {
	o, err := org.Get(ctx, tx, at)
	if err != nil {
		return err
	}
	day := db.Day(tx.Now)
	place, err := org.PositionOn(ctx, tx, at, day)
	if err != nil {
		return err
	}
	return ledger.Post(tx, ledger.Fact{Kind: kind, Day: day, Org: place, Unit: place, Area: int64(o.Area), Campaign: campaign, Subject: subject, Qty: 1,
		Grade: ledger.Recorded, By: actor.Person})
}
