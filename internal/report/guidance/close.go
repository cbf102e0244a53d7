package guidance

import (
	"context"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// Measure takes the figure of a directive again, over the days up to now.
func Measure(ctx context.Context, r db.Reader, e *figure.Engine, d Directive, now time.Time) (After, error) {
	day := db.Day(now)
	f, err := e.Freeze(ctx, query(d.Seen.Query, d.Scheduled, day))
	a := After{To: f.To, Seq: f.AsOf.Seq, Tree: f.Tree, Value: f.Value}
	if err != nil || d.Scheduled == "" {
		return a, err
	}
	w, i, _, err := rowOf(ctx, r, d.Scheduled)
	if fail.KindOf(err) == fail.NotFound { // it was taken out of the schedule meanwhile
		return a, nil
	}
	a.Planned = w.Planned(i, day)
	return a, err
}

// Improves says whether what was measured is better than what was seen.
func (d Directive) Improves(a After) bool {
	return better(d.Seen.Value, d.Planned, a.Value, a.Planned)
}

// Close ends a directive with what came of it.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, a After, verdict string) error {
	d, err := judged(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	verdict = ident.Lines(verdict)
	if err := checkText("verdict", verdict); err != nil {
		return err
	}
	d.State, d.Verdict, d.Closed, d.After, d.Improved, d.Due = Closed, verdict, db.MS(tx.Now), a, d.Improves(a), 0
	if err := save(tx, &d); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, d, ClosedFact); err != nil {
		return err
	}
	if d.Improved {
		if err := post(ctx, tx, actor, d, ImprovedFact); err != nil {
			return err
		}
	}
	if err := record(tx, actor, "guidance.closed", d, nil, map[string]any{"verdict": verdict, "after": a, "improved": d.Improved}); err != nil {
		return err
	}
	return tellUnit(ctx, tx, d, "guidance.closed", 0)
}

// Return says that more is to be done, and by when.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, reason string, by time.Time) error {
	d, err := judged(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	reason = ident.Lines(reason)
	errs := []error{checkText("reason", reason)}
	if !by.After(tx.Now) || by.Sub(tx.Now) > longest {
		errs = append(errs, fail.Field("act_by", "guidance.act_by_again"))
	}
	if err := fail.Join(errs...); err != nil {
		return err
	}
	d.State, d.Reason, d.ActBy, d.Acted = Replied, reason, db.MS(by), 0
	if err := clock(tx, &d, d.ActBy); err != nil {
		return err
	}
	if err := save(tx, &d); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, ActedFact, d.ID, "", "", actor.Person); err != nil {
		return err
	}
	if err := record(tx, actor, "guidance.returned", d, nil, map[string]any{"reason": reason, "act_by": d.ActBy}); err != nil {
		return err
	}
	return tellUnit(ctx, tx, d, "guidance.returned", d.ActBy)
}

// judged reads a directive that was acted on, for somebody who may say whether that is enough.
func judged(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64) (Directive, error) {
	d, err := guided(ctx, tx, actor, directive, rev)
	if err != nil {
		return d, err
	}
	if err := d.refuse(Acted); err != nil {
		return d, err
	}
	if d.Actor == actor.Person {
		return d, fail.New(fail.Forbidden, "guidance.own_work")
	}
	return d, nil
}

// Withdraw takes a directive back: it was sent in error, or is no longer needed. Its facts are
// reversed; a draft has none.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, reason string) error {
	d, err := guided(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	reason = ident.Lines(reason)
	if !d.State.Alive() {
		return d.refuse()
	}
	if d.State != Draft {
		if err := checkText("reason", reason); err != nil {
			return err
		}
	}
	sent := d.steps()
	overdue := d.Raised > 0
	before := d.State
	d.State, d.Reason, d.Due = Withdrawn, reason, 0
	if err := save(tx, &d); err != nil {
		return err
	}
	if overdue {
		sent = append(sent, step{kind: OverdueFact})
	}
	for _, s := range sent {
		if _, err := ledger.Reverse(tx, s.kind, d.ID, "", "", actor.Person); err != nil {
			return err
		}
	}
	if err := record(tx, actor, "guidance.withdrawn", d, map[string]any{"state": before}, map[string]any{"reason": reason}); err != nil || before == Draft {
		return err
	}
	return tellUnit(ctx, tx, d, "guidance.withdrawn", 0)
}
