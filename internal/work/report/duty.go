package report

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Begin sets a duty: its first period is planned, and opens by itself on its last day.
func Begin(ctx context.Context, tx *db.Tx, actor auth.Actor, d Duty) (id.ID, error) {
	d, err := begin(ctx, tx, actor, d)
	if err == nil {
		err = d.check(tx.Now)
	}
	if err != nil {
		return "", err
	}
	if err := insertDuty(tx, d); err != nil {
		return "", err
	}
	if err := plan(tx, d, d.From); err != nil {
		return "", err
	}
	return d.ID, record(tx, actor, "report.begun", d.ID, d.Org, nil, d)
}

// begin permits a duty and fills in what is not typed.
func begin(ctx context.Context, tx *db.Tx, actor auth.Actor, d Duty) (Duty, error) {
	if err := org.Permit(ctx, tx, actor, d.Org, Keeping...); err != nil {
		return d, err
	}
	in, err := org.Under(ctx, tx, d.Org, d.Under)
	switch {
	case err != nil:
		return d, err
	case !in:
		return d, fail.Field("under", "report.not_below")
	}
	if d.Campaign != 0 {
		if err := campaign.Takes(ctx, tx, d.Campaign, d.Org); err != nil {
			return d, fail.At("campaign", err)
		}
	}
	d.ID, d.Name, d.Clock = tx.NewID(d.Org.Home()), ident.Line(d.Name), ident.Fold(d.Clock)
	d.From, d.To = ident.Fold(d.From), ident.Fold(d.To)
	d.Author, d.Created, d.Rev, d.Closed = actor.Person, db.MS(tx.Now), 1, false
	return d, nil
}

// Close ends a duty: no period opens any more. What is owed stays owed.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, duty id.ID) error {
	d, err := GetDuty(ctx, tx, duty)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, d.Org, Keeping...); err != nil || d.Closed {
		return err // a repeated tap is no error
	}
	if err := closeDuty(tx, d); err != nil {
		return err
	}
	return record(tx, actor, "report.closed", d.ID, d.Org, map[string]any{"state": "open"}, map[string]any{"state": "closed"})
}

func record(tx *db.Tx, actor auth.Actor, action string, subject, at id.ID, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: subject, Org: at, Before: before, After: after})
}
