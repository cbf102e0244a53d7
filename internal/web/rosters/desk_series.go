package rosters

import (
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/roster"
)

// newSeries is the form of a rule that makes shifts.
type newSeries struct {
	Activity id.ID    `path:"activity"`
	Post     id.ID    `form:"series_post"`
	Days     string   `form:"days" max:"20"`
	Weekdays []string `form:"weekdays" max:"1"`
	Weeks    int64    `form:"weeks"`
	FromDay  string   `form:"from_day,day"`
	ToDay    string   `form:"to_day,day"`
	Skipped  string   `form:"skipped" max:"400"`
	From     string   `form:"series_from,clock"`
	To       string   `form:"series_to,clock"`
	Places   int64    `form:"series_places"`
}

// AddSeries answers POST /desk/activities/{activity}/series.
func AddSeries(c *page.Ctx) error {
	in, err := page.Bind[newSeries](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	var made int
	var more bool
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) error {
			s, err := in.series()
			if err == nil {
				_, made, more, err = roster.AddSeries(c, tx, c.Actor, s)
			}
			return err
		})
	}
	return onPlan(c, err, in.Activity, func() { saidMade(c, made, more) })
}

func saidMade(c *page.Ctx, made int, more bool) {
	if more {
		c.Flash("rosters.series.made_more", "n", made)
		return
	}
	c.Flash("rosters.plan.added", "n", made)
}

// series is what the form asks for.
func (in newSeries) series() (s roster.Series, err error) {
	if in.Post == "" {
		return s, fail.Field("series_post", "rosters.plan.post_missing")
	}
	if in.From == "" || in.To == "" || in.FromDay == "" {
		return s, fail.Join(needs(in.From, "series_from", "web.form.clock"), needs(in.To, "series_to", "web.form.clock"), needs(in.FromDay, "from_day", "web.form.day"))
	}
	from, to, err := moments(in.FromDay, in.From, in.To)
	if err != nil {
		return s, fail.Field("series_to", "roster.ends_before_start")
	}
	s = roster.Series{Activity: in.Activity, Post: in.Post, Places: in.Places, Begins: int64(from.Sub(i18n.Midnight(from)).Minutes()),
		Lasts: int64(to.Sub(from).Minutes()), Rule: roster.Rule{Days: in.Days, Weeks: max(in.Weeks, 1), From: in.FromDay, To: in.ToDay}}
	for _, w := range in.Weekdays {
		if n, err := strconv.Atoi(w); err == nil && n >= 0 && n < 7 {
			s.Weekdays |= 1 << n
		}
	}
	if in.Days == roster.Working {
		s.Weekdays = 127
	}
	s.Skipped = strings.FieldsFunc(in.Skipped, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\uff0c' || r == '\u3001' })
	return s, nil
}

func needs(value, field, key string) error {
	if value != "" {
		return nil
	}
	return fail.Field(field, key)
}

// onPlan goes back to the plan of an activity, with what was done or refused.
func onPlan(c *page.Ctx, err error, a id.ID, done func()) error {
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err != nil {
		p, broken := planOf(c, a)
		if broken != nil {
			return broken
		}
		return c.Retry(err, planPage(p))
	}
	done()
	return c.Redirect(planPath(a))
}

// extending makes more shifts of a series.
type extending struct {
	Activity id.ID `path:"activity"`
	Series   id.ID `path:"series"`
}

// ExtendSeries answers POST /desk/activities/{activity}/series/{series}.
func ExtendSeries(c *page.Ctx) error {
	in, err := page.Bind[extending](c)
	var made int
	var more bool
	if err == nil {
		err = c.Write(in.Series.Home(), func(tx *db.Tx) error {
			_, made, more, err = roster.Extend(c, tx, c.Actor, in.Series)
			return err
		})
	}
	return onPlan(c, err, in.Activity, func() { saidMade(c, made, more) })
}

// copying adds the shifts of one week to another.
type copying struct {
	Activity id.ID  `path:"activity"`
	From     string `form:"from_week,day"`
	To       string `form:"to_week,day"`
}

// CopyWeek answers POST /desk/activities/{activity}/copy-week.
func CopyWeek(c *page.Ctx) error {
	in, err := page.Bind[copying](c)
	var added int
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) error {
			added, err = roster.CopyWeek(c, tx, c.Actor, in.Activity, in.From, in.To)
			return err
		})
	}
	return onPlan(c, err, in.Activity, func() { c.Flash("rosters.plan.added", "n", added) })
}

// ToPlan answers a GET of what is only posted to.
func ToPlan(c *page.Ctx) error {
	in, err := page.Bind[struct {
		Activity id.ID `path:"activity"`
	}](c)
	if err != nil {
		return err
	}
	return c.Redirect(planPath(in.Activity))
}

// restForm is the page of how much rest the kinds of service ask for.
type restForm struct{ Rows []roster.RestOf }

// Rests answers GET /desk/rest.
func Rests(c *page.Ctx) error {
	rows, err := roster.Rests(c, c.DB)
	if err != nil {
		return err
	}
	return c.Render(restPage(restForm{rows}))
}

// resting is the rest of one kind of service, in hours and nights.
type resting struct {
	Service int64 `path:"service"`
	Longest int64 `form:"longest"`
	Apart   int64 `form:"apart"`
	Nights  int64 `form:"nights"`
}

// SetRest answers POST /desk/rest/{service}.
func SetRest(c *page.Ctx) error {
	in, err := page.Bind[resting](c)
	if err == nil {
		err = c.Write(c.Actor.Person.Home(), func(tx *db.Tx) error {
			return roster.SetRest(c, tx, c.Actor, in.Service, roster.Rest{Longest: in.Longest * 60, Apart: in.Apart * 60, Nights: in.Nights})
		})
	}
	if err != nil {
		rows, broken := roster.Rests(c, c.DB)
		if broken != nil {
			return broken
		}
		return c.Retry(err, restPage(restForm{rows}))
	}
	c.Flash("rosters.rest.saved")
	return c.Redirect("/desk/rest")
}

// ToRests answers a GET of what is only posted to.
func ToRests(c *page.Ctx) error { return c.Redirect("/desk/rest") }

// weekdayOptions are Monday to Sunday.
func weekdayOptions(c func(string) string) (all []ui.Option) {
	for i := range 7 {
		all = append(all, ui.Option{Value: strconv.Itoa(i), Label: c("rosters.weekday." + strconv.Itoa(i))})
	}
	return all
}
