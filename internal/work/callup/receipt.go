package callup

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// Take notes that somebody of a receiver's own has opened the call-up.
func Take(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID) error {
	t, err := ReceiptOf(ctx, tx, receipt)
	if err != nil || t.Delivered == 0 || t.Read > 0 || !actor.HasAt(t.Org, Receiving...) {
		return err
	}
	c, err := Get(ctx, tx, t.CallUp)
	if err != nil || c.State != Issued {
		return err
	}
	if err := t.take(ctx, tx, actor, c); err != nil {
		return err
	}
	return saveReceipt(tx, &t)
}

func (t *Receipt) take(ctx context.Context, tx *db.Tx, actor auth.Actor, c CallUp) error {
	if t.Read > 0 {
		return nil
	}
	t.Read = db.MS(tx.Now)
	return c.post(ctx, tx, actor, stepRead.of(c), t.Org, t.ID, 1)
}

// answering reads a receipt of a call-up under way, for who answers for the unit. Who stands
// above it may do it in its stead, as after a telephone call; the audit trail says who.
func answering(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID) (c CallUp, t Receipt, err error) {
	if t, err = ReceiptOf(ctx, tx, receipt); err != nil {
		return c, t, err
	}
	if err = org.Permit(ctx, tx, actor, t.Org, Receiving...); err != nil {
		return c, t, err
	}
	if c, err = Get(ctx, tx, t.CallUp); err != nil {
		return c, t, err
	}
	if c.State != Issued || t.Delivered == 0 {
		return c, t, fail.New(fail.Conflict, "callup.not_while."+string(c.State))
	}
	return c, t, nil
}

// Acknowledge says how many a unit can send, line by line. Said again it corrects the numbers,
// and takes note of what was changed since.
func Acknowledge(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID, able Quotas) error {
	c, t, err := answering(ctx, tx, actor, receipt)
	if err != nil {
		return err
	}
	if err := checkAble(able, t.Quota); err != nil {
		return err
	}
	if err := t.take(ctx, tx, actor, c); err != nil {
		return err
	}
	before := t
	kind := stepAcknowledged.of(c)
	if t.Acknowledged > 0 {
		if err := c.retell(tx, t, actor); err != nil {
			return err
		}
	}
	if t.Acknowledged == 0 {
		t.Acknowledged = db.MS(tx.Now)
	}
	t.Able, t.Seen = able, c.Version
	if err := c.post(ctx, tx, actor, kind, t.Org, t.ID, able.Sum()); err != nil {
		return err
	}
	if err := saveReceipt(tx, &t); err != nil {
		return err
	}
	if err := saveAble(tx, t); err != nil {
		return err
	}
	if _, err := jobs.Cancel(tx, t.ID, remindKey(t)); err != nil {
		return err
	}
	if err := askSoon(tx, t); err != nil {
		return err
	}
	return record(tx, actor, "callup.acknowledged", t.ID, t.Org, before, t)
}

// Forward hands a call-up on to units below, with parts of the quota that add up to no more
// than it. Who has it from there already may get more.
func Forward(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID, to []Receiver) error {
	c, t, err := answering(ctx, tx, actor, receipt)
	if err != nil {
		return err
	}
	if t.Acknowledged == 0 {
		return fail.New(fail.Conflict, "callup.acknowledge_first")
	}
	if err := handOut(ctx, tx, c, t, to, t.Quota); err != nil {
		return err
	}
	if t.Forwarded == 0 {
		t.Forwarded = db.MS(tx.Now)
		if err := c.post(ctx, tx, actor, stepForwarded.of(c), t.Org, t.ID, 1); err != nil {
			return err
		}
	}
	if err := saveReceipt(tx, &t); err != nil { // two who forward at once meet here
		return err
	}
	if err := deliverSoon(tx, c); err != nil {
		return err
	}
	return record(tx, actor, "callup.forwarded", t.ID, t.Org, nil, to)
}

// left is what a receiver has not handed on, line by line.
func (t Receipt) left(ctx context.Context, r db.Reader, c CallUp) (Quotas, error) {
	given, err := Given(ctx, r, c, t.ID)
	for i := range given {
		given[i] = t.Quota[i] - given[i]
	}
	return given, err
}

// Left is what a receiver has not handed on, line by line.
func Left(ctx context.Context, r db.Reader, c CallUp, t Receipt) (Quotas, error) {
	return t.left(ctx, r, c)
}

// Report says how it went. What the ledger knows is not asked for.
func Report(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID, text string) error {
	c, t, err := answering(ctx, tx, actor, receipt)
	if err != nil {
		return err
	}
	text = ident.Lines(text)
	switch {
	case t.Acknowledged == 0:
		return fail.New(fail.Conflict, "callup.acknowledge_first")
	case t.Reported > 0:
		return fail.New(fail.Conflict, "callup.reported_already")
	}
	if err := between("report", text, 2, 2000); err != nil {
		return err
	}
	t.Reported, t.Report = db.MS(tx.Now), text
	if err := c.post(ctx, tx, actor, stepReported.of(c), t.Org, t.ID, 1); err != nil {
		return err
	}
	if err := saveReceipt(tx, &t); err != nil {
		return err
	}
	return record(tx, actor, "callup.reported", t.ID, t.Org, nil, map[string]any{"report": text})
}

// OpenShifts says on which shifts of its own or of those below it a receiver takes those who
// are called up, in the place of those it said before.
func OpenShifts(ctx context.Context, tx *db.Tx, actor auth.Actor, receipt id.ID, shifts []id.ID) error {
	c, t, err := answering(ctx, tx, actor, receipt)
	if err != nil {
		return err
	}
	if c.Drill {
		return fail.New(fail.Conflict, "callup.drill_no_shifts")
	}
	if len(shifts) > mostShifts {
		return fail.Field("shift", "callup.many_shifts", "max", mostShifts)
	}
	for _, shift := range shifts {
		s, err := roster.Get(ctx, tx, shift)
		if err != nil {
			return err
		}
		below, err := org.Under(ctx, tx, t.Org, s.Activity.Org)
		switch {
		case err != nil:
			return err
		case !below:
			return fail.Field("shift", "callup.shift_outside")
		case s.State != "open" || s.Published == 0 || s.Starts <= db.MS(tx.Now):
			return fail.Field("shift", "callup.shift_shut")
		}
	}
	if err := setShifts(tx, t, shifts); err != nil {
		return err
	}
	if err := askSoon(tx, t); err != nil {
		return err
	}
	return record(tx, actor, "callup.shifts", t.ID, t.Org, nil, shifts)
}

// mostShifts is how many shifts a receiver opens to a call-up.
const mostShifts = 60

// ShiftsOf are the shifts that a receiver opened.
func ShiftsOf(ctx context.Context, r db.Reader, receipt id.ID) ([]roster.Shift, error) {
	ids, err := shiftsOf(ctx, r, receipt)
	var all []roster.Shift
	for _, one := range ids {
		s, err := roster.Get(ctx, r, one)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, err
}

// May are the shifts that a receiver may open: those at or below it that are still to come.
func May(ctx context.Context, r db.Reader, at id.ID, from, to int64) ([]roster.Shift, error) {
	all, err := roster.LeaderShifts(ctx, r, at, from, to, mostShifts)
	var open []roster.Shift
	for _, s := range all {
		if s.State == "open" && s.Published > 0 && s.Starts > from {
			open = append(open, s)
		}
	}
	return open, err
}
