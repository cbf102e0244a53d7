package progress

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
)

// draft is a directive that is being written.
type draft struct {
	ID       id.ID // of the draft that is kept; empty for a new one
	Rev      int64
	Unit     string // its name
	From     string // who guides
	Seen     guidance.Sight
	Standing *report.Standing // of a row
	Days     []report.On
	Peers    []guidance.Peer
	Peer     id.ID
	Asked    string
	ReplyBy  time.Time
	ActBy    time.Time
	Last     *guidance.Directive // that the unit was sent before
}

// draftOf begins a directive on a row of a schedule, as it stands now or at a fact.
func draftOf(c *page.Ctx, row id.ID, seq int64) (*draft, error) {
	seen, err := guidance.SeeRow(c, c.DB, c.Figures, row, seq, c.Now)
	if err != nil {
		return nil, err
	}
	return drafting(c, seen)
}

// drafting lays out a directive on what was seen: whom to learn from, what is asked, by when.
func drafting(c *page.Ctx, seen guidance.Sight) (*draft, error) {
	from, err := guidance.From(c, c.DB, c.Actor, seen.Unit)
	if err != nil {
		return nil, err
	}
	d := &draft{Seen: seen}
	names, err := org.Names(c, c.DB, []id.ID{seen.Unit, from})
	if err != nil {
		return nil, err
	}
	d.Unit, d.From = names[seen.Unit], names[from]
	if d.Peers, err = guidance.Peers(c, c.DB, c.Figures, from, seen); err != nil {
		return nil, err
	}
	if len(d.Peers) > 0 {
		d.Peer = d.Peers[0].Org
	}
	d.ReplyBy, d.ActBy = at(c.Now, 1, 12), at(c.Now, 5, 18)
	before, err := guidance.ToUnit(c, c.DB, seen.Unit, 1)
	if len(before) > 0 {
		d.Last = &before[0]
	}
	if err != nil {
		return nil, err
	}
	return d, d.stand(c)
}

// stand reads how the row stands, draws it, and proposes what to ask.
func (d *draft) stand(c *page.Ctx) error {
	if d.Seen.Scheduled == "" {
		d.Asked = c.T("guidance.propose", "title", d.Seen.Title)
		return nil
	}
	w, _, err := report.RowOf(c, c.DB, d.Seen.Scheduled)
	if err != nil {
		return err
	}
	s, err := report.Get(c, c.DB, w.Schedule)
	if err != nil {
		return err
	}
	b, err := report.Read(c, c.DB, c.Figures, s, nil, c.Now)
	if err != nil {
		return err
	}
	if d.Standing = b.Find(w.ID); d.Standing == nil {
		return fail.New(fail.NotFound, "progress.row_unknown")
	}
	if d.Days, err = report.ByDay(c, c.Figures, *d.Standing, 60); err != nil {
		return err
	}
	quiet, below, err := report.Quiet(c, c.DB, c.Figures, *d.Standing, b.Rules.Quiet)
	d.Asked = c.T("guidance.propose", "title", d.Seen.Title)
	if n := len(quiet); n > 0 && n < below {
		d.Asked = c.T("guidance.propose_quiet", "names", strings.Join(quiet[:min(n, 5)], c.T("progress.and")), "n", n,
			"day", i18n.Day(c.Lang, d.ReplyBy), "title", d.Seen.Title)
	}
	return err
}

// at is an hour, so many days from now.
func at(now time.Time, days, hour int) time.Time {
	y, m, d := now.In(i18n.Zone()).Date()
	return time.Date(y, m, d+days, hour, 0, 0, 0, i18n.Zone())
}

// sightIn says in an address or a form what was seen.
type sightIn struct {
	Row      string `form:"row"`
	Key      string `form:"key"`
	Org      string `form:"org"`
	Campaign string `form:"campaign"`
	Service  string `form:"service"`
	From     string `form:"from"`
	To       string `form:"to"`
	Seq      int64  `form:"seq"`
}

// see freezes what was seen.
func (in sightIn) see(c *page.Ctx) (guidance.Sight, error) {
	if in.Row != "" {
		row, err := id.Parse(in.Row)
		if err != nil {
			return guidance.Sight{}, err
		}
		return guidance.SeeRow(c, c.DB, c.Figures, row, in.Seq, c.Now)
	}
	q, err := figure.Parse(c, c.DB, in.Key, figure.Words{Org: in.Org, Campaign: in.Campaign, Service: in.Service, From: in.From, To: in.To})
	if err == nil {
		err = figure.Permit(c, c.DB, c.Actor, &q)
	}
	if err != nil {
		return guidance.Sight{}, err
	}
	if q.To == "" {
		q.To = db.Day(c.Now)
	}
	q.AsOf.Seq = in.Seq
	return guidance.See(c, c.Figures, q, figure.Name(c.Lang, ledger.IndicatorOf(in.Key)))
}

// directiveIn is the form of a directive.
type directiveIn struct {
	sightIn
	Do      string    `form:"do"`
	Rev     int64     `form:"rev"`
	Asked   string    `form:"asked"`
	ReplyBy time.Time `form:"reply_by"`
	ActBy   time.Time `form:"act_by"`
	Peer    string    `form:"peer"`
}

// said is what the form says, with the peer that was chosen from those proposed.
func (in directiveIn) said(d *draft) guidance.In {
	said := guidance.In{Asked: in.Asked, ReplyBy: in.ReplyBy, ActBy: in.ActBy}
	if at := slices.IndexFunc(d.Peers, func(p guidance.Peer) bool { return string(p.Org) == in.Peer }); at >= 0 {
		said.Peer = d.Peers[at]
	}
	return said
}

// Write asks for a directive on what the address names: a row, or a figure of a unit.
func Write(c *page.Ctx) error {
	in, err := page.Bind[sightIn](c)
	if err != nil {
		return err
	}
	seen, err := in.see(c)
	if err != nil {
		return err
	}
	d, err := drafting(c, seen)
	if err != nil {
		return err
	}
	return c.Render(draftPage(*d))
}

// Send keeps a new directive, or keeps and issues it.
func Send(c *page.Ctx) error {
	in, err := page.Bind[directiveIn](c)
	seen, wrong := in.see(c)
	if wrong != nil {
		return wrong
	}
	d, wrong := drafting(c, seen)
	if wrong != nil {
		return wrong
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(seen.Unit.Home(), func(tx *db.Tx) (id.ID, error) { return send(c, tx, seen, in, d) })
	}
	if err != nil {
		return c.Retry(err, draftPage(*d))
	}
	return sent(c, in.Do, made, d.Unit)
}

func send(c *page.Ctx, tx *db.Tx, seen guidance.Sight, in directiveIn, d *draft) (id.ID, error) {
	made, err := guidance.Begin(c, tx, c.Actor, seen, in.said(d))
	if err != nil || in.Do == "save" {
		return made, err
	}
	return made, guidance.Issue(c, tx, c.Actor, made, 1)
}

func sent(c *page.Ctx, do string, made id.ID, unit string) error {
	if do == "save" {
		c.Flash("guidance.saved")
	} else {
		c.Flash("guidance.sent", "unit", unit)
	}
	return c.Redirect("/desk/guidance/" + string(made))
}

// Resend rewrites a draft, or rewrites and issues it.
func Resend(c *page.Ctx) error {
	f, err := file(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[directiveIn](c)
	if err == nil && f.Draft == nil {
		err = fail.New(fail.Conflict, "guidance.not_while."+string(f.State))
	}
	if err == nil {
		err = c.Write(f.ID.Home(), func(tx *db.Tx) error {
			if err := guidance.Revise(c, tx, c.Actor, f.ID, in.Rev, in.said(f.Draft)); err != nil || in.Do == "save" {
				return err
			}
			return guidance.Issue(c, tx, c.Actor, f.ID, 0)
		})
	}
	if err != nil {
		return c.Retry(err, filePage(f))
	}
	return sent(c, in.Do, f.ID, f.UnitName)
}

// folder is one directive as its page shows it.
type folder struct {
	guidance.Directive
	OrgName, UnitName, DeskName, PeerName string
	Indicator                             report.Item // as it is written
	Guides, Answers                       bool
	Draft                                 *draft
	After                                 *guidance.After // measured now, for who is about to close it
	Row                                   string          // the address of the row that it came from
}

// File is one directive: what was seen, what is asked, what came of it, and what is next.
func File(c *page.Ctx) error {
	f, err := file(c)
	if err != nil {
		return err
	}
	return c.Render(filePage(f))
}

func file(c *page.Ctx) (f folder, err error) {
	at, err := id.Parse(c.Path("directive"))
	if err != nil {
		return f, err
	}
	if f.Directive, f.Guides, f.Answers, err = guidance.Open(c, c.DB, c.Actor, at); err != nil {
		return f, err
	}
	f.Indicator = report.Item{Name: f.Title, Indicator: f.Seen.Indicator}
	names, err := org.Names(c, c.DB, []id.ID{f.Org, f.Unit, f.Desk, cmp.Or(f.Peer, f.Unit)})
	if err != nil {
		return f, err
	}
	f.OrgName, f.UnitName, f.DeskName, f.PeerName = names[f.Org], names[f.Unit], names[f.Desk], names[f.Peer]
	if err := f.place(c); err != nil {
		return f, err
	}
	if f.State == guidance.Draft && f.Guides {
		return f, f.redraft(c)
	}
	if f.State == guidance.Acted && f.Guides {
		a, err := guidance.Measure(c, c.DB, c.Figures, f.Directive, c.Now)
		f.After = &a
		return f, err
	}
	return f, nil
}

// redraft puts a draft back into its form.
func (f *folder) redraft(c *page.Ctx) error {
	seen := guidance.Sight{Unit: f.Unit, Scheduled: f.Scheduled, Title: f.Title, Frozen: f.Seen, Planned: f.Planned, Target: f.Target}
	d, err := drafting(c, seen)
	if fail.KindOf(err) == fail.Forbidden { // somebody above whoever began it looks at it
		return nil
	}
	if err != nil {
		return err
	}
	d.ID, d.Rev, d.Asked, d.Peer = f.ID, f.Rev, f.Asked, f.Peer
	d.ReplyBy, d.ActBy = db.Time(f.ReplyBy), db.Time(f.ActBy)
	f.Draft = d
	return nil
}

// answerIn is what is written at a step.
type answerIn struct {
	Rev    int64     `form:"rev"`
	Text   string    `form:"text"`   // a plan, what was done, a verdict
	Reason string    `form:"reason"` // why more is to be done
	Why    string    `form:"why"`    // why it is taken back
	ActBy  time.Time `form:"act_by"`
}

// step takes a step of a directive and comes back to it. field is what its command calls the
// text, name what the form does.
func step(c *page.Ctx, field, name, said string, do func(tx *db.Tx, d id.ID, in answerIn) error) error {
	f, err := file(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[answerIn](c)
	if err == nil {
		err = renamed(c.Write(f.ID.Home(), func(tx *db.Tx) error { return do(tx, f.ID, in) }), field, name)
	}
	if err != nil {
		return c.Retry(err, filePage(f))
	}
	c.Flash(said)
	return c.Redirect("/desk/guidance/" + string(f.ID))
}

// Take says that the unit has read it.
func Take(c *page.Ctx) error {
	return step(c, "", "", "guidance.taken", func(tx *db.Tx, d id.ID, in answerIn) error { return guidance.Take(c, tx, c.Actor, d, in.Rev) })
}

// Reply answers with a plan.
func Reply(c *page.Ctx) error {
	return step(c, "plan", "text", "guidance.answered", func(tx *db.Tx, d id.ID, in answerIn) error {
		return guidance.Reply(c, tx, c.Actor, d, in.Rev, in.Text)
	})
}

// Act says that it is done.
func Act(c *page.Ctx) error {
	return step(c, "did", "text", "guidance.told", func(tx *db.Tx, d id.ID, in answerIn) error {
		return guidance.Act(c, tx, c.Actor, d, in.Rev, in.Text)
	})
}

// SendBack says that more is to be done.
func SendBack(c *page.Ctx) error {
	return step(c, "reason", "reason", "guidance.sent_back", func(tx *db.Tx, d id.ID, in answerIn) error {
		return guidance.Return(c, tx, c.Actor, d, in.Rev, in.Reason, in.ActBy)
	})
}

// Withdraw takes it back.
func Withdraw(c *page.Ctx) error {
	return step(c, "reason", "why", "guidance.withdrawn", func(tx *db.Tx, d id.ID, in answerIn) error {
		return guidance.Withdraw(c, tx, c.Actor, d, in.Rev, in.Why)
	})
}

// Finish closes it with the effect, measured before the write.
func Finish(c *page.Ctx) error {
	f, err := file(c)
	if err != nil {
		return err
	}
	a, err := guidance.Measure(c, c.DB, c.Figures, f.Directive, c.Now)
	if err != nil {
		return err
	}
	return step(c, "verdict", "text", "guidance.finished", func(tx *db.Tx, d id.ID, in answerIn) error {
		return guidance.Close(c, tx, c.Actor, d, in.Rev, a, in.Text)
	})
}

// pile is the list of directives.
type pile struct {
	All     []guidance.Listed
	State   guidance.State
	Overdue bool
	Guides  bool
}

// List lists the directives that the reader sent, or that came to her or to those below.
func List(c *page.Ctx) error {
	p := pile{State: guidance.State(c.Query("state")), Overdue: c.Query("overdue") != "", Guides: c.Actor.Has(guidance.Guiding...)}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	guiding, err := org.Seats(c, c.DB, c.Actor, guidance.Guiding...)
	if err != nil {
		return err
	}
	f := guidance.Filter{Whole: c.WantsFile(), Seats: seats, Drafts: guiding, State: p.State, Overdue: p.Overdue, Now: c.Now}
	if p.All, err = guidance.List(c, c.DB, f); err != nil {
		return err
	}
	if c.WantsFile() {
		return p.give(c)
	}
	return c.Render(listPage(p))
}

// give answers the directives as a file.
func (p pile) give(c *page.Ctx) error {
	l := page.List{Kind: "guidance", Name: c.T("guidance.title") + " " + db.Day(c.Now),
		Heads: c.Words("progress.col.unit", "guidance.file_about", "guidance.who", "guidance.asked", "guidance.file_reply_by", "guidance.file_act_by", "guidance.file_state")}
	return c.Give(l, func(put page.Put) error {
		for _, d := range p.All {
			cells := append(sheet.Texts(d.UnitName, d.Title, d.OrgName, d.Asked), moment(d.ReplyBy), moment(d.ActBy), sheet.Text(c.T("guidance.state."+string(d.State))))
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

func moment(ms int64) sheet.Cell {
	if ms == 0 {
		return sheet.Cell{}
	}
	return sheet.Moment(db.Time(ms).In(i18n.Zone()))
}

// tabs are the states to choose from.
func (p pile) tabs(ctx context.Context) []ui.Link {
	links := []ui.Link{{Href: "/desk/guidance", Label: ui.T(ctx, "guidance.all"), On: p.State == "" && !p.Overdue},
		{Href: "/desk/guidance?overdue=1", Label: ui.T(ctx, "guidance.state.overdue"), On: p.Overdue}}
	for _, s := range guidance.States() {
		if s == guidance.Draft && !p.Guides {
			continue
		}
		links = append(links, ui.Link{Href: "/desk/guidance?state=" + string(s), Label: ui.T(ctx, "guidance.state."+string(s)), On: p.State == s && !p.Overdue})
	}
	return links
}

// local is a moment as a form's field has it.
func local(t time.Time) string { return t.In(i18n.Zone()).Format("2006-01-02T15:04") }

// place finds the row that a directive came from; it may have been taken out of its schedule.
func (f *folder) place(c *page.Ctx) error {
	if f.Scheduled == "" {
		return nil
	}
	w, _, err := report.RowOf(c, c.DB, f.Scheduled)
	if fail.KindOf(err) == fail.NotFound {
		return nil
	}
	f.Row = toRow(string(w.Schedule), string(w.ID))
	return err
}
