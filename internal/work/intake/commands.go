package intake

import (
	"context"
	"io"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/org"
)

// pieceSize is how much of a file is sealed at a time.
const pieceSize = 256 << 10

// File is a list that somebody brings.
type File struct {
	Kind  Kind
	Org   id.ID
	Name  string
	Body  io.ReaderAt
	Size  int64
	Paper bool // she holds the signed consents of the volunteers in it
	Lang  string
}

// Bring takes in a file and has it read. It writes in several transactions, a piece of the
// file in each, so that nobody waits for a large one.
func Bring(ctx context.Context, d *db.DB, keys *crypt.Keys, actor auth.Actor, f File) (id.ID, error) {
	if _, err := ParseKind(string(f.Kind)); err != nil {
		return "", err
	}
	if err := org.Permit(ctx, d, actor, f.Org, bringers...); err != nil {
		return "", err
	}
	if f.Kind == Volunteers && !f.Paper {
		return "", fail.Field("paper", "intake.paper_missing")
	}
	if _, err := sheet.Open(f.Body, f.Size, f.Name); err != nil {
		return "", fail.At("file", err)
	}
	batch, err := f.begin(ctx, d, keys, actor)
	if err != nil {
		return "", err
	}
	buf := make([]byte, pieceSize)
	for n := 0; int64(n)*pieceSize < f.Size; n++ {
		part := buf[:min(pieceSize, f.Size-int64(n)*pieceSize)]
		if _, err := f.Body.ReadAt(part, int64(n)*pieceSize); err != nil && err != io.EOF {
			return "", err
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			piece := tx.NewID(batch.Home())
			return insertPiece(tx, batch, n, piece, keys.Seal("intake_piece", "body", piece, string(part)))
		}); err != nil {
			return "", err
		}
	}
	return batch, d.Write(ctx, func(tx *db.Tx) error {
		if err := audit.Record(tx, actor, audit.Entry{Action: "intake.brought", Subject: batch, Org: f.Org, After: map[string]any{"kind": f.Kind, "size": f.Size}}); err != nil {
			return err
		}
		return jobs.Add(tx, jobs.Job{Kind: jobRead, Ref: batch})
	})
}

func (f File) begin(ctx context.Context, d *db.DB, keys *crypt.Keys, actor auth.Actor) (batch id.ID, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		batch = tx.NewID(f.Org.Home())
		return insertBatch(tx, Batch{Home: batch.Home(), ID: batch, Kind: f.Kind, Org: f.Org, State: Reading, Size: f.Size, Paper: f.Paper, Lang: f.Lang,
			Author: actor.Person, Created: db.MS(tx.Now), name: keys.Seal("intake_batch", "name", batch, f.Name)})
	})
	return batch, err
}

// Enter has the good rows of a checked list entered.
func Enter(ctx context.Context, tx *db.Tx, actor auth.Actor, batch id.ID) error {
	b, err := Get(ctx, tx, actor, batch)
	switch {
	case err != nil:
		return err
	case b.State != Checked:
		return fail.New(fail.Conflict, "intake.not_checked")
	case b.Good == 0:
		return fail.New(fail.Conflict, "intake.nothing_good")
	case b.Kind == Attendance && actor.Person != b.Author:
		return fail.New(fail.Forbidden, "intake.author_only")
	}
	b.State, b.At = Entering, 0
	return b.step(tx, actor, "intake.entering", jobEnter)
}

// Undo has a whole import taken back, within a day.
func Undo(ctx context.Context, tx *db.Tx, actor auth.Actor, batch id.ID) error {
	b, err := Get(ctx, tx, actor, batch)
	switch {
	case err != nil:
		return err
	case b.State != Done:
		return fail.New(fail.Conflict, "intake.not_done")
	case !b.Undoable(db.MS(tx.Now)):
		return fail.New(fail.Conflict, "intake.undo_late")
	case b.Kind == Attendance && actor.Person != b.Author:
		return fail.New(fail.Forbidden, "intake.author_only")
	}
	b.State, b.At = Undoing, b.Total+1
	return b.step(tx, actor, "intake.undoing", jobUndo)
}

// Drop gives up a list that was not entered; its file and rows are deleted.
func Drop(ctx context.Context, tx *db.Tx, actor auth.Actor, batch id.ID) error {
	b, err := Get(ctx, tx, actor, batch)
	if err != nil {
		return err
	}
	if b.State != Checked && b.State != Refused {
		return fail.New(fail.Conflict, "intake.not_checked")
	}
	b.State = Dropped
	return b.step(tx, actor, "intake.dropped", JobPurge)
}

// step saves a batch with its line in the audit trail and has the job done that follows.
func (b Batch) step(tx *db.Tx, actor auth.Actor, action, job string) error {
	if err := saveBatch(tx, b); err != nil {
		return err
	}
	if err := audit.Record(tx, actor, audit.Entry{Action: action, Subject: b.ID, Org: b.Org, After: b.counts()}); err != nil {
		return err
	}
	if job == "" {
		return nil
	}
	return jobs.Add(tx, jobs.Job{Kind: job, Key: job + "/" + string(b.ID), Ref: b.ID})
}

func (b Batch) counts() map[string]any {
	return map[string]any{"kind": b.Kind, "total": b.Total, "good": b.Good, "bad": b.Bad, "same": b.Same, "made": b.Made,
		"failed": b.Failed, "undone": b.Undone, "kept": b.Kept}
}
