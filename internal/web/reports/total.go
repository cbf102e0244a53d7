package reports

import (
	"io"
	"mime/multipart"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
)

// written is the form of a report.
type written struct {
	Org      id.ID                 `form:"org"`
	Key      string                `form:"key" max:"60"`
	Campaign int64                 `form:"campaign"`
	From     string                `form:"from,day"`
	To       string                `form:"to,day"`
	Number   string                `form:"number" max:"40"`
	Note     string                `form:"note" max:"600"`
	Rev      int64                 `form:"rev"`
	File     *multipart.FileHeader `form:"file"`
}

// in is the report that was written, with its attachment.
func (f written) in() (report.In, error) {
	in := report.In{Key: f.Key, Campaign: f.Campaign, From: f.From, To: f.To, Number: f.Number, Note: f.Note}
	if f.File == nil || f.File.Size == 0 && f.File.Filename == "" {
		return in, nil
	}
	src, err := f.File.Open()
	if err != nil {
		return in, err
	}
	defer src.Close()
	content, err := io.ReadAll(io.LimitReader(src, report.MaxFile+1))
	if err != nil {
		return in, err
	}
	in.File, err = report.NewFile(f.File.Filename, content)
	return in, err
}

// writing is the page of a form: a new report, a returned one, or a correction.
type writing struct {
	written
	Action    string
	Title     string
	Fixed     bool // what is reported, and for which campaign, stays
	Old       report.Report
	Orgs      []ui.Option
	Campaigns []ui.Option
}

// New asks for a total.
func New(c *page.Ctx) error {
	f, err := page.Bind[written](c)
	if err != nil {
		return err
	}
	w, err := prepare(c, writing{written: f, Action: "/desk/reports", Title: "reports.write"})
	if err != nil {
		return err
	}
	return c.Render(writePage(w))
}

// prepare lists for whom a reader reports, and what a report may belong to.
func prepare(c *page.Ctx, w writing) (writing, error) {
	orgs := c.Actor.Orgs(report.Reporting...)
	names, err := org.Names(c, c.DB, orgs)
	if err != nil {
		return w, err
	}
	for _, o := range orgs {
		if w.Org == "" {
			w.Org = o
		}
		w.Orgs = append(w.Orgs, ui.Option{Value: string(o), Label: names[o]})
	}
	if w.From == "" {
		w.From = db.Day(c.Now.AddDate(0, 0, -6))
		w.To = db.Day(c.Now)
	}
	w.Campaigns = []ui.Option{{Value: "0", Label: c.T("reports.no_campaign")}}
	all, err := campaign.Choices(c, c.DB, w.Org)
	for _, one := range all {
		w.Campaigns = append(w.Campaigns, ui.Option{Value: plain(one.ID), Label: one.Name})
	}
	return w, err
}

// Create puts a total before the tier above.
func Create(c *page.Ctx) error {
	f, err := page.Bind[written](c)
	in, wrong := f.in()
	if err == nil {
		err = wrong
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(f.Org.Home(), func(tx *db.Tx) (id.ID, error) { return report.Submit(c, tx, c.Actor, f.Org, in) })
	}
	if err != nil {
		return retry(c, err, writing{written: f, Action: "/desk/reports", Title: "reports.write"})
	}
	c.Flash("reports.sent")
	return c.Redirect("/desk/reports/" + string(made))
}

func retry(c *page.Ctx, refused error, w writing) error {
	w, err := prepare(c, w)
	if err != nil {
		return err
	}
	return c.Retry(refused, writePage(w))
}

// shown is one report.
type shown struct {
	report.Report
	OrgName, CampaignName, Author string
	File                          report.File
	Size                          int64
	Writes, Reviews               bool
}

func read(c *page.Ctx) (s shown, err error) {
	at, err := id.Parse(c.Path("id"))
	if err != nil {
		return s, err
	}
	if s.Report, err = report.Seen(c, c.DB, c.Actor, at); err != nil {
		return s, err
	}
	names, err := org.Names(c, c.DB, []id.ID{s.Org})
	if err != nil {
		return s, err
	}
	s.OrgName = names[s.Org]
	who, err := people.Names(c, c.DB, c.Keys, []id.ID{s.Report.Author})
	if err != nil {
		return s, err
	}
	s.Author = who[s.Report.Author]
	if s.Campaign != 0 {
		one, err := campaign.Get(c, c.DB, s.Campaign)
		if err != nil {
			return s, err
		}
		s.CampaignName = one.Name
	}
	if s.File, s.Size, err = report.Attached(c, c.DB, s.ID); err != nil {
		return s, err
	}
	if s.Writes, err = org.Reaches(c, c.DB, c.Actor, s.Org, report.Reporting...); err != nil {
		return s, err
	}
	s.Reviews = s.State == report.Submitted && org.SecondPerson(c, c.DB, c.Actor, s.Report.Author, s.Org) == nil
	return s, nil
}

// Show shows a report.
func Show(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	return c.Render(showPage(s))
}

// Edit asks for a returned report anew, or for the correction of one that was accepted.
func Edit(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	w, err := prepare(c, rewriting(s))
	if err != nil {
		return err
	}
	return c.Render(writePage(w))
}

func rewriting(s shown) writing {
	w := writing{Action: "/desk/reports/" + string(s.ID) + "/edit", Title: "reports.rewrite", Old: s.Report, Fixed: s.State == report.Accepted || s.Corrects != ""}
	if s.State == report.Accepted {
		w.Title = "reports.correct"
	}
	w.written = written{Org: s.Org, Key: s.Key, Campaign: s.Campaign, From: s.From, To: s.To, Number: plain(s.Number), Note: s.Note, Rev: s.Rev}
	return w
}

// Save writes a returned report anew, or puts a correction before the tier above.
func Save(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, refused := page.Bind[written](c)
	in, wrong := f.in()
	if refused == nil {
		refused = wrong
	}
	made := s.ID
	switch {
	case refused != nil:
	case s.State == report.Accepted:
		made, refused = c.Create(s.Org.Home(), func(tx *db.Tx) (id.ID, error) { return report.Correct(c, tx, c.Actor, s.ID, in) })
	default:
		refused = c.Write(s.Org.Home(), func(tx *db.Tx) error { return report.Resubmit(c, tx, c.Actor, s.ID, f.Rev, in) })
	}
	if refused != nil {
		return retry(c, refused, rewriting(s))
	}
	c.Flash("reports.sent")
	return c.Redirect("/desk/reports/" + string(made))
}

// act runs a command on the report in the address, and leads back to a page.
func act(c *page.Ctx, flash, back string, f func(tx *db.Tx, actor auth.Actor, at id.ID) error) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Org.Home(), func(tx *db.Tx) error { return f(tx, c.Actor, s.ID) }); err != nil {
		return c.Retry(err, showPage(s))
	}
	c.Flash(flash)
	return c.Redirect(back)
}

// Accept lets a report count.
func Accept(c *page.Ctx) error {
	return act(c, "reports.accepted", "/desk/reports", func(tx *db.Tx, actor auth.Actor, at id.ID) error { return report.Accept(c, tx, actor, at) })
}

// Return gives a report back with the reason.
func Return(c *page.Ctx) error {
	f, err := page.Bind[struct {
		Reason string `form:"reason" max:"250"`
	}](c)
	if err != nil {
		return err
	}
	return act(c, "reports.returned", "/desk/reports", func(tx *db.Tx, actor auth.Actor, at id.ID) error { return report.Return(c, tx, actor, at, f.Reason) })
}

// Withdraw takes a report back.
func Withdraw(c *page.Ctx) error {
	return act(c, "reports.withdrawn", "/desk/reports", func(tx *db.Tx, actor auth.Actor, at id.ID) error { return report.Withdraw(c, tx, actor, at) })
}

// File gives out an attachment, to be kept and never to be run.
func File(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, err := report.Attachment(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	c.Attachment(f.Name, f.Kind)
	c.W.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, err = c.W.Write(f.Content)
	return err
}
