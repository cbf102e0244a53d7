package activities

import (
	"context"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// typed is an activity as the form sends it.
type typed struct {
	Org        id.ID           `form:"org"`
	Rev        int64           `form:"rev"`
	Title      string          `form:"title"`
	Service    int64           `form:"service"`
	Campaign   int64           `form:"campaign"`
	Area       area.Code       `form:"area"`
	Place      string          `form:"place"`
	Content    string          `form:"content"`
	Conditions string          `form:"conditions"`
	How        string          `form:"how"`
	Risks      string          `form:"risks"`
	Protection string          `form:"protection"`
	Contact    string          `form:"contact"`
	Leader     id.ID           `form:"leader"`
	Signup     activity.Signup `form:"signup"`
	Waitlist   bool            `form:"waitlist"`
}

// typedOver is the same over an activity that is there.
type typedOver struct {
	ID id.ID `path:"id"`
	typed
}

func (t typed) edit() activity.Edit {
	return activity.Edit{
		Campaign: t.Campaign, Service: t.Service, Title: t.Title, Content: t.Content, Place: t.Place, Area: t.Area,
		Conditions: t.Conditions, How: t.How, Risks: t.Risks, Protection: t.Protection, Contact: t.Contact,
		Leader: t.Leader, Signup: t.Signup, Waitlist: t.Waitlist,
	}
}

// form is what the form's page needs: what stands there, and what may be chosen.
type form struct {
	activity.Activity
	Org       org.Org
	Orgs      []ui.Link // where else she may write one
	Services  []activity.Service
	Campaigns []campaign.Campaign
	Areas     []area.Area
	Leaders   []ui.Option
	Theirs    activity.Diff // what somebody else wrote meanwhile, against what was typed
}

func (f form) action() string {
	if f.ID == "" {
		return "/desk/activities"
	}
	return "/desk/activities/" + string(f.ID) + "/edit"
}

func (f form) published() bool { return f.State == activity.Published }

// newForm is what a new activity of an organisation begins with.
func newForm(c *page.Ctx, of id.ID) (form, error) {
	f := form{Activity: activity.Activity{Edit: activity.Edit{Signup: activity.SignupOpen, Waitlist: true, Leader: c.Actor.Person}, Org: of}}
	mine := c.Actor.Orgs(writers...)
	names, err := org.Names(c, c.DB, mine)
	if err != nil {
		return f, err
	}
	if len(mine) > 1 {
		for _, at := range mine {
			f.Orgs = append(f.Orgs, ui.Link{Href: "/desk/activities/new?org=" + string(at), Label: names[at], On: at == of})
		}
	}
	return f, f.fill(c)
}

// oldForm is the form of an activity that is there.
func oldForm(c *page.Ctx, activityID id.ID) (f form, err error) {
	if f.Activity, err = activity.Get(c, c.DB, activityID); err != nil {
		return f, err
	}
	return f, f.fill(c)
}

// fill reads what may be chosen for an activity of the form's organisation.
func (f *form) fill(c *page.Ctx) (err error) {
	if err := org.Permit(c, c.DB, c.Actor, f.Activity.Org, writers...); err != nil {
		return err
	}
	if f.Org, err = org.Get(c, c.DB, f.Activity.Org); err != nil {
		return err
	}
	if f.Services, err = activity.Services(c, c.DB); err != nil {
		return err
	}
	if f.Campaigns, err = campaign.Choices(c, c.DB, f.Org.ID); err != nil {
		return err
	}
	if f.Areas, err = f.areas(c); err != nil {
		return err
	}
	f.Leaders, err = leaders(c, f.Org.ID)
	return err
}

// areas are the organiser's division, those right below it or moved to it, and the one that is
// chosen.
func (f *form) areas(c *page.Ctx) ([]area.Area, error) {
	if f.Area == 0 {
		f.Area = f.Org.Area
	}
	own, err := area.Get(c, c.DB, f.Org.Area)
	if err != nil {
		return nil, err
	}
	below, err := area.Children(c, c.DB, own.Code)
	if err != nil {
		return nil, err
	}
	all := append([]area.Area{own}, below...)
	moved, err := org.MovedHere(c, c.DB, f.Org)
	for _, at := range append(moved, f.Area) {
		if slices.ContainsFunc(all, func(a area.Area) bool { return a.Code == at }) || err != nil {
			continue
		}
		var more area.Area
		more, err = area.Get(c, c.DB, at)
		all = append(all, more)
	}
	return all, err
}

// leaders are who may lead an activity of the organisation, by name.
func leaders(c *page.Ctx, of id.ID) ([]ui.Option, error) {
	ids, err := activity.Leaders(c, c.DB, of)
	if err != nil {
		return nil, err
	}
	names, err := people.Names(c, c.DB, c.Keys, ids)
	var out []ui.Option
	for _, person := range ids {
		if names[person] != "" {
			out = append(out, ui.Option{Value: string(person), Label: names[person]})
		}
	}
	return out, err
}

// New shows the form of an activity that is not there yet.
func New(c *page.Ctx) error {
	in, err := page.Bind[typed](c)
	if err != nil {
		return err
	}
	if mine := c.Actor.Orgs(writers...); in.Org == "" && len(mine) > 0 {
		in.Org = mine[0]
	}
	if in.Org == "" {
		return fail.New(fail.Forbidden, "activities.no_org")
	}
	f, err := newForm(c, in.Org)
	if err != nil {
		return err
	}
	return c.Render(formPage(f))
}

// Create keeps a draft.
func Create(c *page.Ctx) error {
	in, err := page.Bind[typed](c)
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return activity.Create(c, tx, c.Actor, in.Org, in.edit())
		})
	}
	if err != nil {
		f, broken := newForm(c, in.Org)
		if broken != nil {
			return broken
		}
		return c.Retry(err, formPage(f))
	}
	c.Flash("activities.drafted")
	return c.Redirect("/desk/activities/" + string(made))
}

// Edit shows the form of an activity.
func Edit(c *page.Ctx) error {
	in, err := page.Bind[typedOver](c)
	if err != nil {
		return err
	}
	f, err := oldForm(c, in.ID)
	if err != nil {
		return err
	}
	return c.Render(formPage(f))
}

// Save keeps what was typed: a draft is revised, what is published is changed, and the
// people on it are told the difference.
func Save(c *page.Ctx) error {
	in, err := page.Bind[typedOver](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	var d activity.Diff
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) (err error) {
			d, err = save(c, tx, c.Actor, in)
			return err
		})
	}
	if err != nil {
		return retryForm(c, in, err)
	}
	if len(d) > 0 {
		c.Flash("activities.changed", "n", len(d))
	} else {
		c.Flash("activities.saved")
	}
	return c.Redirect("/desk/activities/" + string(in.ID))
}

func save(ctx context.Context, tx *db.Tx, actor auth.Actor, in typedOver) (activity.Diff, error) {
	a, err := activity.Get(ctx, tx, in.ID)
	if err != nil {
		return nil, err
	}
	if a.State != activity.Published {
		return nil, activity.Revise(ctx, tx, actor, in.ID, in.Rev, in.edit())
	}
	edit := in.edit() // what cannot change any more is not in the form
	edit.Service, edit.Campaign, edit.Area = a.Service, a.Campaign, a.Area
	return roster.Change(ctx, tx, actor, in.ID, in.Rev, edit)
}

// retryForm shows the form again. Where somebody else saved meanwhile, what she wrote stands
// beside what was typed, so that neither is lost.
func retryForm(c *page.Ctx, in typedOver, err error) error {
	f, broken := oldForm(c, in.ID)
	if broken != nil {
		return broken
	}
	if fail.Key(err) == "activity.changed_meanwhile" {
		f.Theirs = activity.Compare(f.Activity.Edit, in.edit())
	}
	return c.Retry(err, formPage(f))
}
