package intake

import (
	"context"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/jobs"
)

const (
	group    = 512 // rows that are read at a time
	together = 44  // rows that are entered in one transaction: others wait for no more
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
	until := w.d.Now().Add(longTurn)
	for done := 0; done < w.per && w.d.Now().Before(until); {
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
	return len(rows), e.each(ctx, rows, e.enterRow, Failed)
}

func (e *entering) undoSome(ctx context.Context) (int, error) {
	rows, err := rowsBack(ctx, e.w.d, e.b.ID, Made, e.b.At, group)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return len(rows), e.each(ctx, rows, e.undoRow, Kept)
}

// each runs f for rows in their order, some in one transaction, and notes how far the pass
// has come.
func (e *entering) each(ctx context.Context, rows []Row, f rowStep, refused RowState) error {
	for i := range rows {
		if err := rows[i].open(e.w.keys); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(rows, together) {
		if err := e.some(ctx, some, f, refused); err != nil {
			return err
		}
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

// rowStep does to one row what a pass does.
type rowStep func(tx *db.Tx, r Row) error

// some does rows in one transaction. When one of them is refused, each has its own.
func (e *entering) some(ctx context.Context, rows []Row, f rowStep, refused RowState) error {
	err := e.w.d.Write(ctx, func(tx *db.Tx) error {
		for _, r := range rows {
			if err := f(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err == nil || fail.Key(err) == "" || fail.KindOf(err) == fail.Unavailable:
		return err // what is no refusal ends the pass, and the job tries again
	case len(rows) == 1:
		return e.say(ctx, rows[0], refused, err)
	}
	for i := range rows {
		if err := e.some(ctx, rows[i:i+1], f, refused); err != nil {
			return err
		}
	}
	return nil
}

// enterRow enters one row: the record, the row's state and its mark.
func (e *entering) enterRow(tx *db.Tx, r Row) error {
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
}

func orMeanwhile(err error) error {
	if err != nil {
		return err
	}
	return fail.New(fail.Conflict, "intake.there_already")
}

func (e *entering) undoRow(tx *db.Tx, r Row) error {
	if mine, err := moveRow(tx, r, Back, r.Made); err != nil || !mine {
		return err
	}
	if err := dropMark(tx, r, e.b.ID); err != nil {
		return err
	}
	return e.list.undo(tx.Context(), tx, e, r.Made)
}

// say keeps beside a row why a command refused it.
func (e *entering) say(ctx context.Context, r Row, to RowState, refusal error) error {
	r.Faults = faultsOf(refusal, e.list.column)
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
