package callups

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// onPublic is how many call-ups and appeals the public list shows.
const onPublic = 20

// wall is what hangs out for everybody, with what concerns the reader first.
type wall struct {
	Mine    []card
	Open    []callup.Listed
	Appeals []callup.ListedAppeal
	Nevers  []never
}

// never is a kind of service of which the reader is not asked any more.
type never struct {
	Service int64
	Name    string
}

// card is a call-up as somebody is asked about it.
type card struct {
	callup.Ask
	Call    callup.CallUp
	OrgName string
	Names   names
	Told    callup.Told
	Shift   *roster.Shift // that she is asked to take, or has
	Before  int64         // who wait before her
	Back    bool          // her answer may still be taken back
	Home    bool          // on her first page
}

// Public lists the call-ups that are open and the appeals that stand.
func Public(c *page.Ctx) (err error) {
	var w wall
	if w.Open, err = callup.OpenNow(c, c.DB, db.MS(c.Now), onPublic); err != nil {
		return err
	}
	if w.Appeals, err = callup.PublicAppeals(c, c.DB, onPublic); err != nil {
		return err
	}
	if c.Volunteer {
		if w.Mine, err = mine(c, onPublic, false); err != nil {
			return err
		}
		if w.Nevers, err = nevers(c); err != nil {
			return err
		}
	}
	return c.Render(wallPage(w))
}

// mine are the call-ups that the reader was asked about or answered.
func mine(c *page.Ctx, limit int, home bool) ([]card, error) {
	who, err := people.Resolve(c, c.DB, c.Actor.Person)
	if err != nil {
		return nil, err
	}
	all, err := callup.Mine(c, c.DB, who, db.MS(c.Now), limit)
	var cards []card
	for _, h := range all {
		k, err := cardOf(c, h.CallUp, h.Ask)
		if err != nil {
			return nil, err
		}
		k.Home = home
		cards = append(cards, k)
	}
	return cards, err
}

func cardOf(c *page.Ctx, up callup.CallUp, a callup.Ask) (k card, err error) {
	k = card{Ask: a, Call: up, Back: a.MayTakeBack(c.Now)}
	orgs, err := org.Names(c, c.DB, []id.ID{up.Org})
	if err != nil {
		return k, err
	}
	k.OrgName = orgs[up.Org]
	if k.Names, err = namesOf(c, up); err != nil {
		return k, err
	}
	if k.Told, err = callup.ToldOf(c, c.DB, up.ID); err != nil {
		return k, err
	}
	if a.Waits() {
		k.Before, err = callup.Before(c, c.DB, a)
		return k, err
	}
	if a.Shift != "" {
		s, err := roster.Get(c, c.DB, a.Shift)
		k.Shift = &s
		return k, err
	}
	return k, nil
}

func nevers(c *page.Ctx) ([]never, error) {
	all, err := callup.Nevers(c, c.DB, c.Actor.Person)
	var out []never
	for _, s := range all {
		name, err := serviceName(c, s)
		if err != nil {
			return nil, err
		}
		out = append(out, never{s, name})
	}
	return out, err
}

// leaflet is a call-up for everybody.
type leaflet struct {
	card
	Asked  bool // the reader was asked, or answered
	Open   bool
	Shifts []roster.Shift // with free places
	Joins  bool           // the reader may say yes
}

// Show is a call-up for everybody; a volunteer answers it here.
func Leaflet(c *page.Ctx) error {
	l, err := leafletOf(c)
	if err != nil {
		return err
	}
	return c.Render(leafletPage(l))
}

func leafletOf(c *page.Ctx) (l leaflet, err error) {
	at, err := id.Parse(c.Path("callup"))
	if err != nil {
		return l, err
	}
	up, err := callup.Get(c, c.DB, at)
	if err == nil && (up.Issued == 0 || up.Drill) {
		err = fail.New(fail.NotFound, "callup.unknown")
	}
	if err != nil {
		return l, err
	}
	var a callup.Ask
	var near id.ID
	if c.Volunteer {
		who, err := people.StandingOf(c, c.DB, c.Actor.Person)
		if err != nil {
			return l, err
		}
		if near, err = callup.Nearest(c, c.DB, at, who); err != nil {
			return l, err
		}
		if a, err = callup.AskOf(c, c.DB, at, who.ID); err != nil && fail.KindOf(err) != fail.NotFound {
			return l, err
		}
	}
	if l.card, err = cardOf(c, up, a); err != nil {
		return l, err
	}
	l.Asked, l.Open = a.Asked > 0 || a.Answer != "", up.Open(c.Now)
	l.Joins = c.Volunteer && l.Open && a.Answer == ""
	l.Shifts, err = callup.OpenShiftsOf(c, c.DB, at, near, db.MS(c.Now), onPublic)
	return l, err
}

// answerIn is her answer.
type answerIn struct {
	Answer string `form:"answer"`
	Shift  id.ID  `form:"shift"`
}

// Answer takes her answer, in one step.
func Answer(c *page.Ctx) error {
	l, err := leafletOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[answerIn](c)
	var a callup.Ask
	if err == nil {
		err = c.Write(c.Actor.Person.Home(), func(tx *db.Tx) (err error) {
			a, err = callup.Answer(c, tx, c.Actor, l.Call.ID, in.Answer, in.Shift)
			return err
		})
	}
	if err != nil {
		return c.Retry(err, leafletPage(l))
	}
	undo := publicPath(l.Call.ID) + "/back"
	switch {
	case in.Answer == callup.Yes && a.Waits():
		c.FlashUndo(undo, "callups.said.waits")
	case in.Answer == callup.Yes:
		c.FlashUndo(undo, "callups.said.yes")
	default:
		c.FlashUndo(undo, "callups.said."+in.Answer)
	}
	return c.Redirect(publicPath(l.Call.ID))
}

func publicPath(callup id.ID) string { return "/callups/" + string(callup) }

// TakeBack takes her answer back.
func TakeBack(c *page.Ctx) error {
	l, err := leafletOf(c)
	if err != nil {
		return err
	}
	if err := c.Write(c.Actor.Person.Home(), func(tx *db.Tx) error { return callup.TakeBack(c, tx, c.Actor, l.Call.ID) }); err != nil {
		return c.Retry(err, leafletPage(l))
	}
	c.Flash("callups.taken_back")
	return c.Redirect(publicPath(l.Call.ID))
}

// againIn is the kind of service of which she may be asked again.
type againIn struct {
	Service int64 `form:"service"`
}

// AskAgain lets her be asked again.
func AskAgain(c *page.Ctx) error {
	in, err := page.Bind[againIn](c)
	if err != nil {
		return err
	}
	if err := c.Write(c.Actor.Person.Home(), func(tx *db.Tx) error { return callup.AskAgain(c, tx, c.Actor, in.Service) }); err != nil {
		return err
	}
	c.Flash("callups.asked_again")
	return c.Redirect("/callups")
}

// ToLeaflet leads somebody who reloads the page after an answer back to the call-up.
func ToLeaflet(c *page.Ctx) error {
	at, err := id.Parse(c.Path("callup"))
	if err != nil {
		return err
	}
	return c.Redirect(publicPath(at))
}
