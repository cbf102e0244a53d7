package callup

import (
	"context"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// HandOut hands out more of a call-up that was issued: who has it already gets a larger quota and
// is told how much larger, others receive it. Nobody's quota becomes smaller.
func HandOut(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, all []Receiver) error {
	c, err := permitted(ctx, tx, actor, callup, Issuing)
	if err != nil {
		return err
	}
	if c.State != Issued {
		return fail.New(fail.Conflict, "callup.not_while."+string(c.State))
	}
	if err := handOut(ctx, tx, c, Receipt{Org: c.Org}, all, c.Places()); err != nil {
		return err
	}
	if err := saveCallUp(tx, &c); err != nil { // two who hand out at once meet here
		return err
	}
	if err := deliverSoon(tx, c); err != nil {
		return err
	}
	return record(tx, actor, "callup.handed_out", c.ID, c.Org, nil, all)
}

func deliverSoon(tx *db.Tx, c CallUp) error {
	return jobs.Add(tx, jobs.Job{Kind: JobDeliver, Key: JobDeliver + "/" + string(c.ID), Ref: c.ID})
}

// handOut gives receivers right below one their quotas of the whole that it has: those who have it
// from there get more, the others receive it.
func handOut(ctx context.Context, tx *db.Tx, c CallUp, from Receipt, all []Receiver, whole Quotas) error {
	switch {
	case len(all) == 0:
		return fail.Field("receivers", "callup.no_receivers")
	case len(all) > mostReceived:
		return fail.Field("receivers", "callup.many_receivers", "max", mostReceived)
	}
	have, err := Below(ctx, tx, c.ID, from.ID)
	if err != nil {
		return err
	}
	had := map[id.ID]Receipt{}
	rest := slices.Clone(whole)
	for _, h := range have {
		had[h.Org] = h.Receipt
		if slices.ContainsFunc(all, func(one Receiver) bool { return one.Org == h.Org }) {
			continue
		}
		for n, q := range h.Quota { // what others have stays theirs
			rest[n] -= q
		}
	}
	if err := checkQuotas(all, rest); err != nil {
		return err
	}
	changed := false
	for _, one := range all {
		t, ok := had[one.Org]
		more := true
		if ok {
			more, err = t.enlarge(ctx, tx, c, one.Quota)
		} else {
			err = receive(ctx, tx, c, from, one)
		}
		if err != nil {
			return err
		}
		changed = changed || more
	}
	if !changed {
		return fail.New(fail.Conflict, "callup.nothing_changed")
	}
	return nil
}

// receive adds one receiver.
func receive(ctx context.Context, tx *db.Tx, c CallUp, from Receipt, one Receiver) error {
	if err := within(ctx, tx, c, from.Org, one.Org); err != nil {
		return err
	}
	t := Receipt{ID: tx.NewID(one.Org.Home()), CallUp: c.ID, Org: one.Org, Above: from.ID, Sender: from.Org, Desk: from.Org, Quota: one.Quota}
	fresh, err := insertReceipt(tx, t)
	if err == nil && !fresh {
		err = refuseReceiver(ctx, tx, one.Org, "callup.has_it")
	}
	return err
}

// enlarge gives a receiver more, and says whether it is more. Once it has it, it is told the difference, and asks for
// what is missing now.
func (t Receipt) enlarge(ctx context.Context, tx *db.Tx, c CallUp, quota Quotas) (bool, error) {
	was := t.Quota
	for n, q := range quota {
		if q < was[n] {
			return false, fail.Field(QuotaField(t.Org, int64(n+1)), "callup.quota_less", "n", was[n])
		}
	}
	if slices.Equal(was, quota) {
		return false, nil
	}
	t.Quota = quota
	if err := saveQuota(tx, t); err != nil || t.Delivered == 0 {
		return true, err
	}
	if err := tellUnit(ctx, tx, c, t, "callup.raised", "answer_at", c.AnswerBy, "was", was.Sum(), "n", quota.Sum()); err != nil {
		return true, err
	}
	if t.Acknowledged == 0 {
		return true, nil
	}
	return true, askSoon(tx, t)
}
