package activity

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// MergeOrg merges an organisation into another of its type, which stands for it from now on:
// its people become the successor's, what it did counts at the successor too and stays where
// it was done. One that still has drafts, reviews or activities to come is refused: whoever
// signed up for those signed up with this organisation.
func MergeOrg(ctx context.Context, tx *db.Tx, actor auth.Actor, from, into id.ID, reason string) error {
	if err := org.Merge(ctx, tx, actor, from, into, reason); err != nil {
		return err
	}
	n, err := openOf(ctx, tx, from, db.MS(tx.Now))
	if err != nil {
		return err
	}
	if n > 0 {
		return fail.New(fail.Conflict, "activity.merge_open", "n", n)
	}
	return people.Follow(tx, from, into)
}
