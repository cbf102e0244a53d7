package guidance

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/org"
)

// Answers says whether the actor answers for the unit of a directive: as administrator of it,
// or of what lies between it and who guides.
func Answers(ctx context.Context, r db.Reader, actor auth.Actor, d Directive) (bool, error) {
	between, err := beneath(ctx, r, d)
	for _, at := range between {
		if actor.HasAt(at, auth.Admin) {
			return true, err
		}
	}
	return false, err
}

// beneath are the unit and what lies between it and who guides, from below.
func beneath(ctx context.Context, r db.Reader, d Directive) ([]id.ID, error) {
	path, err := org.Path(ctx, r, d.Unit)
	if err != nil {
		return nil, err
	}
	all := []id.ID{d.Unit}
	for i := len(path) - 2; i >= 0; i-- {
		if path[i].ID == d.Org {
			return all, nil
		}
		all = append(all, path[i].ID)
	}
	return []id.ID{d.Unit}, nil // it was moved away from who guides
}

// answered reads a directive for somebody who answers it.
func answered(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64) (Directive, error) {
	d, err := Get(ctx, tx, directive)
	if err != nil {
		return d, err
	}
	ok, err := Answers(ctx, tx, actor, d)
	switch {
	case err != nil:
		return d, err
	case !ok || d.State == Draft:
		return d, fail.New(fail.Forbidden, "guidance.not_yours")
	}
	return d, current(d, rev)
}

// Take says that the unit has read a directive.
func Take(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64) error {
	d, err := answered(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	if err := d.refuse(Issued); err != nil {
		return err
	}
	d.State, d.Read = Read, db.MS(tx.Now)
	if err := save(tx, &d); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, d, ReadFact); err != nil {
		return err
	}
	return record(tx, actor, "guidance.read", d, nil, nil)
}

// Reply answers a directive with a plan. Who replies has read it.
func Reply(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, plan string) error {
	d, err := answered(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	plan = ident.Lines(plan)
	if err := fail.Join(d.refuse(Issued, Read), checkText("plan", plan)); err != nil {
		return err
	}
	unread := d.State == Issued
	if unread {
		d.Read = db.MS(tx.Now)
	}
	d.State, d.Plan, d.Replied = Replied, plan, db.MS(tx.Now)
	if err := clock(tx, &d, d.ActBy); err != nil {
		return err
	}
	if err := save(tx, &d); err != nil {
		return err
	}
	if unread {
		if err := post(ctx, tx, actor, d, ReadFact); err != nil {
			return err
		}
	}
	if err := post(ctx, tx, actor, d, RepliedFact); err != nil {
		return err
	}
	if err := record(tx, actor, "guidance.replied", d, nil, map[string]any{"plan": plan}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, d, "guidance.replied", d.ActBy)
}

// Act says that what was planned is done.
func Act(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, did string) error {
	d, err := answered(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	did = ident.Lines(did)
	if err := fail.Join(d.refuse(Replied), checkText("did", did)); err != nil {
		return err
	}
	d.State, d.Did, d.Acted, d.Actor, d.Due = Acted, did, db.MS(tx.Now), actor.Person, 0
	if err := save(tx, &d); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, d, ActedFact); err != nil {
		return err
	}
	if err := record(tx, actor, "guidance.acted", d, nil, map[string]any{"did": did}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, d, "guidance.acted", 0)
}
