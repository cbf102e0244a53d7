package activities

import (
	"context"
	"slices"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// writers may write activities; reviewers decide on them.
var (
	writers   = []auth.Role{auth.Leader, auth.Admin}
	reviewers = []auth.Role{auth.Reviewer, auth.Admin}
)

// look is what the list's URL says.
type look struct {
	State    activity.State `form:"state"`
	Service  int64          `form:"service"`
	Campaign int64          `form:"campaign"`
	Text     string         `form:"q" max:"40"`
	After    string         `form:"after"`
}

func (l look) filter() activity.Filter {
	return activity.Filter{Service: l.Service, Campaign: l.Campaign, Text: l.Text}
}

func (l look) narrowed() bool {
	return l.Service != 0 || l.Campaign != 0 || l.Text != "" || l.State != ""
}

// list is one page of the desk's activities.
type list struct {
	look
	Seats     []org.Seat
	Counts    map[activity.State]int
	Found     []activity.Listed
	Next      string
	Services  []activity.Service
	Campaigns []campaign.Campaign
	Writes    bool // she may write one
}

// List shows the activities of the reader's organisations and of those below.
func List(c *page.Ctx) error {
	l, err := open(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return l.give(c)
	}
	if l.Services, err = activity.Services(c, c.DB); err != nil {
		return err
	}
	if l.Campaigns, err = campaignsOf(c, l.Seats); err != nil {
		return err
	}
	l.Writes = c.Actor.Has(writers...)
	return c.Render(listPage(l))
}

func open(c *page.Ctx) (l list, err error) {
	if l.look, err = page.Bind[look](c); err != nil {
		return l, err
	}
	if l.Seats, err = org.Seats(c, c.DB, c.Actor); err != nil {
		return l, err
	}
	if l.Counts, err = activity.Counts(c, c.DB, l.Seats, l.filter()); err != nil {
		return l, err
	}
	return l, l.read(c)
}

func (l *list) read(c *page.Ctx) (err error) {
	l.Found, l.Next, err = activity.Within(c, c.DB, l.Seats, l.State, l.filter(), l.After)
	return err
}

func (l list) total() (n int) {
	for s, some := range l.Counts {
		if l.State == "" || l.State == s {
			n += some
		}
	}
	return n
}

// stats are the counts by state, each a filter.
func (l list) stats(ctx context.Context) []ui.Stat {
	every := 0
	for _, n := range l.Counts {
		every += n
	}
	stats := []ui.Stat{{Label: ui.T(ctx, "activities.all"), Href: ui.Here(ctx, "state", ""), N: every, On: l.State == ""}}
	for _, s := range activity.States() {
		if n := l.Counts[s]; n > 0 || s == l.State || s == activity.Draft || s == activity.Submitted || s == activity.Published {
			stats = append(stats, ui.Stat{Label: ui.T(ctx, "activities.state."+string(s)), Href: ui.Here(ctx, "state", string(s)),
				N: n, On: s == l.State})
		}
	}
	return stats
}

// give answers the list as one that can be brought again: a row for each shift that was not
// cancelled, the oldest activity first.
func (l list) give(c *page.Ctx) error {
	f := page.List{Kind: "activities", Name: c.T("activities.export_name", "day", i18n.Date(c.Lang, c.Now)), Heads: intake.Heads(intake.Activities, c.Lang)}
	if len(l.Seats) > 0 {
		f.Org = l.Seats[0].Org
	}
	return c.Give(f, func(put page.Put) error {
		narrowed, after := l.filter(), ""
		for narrowed.Oldest = true; ; {
			some, next, err := activity.Within(c, c.DB, l.Seats, l.State, narrowed, after)
			if err != nil {
				return err
			}
			for _, a := range some {
				if err := putShifts(c, put, a); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				return nil
			}
		}
	})
}

// putShifts puts a row for each shift of an activity; one without any has a row to itself.
func putShifts(c *page.Ctx, put page.Put, a activity.Listed) error {
	shifts, err := roster.Of(c, c.DB, a.ID)
	if err != nil {
		return err
	}
	shifts = slices.DeleteFunc(shifts, func(s roster.Shift) bool { return s.State == "cancelled" })
	if len(shifts) == 0 {
		return put(intake.Line(intake.Activities, columns(a))...)
	}
	for _, s := range shifts {
		v := columns(a)
		v["post"], v["places"], v["day"], v["start"], v["end"] = s.PostName, strconv.FormatInt(s.Places, 10), s.Day, i18n.Clock(s.Starting()), i18n.Clock(s.Ending())
		if s.StandbyPlaces > 0 {
			v["standbys"] = strconv.FormatInt(s.StandbyPlaces, 10)
		}
		if err := put(intake.Line(intake.Activities, v)...); err != nil {
			return err
		}
	}
	return nil
}

// columns are an activity's own in the template of activities.
func columns(a activity.Listed) map[string]string {
	return map[string]string{"title": a.Title, "org": a.OrgName, "service": a.ServiceName, "place": a.Place, "area": a.Area.String(), "content": a.Content,
		"conditions": a.Conditions, "how": a.How, "risks": a.Risks, "protection": a.Protection, "contact": a.Contact}
}

// campaignsOf lists the campaigns that the reader sees from her seats, as a tree.
func campaignsOf(c *page.Ctx, seats []org.Seat) (all []campaign.Campaign, err error) {
	known := map[int64]bool{}
	for _, s := range seats {
		some, err := campaign.List(c, c.DB, s.Org)
		if err != nil {
			return nil, err
		}
		for _, one := range some {
			if !known[one.ID] {
				all = append(all, one)
			}
			known[one.ID] = true
		}
	}
	return campaign.Tree(all), nil
}
