package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/work/notice"
)

// Courier is a courier of notices with the database that it works on.
type Courier struct {
	*notice.Courier
	d *db.DB
}

// NewCourier makes a courier.
func NewCourier(d *db.DB, keys *crypt.Keys) Courier {
	return Courier{notice.NewCourier(keys, d.Now), d}
}

// RunDue queues and sends, one after the other, until nothing is due.
func (c Courier) RunDue(ctx context.Context) error {
	for {
		busy, err := c.Queue(ctx)
		for _, name := range notice.Channels() {
			more, e := c.Lane(ctx, name)
			busy, err = busy || more, errors.Join(err, e)
		}
		if err != nil || !busy {
			return err
		}
	}
}

// Queue queues the deliveries of some of what was told; it answers whether there may be more.
func (c Courier) Queue(ctx context.Context) (more bool, err error) {
	if fresh, err := c.Fresh(ctx, c.d); err != nil || !fresh {
		return false, err
	}
	err = c.d.Write(ctx, func(tx *db.Tx) error {
		more, err = c.Fan(ctx, tx)
		return err
	})
	return more, err
}

// Lane sends some of what is due by one channel; it answers whether there may be more.
func (c Courier) Lane(ctx context.Context, name notice.Channel) (more bool, err error) {
	if due, err := c.Due(ctx, c.d, name); err != nil || !due {
		return false, err
	}
	var claimed []notice.Delivery
	err = c.d.Write(ctx, func(tx *db.Tx) error {
		claimed, err = c.Claim(ctx, tx, name)
		return err
	})
	if err != nil || len(claimed) == 0 {
		return false, err
	}
	ends, err := c.Deliver(ctx, c.d, name, claimed)
	if err != nil {
		return false, err
	}
	err = c.d.Write(ctx, func(tx *db.Tx) error { return c.Record(tx, ends) })
	return len(claimed) == notice.AtOnce, err
}

// Prove sends the code of an address there.
func (c Courier) Prove(ctx context.Context, p notice.Proof) error {
	return c.Courier.Prove(ctx, c.d, p)
}

// OpenID is by which name WeChat knows who brought a code from there.
func (c Courier) OpenID(ctx context.Context, code string) (string, error) {
	return c.Courier.OpenID(ctx, c.d, code)
}

// couriering takes notices to people until ctx ends: one lane queues what goes out, and each
// channel has its own, so that a slow one keeps none of the others.
func (a *App) couriering(ctx context.Context) {
	var lanes sync.WaitGroup
	lanes.Go(func() { a.lane(ctx, a.Courier.Queue) })
	for _, name := range notice.Channels() {
		lanes.Go(func() {
			a.lane(ctx, func(ctx context.Context) (bool, error) { return a.Courier.Lane(ctx, name) })
		})
	}
	lanes.Wait()
}

// lane turns again at once while there is more, else when somebody was told something, or in a
// second. What is under way at the end is finished.
func (a *App) lane(ctx context.Context, turn func(context.Context) (more bool, err error)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	wake := make(chan struct{}, 1)
	defer notice.Listen(wake)()
	for ctx.Err() == nil {
		more, err := turn(context.WithoutCancel(ctx))
		if err != nil {
			a.Log.Error("notices wait, will try again", "err", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-wake:
		}
	}
}
