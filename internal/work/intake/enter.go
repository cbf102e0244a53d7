package intake

import (
	"context"

	"golang.org/x/sync/errgroup"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/jobs"
)

const (
	group   = 128 // rows that are read at a time
	abreast = 32  // rows that are written at a time, each in a transaction of its own
)

// entering is one turn of entering or undoing.
type entering struct {
	w     *worker
	b     Batch
	list  list
	actor auth.Actor
}

// enter goes on entering the good rows of a batch.
func (w *worker) enter(ctx context.Context, j jobs.Job) error {
	return w.pass(ctx, j, Entering, (*entering).enterSome)
}

// undo goes on taking back what a batch entered, the last first.
func (w *worker) undo(ctx context.Context, j jobs.Job) error {
	return w.pass(ctx, j, Undoing, (*entering).undoSome)
}

// pass takes groups of rows until a turn is over or none is left.
func (w *worker) pass(ctx context.Context, j jobs.Job, in State, some func(*entering, context.Context) (int, error)) error {
	b, err := get(ctx, w.d, j.Ref)
	if err != nil || b.State != in {
		return err
	}
	e := &entering{w: w, b: b, list: lists[b.Kind]}
	if e.actor, err = actorOf(ctx, w.d, b); err != nil {
		return err
	}
	for done := 0; done < perTurn; {
		n, err := some(e, ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return e.finish(ctx)
		}
		done += n
	}
	return w.again(ctx, j.Kind, b.ID)
}

func (e *entering) enterSome(ctx context.Context) (int, error) {
	rows, err := rowsIn(ctx, e.w.d, e.b.ID, Good, e.b.At, group)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), e.each(ctx, rows, e.enterRow)
}

func (e *entering) undoSome(ctx context.Context) (int, error) {
	rows, err := rowsBack(ctx, e.w.d, e.b.ID, Made, e.b.At, group)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), e.each(ctx, rows, e.undoRow)
}

// each runs f for rows, several at a time where their order does not matter, and notes how
// far the pass has come.
func (e *entering) each(ctx context.Context, rows []Row, f func(context.Context, Row) error) error {
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(1)
	if e.list.wide {
		g.SetLimit(abreast)
	}
	for _, r := range rows {
		g.Go(func() error { return f(within, r) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b := e.b
	b.At = rows[len(rows)-1].N
	if err := e.w.d.Write(ctx, func(tx *db.Tx) error { return saveBatch(tx, b) }); err != nil {
		return err
	}
	e.b = b
	e.b.Rev++
	return nil
}

// enterRow enters one row: the record, the row's state and its mark in one transaction. What
// the command refuses is kept beside the row.
func (e *entering) enterRow(ctx context.Context, r Row) error {
	if err := r.open(e.w.keys); err != nil {
		return err
	}
	err := e.w.d.Write(ctx, func(tx *db.Tx) error {
		made, err := e.list.enter(tx.Context(), tx, e, r.Body)
		if err != nil {
			return err
		}
		if mine, err := moveRow(tx, r, Made, made); err != nil || !mine {
			return orMeanwhile(err)
		}
		if fresh, err := putMark(tx, r, e.b.ID, made); err != nil || !fresh {
			return orMeanwhile(err)
		}
		return nil
	})
	return e.refused(ctx, r, Failed, err)
}

func orMeanwhile(err error) error {
	if err != nil {
		return err
	}
	return fail.New(fail.Conflict, "intake.there_already")
}

func (e *entering) undoRow(ctx context.Context, r Row) error {
	if err := r.open(e.w.keys); err != nil {
		return err
	}
	err := e.w.d.Write(ctx, func(tx *db.Tx) error {
		if mine, err := moveRow(tx, r, Back, r.Made); err != nil || !mine {
			return err
		}
		if err := dropMark(tx, r, e.b.ID); err != nil {
			return err
		}
		return e.list.undo(tx.Context(), tx, e, r.Made)
	})
	return e.refused(ctx, r, Kept, err)
}

// refused keeps beside a row why a command refused it; what is no refusal ends the pass, and
// the job tries again.
func (e *entering) refused(ctx context.Context, r Row, to RowState, err error) error {
	if err == nil || fail.Key(err) == "" || fail.KindOf(err) == fail.Unavailable {
		return err
	}
	r.Faults = faultsOf(err, e.list.column)
	return e.w.d.Write(ctx, func(tx *db.Tx) error { return sayRow(tx, r, to, sealRow(e.w.keys, r.ID, r.Body)) })
}

// finish counts what came of the rows and ends the pass.
func (e *entering) finish(ctx context.Context) error {
	return e.w.d.Write(ctx, func(tx *db.Tx) error {
		b, action := e.b, "intake.entered"
		if err := tally(ctx, tx, &b); err != nil {
			return err
		}
		b.State, b.Ended = Done, db.MS(tx.Now)
		if e.b.State == Undoing {
			b.State, action = Undone, "intake.undone"
		}
		return b.step(tx, e.actor, action, JobPurge)
	})
}
