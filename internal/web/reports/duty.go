package reports

import (
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// planned is the form of a duty.
type planned struct {
	Org      id.ID    `form:"org"`
	Name     string   `form:"name" max:"60"`
	Campaign int64    `form:"campaign"`
	Types    []string `form:"types"`
	Every    string   `form:"every" max:"10"`
	From     string   `form:"from,day"`
	To       string   `form:"to,day"`
	Grace    int64    `form:"grace"`
	Clock    string   `form:"clock,clock"`
}

func (f planned) duty() report.Duty {
	d := report.Duty{Org: f.Org, Under: f.Org, Name: f.Name, Campaign: f.Campaign, Every: report.Every(f.Every), From: f.From, To: f.To, Grace: f.Grace, Clock: f.Clock}
	for _, t := range f.Types {
		d.Types = append(d.Types, org.Type(t))
	}
	return d
}

// planning is the page of that form.
type planning struct {
	planned
	Orgs, Campaigns []ui.Option
}

// NewDuty asks who is to report.
func NewDuty(c *page.Ctx) error {
	p, err := plan(c, planned{Every: string(report.Weekly), Clock: "18:00", From: db.Day(c.Now)})
	if err != nil {
		return err
	}
	return c.Render(dutyForm(p))
}

func plan(c *page.Ctx, f planned) (p planning, err error) {
	p.planned = f
	orgs := c.Actor.Orgs(report.Keeping...)
	names, err := org.Names(c, c.DB, orgs)
	if err != nil {
		return p, err
	}
	for _, o := range orgs {
		if p.Org == "" {
			p.Org = o
		}
		p.Orgs = append(p.Orgs, ui.Option{Value: string(o), Label: names[o]})
	}
	p.Campaigns = []ui.Option{{Value: "0", Label: c.T("reports.no_campaign")}}
	all, err := campaign.Choices(c, c.DB, p.Org)
	for _, one := range all {
		p.Campaigns = append(p.Campaigns, ui.Option{Value: strconv.FormatInt(one.ID, 10), Label: one.Name})
	}
	return p, err
}

// BeginDuty sets a duty.
func BeginDuty(c *page.Ctx) error {
	f, err := page.Bind[planned](c)
	var made id.ID
	if err == nil {
		made, err = c.Create(f.Org.Home(), func(tx *db.Tx) (id.ID, error) { return report.Begin(c, tx, c.Actor, f.duty()) })
	}
	if err != nil {
		p, wrong := plan(c, f)
		if wrong != nil {
			return wrong
		}
		return c.Retry(err, dutyForm(p))
	}
	c.Flash("reports.begun")
	return c.Redirect("/desk/duties/" + string(made))
}

// opened is a duty with how one of its periods stands.
type opened struct {
	standing
	UnderName, CampaignName string
	Periods                 []report.Period
	Owing                   []report.Asked // those of a page
	Next                    string
	Keeps                   bool
	All                     []report.Asked // of the period, whether they have reported or not
}

// perPage is how many of those missing a page shows.
const perPage = 50

func readDuty(c *page.Ctx) (o opened, err error) {
	at, err := id.Parse(c.Path("id"))
	if err != nil {
		return o, err
	}
	if o.Duty, err = report.SeenDuty(c, c.DB, c.Actor, at); err != nil {
		return o, err
	}
	if o.Keeps, err = org.Reaches(c, c.DB, c.Actor, o.Org, report.Keeping...); err != nil {
		return o, err
	}
	if o.Campaign != 0 {
		one, err := campaign.Get(c, c.DB, o.Campaign)
		if err != nil {
			return o, err
		}
		o.CampaignName = one.Name
	}
	names, err := org.Names(c, c.DB, []id.ID{o.Under})
	if err != nil {
		return o, err
	}
	o.UnderName = names[o.Under]
	all, err := report.Periods(c, c.DB, o.Duty.ID)
	for _, p := range all {
		if p.Opened == 0 {
			continue
		}
		o.Periods = append(o.Periods, p)
		if o.Period.ID == "" || string(p.ID) == c.Query("period") {
			o.Period = p
		}
	}
	return o, err
}

// missing reads how the period stands for the reader: all of it for those who see the duty
// from above, else what is below her.
func (o *opened) missing(c *page.Ctx) (owing []report.Asked, err error) {
	if o.Period.ID == "" {
		return nil, nil
	}
	whole, err := org.Reaches(c, c.DB, c.Actor, o.Org)
	if err != nil {
		return nil, err
	}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil || len(seats) == 0 {
		return nil, err
	}
	at := id.ID("")
	if !whole {
		at, seats = seats[0].Org, seats[:1]
	} else if top, err := org.Get(c, c.DB, o.Under); err != nil {
		return nil, err
	} else {
		seats = []org.Seat{{Org: top.ID, Position: top.Position}}
	}
	if o.Complete, err = completeOf(c, o.Duty, o.Period, at); err != nil {
		return nil, err
	}
	all, err := report.OwedFor(c, c.DB, o.Period.ID, seats)
	if err != nil {
		return nil, err
	}
	o.All = all
	return only(all, o.Missing), nil
}

// only leaves those that are missing.
func only(all []report.Asked, missing []figure.Missing) (owing []report.Asked) {
	is := map[id.ID]bool{}
	for _, m := range missing {
		is[m.Due] = true
	}
	for _, a := range all {
		if is[a.ID] && a.Nothing == 0 {
			owing = append(owing, a)
		}
	}
	return owing
}

// ShowDuty shows who has reported and who has not.
func ShowDuty(c *page.Ctx) error {
	o, err := readDuty(c)
	if err != nil {
		return err
	}
	owing, err := o.missing(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return o.give(c, owing)
	}
	from, _ := strconv.Atoi(c.Query("after"))
	from = min(max(from, 0), len(owing))
	o.Owing = owing[from:min(from+perPage, len(owing))]
	if from+perPage < len(owing) {
		o.Next = strconv.Itoa(from + perPage)
	}
	return c.Render(dutyPage(o))
}

// give answers a period as a file: who is to report, and who has.
func (o opened) give(c *page.Ctx, owing []report.Asked) error {
	missing := map[id.ID]bool{}
	for _, a := range owing {
		missing[a.ID] = true
	}
	l := page.List{Kind: "duty", Org: o.Org, Name: o.Name + " " + o.Period.To, Heads: c.Words("reports.file_org", "reports.file_type", "reports.file_from", "reports.file_to", "reports.file_state", "reports.file_reminded")}
	return c.Give(l, func(put page.Put) error {
		for _, a := range o.All {
			state := "reports.reported"
			switch {
			case a.Nothing > 0:
				state = "reports.file_nothing"
			case missing[a.ID] && a.Written:
				state = "reports.waits"
			case missing[a.ID]:
				state = "reports.not_reported"
			}
			cells := []sheet.Cell{sheet.Text(a.OrgName), sheet.Text(c.T(a.Type.Label())), sheet.Day(o.Period.From), sheet.Day(o.Period.To), sheet.Text(c.T(state)), {}}
			if a.Reminded > 0 {
				cells[5] = sheet.Moment(db.Time(a.Reminded).In(i18n.Zone()))
			}
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Remind reminds all who are missing, in one step.
func Remind(c *page.Ctx) error {
	o, err := readDuty(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[struct {
		Period id.ID `form:"period"`
	}](c)
	if err != nil {
		return err
	}
	if o.Period.ID != f.Period {
		return fail.New(fail.Conflict, "report.changed_meanwhile")
	}
	owing, err := o.missing(c)
	if err != nil {
		return err
	}
	n := 0
	err = c.Write(o.Duty.ID.Home(), func(tx *db.Tx) (err error) {
		n, err = report.Remind(c, tx, c.Actor, o.Duty.ID, f.Period, ids(owing))
		return err
	})
	if err != nil {
		return err
	}
	c.Flash("reports.reminded", "n", n)
	return c.Redirect("/desk/duties/" + string(o.Duty.ID))
}

// ids are those that no report waits for: who has written is not reminded.
func ids(owing []report.Asked) (all []id.ID) {
	for _, o := range owing {
		if !o.Written {
			all = append(all, o.ID)
		}
	}
	return all
}

// CloseDuty ends a duty.
func CloseDuty(c *page.Ctx) error {
	o, err := readDuty(c)
	if err != nil {
		return err
	}
	if err := c.Write(o.Duty.ID.Home(), func(tx *db.Tx) error { return report.Close(c, tx, c.Actor, o.Duty.ID) }); err != nil {
		return err
	}
	c.Flash("reports.ended")
	return c.Redirect("/desk/duties/" + string(o.Duty.ID))
}

// Nothing is the one tap of a unit.
func Nothing(c *page.Ctx) error {
	due, err := id.Parse(c.Path("id"))
	if err != nil {
		return err
	}
	if err := c.Write(due.Home(), func(tx *db.Tx) error { return report.Nothing(c, tx, c.Actor, due) }); err != nil {
		return err
	}
	c.FlashUndo("/desk/dues/"+string(due)+"/something", "reports.nothing_now")
	return c.Redirect("/desk/reports")
}

// Something takes it back.
func Something(c *page.Ctx) error {
	due, err := id.Parse(c.Path("id"))
	if err != nil {
		return err
	}
	if err := c.Write(due.Home(), func(tx *db.Tx) error { return report.Something(c, tx, c.Actor, due) }); err != nil {
		return err
	}
	c.Flash("reports.something_now")
	return c.Redirect("/desk/reports")
}
