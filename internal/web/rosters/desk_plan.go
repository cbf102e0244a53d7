package rosters

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// plan is the page of an activity's shifts.
type plan struct {
	activity.Activity
	Org    string
	Posts  []activity.Post
	Rows   []shiftRow
	Adds   bool // shifts may be added now
	Series []roster.Series
	Day    string

	Keeps     bool              // templates may be kept and used
	Templates []roster.Template // by which shifts can be made
	Owners    []ui.Option       // for whom a template can be kept
}

// newShift is the form with which shifts are added: one, or one a day until a day.
type newShift struct {
	Activity id.ID  `path:"activity"`
	Post     id.ID  `form:"post"`
	Day      string `form:"day,day"`
	From     string `form:"from,clock"`
	To       string `form:"to,clock"`
	Places   *int64 `form:"places"`         // none: the post's
	Standbys *int64 `form:"standby_places"` // none: the post's
	Until    string `form:"until,day"`
}

// Plan answers GET /desk/activities/{activity}/shifts.
func Plan(c *page.Ctx) error {
	in, err := page.Bind[newShift](c)
	if err != nil {
		return err
	}
	p, err := planOf(c, in.Activity)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		f := shiftFile(c, "plan", p.Title)
		f.Org = p.Activity.Org
		return putRows(c, f, p.Rows)
	}
	return c.Render(planPage(p))
}

func planOf(c *page.Ctx, a id.ID) (p plan, err error) {
	if p.Activity, err = activity.Get(c, c.DB, a); err != nil {
		return p, err
	}
	if err = org.Permit(c, c.DB, c.Actor, p.Activity.Org, planRoles...); err != nil {
		return p, err
	}
	if p.Posts, err = activity.Posts(c, c.DB, a); err != nil {
		return p, err
	}
	shifts, err := roster.Of(c, c.DB, a)
	if err != nil {
		return p, err
	}
	if p.Rows, err = rowsOf(c, shifts); err != nil {
		return p, err
	}
	if p.Series, err = roster.SeriesIn(c, c.DB, a); err != nil {
		return p, err
	}
	if err = p.templates(c); err != nil {
		return p, err
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Activity.Org})
	p.Org = names[p.Activity.Org]
	switch p.State {
	case activity.Draft, activity.Returned, activity.Published:
		p.Adds = p.Phase(c.Now) != activity.Ended
	}
	p.Day = i18n.Midnight(c.Now).AddDate(0, 0, 1).Format(time.DateOnly)
	return p, err
}

// AddShift answers POST /desk/activities/{activity}/shifts.
func AddShift(c *page.Ctx) error {
	in, err := page.Bind[newShift](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	var plans []roster.Plan
	if err == nil {
		plans, err = in.plans()
	}
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) error { return in.add(c, tx, plans) })
	}
	if err != nil {
		p, broken := planOf(c, in.Activity)
		if broken != nil {
			return broken
		}
		return c.Retry(fields(err), planPage(p))
	}
	c.Flash("rosters.plan.added", "n", len(plans))
	return c.Redirect(planPath(in.Activity))
}

// fields ties what roster says of a plan's times to the fields of the form.
func fields(err error) error {
	names := map[string]string{"starts": "from", "ends": "to"}
	var out []error
	for _, p := range fail.Fields(err) {
		name := p.Field
		if n, ok := names[name]; ok {
			name = n
		}
		out = append(out, fail.Field(name, p.Key, p.Args...))
	}
	if len(out) == 0 {
		return err
	}
	return fail.Join(out...)
}

func (in newShift) add(c *page.Ctx, tx *db.Tx, plans []roster.Plan) error {
	for _, p := range plans {
		if _, err := roster.AddShift(c, tx, c.Actor, in.Activity, p); err != nil {
			return err
		}
	}
	return nil
}

// mostAtOnce is how many days a shift is repeated at most.
const mostAtOnce = 31

// plans are the shifts that the form asks for.
func (in newShift) plans() ([]roster.Plan, error) {
	missing := func(value, field, key string) error {
		if value != "" {
			return nil
		}
		return fail.Field(field, key)
	}
	err := fail.Join(missing(string(in.Post), "post", "rosters.plan.post_missing"), missing(in.Day, "day", "web.form.day"),
		missing(in.From, "from", "web.form.clock"), missing(in.To, "to", "web.form.clock"))
	if err != nil {
		return nil, err
	}
	last := in.Until
	if last == "" {
		last = in.Day
	}
	from, to, err := moments(in.Day, in.From, in.To)
	if err != nil {
		return nil, err
	}
	end, _, _ := moments(last, in.From, in.To)
	if end.Before(from) {
		return nil, fail.Field("until", "rosters.plan.until_before")
	}
	var all []roster.Plan
	for !from.After(end) {
		if len(all) == mostAtOnce {
			return nil, fail.Field("until", "rosters.plan.too_many", "n", mostAtOnce)
		}
		all = append(all, in.plan(from, to))
		from, to = from.AddDate(0, 0, 1), to.AddDate(0, 0, 1)
	}
	return all, nil
}

func (in newShift) plan(from, to time.Time) roster.Plan {
	p := roster.Plan{Post: in.Post, Starts: from, Ends: to, PostStandbys: in.Standbys == nil}
	if in.Places != nil {
		p.Places = *in.Places
		if p.Places == 0 {
			p.Places = -1 // 0 would be the post's number: somebody who types it means none
		}
	}
	if in.Standbys != nil {
		p.StandbyPlaces = *in.Standbys
	}
	return p
}

// longestNight is how long a shift over midnight may be where only times of day were typed: an
// end that would be later is a slip.
const longestNight = 12 * time.Hour

// moments are a day's two times. An end that is not after the start is on the next day.
func moments(day, from, to string) (starts, ends time.Time, err error) {
	at := func(clock string) time.Time {
		t, _ := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, i18n.Zone()) // checked when it was bound
		return t
	}
	starts, ends = at(from), at(to)
	if !ends.After(starts) {
		ends = ends.AddDate(0, 0, 1)
		if ends.Sub(starts) > longestNight {
			err = fail.Field("to", "roster.ends_before_start")
		}
	}
	return starts, ends, err
}
