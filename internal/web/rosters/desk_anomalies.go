package rosters

import (
	"net/url"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// anomalyDay is the desk's page of what looks wrong about the hours of a day.
type anomalyDay struct {
	Days []ui.Link
	Open []anomaly
	Done []anomaly
	Day  string
	Org  id.ID // whose are shown; "" all that she looks after
	Acts bool  // she may say that one is in order, or take a turn back
}

// anomaly is one, with what one needs to look into it.
type anomaly struct {
	roster.Anomaly
	At    id.ID // the organisation in whose list it is
	Who   string
	By    string // who entered it
	Judge string // who found it in order
	Shown []person
}

// person is somebody on a turn of an anomaly.
type person struct {
	roster.Presence
	Name string
}

// mostTurns is how many turns of one anomaly are shown.
const mostTurns = 20

// onDay is which day is looked at; "" is yesterday, the last that is whole; and whose.
type onDay struct {
	Org id.ID  `form:"org"`
	Day string `form:"day,day"`
}

// Anomalies answers GET /desk/anomalies.
func Anomalies(c *page.Ctx) error {
	in, err := page.Bind[onDay](c)
	if err != nil {
		return err
	}
	d, err := anomaliesOf(c, in)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return d.give(c)
	}
	return c.Render(anomaliesPage(d))
}

func anomaliesOf(c *page.Ctx, in onDay) (d anomalyDay, err error) {
	at, err := time.ParseInLocation(time.DateOnly, in.Day, i18n.Zone())
	if err != nil {
		at = i18n.Midnight(c.Now).AddDate(0, 0, -1)
	}
	d.Day, d.Org, d.Acts = at.Format(time.DateOnly), in.Org, c.Actor.Has(auth.Admin, auth.Reviewer)
	orgs := []id.ID{in.Org}
	if in.Org == "" {
		orgs, err = seats(c, auth.Leader, auth.Admin, auth.Reviewer)
	} else {
		err = org.Permit(c, c.DB, c.Actor, in.Org, auth.Leader, auth.Admin, auth.Reviewer)
	}
	if err != nil {
		return d, err
	}
	d.days(c, at)
	for _, o := range orgs {
		all, err := roster.Anomalies(c, c.DB, o, d.Day)
		if err != nil {
			return d, err
		}
		if err := d.add(c, o, all); err != nil {
			return d, err
		}
	}
	return d, nil
}

// days is a strip of the week that ends today.
func (d *anomalyDay) days(c *page.Ctx, shown time.Time) {
	for i := -daysAhead + 1; i <= 0; i++ {
		t := i18n.Midnight(c.Now).AddDate(0, 0, i)
		label := i18n.DayNear(c.Lang, c.Now, t)
		if label == i18n.Day(c.Lang, t) {
			label = i18n.Weekday(c.Lang, t)
		}
		d.Days = append(d.Days, ui.Link{Href: d.at(t.Format(time.DateOnly)), Label: label, Sub: i18n.Day(c.Lang, t), On: t.Equal(shown)})
	}
}

// at is the address of the list of a day.
func (d *anomalyDay) at(day string) string { return anomaliesHref(onDay{d.Org, day}) }

func anomaliesHref(of onDay) string {
	v := url.Values{"day": {of.Day}}
	if of.Org != "" {
		v.Set("org", string(of.Org))
	}
	return "/desk/anomalies?" + v.Encode()
}

// add sorts the anomalies of an organisation into those that are open and those that are not.
func (d *anomalyDay) add(c *page.Ctx, at id.ID, all []roster.Anomaly) error {
	var who []id.ID
	for _, a := range all {
		who = append(who, a.Author, a.Person)
		if a.Dismissed != nil {
			who = append(who, a.Dismissed.Author)
		}
		for _, p := range a.Turns[:min(len(a.Turns), mostTurns)] {
			who = append(who, p.Person)
		}
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	if err != nil {
		return err
	}
	for _, a := range all {
		x := anomaly{Anomaly: a, At: at, Who: names[a.Person], By: names[a.Author]}
		for _, p := range a.Turns[:min(len(a.Turns), mostTurns)] {
			x.Shown = append(x.Shown, person{p, names[p.Person]})
		}
		if a.Dismissed == nil {
			d.Open = append(d.Open, x)
			continue
		}
		x.Judge = names[a.Dismissed.Author]
		d.Done = append(d.Done, x)
	}
	return nil
}

// dismissing says that an anomaly is in order.
type dismissing struct {
	onDay
	Key    string `path:"anomaly"`
	At     id.ID  `form:"at"`
	Reason string `form:"reason" max:"200"`
}

// Dismiss answers POST /desk/anomalies/{anomaly}.
func Dismiss(c *page.Ctx) error {
	in, err := page.Bind[dismissing](c)
	if err == nil {
		err = org.Permit(c, c.DB, c.Actor, in.At, auth.Admin, auth.Reviewer)
	}
	if err == nil {
		err = c.Write(in.At.Home(), func(tx *db.Tx) error {
			return roster.Dismiss(c, tx, c.Actor, in.At, in.Day, in.Key, in.Reason)
		})
	}
	return onAnomalies(c, err, in.onDay, "rosters.anomaly.dismissed")
}

// striking takes a turn back.
type striking struct {
	onShift
	onDay
	Reason string `form:"reason" max:"200"`
}

// Strike answers POST /desk/shifts/{shift}/people/{person}/strike.
func Strike(c *page.Ctx) error {
	in, err := page.Bind[striking](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.StrikeTurn(c, tx, c.Actor, in.Shift, in.Person, in.Reason)
			return err
		})
	}
	return onAnomalies(c, err, in.onDay, "rosters.anomaly.struck")
}

func onAnomalies(c *page.Ctx, err error, of onDay, done string) error {
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err != nil {
		d, broken := anomaliesOf(c, of)
		if broken != nil {
			return broken
		}
		return c.Retry(err, anomaliesPage(d))
	}
	c.Flash(done)
	return c.Redirect(anomaliesHref(of))
}

// ToAnomalies answers a GET of what is only posted to.
func ToAnomalies(c *page.Ctx) error { return c.Redirect("/desk/anomalies") }
