package intake

import (
	"context"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// Work does at once what a batch waits for, until it waits for somebody: what the jobs do where
// a server runs. A runner elsewhere may be at the same batch; then the two share it. tell hears
// how far it has come.
func Work(ctx context.Context, d *db.DB, keys *crypt.Keys, batch id.ID, tell func(Batch)) (Batch, error) {
	w := &worker{d: d, keys: keys, per: perTurn}
	for {
		b, err := get(ctx, d, batch)
		if err != nil || !b.State.Busy() {
			return b, err
		}
		tell(b)
		j := jobs.Job{Ref: batch}
		switch b.State {
		case Reading:
			err = w.read(ctx, j)
		case Entering:
			err = w.enter(ctx, j)
		default:
			err = w.undo(ctx, j)
		}
		if err != nil && (fail.Key(err) != "intake.changed_meanwhile" || ctx.Err() != nil) {
			return b, err
		}
	}
}
