package main

import (
	"context"
	"fmt"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/archive"
	"tongxin/internal/base/i18n"
)

// backup writes one moment of a database into a new file. It only reads the database, so it may
// run beside a server.
type backup struct {
	File  string `arg:"" help:"${backup_file}"`
	DB    string `xor:"what" required:"" placeholder:"DSN" help:"${db}"`
	Check bool   `xor:"what" required:"" help:"${backup_check}"`
}

// Run writes it, or reads one.
func (b backup) Run(ctx context.Context, p printer) error {
	began := time.Now()
	if b.Check {
		s, err := app.CheckBackup(b.File)
		if err == nil {
			p.archived("cmd.backup.holds", b.File, s, began)
		}
		return err
	}
	s, err := app.Backup(ctx, b.DB, b.File)
	if err == nil {
		p.archived("cmd.backup.made", b.File, s, began)
		p.say(p.T("cmd.backup.keys"))
	}
	return err
}

// archived tells what is in an archive.
func (p printer) archived(key, where string, s archive.Summary, began time.Time) {
	p.say(p.T(key, "where", where, "time", i18n.Stamp(s.Taken), "tables", len(s.Parts), "rows", i18n.Number(s.Rows()),
		"seconds", fmt.Sprintf("%.1f", time.Since(began).Seconds())))
}

// restore makes a database of a backup.
type restore struct {
	File     string `arg:"" help:"${restore_file}"`
	Erasures string `placeholder:"FILE" help:"${restore_erasures}"`
	keyed
}

// Run makes it, proves it, and says what comes next.
func (r restore) Run(ctx context.Context, p printer) error {
	began := time.Now()
	s, err := app.Restore(ctx, app.Config{DSN: r.DB, Keys: r.Keys}, r.File, r.Erasures)
	if err != nil {
		return err
	}
	p.archived("cmd.restore.made", r.DB, s.Summary, began)
	if s.Erased > 0 {
		p.say(p.T("cmd.restore.erased", "n", s.Erased))
	} else {
		p.say(p.T("cmd.restore.none_erased"))
	}
	return verify{database: r.database}.Run(ctx, p)
}

// move copies a database into an empty one of the other engine, or of the same.
type move struct {
	From string `required:"" placeholder:"DSN" help:"${move_from}"`
	To   string `required:"" placeholder:"DSN" help:"${move_to}"`
}

// Run moves it and proves that both hold the same.
func (m move) Run(ctx context.Context, p printer) error {
	began := time.Now()
	s, err := app.Move(ctx, m.From, m.To)
	if err != nil {
		return err
	}
	p.archived("cmd.move.made", m.To, s, began)
	p.say(p.T("cmd.move.next"))
	return nil
}

// examine says in words what is wrong with an installation. It may run beside a server.
type examine struct {
	keyed
}

// Run looks and prints.
func (e examine) Run(ctx context.Context, p printer) error {
	found, err := app.Doctor(ctx, app.Config{DSN: e.DB, Keys: e.Keys})
	marks := map[app.Verdict]string{app.Well: "✓", app.Doubtful: "!", app.Wrong: "✗"}
	count := map[app.Verdict]int{}
	for _, f := range found {
		count[f.Verdict]++
		p.say(marks[f.Verdict] + " " + f.Text(p.lang))
	}
	if err != nil {
		return err
	}
	p.say(p.T("cmd.doctor.sum", "wrong", count[app.Wrong], "doubtful", count[app.Doubtful]))
	if count[app.Wrong] > 0 {
		return errBroken
	}
	return nil
}
