package org

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Merge is a step of merging an organisation into another of its type (activity.MergeOrg,
// which knows what it still has to do): it leaves the tree, and from this moment on the places
// that it held count as its successor's too. What it did stays where it was done; that it was
// once counted stays counted. An administrator over both may.
func Merge(ctx context.Context, tx *db.Tx, actor auth.Actor, org, into id.ID, reason string) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	to, err := over(ctx, tx, actor, into)
	if err != nil {
		return err
	}
	o := old
	if o.Reason, err = checkReason(reason); err != nil {
		return err
	}
	if err := fits(ctx, tx, old, to); err != nil {
		return err
	}
	if err := succeed(tx, old, to.ID, o.Reason); err != nil {
		return err
	}
	o.State, o.Successor = Merged, to.ID
	return audit.Record(tx, actor, audit.Entry{Action: "org.merged", Subject: o.ID, Org: to.ID, Before: record(old), After: record(o)})
}

// fits refuses a successor of another type, and an organisation under which something hangs.
func fits(ctx context.Context, r db.Reader, o, to Org) error {
	n, err := children(ctx, r, o)
	switch {
	case err != nil:
		return err
	case o.ID == to.ID:
		return fail.Field("into", "org.merge_itself")
	case o.Type() != to.Type():
		return fail.Field("into", "org.merge_type")
	case n > 0:
		return fail.New(fail.Conflict, "org.merge_children", "n", n)
	}
	return nil
}
