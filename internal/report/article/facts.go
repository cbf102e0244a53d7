package article

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts, where the article's organisation stands.
var (
	PublishedFact = ledger.Define("article.published", "item", ledger.PerSubject)
	ReadFact      = ledger.Define("article.read", "play", ledger.PerSubject) // of an hour's reads
)

// The indicators over articles.
var (
	ArticlesPublished = ledger.Indicate(ledger.Indicator{Key: "articles_published", Unit: "item", Measure: ledger.Facts, Kinds: []*ledger.Kind{PublishedFact}})
	ArticleReads      = ledger.Indicate(ledger.Indicator{Key: "article_reads", Unit: "play", Measure: ledger.Sum, Kinds: []*ledger.Kind{ReadFact}})
)

// post posts a fact of an article, on the day of a moment.
func post(ctx context.Context, tx *db.Tx, a Article, kind *ledger.Kind, subject id.ID, qty, moment int64, by id.ID) error {
	o, err := org.Get(ctx, tx, a.Org)
	if err != nil {
		return err
	}
	day := db.Day(db.Time(moment))
	at, err := org.PositionOn(ctx, tx, a.Org, day)
	if err != nil {
		return err
	}
	return ledger.Post(tx, ledger.Fact{Kind: kind, Day: day, Org: at, Unit: at, Area: int64(o.Area), Campaign: a.Campaign, Subject: subject,
		Qty: qty, Grade: ledger.Recorded, By: by})
}
