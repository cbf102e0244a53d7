package bulletin

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/org"
)

// Submit puts an issue before its reviewers. Its texts are accepted, and what they say of
// their figures holds: p was prepared just before.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, p Prepared) error {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return err
	}
	if err := fail.Join(i.refuse(Planned), p.current(i)); err != nil {
		return err
	}
	i.State, i.Round, i.Submitted, i.Reason = InReview, i.Round+1, db.MS(tx.Now), ""
	if err := save(tx, &i); err != nil {
		return err
	}
	if err := record(tx, actor, "bulletin.submitted", i, nil, map[string]any{"round": i.Round}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, i, "bulletin.to_review", Reviewing)
}

// Recall takes an issue back from review to edit it.
func Recall(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID) error {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return err
	}
	if err := i.refuse(InReview, Approved); err != nil {
		return err
	}
	i.State, i.Approved = Planned, 0
	if err := save(tx, &i); err != nil {
		return err
	}
	return record(tx, actor, "bulletin.recalled", i, nil, nil)
}

// MayReview says why the actor may not review an issue, nil if she may: reviewers are two, and
// neither wrote any of it.
func MayReview(ctx context.Context, r db.Reader, actor auth.Actor, i Issue) error {
	if err := org.Permit(ctx, r, actor, i.Org, Reviewing...); err != nil {
		return err
	}
	authors, err := authorsOf(ctx, r, i)
	if err != nil {
		return err
	}
	if authors[actor.Person] {
		return fail.New(fail.Forbidden, "bulletin.own_work")
	}
	said, err := Reviews(ctx, r, i.ID)
	for _, one := range said {
		if one.Round == i.Round && one.Reviewer == actor.Person {
			return fail.New(fail.Conflict, "bulletin.reviewed_already")
		}
	}
	return err
}

// Agree is a reviewer's yes. The second makes the issue ready to be published.
func Agree(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, p Prepared, comment string) error {
	i, err := reviewed(ctx, tx, actor, issue)
	if err != nil {
		return err
	}
	if err := p.current(i); err != nil {
		return err
	}
	comment = ident.Lines(comment)
	if err := insertReview(tx, i, Review{i.Round, actor.Person, true, comment, db.MS(tx.Now)}); err != nil {
		return err
	}
	yes, err := agreed(ctx, tx, i)
	if err != nil {
		return err
	}
	if yes >= reviewers {
		i.State, i.Approved = Approved, db.MS(tx.Now)
	}
	if err := save(tx, &i); err != nil { // moves the row, so that two who agree at once meet on it
		return err
	}
	if err := record(tx, actor, "bulletin.agreed", i, nil, map[string]any{"round": i.Round, "comment": comment}); err != nil || i.State != Approved {
		return err
	}
	return tellDesk(ctx, tx, i, "bulletin.approved", Signing)
}

// Object returns an issue to its editors, with the reason.
func Object(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, reason string) error {
	i, err := reviewed(ctx, tx, actor, issue)
	if err != nil {
		return err
	}
	reason = ident.Lines(reason)
	if err := checkReason(reason); err != nil {
		return err
	}
	if err := insertReview(tx, i, Review{i.Round, actor.Person, false, reason, db.MS(tx.Now)}); err != nil {
		return err
	}
	if i.State, i.Reason = Planned, reason; save(tx, &i) != nil {
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	if err := record(tx, actor, "bulletin.returned", i, nil, map[string]any{"reason": reason}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, i, "bulletin.returned", Writing)
}

// reviewed reads an issue in review for somebody who reviews it.
func reviewed(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID) (Issue, error) {
	i, err := Get(ctx, tx, issue)
	if err != nil {
		return i, err
	}
	if err := i.refuse(InReview); err != nil {
		return i, err
	}
	return i, MayReview(ctx, tx, actor, i)
}

// agreed is how many agreed in the round of review.
func agreed(ctx context.Context, r db.Reader, i Issue) (n int, err error) {
	all, err := Reviews(ctx, r, i.ID)
	for _, one := range all {
		if one.Round == i.Round && one.Agreed {
			n++
		}
	}
	return n, err
}

// authorsOf are those who wrote any of an issue.
func authorsOf(ctx context.Context, r db.Reader, i Issue) (map[id.ID]bool, error) {
	all, err := writers(ctx, r, i.ID)
	authors := map[id.ID]bool{i.Author: true}
	for _, one := range all {
		authors[one] = true
	}
	return authors, err
}
