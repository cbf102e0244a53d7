package main

import (
	"context"
	"encoding/json"
	"errors"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// figures tells one figure. It only reads, so it may run beside a server.
type figures struct {
	Key string `arg:"" help:"${figure_key}"`
	database
	Org      string `placeholder:"ORG" help:"${figure_org}"`
	Campaign string `placeholder:"CAMPAIGN" help:"${figure_campaign}"`
	From     string `placeholder:"DAY" help:"${figure_from}"`
	To       string `placeholder:"DAY" help:"${figure_to}"`
	AsOf     string `placeholder:"MOMENT" help:"${figure_as_of}"`
	Since    string `placeholder:"MOMENT" help:"${figure_since}"`
	Area     string `placeholder:"CODE" help:"${figure_area}"`
	Unit     string `placeholder:"ORG" help:"${figure_unit}"`
	Category string `placeholder:"CATEGORY" help:"${figure_category}"`
	Service  string `placeholder:"SERVICE" help:"${figure_service}"`
	By       string `placeholder:"SPLIT" help:"${figure_by}"`
	JSON     bool   `name:"json" help:"${json}"`
}

// Run reckons and prints.
func (f figures) Run(ctx context.Context, p printer) error {
	d, err := app.Inspect(ctx, f.DB)
	if err != nil {
		return err
	}
	a, err := f.answer(ctx, d)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	if f.JSON {
		e := json.NewEncoder(p.out)
		e.SetEscapeHTML(false)
		return e.Encode(a.Tell(p.lang))
	}
	p.figure(a)
	return nil
}

func (f figures) answer(ctx context.Context, d *db.DB) (figure.Answer, error) {
	q, err := figure.Parse(ctx, d, f.Key, figure.Words{Org: f.Org, Unit: f.Unit, Area: f.Area, Campaign: f.Campaign, Service: f.Service,
		Category: f.Category, From: f.From, To: f.To, AsOf: f.AsOf, Since: f.Since, By: f.By})
	if err != nil {
		return figure.Answer{}, err
	}
	e, err := app.Figures(ctx, d, f.DB, "")
	if err != nil {
		return figure.Answer{}, err
	}
	return e.At(ctx, q)
}

// figure writes a figure for people.
func (p printer) figure(a figure.Answer) {
	t := a.Tell(p.lang)
	p.say(p.T("cmd.figure.line", "name", figure.Name(p.lang, a.Indicator), "value", i18n.Number(t.Value), "unit", figure.Unit(p.lang, a.Indicator)))
	p.say(p.T("cmd.figure.as_of", "time", i18n.Stamp(a.Time), "seq", a.Seq))
	if len(a.Parts) == 2 && a.Indicator.Measure != ledger.Ratio {
		p.say(p.T("cmd.figure.new", "now", i18n.Number(a.Parts[0].Value), "then", i18n.Number(a.Parts[1].Value), "time", i18n.Stamp(a.Parts[1].Time)))
	}
	p.say(p.T("cmd.figure.basis", "basis", t.Basis))
	for _, s := range t.Splits {
		row(p.out, i18n.Number(s.Value), s.Name+"  "+s.Key)
	}
	if a.Overlap > 0 {
		p.say(p.T("cmd.figure.overlap", "n", a.Overlap, "unit", figure.Unit(p.lang, a.Indicator)))
	}
}
