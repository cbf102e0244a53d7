package activity

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/search"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// JobEscalate is the kind of job that Escalate handles.
const JobEscalate = "activity.escalate"

// Submit is a step: it hands a draft to the tier above with a clock, once it says
// all that it must; a trusted organisation's is published at once unless it is
// risky. The answer says whether it was, so that roster opens its shifts.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, span Span) (published bool, err error) {
	a, o, err := own(ctx, tx, actor, activity, 0)
	if err != nil {
		return false, err
	}
	if !a.State.editable() {
		return false, refuse(a)
	}
	if err := submittable(ctx, tx, a, o, span); err != nil {
		return false, err
	}
	if err := reckonRisk(ctx, tx, &a); err != nil {
		return false, err
	}
	if err := Respan(ctx, tx, a.ID, span); err != nil {
		return false, err
	}
	a.Author, a.Reason, a.Submitted, a.Raised = actor.Person, "", db.MS(tx.Now), 0
	if o.Trusted && !a.Risky {
		return true, publish(ctx, tx, actor, a, "activity.published_trusted")
	}
	if a.ReviewerOrg, err = reviewerOf(ctx, tx, o.ID); err != nil {
		return false, err
	}
	if err := startClock(ctx, tx, &a); err != nil {
		return false, err
	}
	a.State = Submitted
	if err := save(tx, a); err != nil {
		return false, err
	}
	if err := tellReviewers(ctx, tx, a, a.ReviewerOrg, "activity.to_review"); err != nil {
		return false, err
	}
	return false, record(tx, actor, "activity.submitted", a, nil, map[string]any{"to": a.ReviewerOrg, "due": a.Due})
}

// submittable refuses what is not complete, and what was right once and is not now.
func submittable(ctx context.Context, tx *db.Tx, a Activity, o org.Org, span Span) error {
	if !o.Alive() {
		return fail.New(fail.Conflict, "activity.org_not_open")
	}
	posts, err := Posts(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	errs := []error{complete(a.Edit, posts, span, db.MS(tx.Now)), serviceOpen(ctx, tx, a.Service)}
	if a.Campaign != 0 {
		errs = append(errs, fail.At("campaign", campaign.Takes(ctx, tx, a.Campaign, o.ID)))
	}
	return fail.Join(errs...)
}

// reviewerOf is the organisation on whose desk a review lies: the one above, and
// at the top the organisation itself, where another person decides.
func reviewerOf(ctx context.Context, r db.Reader, of id.ID) (id.ID, error) {
	above, err := org.Above(ctx, r, of)
	if above == "" {
		above = of
	}
	return above, err
}

// startClock sets until when the review should be done, and the job that looks then.
func startClock(ctx context.Context, tx *db.Tx, a *Activity) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	at := tx.Now.Add(set.ReviewWithin)
	a.Due = db.MS(at)
	return jobs.Add(tx, jobs.Job{Kind: JobEscalate, Key: "escalate/" + string(a.ID) + "/" + db.Stamp(at), Ref: a.ID, At: at})
}

// publish makes it public and posts that it was.
func publish(ctx context.Context, tx *db.Tx, actor auth.Actor, a Activity, action string) error {
	a.State, a.Published, a.Version, a.Due = Published, db.MS(tx.Now), 1, 0
	if err := save(tx, a); err != nil {
		return err
	}
	if err := search.Put(tx, a.text()); err != nil {
		return err
	}
	if err := postPublished(ctx, tx, a, actor.Person); err != nil {
		return err
	}
	return record(tx, actor, action, a, nil, map[string]any{"version": a.Version})
}

// Recall takes a submission back while nobody has decided on it.
func Recall(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID) error {
	a, _, err := own(ctx, tx, actor, activity, 0)
	if err != nil {
		return err
	}
	if a.State != Submitted {
		return refuse(a)
	}
	a.State, a.Due, a.ReviewerOrg = Draft, 0, ""
	if err := save(tx, a); err != nil {
		return err
	}
	return record(tx, actor, "activity.recalled", a, nil, nil)
}

// Approve is a step: it publishes what was submitted. The reviewer is a second
// person, at the organisation on whose desk it is or above.
func Approve(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID) error {
	a, err := onDesk(ctx, tx, actor, activity)
	if err != nil {
		return err
	}
	if a.Ends <= db.MS(tx.Now) {
		return fail.New(fail.Conflict, "activity.over_before_review")
	}
	if err := publish(ctx, tx, actor, a, "activity.approved"); err != nil {
		return err
	}
	return tellOrganiser(tx, a, "activity.approved")
}

// Return is a step: it gives a submission back with a reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, reason string) error {
	a, err := onDesk(ctx, tx, actor, activity)
	if err != nil {
		return err
	}
	if a.Reason, err = checkReason(reason); err != nil {
		return err
	}
	a.State, a.Due, a.ReviewerOrg = Returned, 0, ""
	if err := save(tx, a); err != nil {
		return err
	}
	if err := tellOrganiser(tx, a, "activity.returned"); err != nil {
		return err
	}
	return record(tx, actor, "activity.returned", a, nil, map[string]any{"reason": a.Reason})
}

// onDesk reads a submission for somebody who may decide on it.
func onDesk(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID) (Activity, error) {
	a, err := Get(ctx, tx, activity)
	if err != nil {
		return a, err
	}
	desk := a.ReviewerOrg
	if a.State != Submitted {
		desk = a.Org
	}
	if err := org.Permit(ctx, tx, actor, desk, reviewers...); err != nil {
		return a, raised(ctx, tx, actor, a, err)
	}
	if a.State != Submitted {
		return a, refuse(a)
	}
	return a, org.SecondPerson(ctx, tx, actor, a.Author, a.Org)
}

// raised tells a reviewer on whose desk it was that it has risen.
func raised(ctx context.Context, tx *db.Tx, actor auth.Actor, a Activity, err error) error {
	if a.State != Submitted || a.Raised == 0 || fail.KindOf(err) != fail.Forbidden {
		return err
	}
	first, e := reviewerOf(ctx, tx, a.Org)
	if e != nil {
		return e
	}
	was, e := org.Reaches(ctx, tx, actor, first, reviewers...)
	switch {
	case e != nil:
		return e
	case was:
		return fail.New(fail.Forbidden, "activity.review_raised")
	}
	return err
}

// Escalate is the job at the end of a review's clock. It puts what is still
// undecided on the desk of the next tier, with a new clock, and tells both; at the
// top it can only tell.
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
	if err := tellReviewers(ctx, tx, a, late, "activity.review_overdue"); err != nil || next == "" {
		return err
	}
	a.ReviewerOrg, a.Raised = next, a.Raised+1
	if err := startClock(ctx, tx, &a); err != nil {
		return err
	}
	if err := save(tx, a); err != nil {
		return err
	}
	if err := tellReviewers(ctx, tx, a, next, "activity.review_raised"); err != nil {
		return err
	}
	return record(tx, auth.System, "activity.raised", a, map[string]any{"desk": late}, map[string]any{"desk": next, "due": a.Due})
}

// tellReviewers writes to everybody who may decide at an organisation.
func tellReviewers(ctx context.Context, tx *db.Tx, a Activity, at id.ID, kind string) error {
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

// tellOrganiser writes to the author, and to the leader if she is another.
func tellOrganiser(tx *db.Tx, a Activity, kind string) error {
	told := map[id.ID]bool{"": true, auth.SystemID: true}
	for _, person := range []id.ID{a.Author, a.Leader} {
		if told[person] {
			continue
		}
		told[person] = true
		if err := notice.Tell(tx, person, kind, a.ID, kind+"/"+string(a.ID)+"/"+db.Stamp(tx.Now), "title", a.Title); err != nil {
			return err
		}
	}
	return nil
}
