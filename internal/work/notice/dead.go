package notice

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// DeadLetters is one page of the deliveries that a person must look at, the latest first, of one
// channel or, with "", of all; and the cursor of the next page.
func DeadLetters(ctx context.Context, r db.Reader, actor auth.Actor, c Channel, after string) ([]Delivery, string, error) {
	if _, err := operator(ctx, r, actor); err != nil {
		return nil, "", err
	}
	at, last := parseCursor(after)
	all, err := deadLetters(ctx, r, c, at, last, page+1)
	if err != nil || len(all) <= page {
		return all, "", err
	}
	all = all[:page]
	return all, cursor(all[page-1].Ended, all[page-1].ID), nil
}

// Release has a dead delivery tried again from the start.
func Release(ctx context.Context, tx *db.Tx, actor auth.Actor, delivery id.ID) error {
	at, err := operator(ctx, tx, actor)
	if err != nil {
		return err
	}
	freed, err := release(tx, delivery)
	if err == nil && !freed {
		err = fail.New(fail.Conflict, "notice.not_dead")
	}
	if err != nil {
		return err
	}
	tx.After(wake)
	return audit.Record(tx, actor, audit.Entry{Action: "notice.released", Subject: delivery, Org: at})
}

// releasedAtOnce bounds how many one closure releases.
const releasedAtOnce = 200

// ReleaseSome has dead deliveries of a channel tried again, and says how many: fewer than
// before when there are none left.
func ReleaseSome(ctx context.Context, tx *db.Tx, actor auth.Actor, c Channel) (n int64, more bool, err error) {
	at, err := operator(ctx, tx, actor)
	if err != nil {
		return 0, false, err
	}
	if !c.known() {
		return 0, false, fail.New(fail.NotFound, "notice.channel_unknown")
	}
	n, err = releaseSome(tx, c, releasedAtOnce)
	if err != nil || n == 0 {
		return n, false, err
	}
	tx.After(wake)
	return n, n == releasedAtOnce, audit.Record(tx, actor, audit.Entry{Action: "notice.released", Subject: at, Org: at, After: map[string]any{"channel": c, "n": n}})
}

// GiveUp leaves a dead delivery for good, with a reason.
func GiveUp(ctx context.Context, tx *db.Tx, actor auth.Actor, delivery id.ID, why string) error {
	at, err := operator(ctx, tx, actor)
	if err != nil {
		return err
	}
	why = ident.Line(why)
	if n := len([]rune(why)); n < 2 || n > 60 {
		return fail.Field("why", "notice.why_needed")
	}
	left, err := giveUp(tx, delivery, why)
	if err == nil && !left {
		err = fail.New(fail.Conflict, "notice.not_dead")
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "notice.given_up", Subject: delivery, Org: at, After: map[string]any{"why": why}})
}

// Counts is how the deliveries of a channel stand: what waits and what is dead altogether, the
// rest of the last day.
type Counts struct {
	Channel Channel
	State   State
	N       int64
}
