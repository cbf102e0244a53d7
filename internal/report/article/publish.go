package article

import (
	"context"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/base/search"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// publish shows the working text to everybody: the first version posts that it was published.
func publish(ctx context.Context, tx *db.Tx, actor auth.Actor, a Article, action string) error {
	doc, err := a.Document()
	if err != nil {
		return err
	}
	now := db.MS(tx.Now)
	say := figure.Speaker(i18n.Chinese, func(prose.Figure) string { return "" })
	a.State, a.Version, a.Changed = Published, a.Version+1, now
	a.Shown = Shown{Title: strings.Join(doc.Titles(say), " "), Summary: doc.Summary(summary, say)}
	if pictures := doc.Pictures(); len(pictures) > 0 {
		a.Shown.Cover = pictures[0]
	}
	first := a.Published == 0
	if first {
		a.Published = now
	}
	if err := save(tx, &a); err != nil {
		return err
	}
	last, err := lastRevision(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if err := insertRevision(tx, a, Revision{N: last.N + 1, At: now, By: a.Author, Version: a.Version, Note: a.Note}); err != nil {
		return err
	}
	if err := search.Put(tx, search.Doc{ID: a.ID, Kind: search.Articles, Rank: a.Published, Title: a.Shown.Title, Text: []string{doc.Words(say)}}); err != nil {
		return err
	}
	if first {
		if err := post(ctx, tx, a, PublishedFact, a.ID, 1, now, actor.Person); err != nil {
			return err
		}
	}
	return record(tx, actor, action, a, nil, map[string]any{"version": a.Version})
}

// Withdraw takes a text back for good. Of what was published the reason is shown in its
// place, and it counts no more.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, reason string) error {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return err
	}
	if a.State == Withdrawn {
		return refuse(a)
	}
	shown := a.Live()
	if shown {
		if reason, err = reasonFor(reason); err != nil {
			return err
		}
	}
	a.State, a.Reason, a.Withdrawn, a.Due, a.ReviewerOrg = Withdrawn, reason, db.MS(tx.Now), 0, ""
	if err := save(tx, &a); err != nil {
		return err
	}
	if shown {
		if err := search.Drop(tx, a.ID); err != nil {
			return err
		}
		if _, err := ledger.Reverse(tx, PublishedFact, a.ID, "", "", actor.Person); err != nil {
			return err
		}
	}
	return record(tx, actor, "article.withdrawn", a, nil, map[string]any{"reason": reason})
}
