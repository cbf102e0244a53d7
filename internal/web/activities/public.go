package activities

import (
	"context"
	"strconv"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/roster"
)

// week is how many days the strip shows.
const week = 7

// sought is what the public list's URL says.
type sought struct {
	Area    area.Code `form:"area"`
	Day     string    `form:"day"`
	Service int64     `form:"service"`
	Text    string    `form:"q" max:"40"`
	After   string    `form:"after"`
}

// filter reads the day as the product's zone has it; what is no day is every day.
func (s sought) filter() activity.Filter {
	f := activity.Filter{Area: s.Area, Service: s.Service, Text: s.Text}
	if day, err := time.ParseInLocation(time.DateOnly, s.Day, i18n.Zone()); err == nil {
		f.From, f.To = db.MS(day), db.MS(day.AddDate(0, 0, 1))
	}
	return f
}

func (s sought) narrowed() bool { return s.Area != 0 || s.Day != "" || s.Service != 0 || s.Text != "" }

// offer is one page of what is open.
type offer struct {
	sought
	Total    int
	Found    []activity.Listed
	Next     string
	Counties []activity.Tally
	Areas    map[area.Code]string
	Services []activity.Service
	Free     map[id.ID]int64 // places, of each that was found
}

// Open shows everybody the activities that are open, the first to begin first.
func Open(c *page.Ctx) error {
	in, err := page.Bind[sought](c)
	if err != nil {
		return err
	}
	o := offer{sought: in}
	if o.Found, o.Next, err = activity.Open(c, c.DB, c.Now, o.filter(), o.After); err != nil {
		return err
	}
	if o.Total, err = activity.CountOpen(c, c.DB, c.Now, o.filter()); err != nil {
		return err
	}
	if o.Counties, err = activity.Counties(c, c.DB, c.Now); err != nil {
		return err
	}
	if o.Services, err = activity.Services(c, c.DB); err != nil {
		return err
	}
	if o.Areas, err = area.Names(c, c.DB, o.codes()); err != nil {
		return err
	}
	if o.Free, err = roster.FreeIn(c, c.DB, o.ids(), db.MS(c.Now)); err != nil {
		return err
	}
	return c.Render(openPage(o))
}

func (o offer) ids() []id.ID {
	ids := make([]id.ID, len(o.Found))
	for i, a := range o.Found {
		ids[i] = a.ID
	}
	return ids
}

// free says how many places an activity has left.
func (o offer) free(ctx context.Context, of id.ID) string {
	if n := o.Free[of]; n > 0 {
		return ui.T(ctx, "activities.free_n", "n", n)
	}
	return ui.T(ctx, "activities.free_none")
}

func (o offer) codes() (codes []area.Code) {
	for _, t := range o.Counties {
		codes = append(codes, t.Area)
	}
	for _, a := range o.Found {
		codes = append(codes, a.Area)
	}
	return codes
}

// counties are where something is open, each with how much.
func (o offer) counties(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: ui.T(ctx, "activities.everywhere")}}
	for _, t := range o.Counties {
		out = append(out, ui.Option{Value: strconv.FormatInt(int64(t.Area), 10), Label: ui.T(ctx, "activities.county_n", "name", o.Areas[t.Area], "n", t.N)})
	}
	return out
}

// days are every day, today and those after it.
func (o offer) days(ctx context.Context) []ui.Link {
	links := []ui.Link{{Href: ui.Here(ctx, "day", ""), Label: ui.T(ctx, "activities.any"), Sub: ui.T(ctx, "activities.any_day"), On: o.Day == ""}}
	today := ui.Now(ctx).In(i18n.Zone())
	for i := range week {
		at := today.AddDate(0, 0, i)
		label := i18n.Weekday(ui.Lang(ctx), at)
		if i < 2 {
			label = i18n.DayNear(ui.Lang(ctx), today, at)
		}
		links = append(links, ui.Link{Href: ui.Here(ctx, "day", db.Day(at)), Label: label, Sub: strconv.Itoa(at.Day()), On: o.Day == db.Day(at)})
	}
	return links
}

// services are the kinds of service to choose from.
func (o offer) services(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: ui.T(ctx, "activities.every_service")}}
	for _, s := range o.Services {
		if s.Open {
			out = append(out, ui.Option{Value: strconv.FormatInt(s.ID, 10), Label: s.Name})
		}
	}
	return out
}
