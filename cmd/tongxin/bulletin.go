package main

import (
	"bytes"
	"context"
	"errors"
	"os"

	"tongxin/internal/app"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
)

// bulletins are the commands about bulletins.
type bulletins struct {
	Draft  draft        `cmd:"" help:"${bulletin_draft}"`
	Verify verifyIssues `cmd:"" help:"${bulletin_verify}"`
	Write  writeIssue   `cmd:"" help:"${bulletin_write}"`
	Key    signingKey   `cmd:"" help:"${bulletin_key}"`
}

// draft writes a draft from the ledger. It only reads, so it may run beside a server.
type draft struct {
	database
	Org      string `required:"" placeholder:"ORG" help:"${figure_org}"`
	Campaign string `placeholder:"CAMPAIGN" help:"${figure_campaign}"`
	From     string `placeholder:"DAY" help:"${figure_from}"`
	To       string `placeholder:"DAY" help:"${figure_to}"`
	AsOf     string `placeholder:"MOMENT" help:"${figure_as_of}"`
	Figures  bool   `help:"${bulletin_figures}"`
}

// Run drafts and prints.
func (c draft) Run(ctx context.Context, p printer) error {
	d, err := app.Inspect(ctx, c.DB)
	if err != nil {
		return err
	}
	o, err := c.outline(ctx, d)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	p.say(o.Text())
	if !c.Figures {
		return nil
	}
	for _, f := range o.Figures() {
		p.say(p.T("cmd.bulletin.figure", "text", f.Text(), "name", f.Name(p.lang), "key", f.Query.Indicator, "value", i18n.Number(f.Value)))
	}
	p.say(p.T("cmd.bulletin.as_of", "n", len(o.Figures()), "seq", o.Seq))
	return nil
}

func (c draft) outline(ctx context.Context, d *db.DB) (bulletin.Outline, error) {
	q, err := figure.Parse(ctx, d, "activities_held", figure.Words{Org: c.Org, Campaign: c.Campaign, From: c.From, To: c.To, AsOf: c.AsOf})
	if err != nil {
		return bulletin.Outline{}, err
	}
	e, err := app.Figures(ctx, d, c.DB, "")
	if err != nil {
		return bulletin.Outline{}, err
	}
	t, err := bulletin.TemplateOf(ctx, d, q.Org)
	if err != nil {
		return bulletin.Outline{}, err
	}
	return bulletin.Draft(ctx, d, e, t, bulletin.Ask{Org: q.Org, Campaign: q.Campaign, From: q.From, To: q.To, AsOf: q.AsOf})
}

// verifyIssues proves published issues again. It only reads, so it may run beside a server.
type verifyIssues struct {
	database
	Issue string `placeholder:"ID" help:"${bulletin_issue}"`
}

// Run proves and prints. Exit code 1 says that something does not hold.
func (v verifyIssues) Run(ctx context.Context, p printer) error {
	d, err := app.Inspect(ctx, v.DB)
	if err != nil {
		return err
	}
	holds, err := v.prove(ctx, p, d)
	if err = errors.Join(err, d.Close()); err == nil && !holds {
		err = errBroken
	}
	return err
}

func (v verifyIssues) prove(ctx context.Context, p printer, d *db.DB) (holds bool, err error) {
	e, err := app.Figures(ctx, d, v.DB, "")
	if err != nil {
		return false, err
	}
	all, err := v.issues(ctx, d)
	if err != nil {
		return false, err
	}
	if len(all) == 0 {
		p.say(p.T("cmd.bulletin.none"))
	}
	holds = true
	for _, one := range all {
		i, err := bulletin.Get(ctx, d, one)
		if err != nil {
			return false, err
		}
		proof, err := bulletin.Prove(ctx, d, e, i)
		if err != nil {
			return false, err
		}
		holds = p.proof(i, proof) && holds
	}
	return holds, nil
}

// mostIssues is how many issues are proved at most: an office publishes some dozens a year.
const mostIssues = 100_000

func (v verifyIssues) issues(ctx context.Context, d *db.DB) (ids []id.ID, err error) {
	if v.Issue != "" {
		one, err := id.Parse(v.Issue)
		if err != nil {
			err = fail.New(fail.NotFound, "bulletin.unknown")
		}
		return []id.ID{one}, err
	}
	all, err := bulletin.Public(ctx, d, "", mostIssues)
	for _, l := range all {
		ids = append(ids, l.ID)
	}
	return ids, err
}

// proof tells of one issue, and below it what does not hold.
func (p printer) proof(i bulletin.Issue, proof bulletin.Proof) bool {
	mark := "✓"
	if !proof.Holds() {
		mark = "✗"
	}
	p.say(mark + " " + p.T("cmd.bulletin.proved", "name", i.Name, "n", i.Number, "total", i.Total, "theme", i.Theme, "figures", len(proof.Figures), "key", i.Key))
	for part, ok := range map[string]bool{"hash": proof.Hash, "signature": proof.Signature, "head": proof.Head, "pictures": proof.Pictures} {
		if !ok {
			p.say("    " + p.T("cmd.bulletin.part."+part))
		}
	}
	b, err := i.Read()
	for n, ok := range proof.Figures {
		if !ok && err == nil {
			p.say("    " + p.T("cmd.bulletin.part.figure", "said", b.Figures[n].Said, "name", b.Figures[n].Name))
		}
	}
	return proof.Holds()
}

// writeIssue writes a published issue into files: as a document, and as plain text.
type writeIssue struct {
	database
	Issue string `placeholder:"ID" help:"${bulletin_issue}"`
	Out   string `required:"" placeholder:"FILE" help:"${bulletin_out}"`
}

// Run writes NAME.docx and NAME.txt.
func (w writeIssue) Run(ctx context.Context, p printer) error {
	d, err := app.Inspect(ctx, w.DB)
	if err != nil {
		return err
	}
	b, err := w.body(ctx, d)
	var page bulletin.Print
	if err == nil {
		page.Pictures, err = b.Illustrations(ctx, d)
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	var document bytes.Buffer
	if err := b.Docx(&document, page); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(w.Out+".docx", document.Bytes(), 0o644), os.WriteFile(w.Out+".txt", []byte(b.Plain()), 0o644))
}

func (w writeIssue) body(ctx context.Context, d *db.DB) (b bulletin.Body, err error) {
	all, err := verifyIssues{Issue: w.Issue}.issues(ctx, d)
	if err == nil && len(all) == 0 {
		err = fail.New(fail.NotFound, "cmd.bulletin.none")
	}
	if err != nil {
		return b, err
	}
	i, err := bulletin.Get(ctx, d, all[0])
	if err != nil {
		return b, err
	}
	return i.Read()
}

// signingKey puts a key to sign with into a keys file of before there were any.
type signingKey struct {
	keyed
}

// Run adds it.
func (k signingKey) Run(p printer) error {
	path, err := crypt.Path(k.DB, k.Keys)
	if err != nil {
		return err
	}
	if err := crypt.AddSigner(path); err != nil {
		return err
	}
	p.say(p.T("cmd.bulletin.key"))
	return nil
}
