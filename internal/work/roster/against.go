package roster

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
)

// Against says in words what stands against a volunteer's taking a place of the shift: a
// requirement that she does not meet, a primary post of hers that overlaps, or too little rest;
// nil when nothing does. It only looks: [SignUp] decides.
func Against(ctx context.Context, r db.Reader, s Shift, p Place, who people.Standing) (why, err error) {
	if why, err := barred(ctx, r, s, who); why != nil || err != nil || p != Primary {
		return why, err
	}
	other, err := conflict(ctx, r, s, who.ID)
	if err != nil || other != "" {
		return fail.New(fail.Conflict, "roster.overlap"), err
	}
	return rested(ctx, r, s, who.ID)
}

// Unrested says in words, as staff read it, which rule of rest the shift would break for her; nil
// if none. Staff may put her on it with a reason.
func Unrested(ctx context.Context, r db.Reader, s Shift, person id.ID) (why, err error) {
	why, err = rested(ctx, r, s, person)
	if why != nil {
		why = fail.New(fail.Conflict, restBroken[fail.Key(why)], fail.Args(why)...)
	}
	return why, err
}

// Acknowledge notes that a volunteer, or her guardian for her, has seen what changed about an
// activity since she signed up for it.
func Acknowledge(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID, person id.ID) error {
	how, err := people.MayActFor(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if how == people.AsStaff {
		return fail.New(fail.Forbidden, "roster.seen_by_herself")
	}
	a, err := activity.Get(ctx, tx, activityID)
	if err != nil {
		return err
	}
	n, err := markSeen(ctx, tx, a.ID, person, a.Version)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.change_seen", Subject: a.ID, Org: a.Org,
		After: map[string]any{"person": person, "version": a.Version}})
}
