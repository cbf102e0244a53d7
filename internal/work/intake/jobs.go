package intake

import (
	"context"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/people"
)

// The jobs of this package. JobPurge deletes what is no longer needed.
const (
	jobRead  = "intake.read"
	jobEnter = "intake.enter"
	jobUndo  = "intake.undo"
	JobPurge = "intake.purge"
)

// A run of a job makes room for its next after so many rows, or so long: its lease must not end
// before it does.
const (
	perTurn  = 4000
	longTurn = jobs.Lease / 4
)

// worker does the jobs. Its passes write in transactions of their own, so that none is long.
type worker struct {
	d    *db.DB
	keys *crypt.Keys
	per  int   // rows of one turn
	kept shelf // files between turns
}

// Handle registers the jobs of this package.
func Handle(r *jobs.Runner, d *db.DB, keys *crypt.Keys) {
	w := &worker{d: d, keys: keys, per: perTurn}
	r.Outside(jobRead, w.read)
	r.Outside(jobEnter, w.enter)
	r.Outside(jobUndo, w.undo)
	r.Handle(JobPurge, purge)
	r.Every("intake.sweep", time.Hour, sweep)
}

// again has the next turn of a pass run.
func (w *worker) again(ctx context.Context, kind string, batch id.ID) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return jobs.Add(tx, jobs.Job{Kind: kind, Ref: batch}) })
}

// actorOf is who brought a batch, in the roles that she holds now.
func actorOf(ctx context.Context, r db.Reader, b Batch) (auth.Actor, error) {
	a := auth.Actor{Person: b.Author, Via: auth.Job}
	if a.IsSystem() {
		return a, nil
	}
	var err error
	a.Grants, err = people.GrantsOf(ctx, r, b.Author)
	return a, err
}

// sweep has everything deleted that is no longer needed.
func sweep(ctx context.Context, tx *db.Tx, _ jobs.Job) error {
	old, err := stale(ctx, tx, db.MS(tx.Now))
	for _, b := range old {
		if err == nil {
			err = jobs.Add(tx, jobs.Job{Kind: JobPurge, Key: JobPurge + "/" + string(b.ID), Ref: b.ID})
		}
	}
	return err
}

// purge deletes the file of a batch that is over, and its rows once they serve nobody.
func purge(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	b, err := get(ctx, tx, j.Ref)
	if err != nil || b.State.Busy() {
		return err
	}
	now := db.MS(tx.Now)
	if b.State == Checked {
		if now < b.Created+keepChecked.Milliseconds() {
			return nil
		}
		b.State = Dropped
		if err := b.step(tx, auth.System, "intake.dropped", ""); err != nil {
			return err
		}
	}
	over := b.State == Dropped || b.State == Refused && now > b.Created+keepChecked.Milliseconds() || b.Ended > 0 && now > b.Ended+keepRows.Milliseconds()
	more, err := purgeSome(ctx, tx, b, over)
	if err == nil && more {
		err = jobs.Again
	}
	return err
}
