package activity

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/search"
)

// Change is a step: it rewrites a published activity, which must still say all
// that it must, and answers what is different, for roster to tell the people on
// it. What says where it counts stays. Nothing different is no new version. rev is
// the one that was read: if somebody else saved since, nothing is changed.
func Change(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, rev int64, in Edit) (Diff, error) {
	a, o, err := own(ctx, tx, actor, activity, rev)
	if err != nil {
		return nil, err
	}
	if a.Phase(tx.Now) != Coming && a.Phase(tx.Now) != Running {
		return nil, over(a)
	}
	if in.Area == 0 {
		in.Area = a.Area
	}
	if in.Leader == "" {
		in.Leader = a.Leader
	}
	before := a.Edit
	if a.Edit, err = prepare(ctx, tx, actor, o, before, in); err != nil {
		return nil, err
	}
	if err := stillComplete(ctx, tx, a, before); err != nil {
		return nil, err
	}
	d := Compare(before, a.Edit)
	if len(d) == 0 {
		return nil, nil
	}
	a.Version++
	if err := save(tx, a); err != nil {
		return nil, err
	}
	if err := search.Put(tx, a.text()); err != nil {
		return nil, err
	}
	if err := insertChange(tx, a, actor.Person, d); err != nil {
		return nil, err
	}
	return d, record(tx, actor, "activity.changed", a, nil, map[string]any{"version": a.Version, "diff": d})
}

func stillComplete(ctx context.Context, tx *db.Tx, a Activity, before Edit) error {
	posts, err := Posts(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	span := Span{Starts: a.Starts, Ends: a.Ends, Shifts: 1}
	return fail.Join(fixed(before, a.Edit), complete(a.Edit, posts, span, db.MS(tx.Now)))
}

// over refuses what can only be done to a published activity that is not over.
func over(a Activity) error {
	if a.State == Published {
		return fail.New(fail.Conflict, "activity.over")
	}
	return refuse(a)
}

// Cancel is a step: it ends an activity that is not over, for good, with a reason
// unless nobody but its organiser has seen it. That it was published stays
// counted; what was not held is not.
func Cancel(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, reason string) error {
	a, _, err := own(ctx, tx, actor, activity, 0)
	if err != nil {
		return err
	}
	if !a.State.alive() || a.Phase(tx.Now) == Ended {
		return over(a)
	}
	before := a.State
	if before != Draft || reason != "" {
		if a.Reason, err = checkReason(reason); err != nil {
			return err
		}
	}
	a.State, a.Due, a.ReviewerOrg = Cancelled, 0, ""
	if err := save(tx, a); err != nil {
		return err
	}
	if err := search.Drop(tx, a.ID); err != nil {
		return err
	}
	return record(tx, actor, "activity.cancelled", a, map[string]any{"state": before}, map[string]any{"reason": a.Reason})
}

// Respan is a step: the span of an activity's shifts, whenever they change. One
// that was published keeps its last when no shift is left. It leaves rev alone, so
// that it disturbs nobody who is writing.
func Respan(_ context.Context, tx *db.Tx, activity id.ID, span Span) error {
	if span.Shifts > 0 && span.Ends <= span.Starts {
		return fail.Field(string(Time), "activity.ends_before_start")
	}
	return saveSpan(tx, activity, span)
}

// Hold locks an activity for the rest of the transaction, if it is still as it
// was read: a reviewer decides on what she saw.
func Hold(tx *db.Tx, activity id.ID, rev int64) error {
	ok, err := hold(tx, activity, rev)
	if err == nil && !ok {
		return fail.New(fail.Conflict, "activity.changed_meanwhile")
	}
	return err
}
