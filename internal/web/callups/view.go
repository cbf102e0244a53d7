package callups

import (
	"context"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/live"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
)

// registered is the indicator of supply, load that of how much was done lately.
const (
	registered = "volunteers_registered"
	load       = "turns"
)

// opened is a call-up at its issuer's desk.
type opened struct {
	callup.CallUp
	OrgName string
	Names   names
	Writes  bool
	Issues  bool
	Receive table         // of a draft, or to hand out more
	Left    callup.Quotas // of what was issued: not handed out
	Supply  []supply      // of a draft
	Cascade cascade       // of one that was issued
	Changes []callup.Difference
}

// Show is a call-up as its issuer sees it; whoever received it is led to the receipt.
func Show(c *page.Ctx) error {
	v, err := view(c)
	if fail.KindOf(err) == fail.Forbidden {
		return toReceipt(c, err)
	}
	if err != nil {
		return err
	}
	return c.Render(viewPage(v))
}

// toReceipt leads the reader to the receipt of one of her organisations.
func toReceipt(c *page.Ctx, refused error) error {
	at, err := id.Parse(c.Path("callup"))
	if err != nil {
		return err
	}
	for _, o := range c.Actor.Orgs(auth.Admin, auth.Leader, auth.Reviewer, auth.Supervisor, auth.Editor, auth.Signer) {
		tray, err := callup.Tray(c, c.DB, o, listed)
		if err != nil {
			return err
		}
		for _, t := range tray {
			if t.CallUp.ID == at {
				return c.Redirect(receiptPath(t.Receipt.ID))
			}
		}
	}
	return refused
}

func view(c *page.Ctx) (v opened, err error) {
	at, err := id.Parse(c.Path("callup"))
	if err != nil {
		return v, err
	}
	if v.CallUp, err = callup.Get(c, c.DB, at); err != nil {
		return v, err
	}
	if err = org.Permit(c, c.DB, c.Actor, v.Org); err != nil {
		return v, err
	}
	for to, roles := range map[*bool][]auth.Role{&v.Writes: callup.Writing, &v.Issues: callup.Issuing} {
		if *to, err = org.Reaches(c, c.DB, c.Actor, v.Org, roles...); err != nil {
			return v, err
		}
	}
	orgs, err := org.Names(c, c.DB, []id.ID{v.Org})
	if err != nil {
		return v, err
	}
	v.OrgName = orgs[v.Org]
	if v.Names, err = namesOf(c, v.CallUp); err != nil {
		return v, err
	}
	if v.State == callup.Draft {
		return v, v.plan(c)
	}
	if v.Changes, err = callup.Changes(c, c.DB, v.ID, 0); err != nil {
		return v, err
	}
	if v.Cascade, err = look(c, c.Site, c.Lang, v.CallUp, callup.Receipt{Org: v.Org}); err != nil || v.State != callup.Issued || !v.Issues {
		return v, err
	}
	return v, v.spread(c)
}

// spread reads how what was issued was handed out, and what is left.
func (v *opened) spread(c *page.Ctx) error {
	have, err := callup.Below(c, c.DB, v.ID, "")
	if err != nil {
		return err
	}
	given, err := callup.Given(c, c.DB, v.CallUp, "")
	if err != nil {
		return err
	}
	v.Left = v.Places()
	for n := range v.Left {
		v.Left[n] -= given[n]
	}
	t := table{Action: deskPath(v.ID) + "/receivers", Do: "callups.hand_do", Lines: v.Lines, Whole: v.Places()}
	v.Receive, err = handingOn(c, v.Org, have, t, v.Left)
	return err
}

// plan reads who is to receive a draft, and what stands against what.
func (v *opened) plan(c *page.Ctx) error {
	planned, err := callup.Below(c, c.DB, v.ID, "")
	if err != nil {
		return err
	}
	v.Receive = table{Action: deskPath(v.ID) + "/receivers", Do: "callups.receivers_save", Lines: v.Lines, Whole: v.Places()}
	for _, p := range planned {
		o, err := org.Get(c, c.DB, p.Org)
		if err != nil {
			return err
		}
		v.Receive.Rows = append(v.Receive.Rows, choice{Org: o, On: true, Quota: p.Quota})
	}
	more, err := offerBelow(c, v.Org, planned, v.Lines, v.Places())
	if err != nil {
		return err
	}
	for i := range more {
		more[i].On = false
		if len(planned) > 0 {
			more[i].Quota = make(callup.Quotas, len(v.Lines))
		}
	}
	v.Receive.Rows = append(v.Receive.Rows, more...)
	if v.Supply, err = suppliesOf(c, v.CallUp, planned); unknown(err) {
		return nil
	}
	return err
}

// supply is a line with what stands against it, each a figure.
type supply struct {
	callup.Line
	callup.Proposal
	Load   int64
	Org    id.ID  // of whose figures
	From   string // the first of the days looked at
	Counts bool   // Eligible is a figure that opens: skills are none of the ledger's
}

// lately is how many days back load and questions are looked at.
const lately = 7

// suppliesOf sets demand against supply, line by line, below who is to receive, or below the
// issuer while nobody is chosen.
func suppliesOf(c *page.Ctx, up callup.CallUp, planned []callup.ReceivedBy) ([]supply, error) {
	orgs := []id.ID{up.Org}
	if len(planned) > 0 {
		orgs = nil
		for _, p := range planned {
			orgs = append(orgs, p.Org)
		}
	}
	since := db.Day(c.Now.AddDate(0, 0, -lately))
	before, err := c.Figures.All(c, []figure.Query{{Indicator: callup.Asked.Key, Org: up.Org}, {Indicator: callup.Enrolled.Key, Org: up.Org}})
	if err != nil {
		return nil, err
	}
	var all []supply
	for _, l := range up.Lines {
		s := supply{Line: l, Org: up.Org, From: since, Counts: l.Skill == 0}
		var eligible, asked int64
		for _, o := range orgs {
			a, err := c.Figures.All(c, []figure.Query{{Indicator: registered, Org: o, Category: l.Category},
				{Indicator: load, Org: o, Category: l.Category, From: since}, {Indicator: callup.Asked.Key, Org: o, Category: l.Category, From: since}})
			if err != nil {
				return nil, err
			}
			n := a[0].Value
			if l.Skill != 0 {
				if n, err = callup.WithSkill(c, c.DB, up, o, l, dayOf(l, c.Now)); err != nil {
					return nil, err
				}
			}
			eligible, s.Load, asked = eligible+n, s.Load+a[1].Value, asked+a[2].Value
		}
		s.Proposal = callup.Propose(l.Places, eligible, asked, before[0].Value, before[1].Value)
		all = append(all, s)
	}
	return all, nil
}

func dayOf(l callup.Line, now time.Time) string {
	if l.Day != "" {
		return l.Day
	}
	return db.Day(now)
}

// cascade is how a call-up stands at and below an organisation, as the ledger and the receipts
// tell it.
type cascade struct {
	Call     callup.CallUp
	At       callup.Receipt // whose view it is; the issuer's has no id
	Position int64
	Loading  bool
	First    []fig // of units
	Second   []fig // of volunteers
	Tiers    []callup.Tier
	Rows     []line
	Told     callup.Told
	lang     string
	now      time.Time
}

// fig is a figure of a call-up that opens.
type fig struct {
	*ledger.Indicator
	Value int64
	Known bool
	Href  string
}

// line is a receiver with what it has brought.
type line struct {
	callup.ReceivedBy
	Asked, Enrolled, Served int64
}

// Live keeps a call-up up to date, as its issuer or a receiver sees it.
func Live(c *page.Ctx) error {
	up, t, err := watched(c)
	if err != nil {
		return err
	}
	site, lang := c.Site, c.Lang
	key := "callup|" + lang + "|" + string(up.ID) + "|" + string(t.Org)
	return c.Stream(key, func() error { return stillStaff(c, t.Org) }, func(ctx context.Context) (live.Parts, error) {
		now, err := callup.Get(ctx, site.DB, up.ID)
		if err != nil {
			return nil, err
		}
		s, err := look(ctx, site, lang, now, t)
		if err != nil {
			return nil, err
		}
		return s.parts(ctx)
	})
}

// watched is what an address says is looked at: a call-up, at the organisation of ?at=.
func watched(c *page.Ctx) (up callup.CallUp, t callup.Receipt, err error) {
	which, err := id.Parse(c.Path("callup"))
	if err != nil {
		return up, t, err
	}
	if up, err = callup.Get(c, c.DB, which); err != nil {
		return up, t, err
	}
	if text := c.Query("receipt"); text != "" {
		receipt, err := id.Parse(text)
		if err != nil {
			return up, t, err
		}
		if t, err = callup.ReceiptOf(c, c.DB, receipt); err == nil && t.CallUp != up.ID {
			err = fail.New(fail.NotFound, "callup.receipt_unknown")
		}
		if err != nil {
			return up, t, err
		}
	} else {
		t.Org = up.Org
	}
	return up, t, org.Permit(c, c.DB, c.Actor, t.Org)
}

func stillStaff(c *page.Ctx, at id.ID) error {
	v, err := c.Authenticate(c.R)
	if err != nil {
		return err
	}
	return org.Permit(c, c.DB, v.Actor, at)
}

// parts draws all that may change.
func (s cascade) parts(ctx context.Context) (live.Parts, error) {
	drawn := live.Parts{}
	for name, t := range map[string]templ.Component{"figs": cascadeFigs(s), "tiers": tierTable(s), "rows": rowTable(s)} {
		text, err := page.Part(ctx, s.lang, s.now, t)
		if err != nil {
			return nil, err
		}
		drawn[name] = text
	}
	return drawn, nil
}

// look reads how a call-up stands at and below the organisation of a receipt, or its issuer.
func look(ctx context.Context, site *page.Site, lang string, up callup.CallUp, t callup.Receipt) (s cascade, err error) {
	s = cascade{Call: up, At: t, lang: lang, now: site.DB.Now()}
	o, err := org.Get(ctx, site.DB, t.Org)
	if err != nil {
		return s, err
	}
	s.Position = o.Position
	below, err := callup.Below(ctx, site.DB, up.ID, t.ID)
	if err != nil {
		return s, err
	}
	for _, b := range below {
		if b.Delivered > 0 {
			s.Rows = append(s.Rows, line{ReceivedBy: b})
		}
	}
	if s.Tiers, err = callup.Tiers(ctx, site.DB, up.ID, o.Position); err != nil {
		return s, err
	}
	if s.Told, err = callup.ToldOf(ctx, site.DB, up.ID); err != nil {
		return s, err
	}
	return s, s.figures(ctx, site.Figures)
}

// The figures of a call-up: of units, of volunteers, and of the units of a drill.
var (
	ofUnits  = []*ledger.Indicator{callup.Delivered, callup.HaveRead, callup.Acknowledged, callup.Forwarded}
	ofPeople = []*ledger.Indicator{callup.Asked, callup.Answered, callup.Enrolled, callup.Served}
	ofDrill  = []*ledger.Indicator{callup.DrillDelivered, callup.DrillRead, callup.DrillAcknowledged, callup.DrillForwarded}
)

// figures reckons them as of one fact.
func (s *cascade) figures(ctx context.Context, e *figure.Engine) error {
	units, more := ofUnits, ofPeople
	if s.Call.Drill {
		units, more = ofDrill, nil
	}
	var qs []figure.Query
	for _, i := range append(append([]*ledger.Indicator{}, units...), more...) {
		qs = append(qs, figure.Query{Indicator: i.Key, Org: s.At.Org, Callup: s.Call.ID})
	}
	for _, i := range []*ledger.Indicator{callup.Asked, callup.Enrolled, callup.Served} {
		for _, r := range s.Rows {
			qs = append(qs, figure.Query{Indicator: i.Key, Org: r.Org, Callup: s.Call.ID})
		}
	}
	all, err := e.All(ctx, qs)
	if unknown(err) {
		s.Loading = true
		return nil
	}
	if err != nil {
		return err
	}
	for n := range units {
		s.First = append(s.First, s.fig(all[n]))
	}
	for n := range more {
		s.Second = append(s.Second, s.fig(all[len(units)+n]))
	}
	rest := all[len(units)+len(more):]
	for i := range s.Rows {
		s.Rows[i].Asked, s.Rows[i].Enrolled, s.Rows[i].Served = rest[i].Value, rest[len(s.Rows)+i].Value, rest[2*len(s.Rows)+i].Value
	}
	return nil
}

func (s cascade) fig(a figure.Answer) fig {
	return fig{a.Indicator, a.Value, true, figureHref(a.Indicator.Key, s.At.Org, s.Call.ID)}
}

// figureHref opens a figure of a call-up at an organisation.
func figureHref(key string, at, callup id.ID) string {
	v := url.Values{"org": {string(at)}}
	if callup != "" {
		v.Set("callup", string(callup))
	}
	return "/desk/figures/" + key + "?" + v.Encode()
}

// streamHref is where the page's events come from.
func (s cascade) streamHref() string {
	href := deskPath(s.Call.ID) + "/live"
	if s.At.ID != "" {
		href += "?receipt=" + string(s.At.ID)
	}
	return href
}

// unitsHref lists the receivers of a type, or those who are silent.
func (s cascade) unitsHref(pairs ...string) string {
	v := url.Values{}
	if s.At.ID != "" {
		v.Set("receipt", string(s.At.ID))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	if len(v) == 0 {
		return deskPath(s.Call.ID) + "/units"
	}
	return deskPath(s.Call.ID) + "/units?" + v.Encode()
}

// silent is how many of those who received it have not acknowledged.
func (s cascade) silent() (n int64) {
	for _, t := range s.Tiers {
		n += t.Delivered - t.Acknowledged
	}
	return n
}

// perPage is how many receivers a page lists.
const perPage = 50

// roll is a list of receivers.
type roll struct {
	callup.CallUp
	All    []callup.ReceivedBy
	Type   org.Type
	Silent bool
	Next   string
	Back   string
}

// Units lists the receivers of a call-up below an organisation.
func Units(c *page.Ctx) error {
	up, t, err := watched(c)
	if err != nil {
		return err
	}
	o, err := org.Get(c, c.DB, t.Org)
	if err != nil {
		return err
	}
	f := callup.ReceiptFilter{CallUp: up.ID, Position: o.Position, Type: org.Type(c.Query("type")), Silent: c.Query("silent") != "",
		After: id.ID(c.Query("after")), Limit: perPage + 1}
	r := roll{CallUp: up, Type: f.Type, Silent: f.Silent, Back: deskPath(up.ID)}
	if t.ID != "" {
		r.Back = receiptPath(t.ID)
	}
	if r.All, err = callup.Receipts(c, c.DB, f); err != nil {
		return err
	}
	if len(r.All) > perPage {
		r.All = r.All[:perPage]
		r.Next = string(r.All[perPage-1].ID)
	}
	return c.Render(rollPage(r))
}

// step does something with a call-up at its issuer's desk and comes back to it.
func step(c *page.Ctx, said string, do func(tx *db.Tx, v opened, in reasonIn) error) error {
	v, err := view(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[reasonIn](c)
	if err == nil {
		err = c.Write(v.ID.Home(), func(tx *db.Tx) error { return do(tx, v, in) })
	}
	if err != nil {
		return c.Retry(err, viewPage(v))
	}
	c.Flash(said)
	return c.Redirect(deskPath(v.ID))
}

// reasonIn is why something is done.
type reasonIn struct {
	Reason string `form:"reason"`
	Why    string `form:"why"` // the same of a withdrawal, which stands on the same page
}

// Issue sends it out, once its title was typed.
func Issue(c *page.Ctx) error {
	return step(c, "callups.issued", func(tx *db.Tx, v opened, _ reasonIn) error {
		if err := c.Named(v.Title); err != nil {
			return err
		}
		return callup.Issue(c, tx, c.Actor, v.ID)
	})
}

// Close ends it.
func Close(c *page.Ctx) error {
	return step(c, "callups.closed", func(tx *db.Tx, v opened, in reasonIn) error {
		return callup.Close(c, tx, c.Actor, v.ID, in.Reason)
	})
}

// Withdraw takes it back.
func Withdraw(c *page.Ctx) error {
	return step(c, "callups.withdrawn", func(tx *db.Tx, v opened, in reasonIn) error {
		return why(callup.Withdraw(c, tx, c.Actor, v.ID, in.Why))
	})
}

// why ties what is wrong with a reason to the field of a withdrawal.
func why(err error) error {
	if p := fail.Fields(err); len(p) == 1 && p[0].Field == "reason" {
		return fail.Field("why", p[0].Key, p[0].Args...)
	}
	return err
}

// Nudge reminds all who are silent.
func Nudge(c *page.Ctx) error {
	return step(c, "callups.nudged", func(tx *db.Tx, v opened, _ reasonIn) error { return callup.Nudge(c, tx, c.Actor, v.ID, v.Org) })
}
