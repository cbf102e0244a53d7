package main

import (
	"context"
	"errors"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
)

// bulletins are the commands about bulletins. They only read, so they may run beside a server.
type bulletins struct {
	Draft draft `cmd:"" help:"${bulletin_draft}"`
}

// draft writes a draft from the ledger.
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
	t, err := bulletin.ParseTemplate(bulletin.Standard())
	if err != nil {
		return bulletin.Outline{}, err
	}
	return bulletin.Draft(ctx, d, e, t, bulletin.Ask{Org: q.Org, Campaign: q.Campaign, From: q.From, To: q.To, AsOf: q.AsOf})
}
