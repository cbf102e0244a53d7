package progress

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// create begins a schedule.
func create(c *page.Ctx, in scheduleIn) func(tx *db.Tx) (id.ID, error) {
	return func(tx *db.Tx) (id.ID, error) {
		return report.Create(c, tx, c.Actor, in.Org, report.In{Name: in.Name, Campaign: in.Campaign})
	}
}

// turn closes or reopens a schedule.
func turn(c *page.Ctx, f func(context.Context, *db.Tx, actor, id.ID) error, said string) error {
	at, err := id.Parse(c.Path("schedule"))
	if err != nil {
		return err
	}
	if err := c.Write(at.Home(), func(tx *db.Tx) error { return f(c, tx, c.Actor, at) }); err != nil {
		return err
	}
	c.Flash(said)
	return c.Redirect("/desk/progress/" + string(at))
}

// one is a row with the schedule around it.
type one struct {
	*report.Standing
	In      report.Schedule
	Rules   report.Rules
	Days    []report.On
	Quiet   []string
	Below   int
	Sent    []guidance.Directive
	Guides  bool
	Steers  bool
	Answers bool // she may say that a milestone is reached
}

// Show is one row: planned against actual by day, and what was done about it.
func Show(c *page.Ctx) error {
	o, err := rowOf(c)
	if err != nil {
		return err
	}
	return c.Render(rowPage(o))
}

// rowOf reads the row in the address for somebody who reaches its unit.
func rowOf(c *page.Ctx) (o one, err error) {
	at, err := id.Parse(c.Path("row"))
	if err != nil {
		return o, err
	}
	w, _, err := report.RowOf(c, c.DB, at)
	if err != nil {
		return o, err
	}
	if err := org.Permit(c, c.DB, c.Actor, w.Org); err != nil {
		return o, err
	}
	if o.In, err = report.Get(c, c.DB, w.Schedule); err != nil {
		return o, err
	}
	b, err := report.Read(c, c.DB, c.Figures, o.In, nil, c.Now)
	if err != nil {
		return o, err
	}
	o.Rules = b.Rules
	if o.Standing = b.Find(at); o.Standing == nil {
		return o, fail.New(fail.NotFound, "progress.row_unknown")
	}
	return o, o.fill(c)
}

func (o *one) fill(c *page.Ctx) (err error) {
	if o.Days, err = report.ByDay(c, c.Figures, *o.Standing, 120); err != nil {
		return err
	}
	if o.Lags() {
		if o.Quiet, o.Below, err = report.Quiet(c, c.DB, c.Figures, *o.Standing, o.Rules.Quiet); err != nil {
			return err
		}
	}
	if o.Guides, err = mayGuide(c, o.Org); err != nil {
		return err
	}
	if o.Steers, err = org.Reaches(c, c.DB, c.Actor, o.In.Org, report.Steering...); err != nil {
		return err
	}
	if o.Answers, err = org.Reaches(c, c.DB, c.Actor, o.Org, report.Steering...); err != nil {
		return err
	}
	all, err := guidance.OnRow(c, c.DB, o.ID)
	for _, d := range all {
		if d.State != guidance.Draft || o.Guides {
			o.Sent = append(o.Sent, d)
		}
	}
	return err
}

// rowIn is the form of a row.
type rowIn struct {
	Unit      string `form:"unit" max:"80"`
	Item      string `form:"item"`
	Indicator string `form:"indicator"`
	Service   int64  `form:"service"`
	Whole     bool   `form:"whole"`
	From      string `form:"from,day"`
	Due       string `form:"due,day"`
	Target    int64  `form:"target"`
	Curve     string `form:"curve"`
}

// filling is the page of a row's form.
type filling struct {
	rowIn
	In         report.Schedule
	Row        id.ID // that is changed; empty for a new one
	Units      []string
	Items      []string
	Indicators []ui.Option
	Services   []ui.Option
}

// Fill asks for a row: a new one, or the numbers of one that is there.
func Fill(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	return c.Render(fillPage(f))
}

// Set writes it.
func Set(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[rowIn](c)
	if err == nil {
		err = set(c, f.In, in)
	}
	if err != nil {
		return c.Retry(err, fillPage(f))
	}
	c.Flash("progress.row_saved", "unit", in.Unit, "item", in.Item)
	return c.Redirect("/desk/progress/" + string(f.In.ID))
}

// set writes a row as it was typed.
func set(c *page.Ctx, s report.Schedule, in rowIn) error {
	unit, err := s.Unit(c, c.DB, in.Unit)
	if err != nil {
		return renamed(err, "org", "unit")
	}
	row := report.RowIn{Org: unit, Item: in.Item, Indicator: in.Indicator, Service: in.Service, Whole: in.Whole,
		From: in.From, Due: in.Due, Target: report.Typed(in.Indicator, in.Target), Curve: in.Curve}
	return renamed(c.Write(s.ID.Home(), func(tx *db.Tx) error {
		_, err := report.SetRow(c, tx, c.Actor, s.ID, row)
		return err
	}), "org", "unit")
}

// renamed puts what is wrong at the field by the name that the form has for it.
func renamed(err error, from, to string) error {
	fields := fail.Fields(err)
	if len(fields) == 0 {
		return err
	}
	errs := make([]error, len(fields))
	for i, p := range fields {
		if p.Field == from {
			p.Field = to
		}
		errs[i] = fail.Field(p.Field, p.Key, p.Args...)
	}
	return fail.Join(errs...)
}

// fill reads what a row's form needs to know.
func fill(c *page.Ctx) (f filling, err error) {
	at, err := id.Parse(c.Path("schedule"))
	if err != nil {
		return f, err
	}
	if f.In, err = report.Get(c, c.DB, at); err != nil {
		return f, err
	}
	if err := org.Permit(c, c.DB, c.Actor, f.In.Org, report.Steering...); err != nil {
		return f, err
	}
	if err := f.list(c); err != nil {
		return f, err
	}
	f.From, f.Due = db.Day(c.Now), db.Day(c.Now.AddDate(0, 0, 30))
	if row := c.Query("row"); row != "" {
		return f, f.take(c, row)
	}
	return f, nil
}

// list reads the choices: units below, items that are there, indicators, kinds of service.
func (f *filling) list(c *page.Ctx) error {
	top, err := org.Get(c, c.DB, f.In.Org)
	if err != nil {
		return err
	}
	f.Units = []string{top.Name}
	below, _, err := org.List(c, c.DB, org.Filter{Under: f.In.Org, Direct: true, Limit: 200})
	for _, o := range below {
		f.Units = append(f.Units, o.Name)
	}
	if err != nil {
		return err
	}
	items, err := report.Items(c, c.DB, f.In.ID)
	for _, i := range items {
		f.Items = append(f.Items, i.Name)
	}
	if err != nil {
		return err
	}
	f.Indicators = []ui.Option{{Label: c.T("progress.milestone_option")}}
	for _, i := range ledger.Indicators() {
		f.Indicators = append(f.Indicators, ui.Option{Value: i.Key, Label: figure.Name(c.Lang, i)})
	}
	f.Services = []ui.Option{{Value: "0", Label: c.T("progress.any_service")}}
	all, err := activity.Services(c, c.DB)
	for _, s := range all {
		f.Services = append(f.Services, ui.Option{Value: digits(s.ID), Label: s.Name})
	}
	return err
}

// take fills the form with a row that is there.
func (f *filling) take(c *page.Ctx, text string) error {
	at, err := id.Parse(text)
	if err != nil {
		return err
	}
	w, i, err := report.RowOf(c, c.DB, at)
	if err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, []id.ID{w.Org})
	f.Row = w.ID
	f.rowIn = rowIn{Unit: names[w.Org], Item: i.Name, Indicator: i.Indicator, Service: i.Service, Whole: i.Whole,
		From: w.From, Due: w.Due, Target: w.Target / report.Typed(i.Indicator, 1), Curve: lines(w.Curve.String())}
	return err
}

// onRow runs a command on the row in the address and goes back to where it stands.
func onRow(c *page.Ctx, f func(tx *db.Tx, row id.ID) error, said string, to func(s, row string) string) error {
	at, err := id.Parse(c.Path("row"))
	if err != nil {
		return err
	}
	if err := c.Write(at.Home(), func(tx *db.Tx) error { return f(tx, at) }); err != nil {
		return err
	}
	c.Flash(said)
	return c.Redirect(to(c.Path("schedule"), string(at)))
}

func toBoard(s, _ string) string { return "/desk/progress/" + s }

func toRow(s, row string) string { return "/desk/progress/" + s + "/rows/" + row }

// Remove takes a unit's part of an item away.
func Remove(c *page.Ctx) error {
	return onRow(c, func(tx *db.Tx, row id.ID) error { return report.RemoveRow(c, tx, c.Actor, row) }, "progress.row_gone", toBoard)
}

// Unreach takes back that a milestone was reached.
func Unreach(c *page.Ctx) error {
	return onRow(c, func(tx *db.Tx, row id.ID) error { return report.Unreach(c, tx, c.Actor, row) }, "progress.unreached", toRow)
}

// reachIn is the form of a milestone that is reached.
type reachIn struct {
	Day  string `form:"day,day"`
	Note string `form:"note" max:"200"`
}

// Reach says that a milestone is reached.
func Reach(c *page.Ctx) error {
	o, err := rowOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[reachIn](c)
	if err == nil {
		err = c.Write(o.ID.Home(), func(tx *db.Tx) error { return report.Reach(c, tx, c.Actor, o.ID, in.Day, in.Note) })
	}
	if err != nil {
		return c.Retry(err, rowPage(o))
	}
	c.FlashUndo(o.href()+"/unreach", "progress.reached_now")
	return c.Redirect(o.href())
}

func (o one) href() string { return toRow(string(o.In.ID), string(o.ID)) }

func (f filling) title(ctx context.Context) string {
	if f.Row != "" {
		return ui.T(ctx, "progress.edit_row")
	}
	return ui.T(ctx, "progress.add_row")
}

// targetText is the target as it is typed; nothing for a new row.
func (f filling) targetText() string {
	if f.Target == 0 {
		return ""
	}
	return digits(f.Target)
}
