package activities

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
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

// Export answers the list as a sheet of comma-separated values, all its pages.
func Export(c *page.Ctx) error {
	l, err := open(c)
	if err != nil {
		return err
	}
	c.Attachment(c.T("activities.export_name", "day", i18n.Date(c.Lang, c.Now))+".csv", "text/csv; charset=utf-8")
	c.W.Write([]byte("\ufeff")) // for spreadsheets that would guess another encoding
	w := csv.NewWriter(c.W)
	w.UseCRLF = true
	w.Write([]string{c.T("activities.title"), c.T("activities.org"), c.T("activities.service"), c.T("activities.area_code"),
		c.T("activities.place"), c.T("activities.starts"), c.T("activities.ends"), c.T("activities.state")})
	for {
		for _, a := range l.Found {
			w.Write([]string{safe(a.Title), safe(a.OrgName), a.ServiceName, strconv.FormatInt(int64(a.Area), 10), safe(a.Place),
				moment(a.Starts), moment(a.Ends), c.T("activities.state." + string(a.State))})
		}
		w.Flush()
		if l.After = l.Next; l.Next == "" || w.Error() != nil {
			return nil // the reader may have gone
		}
		if err := l.read(c); err != nil {
			return err
		}
	}
}

// safe keeps a spreadsheet from taking what somebody typed for a formula.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
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
