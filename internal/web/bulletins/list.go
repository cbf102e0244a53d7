package bulletins

import (
	"context"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// listed is how many of each a list shows.
const listed = 50

// pile is what concerns a reader at the desk.
type pile struct {
	Tray   []bulletin.Tray
	Asked  []bulletin.Asked
	Issues []bulletin.Listed
	Writes bool
}

// List shows what came in, what is asked of the reader's units, and the issues made there.
func List(c *page.Ctx) error {
	p := pile{Writes: c.Actor.Has(bulletin.Writing...)}
	for _, at := range c.Actor.Orgs(bulletin.Answering...) {
		tray, err := bulletin.TrayOf(c, c.DB, at, listed)
		if err != nil {
			return err
		}
		asked, err := bulletin.AskedOf(c, c.DB, at)
		if err != nil {
			return err
		}
		p.Tray, p.Asked = append(p.Tray, tray...), append(p.Asked, asked...)
	}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	for _, s := range seats {
		some, err := bulletin.From(c, c.DB, s.Position, listed)
		if err != nil {
			return err
		}
		p.Issues = append(p.Issues, some...)
	}
	return c.Render(listPage(p))
}

// Waiting counts what waits for a reader: issues to read, texts to write.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (n int, err error) {
	for _, at := range actor.Orgs(bulletin.Answering...) {
		unread, asked, err := bulletin.Waiting(ctx, s.DB, at)
		if err != nil {
			return 0, err
		}
		n += int(unread + asked)
	}
	return n, nil
}

// from are the organisations in whose name the reader may act with one of the roles.
func from(c *page.Ctx, roles ...auth.Role) (all []ui.Option, err error) {
	ids := c.Actor.Orgs(roles...)
	names, err := org.Names(c, c.DB, ids)
	for _, at := range ids {
		if names[at] != "" {
			all = append(all, ui.Option{Value: string(at), Label: names[at]})
		}
	}
	return all, err
}

// planned is the form of an issue.
type planned struct {
	Org      id.ID  `form:"org"`
	Name     string `form:"name" max:"30"`
	Number   int64  `form:"number"`
	Total    int64  `form:"total"`
	Day      string `form:"day,day"`
	Theme    string `form:"theme" max:"100"`
	Campaign int64  `form:"campaign"`
	From     string `form:"from,day"`
	To       string `form:"to,day"`
	ReportTo string `form:"report_to" max:"2000"`
	CopyTo   string `form:"copy_to" max:"2000"`
	AnswerBy string `form:"answer_by,day"`
	Rev      int64  `form:"rev"`
}

func (f planned) in() bulletin.In {
	return bulletin.In{Name: f.Name, Number: f.Number, Total: f.Total, Day: f.Day, Theme: f.Theme, Campaign: f.Campaign, From: f.From, To: f.To,
		ReportTo: f.ReportTo, CopyTo: f.CopyTo, AnswerBy: f.AnswerBy}
}

func formOf(i bulletin.Issue) planned {
	return planned{Org: i.Org, Name: i.Name, Number: i.Number, Total: i.Total, Day: i.Day, Theme: i.Theme, Campaign: i.Campaign, From: i.From, To: i.To,
		ReportTo: i.ReportTo, CopyTo: i.CopyTo, AnswerBy: i.AnswerBy, Rev: i.Rev}
}

// planning is the page of the form.
type planning struct {
	planned
	Action    string
	Title     string
	Orgs      []ui.Option
	Campaigns []ui.Option
}

// New asks for an issue: numbered after the last one, and sent to whom that was.
func New(c *page.Ctx) error {
	f, err := page.Bind[planned](c)
	if err != nil {
		return err
	}
	p, err := prepare(c, planning{planned: f, Action: "/desk/bulletins", Title: c.T("bulletins.new")})
	if err != nil {
		return err
	}
	if p.planned, err = following(c, p.Org); err != nil {
		return err
	}
	return c.Render(planPage(p))
}

// following is the plan of the issue after the last one.
func following(c *page.Ctx, at id.ID) (planned, error) {
	last, found, err := bulletin.Last(c, c.DB, at)
	f := planned{Org: at, Name: c.T("bulletins.default_name"), Number: 1, Total: 1, Day: db.Day(c.Now), To: db.Day(c.Now)}
	if err != nil || !found {
		return f, err
	}
	f = formOf(last)
	f.Number, f.Total, f.Theme, f.Rev = last.Number+1, last.Total+1, "", 0
	if f.Day = db.Day(c.Now); !strings.HasPrefix(f.Day, last.Day[:4]) {
		f.Number = 1
	}
	f.From, f.To, f.AnswerBy = last.To, f.Day, ""
	return f, nil
}

func prepare(c *page.Ctx, p planning) (planning, error) {
	var err error
	if p.Orgs, err = from(c, bulletin.Writing...); err != nil {
		return p, err
	}
	if len(p.Orgs) == 0 {
		return p, fail.New(fail.Forbidden, "web.not_yours")
	}
	if p.Org == "" {
		p.Org = id.ID(p.Orgs[0].Value)
	}
	p.Campaigns = []ui.Option{{Value: "0", Label: c.T("bulletins.no_campaign")}}
	all, err := campaign.Choices(c, c.DB, p.Org)
	for _, one := range all {
		p.Campaigns = append(p.Campaigns, ui.Option{Value: plain(one.ID), Label: one.Name})
	}
	return p, err
}

// Create plans an issue.
func Create(c *page.Ctx) error {
	f, err := page.Bind[planned](c)
	var made id.ID
	if err == nil {
		made, err = c.Create(f.Org.Home(), func(tx *db.Tx) (id.ID, error) { return bulletin.Plan(c, tx, c.Actor, f.Org, f.in()) })
	}
	if err != nil {
		p, wrong := prepare(c, planning{planned: f, Action: "/desk/bulletins", Title: c.T("bulletins.new")})
		if wrong != nil {
			return wrong
		}
		return c.Retry(err, planPage(p))
	}
	c.Flash("bulletins.planned")
	return c.Redirect(deskPath(made))
}

// keeping is the page of a template.
type keeping struct {
	Org     id.ID
	OrgName string
	Text    string
	Own     bulletin.Kept
	Orgs    []ui.Option
}

func keepingOf(c *page.Ctx) (k keeping, err error) {
	f, err := page.Bind[struct {
		Org id.ID `form:"org"`
	}](c)
	if err != nil {
		return k, err
	}
	if k.Orgs, err = from(c, auth.Admin, auth.Editor); err != nil {
		return k, err
	}
	if k.Org = f.Org; k.Org == "" && len(k.Orgs) > 0 {
		k.Org = id.ID(k.Orgs[0].Value)
	}
	if err = org.Permit(c, c.DB, c.Actor, k.Org, auth.Admin, auth.Editor); err != nil {
		return k, err
	}
	names, err := org.Names(c, c.DB, []id.ID{k.Org})
	if err != nil {
		return k, err
	}
	k.OrgName = names[k.Org]
	if k.Own, err = bulletin.OwnTemplate(c, c.DB, k.Org); err != nil {
		return k, err
	}
	k.Text, err = bulletin.InForce(c, c.DB, k.Org)
	return k, err
}

// Template shows the template with which an organisation drafts.
func Template(c *page.Ctx) error {
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	return c.Render(templatePage(k))
}

// SaveTemplate keeps one; an empty one goes back to the one above.
func SaveTemplate(c *page.Ctx) error {
	k, err := keepingOf(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[struct {
		Text string `form:"text" max:"20000"`
		Rev  int64  `form:"rev"`
	}](c)
	if err == nil {
		err = c.Write(k.Org.Home(), func(tx *db.Tx) error { return bulletin.SaveTemplate(c, tx, c.Actor, k.Org, f.Rev, f.Text) })
	}
	if err != nil {
		return c.Retry(err, templatePage(k))
	}
	c.Flash("bulletins.template_saved")
	return c.Redirect("/desk/bulletins/template?org=" + string(k.Org))
}
