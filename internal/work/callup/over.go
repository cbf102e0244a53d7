package callup

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/roster"
)

// Close ends a call-up that has done what it was for: nobody is asked any more.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, reason string) error {
	return end(ctx, tx, actor, callup, Closed, reason)
}

// Withdraw takes a call-up back, with a reason; a draft without one. What was done stays
// counted, and who is on a shift stays on it.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, reason string) error {
	return end(ctx, tx, actor, callup, Withdrawn, reason)
}

func end(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, to State, reason string) error {
	c, err := permitted(ctx, tx, actor, callup, Issuing)
	if err != nil {
		return err
	}
	draft := c.State == Draft && to == Withdrawn
	if c.State != Issued && !draft {
		return fail.New(fail.Conflict, "callup.not_while."+string(c.State))
	}
	if !draft {
		if reason, err = reasonFor(reason); err != nil {
			return err
		}
	}
	before := c.State
	c.State, c.Ended, c.Reason = to, db.MS(tx.Now), reason
	if err := saveCallUp(tx, &c); err != nil {
		return err
	}
	if !draft {
		if err := jobs.Add(tx, jobs.Job{Kind: JobEnd, Ref: c.ID, Args: ending{}}); err != nil {
			return err
		}
	}
	return record(tx, actor, "callup."+string(to), c.ID, c.Org, map[string]any{"state": before}, map[string]any{"state": to, "reason": reason})
}

// ending is how far those whom the end of a call-up concerns have been told: receivers first,
// then volunteers.
type ending struct {
	Receivers bool
	After     id.ID
}

// tellEnd tells some receivers, and then some of the volunteers who said yes, that it is over.
func tellEnd(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var at ending
	if err := j.Into(&at); err != nil {
		return err
	}
	c, err := Get(ctx, tx, j.Ref)
	if err != nil {
		return err
	}
	next, n := at, 0
	if !at.Receivers {
		next.After, n, err = endReceivers(ctx, tx, c, at.After)
	} else {
		next.After, n, err = endVolunteers(ctx, tx, c, at.After)
	}
	switch {
	case err != nil:
		return err
	case n < atOnce && at.Receivers:
		return nil
	case n < atOnce:
		next = ending{Receivers: true}
	}
	return jobs.Add(tx, jobs.Job{Kind: JobEnd, Ref: c.ID, Args: next})
}

func endReceivers(ctx context.Context, tx *db.Tx, c CallUp, from id.ID) (last id.ID, n int, err error) {
	some, err := sent(ctx, tx, c.ID, from, atOnce)
	for _, receipt := range some {
		t, err := ReceiptOf(ctx, tx, receipt)
		if err == nil {
			err = tellUnit(ctx, tx, c, t, "callup."+string(c.State), "answer_at", c.AnswerBy, "n", t.Quota.Sum())
		}
		if err != nil {
			return "", 0, err
		}
		last = receipt
	}
	return last, len(some), err
}

func endVolunteers(ctx context.Context, tx *db.Tx, c CallUp, from id.ID) (last id.ID, n int, err error) {
	some, err := concerned(ctx, tx, c.ID, from, atOnce)
	for _, a := range some {
		kind := "callup.over"
		if a.hopes() {
			kind = "callup.over_waiting"
		}
		if last = a.ID; a.hopes() && c.Ended > c.Until {
			continue // told when it lapsed
		}
		on, err := a.serves(ctx, tx)
		if err != nil {
			return "", 0, err
		}
		if !on && !a.hopes() {
			continue // she left the shift, and it is nothing to her any more
		}
		if err := tellPerson(ctx, tx, c, a, kind); err != nil {
			return "", 0, err
		}
	}
	return last, len(some), err
}

// serves says whether her sign-up for the shift stands.
func (a Ask) serves(ctx context.Context, r db.Reader) (bool, error) {
	if a.Shift == "" {
		return false, nil
	}
	u, err := roster.SignupOf(ctx, r, a.Shift, a.Person)
	if fail.KindOf(err) == fail.NotFound {
		return false, nil
	}
	return err == nil && !u.State.Over(), err
}

// hopes says whether she said yes and is on no shift yet.
func (a Ask) hopes() bool { return a.Waits() || a.Answer == Yes && a.Offered > 0 }

// lapseLater leaves the job that tells those who still wait when nobody may answer any more.
func (c CallUp) lapseLater(tx *db.Tx, from after) error {
	if c.Drill {
		return nil
	}
	return jobs.Add(tx, jobs.Job{Kind: JobLapse, Ref: c.ID, At: db.Time(c.Until), Args: from})
}

// lapse tells some of those who wait that the time is up and no place came free.
func lapse(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var at after
	if err := j.Into(&at); err != nil {
		return err
	}
	c, err := Get(ctx, tx, j.Ref)
	if err != nil || c.State != Issued {
		return err
	}
	if db.MS(tx.Now) < c.Until {
		return c.lapseLater(tx, at) // it was put off
	}
	some, err := concerned(ctx, tx, c.ID, at.ID, atOnce)
	if err != nil || len(some) == 0 {
		return err
	}
	for _, a := range some {
		if !a.hopes() {
			continue
		}
		if err := tellPerson(ctx, tx, c, a, "callup.over_waiting"); err != nil {
			return err
		}
	}
	return c.lapseLater(tx, after{some[len(some)-1].ID})
}
