package roster

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Submit hands an activity up for review; a trusted organisation's ordinary
// one is published at once and its shifts open.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID) error {
	span, err := spanOf(ctx, tx, activityID)
	if err != nil {
		return err
	}
	published, err := activity.Submit(ctx, tx, actor, activityID, span)
	if err != nil || !published {
		return err
	}
	return openAll(ctx, tx, activityID, actor.Person)
}

// Approve publishes a submitted activity and opens its shifts.
func Approve(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID) error {
	if err := activity.Approve(ctx, tx, actor, activityID); err != nil {
		return err
	}
	return openAll(ctx, tx, activityID, actor.Person)
}

// Return hands a submitted activity back with a reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID, reason string) error {
	return activity.Return(ctx, tx, actor, activityID, reason)
}

// Change changes a published activity; people on it see the difference and are
// told once, however many of its shifts they are on.
func Change(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID, rev int64, in activity.Edit) (activity.Diff, error) {
	diff, err := activity.Change(ctx, tx, actor, activityID, rev, in)
	if err != nil || len(diff) == 0 {
		return diff, err
	}
	a, err := activity.Get(ctx, tx, activityID)
	if err != nil {
		return diff, err
	}
	people, err := peopleOn(ctx, tx, activityID, db.MS(tx.Now))
	for _, person := range people {
		if err := notice.Tell(tx, person, "activity.changed", a.ID, "activity.changed/"+string(a.ID), "title", a.Title, "version", a.Version); err != nil {
			return diff, err
		}
	}
	return diff, err
}

// RemovePost takes a post off an activity that was not published. Shifts that it still has
// are cancelled first; those that were go with it, for nobody has ever seen them.
func RemovePost(ctx context.Context, tx *db.Tx, actor auth.Actor, post id.ID, rev int64) error {
	p, err := activity.PostOf(ctx, tx, post)
	if err != nil {
		return err
	}
	a, err := activity.Get(ctx, tx, p.Activity)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, planRoles...); err != nil {
		return err
	}
	if err := activity.Hold(tx, a.ID, rev); err != nil {
		return err
	}
	if err := clearPost(ctx, tx, post); err != nil {
		return err
	}
	n, err := shiftsOfPost(ctx, tx, post)
	if err != nil {
		return err
	}
	if n > 0 {
		return fail.New(fail.Conflict, "roster.post_has_shifts", "n", n)
	}
	return activity.RemovePost(ctx, tx, actor, post, rev)
}

// Cancel cancels a published activity with every shift that has not started.
func Cancel(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID, reason string) error {
	if err := activity.Cancel(ctx, tx, actor, activityID, reason); err != nil {
		return err
	}
	if err := lockShifts(ctx, tx, activityID); err != nil {
		return err
	}
	shifts, err := Of(ctx, tx, activityID)
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.State == "cancelled" || (s.State == "open" && db.MS(tx.Now) >= s.Starts) {
			continue
		}
		if err := cancel(ctx, tx, s, reason, actor.Person); err != nil {
			return err
		}
	}
	return nil
}

// spanOf is what the publish checklist asks of an activity's shifts; one whose
// start has passed cannot be published any more.
func spanOf(ctx context.Context, tx *db.Tx, activityID id.ID) (activity.Span, error) {
	shifts, err := Of(ctx, tx, activityID)
	for _, s := range shifts {
		if s.State == "draft" && db.MS(tx.Now) >= s.Starts {
			return activity.Span{}, fail.New(fail.Conflict, "roster.publish_late")
		}
	}
	return spanning(shifts), err
}

// tellMoved tells one person that her shift has another time.
func tellMoved(tx *db.Tx, before, after Shift, person id.ID) error {
	return notice.Tell(tx, person, "roster.moved", after.ID, "roster.moved/"+string(after.ID), "title", after.Activity.Title,
		"starts", before.Starts, "ends", before.Ends, "new_starts", after.Starts, "new_ends", after.Ends)
}

// respan tells the activity from when to when its shifts go.
func respan(ctx context.Context, tx *db.Tx, activityID id.ID) error {
	shifts, err := Of(ctx, tx, activityID)
	if err != nil {
		return err
	}
	return activity.Respan(ctx, tx, activityID, spanning(shifts))
}

// spanning is the span of the shifts that are not cancelled.
func spanning(shifts []Shift) (span activity.Span) {
	for _, s := range shifts {
		if s.State == "cancelled" {
			continue
		}
		if span.Shifts == 0 || s.Starts < span.Starts {
			span.Starts = s.Starts
		}
		span.Ends = max(span.Ends, s.Ends)
		span.Shifts++
	}
	return span
}
