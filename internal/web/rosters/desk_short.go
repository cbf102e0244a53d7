package rosters

import (
	"net/url"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// atRiskFor is how far ahead a shift that is short of people is at risk.
const atRiskFor = 48 * time.Hour

// shortList is the page of shifts at risk.
type shortList struct {
	Rows []shiftRow
	Lack int64
}

// AtRisk answers GET /desk/at-risk: shifts of the next two days that are short of people.
func AtRisk(c *page.Ctx) error {
	orgs, err := seats(c, deskRoles...)
	if err != nil {
		return err
	}
	var l shortList
	for _, o := range orgs {
		short, err := roster.ShortOf(c, c.DB, o, 0, roster.Window{From: db.MS(c.Now), To: db.MS(c.Now.Add(atRiskFor))}, mostShifts)
		if err != nil {
			return err
		}
		rows, err := rowsOf(c, short.First)
		if err != nil {
			return err
		}
		l.Rows, l.Lack = append(l.Rows, rows...), l.Lack+short.Lack
	}
	slices.SortStableFunc(l.Rows, func(a, b shiftRow) int { return int(a.Starts/1000 - b.Starts/1000) })
	if c.WantsFile() {
		return putRows(c, shiftFile(c, "at risk", c.T("rosters.at_risk")+" "+db.Day(c.Now)), l.Rows)
	}
	return c.Render(atRiskPage(l))
}

// askList is the page on which people are asked to take a place.
type askList struct {
	shiftRow
	Reach  roster.Reach
	People []ui.Option
	Asked  []answered
}

// answered is somebody who was asked, with what she said.
type answered struct {
	roster.Ask
	Name string
}

// mostAsked is how many people the list proposes.
const mostAsked = 20

// asking is whom to ask.
type asking struct {
	Shift id.ID        `path:"shift"`
	Reach roster.Reach `form:"reach" max:"20"`
	Who   []id.ID      `form:"who"`
}

// AskForm answers GET /desk/shifts/{shift}/ask.
func AskForm(c *page.Ctx) error {
	in, err := page.Bind[asking](c)
	if err != nil {
		return err
	}
	l, err := askListOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(askPage(l))
}

func askListOf(c *page.Ctx, in asking) (l askList, err error) {
	if l.shiftRow, err = permitted(c, in.Shift, deskRoles...); err != nil {
		return l, err
	}
	if l.Reach = in.Reach; !slices.Contains(roster.Reaches(), l.Reach) {
		l.Reach = roster.OfInstitute
	}
	asks, err := roster.AsksOf(c, c.DB, in.Shift)
	if err != nil {
		return l, err
	}
	var could []roster.Candidate
	if l.Lacks > 0 && c.Now.Before(l.Starting()) {
		if could, err = roster.Candidates(c, c.DB, l.Shift, l.Reach, mostAsked); err != nil {
			return l, err
		}
	}
	var who []id.ID
	for _, k := range asks {
		who = append(who, k.Person)
	}
	for _, k := range could {
		who = append(who, k.Person.ID)
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	for _, k := range asks {
		l.Asked = append(l.Asked, answered{k, names[k.Person]})
	}
	for _, k := range could {
		last := c.T("rosters.ask.first")
		if k.Asked != 0 {
			last = c.T("rosters.ask.last", "at", dayText(c, k.Asked))
		}
		l.People = append(l.People, ui.Option{Value: string(k.Person.ID), Label: names[k.Person.ID], Note: c.T("rosters.ask.near." + nearWord(k.Near)), Side: last})
	}
	return l, err
}

// askPath is the page on which people of a range are asked.
func askPath(shift id.ID, reach roster.Reach) string {
	if reach == "" || reach == roster.OfInstitute {
		return deskPath(shift) + "/ask"
	}
	return deskPath(shift) + "/ask?reach=" + url.QueryEscape(string(reach))
}

// wider is the next reach, "" after the last.
func wider(r roster.Reach) roster.Reach {
	all := append(roster.Reaches(), "")
	return all[slices.Index(all, r)+1]
}

func nearWord(near int) string { return []string{"0", "1", "2", "3", "4"}[near] }

// AskPeople answers POST /desk/shifts/{shift}/ask.
func AskPeople(c *page.Ctx) error {
	in, err := page.Bind[asking](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error { return roster.AskPeople(c, tx, c.Actor, in.Shift, in.Who) })
	}
	if err != nil {
		l, broken := askListOf(c, in)
		if broken != nil {
			return broken
		}
		return c.Retry(err, askPage(l))
	}
	c.Flash("rosters.ask.done", "n", len(in.Who))
	return c.Redirect(askPath(in.Shift, in.Reach))
}

// Sheet answers GET /desk/shifts/{shift}/sheet: the roster for paper, with room to sign.
func Sheet(c *page.Ctx) error {
	in, err := page.Bind[atShift](c)
	if err != nil {
		return err
	}
	l, err := listOf(c, in.Shift)
	if err != nil {
		return err
	}
	return c.Render(sheetPage(l))
}

// askedOf is the page on which she answers.
type askedOf struct {
	roster.Ask
	At roster.Shift
}

// answering is her answer.
type answering struct {
	Shift  id.ID  `path:"shift"`
	Answer string `form:"answer" max:"10"`
}

// Asked answers GET /shifts/{shift}/ask.
func Asked(c *page.Ctx) error {
	in, err := page.Bind[answering](c)
	if err != nil {
		return err
	}
	k, err := askedFor(c, in.Shift)
	if err != nil {
		return err
	}
	return c.Render(askedPage(k))
}

func askedFor(c *page.Ctx, shift id.ID) (k askedOf, err error) {
	if k.Ask, err = roster.AskOf(c, c.DB, shift, c.Actor.Person); err != nil {
		return k, err
	}
	k.At, err = roster.Get(c, c.DB, shift)
	return k, err
}

// Answer answers POST /shifts/{shift}/ask.
func Answer(c *page.Ctx) error {
	in, err := page.Bind[answering](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.AnswerAsk(c, tx, c.Actor, in.Shift, in.Answer)
			return err
		})
	}
	if err != nil {
		k, broken := askedFor(c, in.Shift)
		if broken != nil {
			return broken
		}
		return c.Retry(err, askedPage(k))
	}
	if in.Answer == roster.Yes {
		return c.Redirect(placePath(in.Shift, c.Actor.Person))
	}
	c.Flash("rosters.ask.thanks")
	return c.Redirect("/my/shifts")
}
