package people

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// place is the choice of a place, one level at a time: a county, a township, a village.
type place struct {
	At       area.Code
	Path     []area.Area // chosen so far, from the county down
	Counties []people.County
	Below    []area.Area
	Href     string // of the page that asks
	Done     string // of the page that goes on with what was chosen
}

// choosePlace reads how far a choice has come.
func choosePlace(c *page.Ctx, at area.Code) (p place, err error) {
	p.At = at
	if at == 0 {
		p.Counties, err = people.Counties(c, c.DB)
		return p, err
	}
	path, err := area.Path(c, c.DB, at)
	if err != nil {
		return p, err
	}
	for _, a := range path {
		if a.Code.Level() >= area.County {
			p.Path = append(p.Path, a)
		}
	}
	p.Below, err = area.Children(c, c.DB, at)
	return p, err
}

// whole is the place as one says it, from the county down.
func (p place) whole() (name string) {
	for _, a := range p.Path {
		name += a.Name
	}
	return name
}

func code(at area.Code) string { return strconv.FormatInt(int64(at), 10) }

// joining is the form with which one joins.
type joining struct {
	At            int64    `form:"at"`
	Name          string   `form:"name" max:"60"`
	Birth         string   `form:"birth" max:"20"`
	IDNo          string   `form:"idno" max:"40"`
	Category      int64    `form:"category"`
	Skills        []string `form:"skill"`
	GuardianPhone string   `form:"guardian_phone" max:"40"`
	FamilyOnly    bool     `form:"family_only"`
	Terms         bool     `form:"terms"`
	Political     bool     `form:"political"`
	IDConsent     bool     `form:"idno_consent"`
	Next          string   `form:"next" max:"500"`

	place   place
	choices choices
}

// choices are what forms about a person choose from.
type choices struct {
	Categories []people.Category
	Skills     []people.Skill
}

func chooseFrom(c *page.Ctx) (ch choices, err error) {
	if ch.Categories, err = people.Categories(c, c.DB); err != nil {
		return ch, err
	}
	ch.Skills, err = people.Skills(c, c.DB)
	return ch, err
}

// categories are the options of a category, in front of which stands that none is chosen.
func (ch choices) categories(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: ui.T(ctx, "me.choose")}}
	for _, k := range ch.Categories {
		if k.Open {
			options = append(options, ui.Option{Value: strconv.FormatInt(k.ID, 10), Label: k.Name})
		}
	}
	return options
}

func (ch choices) skills() (options []ui.Option) {
	for _, s := range ch.Skills {
		if s.Open {
			options = append(options, ui.Option{Value: strconv.FormatInt(s.ID, 10), Label: s.Name})
		}
	}
	return options
}

// numbers reads the values of several choices.
func numbers(values []string) (all []int64) {
	for _, v := range values {
		n, _ := strconv.ParseInt(v, 10, 64)
		all = append(all, n) // one that is none is no skill's number
	}
	return all
}

// Join asks where she lives, level by level, and then for the rest.
func Join(c *page.Ctx) error {
	if _, err := people.TicketPhone(c.Keys, c.Kept(ticketCookie), c.Now); err != nil {
		if c.SignedIn() {
			return c.Redirect("/my") // nothing to join: she is known
		}
		return c.Redirect("/sign-in?next=" + url.QueryEscape("/join"))
	}
	at, _ := strconv.ParseInt(c.Query("at"), 10, 64)
	in := joining{At: at, Next: c.Query("next")}
	if err := in.load(c); err != nil {
		return err
	}
	if c.Query("go") != "" && at != 0 {
		return c.Render(joinPage(in))
	}
	if at != 0 && len(in.place.Below) == 0 {
		return c.Redirect(in.place.Done)
	}
	return c.Render(placePage(in.place, ui.T(c, "me.join_where")))
}

// load reads what the form shows besides what was typed.
func (in *joining) load(c *page.Ctx) (err error) {
	if in.place, err = choosePlace(c, area.Code(in.At)); err != nil {
		return err
	}
	next := ""
	if in.Next != "" {
		next = "&next=" + url.QueryEscape(in.Next)
	}
	in.place.Href = "/join?" + next
	in.place.Done = "/join?go=1&at=" + code(in.place.At) + next
	in.choices, err = chooseFrom(c)
	return err
}

// DoJoin makes a person of whoever proved a number.
func DoJoin(c *page.Ctx) error {
	in, err := page.Bind[joining](c)
	if loadErr := in.load(c); loadErr != nil {
		return loadErr
	}
	if err != nil {
		return c.Retry(err, joinPage(in))
	}
	var s people.Started
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		s, err = people.Join(c, tx, c.Keys, auth.Actor{Via: auth.Web}, in.command(c))
		return err
	})
	switch fail.Key(err) {
	case "people.ticket_over", "people.phone_taken":
		c.FlashWarn(fail.Key(err))
		return c.Redirect("/sign-in")
	}
	if err != nil {
		return c.Retry(err, joinPage(in))
	}
	c.Keep(ticketCookie, "", -time.Second)
	c.KeepSession(s.Secret, s.Expires)
	c.Flash("me.welcome")
	if in.Next != "" {
		return c.Redirect(in.Next)
	}
	return c.Redirect("/my")
}

func (in joining) command(c *page.Ctx) people.Joining {
	return people.Joining{
		Ticket: c.Kept(ticketCookie), Name: in.Name, Birth: in.Birth, IDNo: in.IDNo, Area: area.Code(in.At), Category: in.Category,
		Skills: numbers(in.Skills), GuardianPhone: in.GuardianPhone, FamilyOnly: in.FamilyOnly,
		Agreed: people.Agreed{Terms: in.Terms, Political: in.Political, IDNumber: in.IDConsent, Lang: c.Lang},
		Label:  device(c.R.UserAgent()), Replaces: page.SessionHash(c.R),
	}
}
