package activities

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// one is what a command on an activity binds.
type one struct {
	ID     id.ID  `path:"id"`
	Rev    int64  `form:"rev"`
	Reason string `form:"reason"`
}

// detail is an activity as staff see it.
type detail struct {
	activity.Activity
	OrgName   string
	Service   activity.Service
	Campaigns []campaign.Campaign // from the programme down to its own
	Where     string              // the division, from the county down
	Posts     []activity.Post
	Skills    map[int64]string
	Papers    map[int64]string // kinds of certificates
	With      []with
	Changes   []activity.Made
	History   []activity.Event
	Names     map[id.ID]string
	Reviewer  string // the organisation on whose desk it is
	Missing   []activity.Item
	Held      []ui.Fig // on how many days, once it is published
	Mine      bool     // the reader may write it
	Decides   bool     // the reader may decide on it
	WhyNot    error    // why one who reviews may not decide on this one
}

// with is a co-organiser with its name.
type with struct {
	activity.CoOrg
	Name string
}

// Show is the page of one activity.
func Show(c *page.Ctx) error {
	in, err := page.Bind[one](c)
	if err != nil {
		return err
	}
	d, err := read(c, in.ID)
	if err != nil {
		return err
	}
	return c.Render(detailPage(d))
}

// readHeld asks on how many days it was held.
func (d *detail) readHeld(c *page.Ctx) (err error) {
	if d.State == activity.Published {
		d.Held, err = c.Figs(figure.Query{Org: d.Org, Subject: d.ID}, true, "activities_held")
	}
	return err
}

// read puts the page of one activity together, for those who may see it.
func read(c *page.Ctx, activityID id.ID) (d detail, err error) {
	if d.Activity, err = activity.Get(c, c.DB, activityID); err != nil {
		return d, err
	}
	if err := d.permit(c); err != nil {
		return d, err
	}
	for _, part := range []func(*page.Ctx) error{d.readPlace, d.readPosts, d.readPast, d.readNames, d.readHeld} {
		if err := part(c); err != nil {
			return d, err
		}
	}
	span := activity.Span{Starts: d.Starts, Ends: d.Ends}
	if d.Starts > 0 {
		span.Shifts = 1
	}
	d.Missing = activity.Missing(d.Activity.Edit, d.Posts, span)
	return d, nil
}

// permit lets in staff of the organiser, of a co-organiser and of whatever is above them, and
// notes what they may do.
func (d *detail) permit(c *page.Ctx) (err error) {
	if d.Mine, err = org.Reaches(c, c.DB, c.Actor, d.Org, writers...); err != nil {
		return err
	}
	if d.State == activity.Submitted {
		if d.Decides, err = org.Reaches(c, c.DB, c.Actor, d.ReviewerOrg, reviewers...); err != nil {
			return err
		}
	}
	if d.Decides {
		d.WhyNot = org.SecondPerson(c, c.DB, c.Actor, d.Author, d.Org)
		if d.WhyNot != nil && fail.KindOf(d.WhyNot) != fail.Forbidden {
			return d.WhyNot
		}
	}
	with, err := activity.CoOrgs(c, c.DB, d.ID)
	if err != nil {
		return err
	}
	for _, at := range append([]id.ID{d.Org}, orgsOf(with)...) {
		if sees, err := org.Reaches(c, c.DB, c.Actor, at); sees || err != nil {
			return err
		}
	}
	return fail.New(fail.Forbidden, "org.out_of_reach")
}

func orgsOf(with []activity.CoOrg) (ids []id.ID) {
	for _, w := range with {
		ids = append(ids, w.Org)
	}
	return ids
}

func (d *detail) readPlace(c *page.Ctx) (err error) {
	if d.Service, err = activity.ServiceOf(c, c.DB, d.Activity.Service); err != nil {
		return err
	}
	if d.Campaign != 0 {
		if d.Campaigns, err = campaign.Path(c, c.DB, d.Campaign); err != nil {
			return err
		}
	}
	line, err := area.Path(c, c.DB, d.Area)
	for _, a := range line {
		if a.Code.Level() >= area.County || a.Code == d.Area {
			d.Where += a.Name
		}
	}
	return err
}

func (d *detail) readPosts(c *page.Ctx) (err error) {
	if d.Posts, err = activity.Posts(c, c.DB, d.ID); err != nil {
		return err
	}
	if d.Skills, err = skillNames(c); err != nil {
		return err
	}
	d.Papers, err = people.CertificateNames(c, c.DB)
	return err
}

func skillNames(c *page.Ctx) (map[int64]string, error) {
	all, err := people.Skills(c, c.DB)
	names := map[int64]string{}
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return names, err
}

func (d *detail) readPast(c *page.Ctx) (err error) {
	if d.Changes, err = activity.Changes(c, c.DB, d.ID); err != nil {
		return err
	}
	d.History, err = activity.History(c, c.DB, d.ID)
	return err
}

// readNames reads the names of everybody and every organisation on the page.
func (d *detail) readNames(c *page.Ctx) error {
	coorgs, err := activity.CoOrgs(c, c.DB, d.ID)
	if err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, append(orgsOf(coorgs), d.Org, d.ReviewerOrg))
	if err != nil {
		return err
	}
	d.OrgName, d.Reviewer = names[d.Org], names[d.ReviewerOrg]
	for _, w := range coorgs {
		d.With = append(d.With, with{w, names[w.Org]})
	}
	persons := []id.ID{d.Leader, d.Author}
	for _, e := range d.History {
		persons = append(persons, e.Actor)
	}
	for _, m := range d.Changes {
		persons = append(persons, m.By)
	}
	d.Names, err = people.Names(c, c.DB, c.Keys, persons)
	return err
}

// path is the URL of a page of this activity.
func (d detail) path(more string) string { return "/desk/activities/" + string(d.ID) + more }

// writable says whether its organiser is still writing it.
func (d detail) writable() bool {
	return d.Mine && (d.State == activity.Draft || d.State == activity.Returned)
}

// living says whether the reader may still change or cancel it.
func (d detail) living(now time.Time) bool {
	switch d.State {
	case activity.Cancelled, activity.Settled:
		return false
	}
	return d.Mine && d.Phase(now) != activity.Ended
}

func (d detail) lacks(item activity.Item) bool { return slices.Contains(d.Missing, item) }

// demand is what a post asks of whoever takes it.
func (d detail) demand(ctx context.Context, p activity.Post) string {
	var ages, skill string
	switch least := p.LeastAge(d.Service.Risky); {
	case least > 0 && p.MaxAge > 0:
		ages = ui.T(ctx, "activities.ages", "from", least, "to", p.MaxAge)
	case least > 0:
		ages = ui.T(ctx, "activities.age_from", "n", least)
	case p.MaxAge > 0:
		ages = ui.T(ctx, "activities.age_to", "n", p.MaxAge)
	}
	if p.Skill != 0 {
		skill = ui.T(ctx, "activities.skill_needed", "name", d.Skills[p.Skill])
	}
	words := []string{ages, skill}
	for _, kind := range p.Certificates.List() {
		words = append(words, ui.T(ctx, "activities.certificate_needed", "name", d.Papers[kind]))
	}
	return joined(words...)
}

// signup says in one line how people come to be on it.
func (d detail) signup(ctx context.Context) string {
	return joined(ui.T(ctx, "activities.signup."+string(d.Signup)), ui.T(ctx, "activities.waitlist."+map[bool]string{true: "yes", false: "no"}[d.Waitlist]))
}

// due says how long the review has left, and whether that is over.
func (d detail) due(ctx context.Context) (kind, text string) { return clock(ctx, d.Activity) }

func clock(ctx context.Context, a activity.Activity) (kind, text string) {
	kind = "wait"
	if a.Overdue(ui.Now(ctx)) {
		kind = "stop"
	}
	return kind, i18n.Left(ui.Lang(ctx), ui.Now(ctx), db.Time(a.Due))
}
