package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/intake"
)

// imports brings a list of an office in: one too large for the page, or without a browser.
type imports struct {
	Kind string `arg:"" enum:"orgs,volunteers,activities,attendance" help:"${import_kind}"`
	File string `arg:"" help:"${import_file}"`
	keyed
	Org   string `required:"" placeholder:"CODE|NAME" help:"${import_org}"`
	Enter bool   `aliases:"yes" help:"${import_enter}"`
	Paper bool   `help:"${import_paper}"`
	Out   string `placeholder:"FILE" help:"${import_out}"`
}

// Run checks the list, says what is wrong at which cell, and enters what is good when asked to.
// Exit code 1: something in it was refused.
func (i imports) Run(ctx context.Context, p printer) error {
	return i.alone(ctx, func(a *app.App) error {
		if _, err := os.Stat(i.File); err != nil {
			return err
		}
		l := app.List{Kind: i.Kind, Org: i.Org, File: i.File, Paper: i.Paper, Enter: i.Enter, Lang: p.lang}
		var faulty bool
		err := a.BringList(ctx, l, p.coming(), func(b intake.Batch) error {
			faulty = b.State == intake.Refused || b.Bad+b.Failed > 0
			return errors.Join(p.listed(ctx, a, b), i.annotate(ctx, p, a, b))
		})
		if err == nil && faulty {
			err = errBroken
		}
		return err
	})
}

// annotate writes the list with what is said of each row beside it.
func (i imports) annotate(ctx context.Context, p printer, a *app.App, b intake.Batch) error {
	if i.Out == "" || b.State == intake.Refused {
		return nil
	}
	format := sheet.XLSX
	if strings.EqualFold(filepath.Ext(i.Out), ".csv") {
		format = sheet.CSV
	}
	f, err := os.OpenFile(i.Out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it holds people's data
	if err == nil {
		err = errors.Join(a.Annotate(ctx, f, b, format, p.lang), f.Close())
	}
	if err == nil {
		p.say(p.T("cmd.import.annotated", "file", i.Out))
	}
	return err
}

// coming tells how far a list has come.
func (p printer) coming() func(intake.Batch) {
	return func(b intake.Batch) {
		if b.At > 0 {
			p.warn(p.T("cmd.import.coming."+string(b.State), "n", i18n.Number(b.At)))
		}
	}
}

// listed says what came of a list: its counts, and what is wrong at which cell.
func (p printer) listed(ctx context.Context, a *app.App, b intake.Batch) error {
	if b.State == intake.Refused {
		p.say(p.T("cmd.import.refused", "why", b.Told.Refused.Say(p.lang)))
		return nil
	}
	err := a.Faults(ctx, b, func(r intake.Row) error {
		for _, f := range r.Faults {
			column := ""
			if f.Col != "" {
				column = intake.Heading(b.Kind, f.Col, p.lang)
			}
			p.say(p.T("cmd.import.fault", "row", r.Line, "column", column, "what", f.Say(p.lang)))
		}
		return nil
	})
	p.say(p.T("cmd.import.counts", "total", i18n.Number(b.Total), "good", i18n.Number(b.Good), "made", i18n.Number(b.Made), "bad", i18n.Number(b.Bad+b.Failed), "same", i18n.Number(b.Same)))
	switch {
	case b.State == intake.Done:
		p.say(p.T("cmd.import.entered"))
	case b.Good > 0:
		p.say(p.T("cmd.import.checked"))
	}
	return err
}
