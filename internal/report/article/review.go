package article

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// The kinds of jobs.
const (
	JobEscalate = "article.escalate"
	JobPublish  = "article.publish"
)

// Handle gives a runner what is done later.
func Handle(r *jobs.Runner) {
	r.Handle(JobEscalate, Escalate)
	r.Handle(JobPublish, PublishDue)
}

// Frozen is a working text as it would be printed now: read outside of any transaction, it
// holds only for the rev that was read.
type Frozen struct {
	Rev   int64
	Doc   prose.Node
	Wrong []figure.Wrong
}

// Freeze answers the figures of an article's working text.
func Freeze(ctx context.Context, r db.Reader, e *figure.Engine, article id.ID) (f Frozen, err error) {
	a, err := Get(ctx, r, article)
	if err != nil {
		return f, err
	}
	doc, err := a.Document()
	if err != nil {
		return f, err
	}
	f.Rev = a.Rev
	f.Doc, f.Wrong, err = e.FreezeText(ctx, doc)
	return f, err
}

// fits refuses a frozen text that is not of the article as it is, or does not hold.
func (f Frozen) fits(ctx context.Context, tx *db.Tx, a Article) error {
	if f.Rev != a.Rev {
		return fail.New(fail.Conflict, "article.changed_meanwhile")
	}
	for _, w := range f.Wrong {
		if w.Few {
			return fail.Field("doc", "article.figure_few", "at", w.At, "few", figure.Few)
		}
	}
	if n := len(f.Wrong); n > 0 {
		return fail.Field("doc", "article.figure_wrong", "n", n, "at", f.Wrong[0].At)
	}
	return fail.Join(a.complete(f.Doc, a.Note), picture.Belong(ctx, tx, a.ID, f.Doc.Pictures()))
}

// Submit hands a text to the tier above with a clock; a trusted organisation's is published
// at once, or at its hour. The answer says whether nobody has to decide.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, f Frozen) (passed bool, err error) {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return false, err
	}
	if !a.State.editable() {
		return false, refuse(a)
	}
	o, err := org.Standing(ctx, tx, a.Org)
	if err != nil {
		return false, err
	}
	if !o.Alive() {
		return false, fail.New(fail.Conflict, "article.org_not_open")
	}
	if a.Campaign != 0 {
		if err := fail.At("campaign", campaign.Takes(ctx, tx, a.Campaign, o.ID)); err != nil {
			return false, err
		}
	}
	if err := f.fits(ctx, tx, a); err != nil {
		return false, err
	}
	a.Author, a.Reason, a.Submitted, a.Raised = actor.Person, "", db.MS(tx.Now), 0
	if o.Trusted {
		return true, pass(ctx, tx, actor, a, f.Doc, "article.published_trusted")
	}
	if a.ReviewerOrg, err = reviewerOf(ctx, tx, o.ID); err != nil {
		return false, err
	}
	if err := startClock(ctx, tx, &a); err != nil {
		return false, err
	}
	a.State = Submitted
	if err := save(tx, &a); err != nil {
		return false, err
	}
	if err := tellReviewers(ctx, tx, a, a.ReviewerOrg, "article.to_review"); err != nil {
		return false, err
	}
	return false, record(tx, actor, "article.submitted", a, nil, map[string]any{"to": a.ReviewerOrg, "due": a.Due})
}

// reviewerOf is the organisation on whose desk a review lies.
func reviewerOf(ctx context.Context, r db.Reader, of id.ID) (id.ID, error) {
	above, err := org.Above(ctx, r, of)
	if above == "" {
		above = of
	}
	return above, err
}

func startClock(ctx context.Context, tx *db.Tx, a *Article) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	at := tx.Now.Add(set.ReviewWithin)
	a.Due = db.MS(at)
	return jobs.Add(tx, jobs.Job{Kind: JobEscalate, Key: JobEscalate + "/" + string(a.ID) + "/" + db.Stamp(at), Ref: a.ID, At: at})
}

// Recall takes a submission, or what waits for its hour, back into writing.
func Recall(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return err
	}
	if a.State != Submitted && a.State != Scheduled {
		return refuse(a)
	}
	a.State, a.Due, a.ReviewerOrg = Draft, 0, ""
	if err := save(tx, &a); err != nil {
		return err
	}
	return record(tx, actor, "article.recalled", a, nil, nil)
}

// Approve publishes what was submitted, at once or at its hour. The reviewer is a second
// person, at the organisation on whose desk it is or above.
func Approve(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, f Frozen) error {
	a, err := onDesk(ctx, tx, actor, article)
	if err != nil {
		return err
	}
	if err := f.fits(ctx, tx, a); err != nil {
		return err
	}
	if err := pass(ctx, tx, actor, a, f.Doc, "article.approved"); err != nil {
		return err
	}
	return tellAuthor(tx, a, "article.approved")
}

// Return gives a submission back with a reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, reason string) error {
	a, err := onDesk(ctx, tx, actor, article)
	if err != nil {
		return err
	}
	if a.Reason, err = reasonFor(reason); err != nil {
		return err
	}
	a.State, a.Due, a.ReviewerOrg = Returned, 0, ""
	if err := save(tx, &a); err != nil {
		return err
	}
	if err := tellAuthor(tx, a, "article.returned"); err != nil {
		return err
	}
	return record(tx, actor, "article.returned", a, nil, map[string]any{"reason": a.Reason})
}

// MayDecide says whether somebody may decide on an article, or why not.
func MayDecide(ctx context.Context, r db.Reader, actor auth.Actor, a Article) error {
	if a.State != Submitted {
		return refuse(a)
	}
	if err := org.Permit(ctx, r, actor, a.ReviewerOrg, Deciding...); err != nil {
		return err
	}
	return org.SecondPerson(ctx, r, actor, a.Author, a.Org)
}

// onDesk reads a submission for somebody who may decide on it.
func onDesk(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) (Article, error) {
	a, err := Get(ctx, tx, article)
	if err != nil {
		return a, err
	}
	desk := a.ReviewerOrg
	if a.State != Submitted {
		desk = a.Org
	}
	if err := org.Permit(ctx, tx, actor, desk, Deciding...); err != nil {
		return a, err
	}
	return a, MayDecide(ctx, tx, actor, a)
}

// pass lets a text through: it is published, or waits for its hour.
func pass(ctx context.Context, tx *db.Tx, actor auth.Actor, a Article, doc prose.Node, action string) error {
	a.Doc, a.Due, a.ReviewerOrg = string(doc.JSON()), 0, ""
	if a.Wanted <= db.MS(tx.Now) {
		return publish(ctx, tx, actor, a, action)
	}
	a.State = Scheduled
	if err := save(tx, &a); err != nil {
		return err
	}
	at := db.Time(a.Wanted)
	if err := jobs.Add(tx, jobs.Job{Kind: JobPublish, Key: JobPublish + "/" + string(a.ID) + "/" + db.Stamp(tx.Now), Ref: a.ID, At: at}); err != nil {
		return err
	}
	return record(tx, actor, action, a, nil, map[string]any{"at": a.Wanted})
}

// PublishDue is the job at the hour for which a text was scheduled.
func PublishDue(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	a, err := Get(ctx, tx, j.Ref)
	if err != nil || a.State != Scheduled || a.Wanted > db.MS(tx.Now) {
		return err
	}
	return publish(ctx, tx, auth.System, a, "article.published")
}

// Escalate is the job at the end of a review's clock: what is still undecided goes on the
// desk of the next tier, and both are told; at the top it can only tell.
func Escalate(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	a, err := Get(ctx, tx, j.Ref)
	if err != nil || !a.Overdue(tx.Now) {
		return err
	}
	late := a.ReviewerOrg
	next, err := org.Above(ctx, tx, late)
	if err != nil {
		return err
	}
	if err := tellReviewers(ctx, tx, a, late, "article.review_overdue"); err != nil || next == "" {
		return err
	}
	a.ReviewerOrg, a.Raised = next, a.Raised+1
	if err := startClock(ctx, tx, &a); err != nil {
		return err
	}
	if err := save(tx, &a); err != nil {
		return err
	}
	if err := tellReviewers(ctx, tx, a, next, "article.review_raised"); err != nil {
		return err
	}
	return record(tx, auth.System, "article.raised", a, map[string]any{"desk": late}, map[string]any{"desk": next, "due": a.Due})
}

func tellReviewers(ctx context.Context, tx *db.Tx, a Article, at id.ID, kind string) error {
	people, err := holders(ctx, tx, at)
	if err != nil {
		return err
	}
	for _, person := range people {
		once := kind + "/" + string(a.ID) + "/" + db.Stamp(db.Time(a.Due))
		if err := notice.Tell(tx, person, kind, a.ID, once, "title", a.Title, "due_at", a.Due); err != nil {
			return err
		}
	}
	return nil
}

func tellAuthor(tx *db.Tx, a Article, kind string) error {
	if a.Author == auth.SystemID {
		return nil
	}
	return notice.Tell(tx, a.Author, kind, a.ID, kind+"/"+string(a.ID)+"/"+db.Stamp(tx.Now), "title", a.Title)
}
