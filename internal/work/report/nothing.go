package report

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// Nothing says that an organisation had nothing in a period: the one tap of a unit of which
// the ledger knows no act.
func Nothing(ctx context.Context, tx *db.Tx, actor auth.Actor, due id.ID) error {
	o, err := permitted(ctx, tx, actor, due)
	if err != nil || o.Nothing > 0 {
		return err // a repeated tap is no error
	}
	if err := setNothing(tx, o, db.MS(tx.Now), actor.Person); err != nil {
		return err
	}
	f, err := nilFact(ctx, tx, o, actor.Person)
	if err != nil {
		return err
	}
	if err := ledger.Post(tx, f); err != nil {
		return err
	}
	return record(tx, actor, "report.nothing", o.ID, o.Org, nil, nil)
}

// Something takes that back.
func Something(ctx context.Context, tx *db.Tx, actor auth.Actor, due id.ID) error {
	o, err := permitted(ctx, tx, actor, due)
	if err != nil || o.Nothing == 0 {
		return err
	}
	if err := setNothing(tx, o, 0, ""); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, Nil, o.ID, "", "", actor.Person); err != nil {
		return err
	}
	return record(tx, actor, "report.something", o.ID, o.Org, nil, nil)
}

func permitted(ctx context.Context, tx *db.Tx, actor auth.Actor, due id.ID) (Owed, error) {
	o, err := GetOwed(ctx, tx, due)
	if err != nil {
		return o, err
	}
	return o, org.Permit(ctx, tx, actor, o.Org, Reporting...)
}
