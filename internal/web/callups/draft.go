package callups

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// rows is how many lines the form offers.
const rows = 4

// draftIn is the form of a call-up; its lines are read by hand.
type draftIn struct {
	Org      id.ID     `form:"org"`
	Title    string    `form:"title"`
	Text     string    `form:"text"`
	Appeal   id.ID     `form:"appeal"`
	Service  int64     `form:"service"`
	Campaign int64     `form:"campaign"`
	Drill    bool      `form:"drill"`
	AnswerBy time.Time `form:"answer_by"`
	Until    time.Time `form:"until"`
	Most     int64     `form:"most"`
}

// said is what the form says.
func (in draftIn) said(c *page.Ctx) (callup.In, error) {
	said := callup.In{Title: in.Title, Text: in.Text, Appeal: in.Appeal, Service: in.Service, Campaign: in.Campaign, Drill: in.Drill,
		AnswerBy: in.AnswerBy, Until: in.Until, Most: in.Most}
	var errs []error
	for n := 1; n <= rows; n++ {
		field := func(name string) string {
			return ident.Fold(c.R.PostForm.Get(fmt.Sprintf("%s_%d", name, n)))
		}
		if field("places") == "" {
			continue
		}
		places, err := strconv.ParseInt(field("places"), 10, 64)
		if err != nil {
			errs = append(errs, fail.Field(fmt.Sprintf("places_%d", n), "web.form.number"))
		}
		category, _ := strconv.ParseInt(field("category"), 10, 64) // chosen from a list
		skill, _ := strconv.ParseInt(field("skill"), 10, 64)
		said.Lines = append(said.Lines, callup.Line{Day: field("day"), Category: category, Skill: skill, Places: places})
	}
	return said, fail.Join(errs...)
}

// draft is the form of a call-up with all that it offers.
type draft struct {
	callup.CallUp
	Action                                        string
	Orgs                                          []ui.Option
	Services, Campaigns, Categories, Skills, Call []ui.Option
	Change                                        bool // of one that was issued
}

// New asks for a call-up.
func New(c *page.Ctx) error {
	d, err := newDraft(c)
	if err != nil {
		return err
	}
	return c.Render(draftPage(d))
}

func newDraft(c *page.Ctx) (d draft, err error) {
	if d.Orgs, err = from(c, callup.Writing...); err == nil && len(d.Orgs) == 0 {
		err = fail.New(fail.Forbidden, "web.not_yours")
	}
	if err != nil {
		return d, err
	}
	d.Action, d.Org, d.State = "/desk/callups", first(d.Orgs), callup.Draft
	d.AnswerBy, d.Until = db.MS(at(c.Now, 1, 12)), db.MS(at(c.Now, 3, 18))
	return d, d.choices(c)
}

// at is an hour, so many days from now.
func at(now time.Time, days, hour int) time.Time {
	y, m, d := now.In(i18n.Zone()).Date()
	return time.Date(y, m, d+days, hour, 0, 0, 0, i18n.Zone())
}

// choices are what the form offers.
func (d *draft) choices(c *page.Ctx) error {
	services, err := activity.Services(c, c.DB)
	if err != nil {
		return err
	}
	d.Services = []ui.Option{{Label: c.T("callups.any_service")}}
	for _, s := range services {
		if s.Open || s.ID == d.Service {
			d.Services = append(d.Services, ui.Option{Value: number(s.ID), Label: s.Name})
		}
	}
	all, err := campaign.List(c, c.DB, d.Org)
	if err != nil {
		return err
	}
	d.Campaigns = []ui.Option{{Label: c.T("callups.no_campaign")}}
	for _, one := range all {
		d.Campaigns = append(d.Campaigns, ui.Option{Value: number(one.ID), Label: one.Name})
	}
	if err := d.kinds(c); err != nil {
		return err
	}
	appeals, err := callup.PublicAppeals(c, c.DB, listed)
	d.Call = []ui.Option{{Label: c.T("callups.no_appeal")}}
	for _, a := range appeals {
		if a.Org == d.Org {
			d.Call = append(d.Call, ui.Option{Value: string(a.ID), Label: a.Title})
		}
	}
	return err
}

// kinds are the categories and skills that a line may ask for.
func (d *draft) kinds(c *page.Ctx) error {
	categories, err := people.Categories(c, c.DB)
	if err != nil {
		return err
	}
	d.Categories = []ui.Option{{Label: c.T("callups.any_category")}}
	for _, k := range categories {
		d.Categories = append(d.Categories, ui.Option{Value: number(k.ID), Label: k.Name})
	}
	skills, err := people.Skills(c, c.DB)
	d.Skills = []ui.Option{{Label: c.T("callups.any_skill")}}
	for _, s := range skills {
		d.Skills = append(d.Skills, ui.Option{Value: number(s.ID), Label: s.Name})
	}
	return err
}

// line is the n-th line of a draft, from 0; an empty one behind the last.
func (d draft) line(n int) callup.Line {
	if n < len(d.Lines) {
		return d.Lines[n]
	}
	return callup.Line{}
}

// number writes a number of a form; 0 is nothing.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Create keeps a new call-up as a draft.
func Create(c *page.Ctx) error {
	d, err := newDraft(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[draftIn](c)
	if err := org.Permit(c, c.DB, c.Actor, in.Org, callup.Writing...); err != nil {
		return err
	}
	var made id.ID
	said, wrong := in.said(c)
	if err = fail.Join(err, wrong); err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) { return callup.Begin(c, tx, c.Actor, in.Org, said) })
	}
	if err != nil {
		return c.Retry(err, draftPage(d))
	}
	return c.Redirect(deskPath(made))
}

func deskPath(callup id.ID) string { return "/desk/callups/" + string(callup) }

// Edit shows a call-up in its form: a draft to write on, an issued one to change.
func Edit(c *page.Ctx) error {
	d, err := editing(c)
	if err != nil {
		return err
	}
	return c.Render(draftPage(d))
}

func editing(c *page.Ctx) (d draft, err error) {
	v, err := view(c)
	if err != nil {
		return d, err
	}
	if !v.Writes || v.State != callup.Draft && v.State != callup.Issued {
		return d, fail.New(fail.Conflict, "callup.not_while."+string(v.State))
	}
	d.CallUp, d.Action, d.Change = v.CallUp, deskPath(v.ID)+"/edit", v.State == callup.Issued
	d.Orgs = []ui.Option{{Value: string(v.Org), Label: v.OrgName}}
	return d, d.choices(c)
}

// Save rewrites a draft, or changes what was issued.
func Save(c *page.Ctx) error {
	d, err := editing(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[draftIn](c)
	said, wrong := in.said(c)
	if err = fail.Join(err, wrong); err == nil {
		err = c.Write(d.ID.Home(), func(tx *db.Tx) error {
			if d.Change {
				return callup.Change(c, tx, c.Actor, d.ID, said)
			}
			return callup.Revise(c, tx, c.Actor, d.ID, said)
		})
	}
	if err != nil {
		return c.Retry(err, draftPage(d))
	}
	if d.Change {
		c.Flash("callups.changed")
	}
	return c.Redirect(deskPath(d.ID))
}

// local is a moment as a form's field has it.
func local(ms int64) string {
	return strings.Replace(db.Time(ms).In(i18n.Zone()).Format("2006-01-02 15:04"), " ", "T", 1)
}
