package bulletin

import (
	"context"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/prose"
	"tongxin/internal/work/org"
)

const (
	maxArticles = 40
	maxBrief    = 500
	maxReason   = 500
)

// NewArticle is a text that comes into an issue.
type NewArticle struct {
	Org    id.ID
	Brief  string    // an invitation's
	Due    time.Time // an invitation's
	Doc    string    // none: an invitation
	Source id.ID     // the experience that it was taken from
}

// Add brings a text into an issue: an invitation to a unit, a draft, or what was taken from an
// experience.
func Add(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, in NewArticle) (id.ID, error) {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return "", err
	}
	if err := i.refuse(Planned); err != nil {
		return "", err
	}
	all, err := Articles(ctx, tx, issue)
	if err != nil {
		return "", err
	}
	in.Brief = ident.Lines(in.Brief)
	if err := in.check(ctx, tx, i, len(all)); err != nil {
		return "", err
	}
	a := Article{ID: tx.NewID(issue.Home()), Issue: issue, Org: in.Org, Place: 1, Brief: in.Brief, Doc: in.Doc, State: Drafted, Source: in.Source,
		Author: actor.Person, Created: db.MS(tx.Now), Rev: 1}
	if len(all) > 0 {
		a.Place = all[len(all)-1].Place + 1
	}
	if in.Doc == "" {
		a.State, a.Due = Invited, db.MS(in.Due)
	}
	if err := adopt(tx, &a); err != nil {
		return "", err
	}
	if err := insertArticle(tx, a); err != nil {
		return "", err
	}
	added := audit.Entry{Action: "bulletin.article_added", Subject: a.ID, Org: i.Org, After: map[string]any{"issue": i.ID, "org": a.Org, "state": a.State}}
	if err := audit.Record(tx, actor, added); err != nil || a.State != Invited {
		return a.ID, err
	}
	return a.ID, tellUnit(ctx, tx, i, a, "bulletin.invited", a.Due)
}

func (in NewArticle) check(ctx context.Context, r db.Reader, i Issue, have int) error {
	var errs []error
	if have >= maxArticles {
		errs = append(errs, fail.New(fail.Conflict, "bulletin.too_many", "max", maxArticles))
	}
	under, err := org.Under(ctx, r, i.Org, in.Org)
	if err != nil {
		return err
	}
	if !under {
		errs = append(errs, fail.Field("org", "bulletin.not_below"))
	}
	if in.Doc == "" && !in.Due.After(db.Time(i.Created)) {
		errs = append(errs, fail.Field("due", "bulletin.due_past"))
	}
	if utf8.RuneCountInString(in.Brief) > maxBrief {
		errs = append(errs, fail.Field("brief", "bulletin.length", "min", 0, "max", maxBrief))
	}
	if in.Doc != "" {
		_, err := prose.Parse([]byte(in.Doc))
		errs = append(errs, err)
	}
	return fail.Join(errs...)
}

// Writes says whether the actor writes a text: whoever writes the issue, or answers for the
// unit that was asked.
func Writes(ctx context.Context, r db.Reader, actor auth.Actor, i Issue, a Article) (bool, error) {
	if ok, err := org.Reaches(ctx, r, actor, i.Org, Writing...); ok || err != nil {
		return ok, err
	}
	return org.Reaches(ctx, r, actor, a.Org, Answering...)
}

// mine reads a text for somebody who writes it.
func mine(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64) (Issue, Article, error) {
	a, err := ArticleOf(ctx, tx, article)
	if err != nil {
		return Issue{}, a, err
	}
	i, err := Get(ctx, tx, a.Issue)
	if err != nil {
		return i, a, err
	}
	ok, err := Writes(ctx, tx, actor, i, a)
	switch {
	case err != nil:
		return i, a, err
	case !ok:
		return i, a, fail.New(fail.Forbidden, "bulletin.not_yours")
	case rev != 0 && rev != a.Rev:
		return i, a, fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	return i, a, i.refuse(Planned)
}

// HandIn gives a text to whoever edits the issue.
func HandIn(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	i, a, err := mine(ctx, tx, actor, article, 0)
	if err != nil {
		return err
	}
	if err := a.refuse(Drafted, Returned); err != nil {
		return err
	}
	a.State, a.Submitted = Submitted, db.MS(tx.Now)
	if err := saveArticle(tx, &a); err != nil {
		return err
	}
	if err := record(tx, actor, "bulletin.article_submitted", i, nil, map[string]any{"article": a.ID}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, i, "bulletin.article_submitted", Writing)
}

// Accept takes a text into the issue.
func Accept(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	return decide(ctx, tx, actor, article, "bulletin.article_accepted", "", Accepted, Drafted, Submitted)
}

// SendBack returns a text to its unit, with the reason.
func SendBack(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, reason string) error {
	reason = ident.Lines(reason)
	if err := checkReason(reason); err != nil {
		return err
	}
	return decide(ctx, tx, actor, article, "bulletin.article_returned", reason, Returned, Submitted, Accepted)
}

// Remove takes a text out of the issue.
func Remove(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	return decide(ctx, tx, actor, article, "bulletin.article_removed", "", Removed, Invited, Drafted, Submitted, Returned, Accepted)
}

func checkReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n < 2 || n > maxReason {
		return fail.Field("reason", "bulletin.length", "min", 2, "max", maxReason)
	}
	return nil
}

// decide turns a text, for somebody who writes the issue.
func decide(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, action, reason string, to ArticleState, from ...ArticleState) error {
	a, err := ArticleOf(ctx, tx, article)
	if err != nil {
		return err
	}
	i, err := written(ctx, tx, actor, a.Issue, 0)
	if err != nil {
		return err
	}
	if err := fail.Join(i.refuse(Planned), a.refuse(from...)); err != nil {
		return err
	}
	if a.State, a.Reason, a.Accepted = to, reason, 0; to == Accepted {
		a.Accepted = db.MS(tx.Now)
	}
	if err := saveArticle(tx, &a); err != nil {
		return err
	}
	if err := record(tx, actor, action, i, nil, map[string]any{"article": a.ID, "reason": reason}); err != nil || to != Returned {
		return err
	}
	return tellUnit(ctx, tx, i, a, "bulletin.article_returned", 0)
}

// Shift moves a text up or down in the contents.
func Shift(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, up bool) error {
	a, err := ArticleOf(ctx, tx, article)
	if err != nil {
		return err
	}
	i, err := written(ctx, tx, actor, a.Issue, 0)
	if err != nil {
		return err
	}
	if err := i.refuse(Planned); err != nil {
		return err
	}
	all, err := Articles(ctx, tx, a.Issue)
	if err != nil {
		return err
	}
	for k, one := range all {
		other := k + 1
		if up {
			other = k - 1
		}
		if one.ID != a.ID || other < 0 || other >= len(all) {
			continue
		}
		next := all[other]
		one.Place, next.Place = next.Place, one.Place
		if err := saveArticle(tx, &one); err != nil {
			return err
		}
		return saveArticle(tx, &next)
	}
	return nil
}
