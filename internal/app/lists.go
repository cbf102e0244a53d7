package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"tongxin/internal/base/db"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/intake"
)

// List is a list of an office that whoever runs the installation brings in.
type List struct {
	Kind, Org string // the organisation by its id, the code of its division, or its name
	File      string
	Paper     bool // the signed consents are at hand
	Enter     bool // what is good, once it is checked; otherwise nothing is kept
	Lang      string
}

// BringList has a list checked and, where that is asked for, entered. look sees it when it is
// checked, and when it was entered, with its rows still there.
func (a *App) BringList(ctx context.Context, l List, tell func(intake.Batch), look func(intake.Batch) error) error {
	o, err := FindOrg(ctx, a.DB, l.Org)
	if err != nil {
		return err
	}
	f, err := os.Open(l.File)
	if err != nil {
		return err
	}
	defer f.Close()
	about, err := f.Stat()
	if err != nil {
		return err
	}
	batch, err := intake.Bring(ctx, a.DB, a.Keys, operator, intake.File{Kind: intake.Kind(l.Kind), Org: o.ID, Name: filepath.Base(l.File), Body: f, Size: about.Size(), Paper: l.Paper, Lang: l.Lang})
	if err != nil {
		return err
	}
	b, err := intake.Work(ctx, a.DB, a.Keys, batch, tell)
	if err == nil && b.State == intake.Checked && l.Enter && b.Good > 0 {
		err = a.DB.Write(ctx, func(tx *db.Tx) error { return intake.Enter(ctx, tx, operator, batch) })
		if err == nil {
			b, err = intake.Work(ctx, a.DB, a.Keys, batch, tell)
		}
	}
	if err != nil {
		return err
	}
	err = look(b)
	if b.State == intake.Checked || b.State == intake.Refused {
		err = errors.Join(err, a.DB.Write(ctx, func(tx *db.Tx) error { return intake.Drop(ctx, tx, operator, batch) }))
	}
	return err
}

// Faults go through the rows of a list of which something is to be said.
func (a *App) Faults(ctx context.Context, b intake.Batch, each func(intake.Row) error) error {
	for _, s := range []intake.RowState{intake.Bad, intake.Failed} {
		for after := int64(0); ; {
			rows, err := intake.Rows(ctx, a.DB, a.Keys, b, s, after, 200)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := each(r); err != nil {
					return err
				}
				after = r.N
			}
			if len(rows) == 0 {
				break
			}
		}
	}
	return nil
}

// Annotate writes a list back with what is said of each row.
func (a *App) Annotate(ctx context.Context, w io.Writer, b intake.Batch, f sheet.Format, lang string) error {
	return intake.Annotate(ctx, a.DB, a.Keys, w, b, f, lang)
}
