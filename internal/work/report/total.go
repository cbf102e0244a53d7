package report

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Submit puts a total before the tier above.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, at id.ID, in In) (id.ID, error) {
	p, err := written(ctx, tx, actor, Report{Org: at}, in)
	if err != nil {
		return "", err
	}
	return put(tx, actor, p, in.File, "report.submitted")
}

// Correct puts another number for an accepted report before the tier above. Until that is
// accepted the old one counts.
func Correct(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID, in In) (id.ID, error) {
	old, err := Get(ctx, tx, report)
	if err != nil {
		return "", err
	}
	in.Key, in.Campaign = old.Key, old.Campaign
	p, err := written(ctx, tx, actor, Report{Org: old.Org, Corrects: old.ID}, in)
	if err := fail.Join(old.refuse(Accepted), err); err != nil {
		return "", err
	}
	waiting, err := correcting(ctx, tx, old.ID)
	if err == nil && waiting > 0 {
		err = fail.New(fail.Conflict, "report.corrected_already")
	}
	if err != nil {
		return "", err
	}
	return put(tx, actor, p, in.File, "report.correction")
}

// put stores a new report with its attachment.
func put(tx *db.Tx, actor auth.Actor, p Report, file *File, action string) (id.ID, error) {
	p.ID, p.Rev = tx.NewID(p.Org.Home()), 1
	if err := insertReport(tx, p); err != nil {
		return "", err
	}
	if file != nil {
		if err := putFile(tx, p.ID, *file); err != nil {
			return "", err
		}
	}
	return p.ID, record(tx, actor, action, p.ID, p.Org, nil, p)
}

// written checks what was typed into a report, and writes it there.
func written(ctx context.Context, tx *db.Tx, actor auth.Actor, p Report, in In) (Report, error) {
	if err := org.Permit(ctx, tx, actor, p.Org, Reporting...); err != nil {
		return p, err
	}
	in.Note, in.From, in.To = ident.Lines(in.Note), ident.Fold(in.From), ident.Fold(in.To)
	n, err := in.check(db.Day(tx.Now))
	if in.Campaign != 0 && in.Campaign != p.Campaign && p.Corrects == "" {
		err = fail.Join(err, fail.At("campaign", campaign.Takes(ctx, tx, in.Campaign, p.Org)))
	}
	if err != nil {
		return p, err
	}
	if _, err := org.PositionOn(ctx, tx, p.Org, in.To); err != nil {
		return p, err
	}
	p.Key, p.Campaign, p.From, p.To, p.Number, p.Note = in.Key, in.Campaign, in.From, in.To, n, in.Note
	p.State, p.Author, p.Submitted = Submitted, actor.Person, db.MS(tx.Now)
	p.Reviewer, p.Decided, p.Reason = "", 0, ""
	return p, nil
}

// Resubmit writes a returned report anew.
func Resubmit(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID, rev int64, in In) error {
	old, err := own(ctx, tx, actor, report)
	if err != nil {
		return err
	}
	if err := old.refuse(Returned); err != nil {
		return err
	}
	if old.Corrects != "" {
		in.Key, in.Campaign = old.Key, old.Campaign
	}
	p, err := written(ctx, tx, actor, old, in)
	if err != nil {
		return err
	}
	if p.Rev = rev; in.File != nil {
		if err := putFile(tx, p.ID, *in.File); err != nil {
			return err
		}
	}
	if err := save(tx, p); err != nil {
		return err
	}
	return record(tx, actor, "report.resubmitted", p.ID, p.Org, old, p)
}

// Withdraw takes back a report that was not accepted.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID) error {
	p, err := own(ctx, tx, actor, report)
	if err != nil || p.State == Withdrawn {
		return err
	}
	if err := p.refuse(Submitted, Returned); err != nil {
		return err
	}
	before := p.State
	p.State = Withdrawn
	if err := save(tx, p); err != nil {
		return err
	}
	return record(tx, actor, "report.withdrawn", p.ID, p.Org, map[string]any{"state": before}, nil)
}

func own(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID) (Report, error) {
	p, err := Get(ctx, tx, report)
	if err != nil {
		return p, err
	}
	return p, org.Permit(ctx, tx, actor, p.Org, Reporting...)
}

// Accept lets a report count; what it corrects stops counting.
func Accept(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID) error {
	p, err := judged(ctx, tx, actor, report)
	if err != nil {
		return err
	}
	if p.Corrects != "" {
		if err := replace(ctx, tx, actor, p.Corrects); err != nil {
			return err
		}
	}
	p.State = Accepted
	if err := save(tx, p); err != nil {
		return err
	}
	if err := postTotal(ctx, tx, actor, p); err != nil {
		return err
	}
	if err := record(tx, actor, "report.accepted", p.ID, p.Org, nil, map[string]any{"number": p.Number}); err != nil {
		return err
	}
	return tellAuthor(tx, p, "report.accepted")
}

// replace reverses an accepted report.
func replace(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID) error {
	old, err := Get(ctx, tx, report)
	if err != nil {
		return err
	}
	if err := old.refuse(Accepted); err != nil {
		return err
	}
	old.State = Corrected
	if err := save(tx, old); err != nil {
		return err
	}
	d, _ := declaredOf(old.Key)
	_, err = ledger.Reverse(tx, d.Kind, old.ID, "", "", actor.Person)
	return err
}

// Return gives a report back with the reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID, reason string) error {
	p, err := judged(ctx, tx, actor, report)
	if err != nil {
		return err
	}
	p.State, p.Reason = Returned, ident.Lines(reason)
	if err := checkReason(p.Reason); err != nil {
		return err
	}
	if err := save(tx, p); err != nil {
		return err
	}
	if err := record(tx, actor, "report.returned", p.ID, p.Org, nil, map[string]any{"reason": p.Reason}); err != nil {
		return err
	}
	return tellAuthor(tx, p, "report.returned")
}

// judged reads a report that waits, for a second person of the tier above.
func judged(ctx context.Context, tx *db.Tx, actor auth.Actor, report id.ID) (Report, error) {
	p, err := Get(ctx, tx, report)
	if err != nil {
		return p, err
	}
	if err := org.SecondPerson(ctx, tx, actor, p.Author, p.Org); err != nil {
		return p, err
	}
	p.Reviewer, p.Decided = actor.Person, db.MS(tx.Now)
	return p, p.refuse(Submitted)
}
