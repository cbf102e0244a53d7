package app

import (
	"context"
	"sync"
	"time"

	"tongxin/internal/work/notice"
)

// couriering takes notices to people until ctx ends: one lane queues what goes out, and each
// channel has its own, so that a slow one keeps none of the others.
func (a *App) couriering(ctx context.Context) {
	var lanes sync.WaitGroup
	lanes.Go(func() { a.lane(ctx, a.Courier.Fan) })
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
