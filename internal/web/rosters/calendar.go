package rosters

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/ical"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// calendarAgain is how often a phone should look again.
const calendarAgain = time.Hour

// calendar is the page of the calendar of one's own shifts.
type calendar struct {
	Family  []member
	Who     member
	Since   int64
	Address string // of the new one, shown once
}

// whose says for whom a calendar is.
type whose struct {
	Who id.ID `form:"who"`
}

// Calendar answers GET /my/calendar.
func Calendar(c *page.Ctx) error {
	p, err := calendarOf(c)
	if err != nil {
		return err
	}
	return c.Render(calendarPage(p))
}

func calendarOf(c *page.Ctx) (p calendar, err error) {
	in, err := page.Bind[whose](c)
	if err != nil {
		return p, err
	}
	if p.Family, err = family(c); err != nil {
		return p, err
	}
	who, ok := choose(p.Family, in.Who)
	if !ok || in.Who != "" && who.ID != in.Who {
		return p, fail.New(fail.Forbidden, "web.not_volunteer")
	}
	p.Who = who
	p.Since, err = roster.CalendarSince(c, c.DB, who.ID)
	return p, err
}

// MakeCalendar answers POST /my/calendar: the new address is shown, this once.
func MakeCalendar(c *page.Ctx) error {
	p, err := calendarOf(c)
	if err != nil {
		return err
	}
	err = c.DB.Write(c, func(tx *db.Tx) error {
		calendar, secret, err := roster.MakeCalendar(c, tx, c.Keys, c.Actor, p.Who.ID)
		p.Address = "/calendars/" + string(calendar) + "/" + secret + ".ics"
		return err
	})
	if err != nil {
		return err
	}
	p.Since = db.MS(c.Now)
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Render(calendarPage(p))
}

// EndCalendar answers POST /my/calendar/end.
func EndCalendar(c *page.Ctx) error {
	p, err := calendarOf(c)
	if err == nil {
		err = c.Write(p.Who.ID.Home(), func(tx *db.Tx) error { return roster.EndCalendar(c, tx, c.Actor, p.Who.ID) })
	}
	if err != nil {
		return err
	}
	c.Flash("rosters.calendar.ended")
	return c.Redirect("/my/calendar?who=" + string(p.Who.ID))
}

// ToCalendar answers a GET of what is only posted to.
func ToCalendar(c *page.Ctx) error { return c.Redirect("/my/calendar") }

// speak takes the language from the address: what looks at a calendar has chosen none.
func speak(c *page.Ctx) {
	if c.Query("lang") == i18n.English {
		c.Lang = i18n.English
	}
}

// OwnCalendar answers GET /calendars/{calendar}/{secret}: the address is the key.
func OwnCalendar(c *page.Ctx) error {
	speak(c)
	c.W.Header().Set("X-Robots-Tag", "noindex")
	calendar, err := id.Parse(c.Path("calendar"))
	var person id.ID
	if err == nil {
		person, err = roster.OpenCalendar(c, c.DB, c.Keys, calendar, strings.TrimSuffix(c.Path("secret"), ".ics"))
	}
	var all []roster.Dated
	if err == nil {
		all, err = roster.Calendar(c, c.DB, person, c.Now)
	}
	if fail.KindOf(err) == fail.NotFound {
		return noCalendar(c, "roster.calendar_gone")
	}
	if err != nil {
		return err
	}
	return giveCalendar(c, "private, no-cache", ical.Calendar{Name: c.T("rosters.calendar.name"), About: c.T("rosters.calendar.about"), Events: events(c, all)})
}

// ActivityCalendar answers GET /calendars/activities/{activity}.
func ActivityCalendar(c *page.Ctx) error {
	speak(c)
	at, err := id.Parse(strings.TrimSuffix(c.Path("activity"), ".ics"))
	var a activity.Activity
	if err == nil {
		a, err = activity.Get(c, c.DB, at)
	}
	if fail.KindOf(err) == fail.NotFound || err == nil && a.Published == 0 {
		return noCalendar(c, "activity.unknown")
	}
	if err != nil {
		return err
	}
	all, err := roster.CalendarOfActivity(c, c.DB, a.ID, c.Now)
	if err != nil {
		return err
	}
	return giveCalendar(c, publicly, ical.Calendar{Name: a.Title, Events: events(c, all)})
}

// OrgCalendar answers GET /calendars/orgs/{org}.
func OrgCalendar(c *page.Ctx) error {
	speak(c)
	at, err := id.Parse(strings.TrimSuffix(c.Path("org"), ".ics"))
	var o org.Org
	if err == nil {
		o, err = org.Get(c, c.DB, at)
	}
	if fail.KindOf(err) == fail.NotFound || err == nil && o.Approved == 0 {
		return noCalendar(c, "org.unknown")
	}
	if err != nil {
		return err
	}
	all, err := roster.CalendarOfOrg(c, c.DB, o.ID, c.Now)
	if err != nil {
		return err
	}
	return giveCalendar(c, publicly, ical.Calendar{Name: c.T("rosters.calendar.of", "name", o.Name), Events: events(c, all)})
}

// publicly is how long what is everybody's may be kept on its way.
const publicly = "public, max-age=300"

// events are shifts as a phone shows them. Nothing in them says who else is there.
func events(c *page.Ctx, all []roster.Dated) []ical.Event {
	out := make([]ical.Event, len(all))
	for i, d := range all {
		e := ical.Event{UID: string(d.ID) + "@tongxin", Sequence: d.Sequence, Changed: db.Time(d.Changed), Starts: d.Starting(), Ends: d.Ending(),
			Status: ical.Confirmed, Summary: d.Activity.Title, Location: d.Activity.Place, URL: c.Origin() + activityPath(d.Activity.ID)}
		lines := []string{c.T("rosters.calendar.post", "post", d.PostName)}
		if d.Signup.ID != "" {
			e.UID, e.URL = string(d.Signup.ID)+"@tongxin", c.Origin()+shiftPath(d.ID)
			lines[0] = dot(c.T("rosters.place."+string(d.Signup.Place)), d.PostName)
			lines = append(lines, c.T("rosters.state."+string(d.Signup.State)))
		}
		switch {
		case d.Off():
			e.Status, lines = ical.Cancelled, append(lines, c.T("rosters.calendar.off"))
		case !d.Sure():
			e.Status, e.Summary = ical.Tentative, c.T("rosters.calendar.unsure", "title", d.Activity.Title, "state", c.T("rosters.state."+string(d.Signup.State)))
		}
		e.Description = strings.Join(lines, "\n")
		out[i] = e
	}
	return out
}

// giveCalendar writes a calendar, unless the phone has it already.
func giveCalendar(c *page.Ctx, keep string, cal ical.Calendar) error {
	cal.Again = calendarAgain
	var text bytes.Buffer
	if err := cal.Write(&text); err != nil {
		return err
	}
	sum := sha256.Sum256(text.Bytes())
	tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	h := c.W.Header()
	h.Set("Cache-Control", keep)
	h.Set("ETag", tag)
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="tongxin.ics"`)
	if strings.Contains(c.R.Header.Get("If-None-Match"), tag) {
		c.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err := c.W.Write(text.Bytes())
	return err
}

// noCalendar says in a sentence that there is none: phones show it as it is.
func noCalendar(c *page.Ctx, key string) error {
	h := c.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	c.W.WriteHeader(http.StatusNotFound)
	_, err := io.WriteString(c.W, c.T(key)+"\n")
	return err
}
