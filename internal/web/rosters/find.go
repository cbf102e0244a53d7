package rosters

import (
	"slices"
	"strconv"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// perPage is how many shifts one page of a list shows.
const perPage = 20

// wanted is what somebody looks for, from the address.
type wanted struct {
	Who     id.ID  `form:"who"`
	Day     string `form:"day,day"`
	Service int64  `form:"service"`
	Near    string `form:"near" max:"10"`
	After   string `form:"after" max:"80"`
}

// find is the page of shifts to take.
type find struct {
	Who      member
	Family   []member
	Days     []ui.Option
	Services []ui.Option
	Nears    []ui.Option
	Shifts   []ui.OpenShift
	Total    int
	Next     string
}

// Find answers GET /shifts: what somebody of the family could take. Whoever takes no shifts
// sees what is on instead.
func Find(c *page.Ctx) error {
	in, err := page.Bind[wanted](c)
	if err != nil {
		in = wanted{} // an address typed by hand
	}
	all, err := family(c)
	if err != nil {
		return err
	}
	m, ok := choose(all, in.Who)
	if !ok {
		return c.Redirect("/activities")
	}
	f := find{Family: all, Who: m}
	if err := f.shifts(c, in); err != nil {
		return err
	}
	return c.Render(findPage(f))
}

// shifts fills in what a member of the family could take.
func (f *find) shifts(c *page.Ctx, in wanted) error {
	offers, err := offersFor(c, f.Who)
	if err != nil {
		return err
	}
	services, err := activity.Services(c, c.DB)
	if err != nil {
		return err
	}
	f.choices(c, offers, services)
	offers = slices.DeleteFunc(offers, func(o roster.Offer) bool { return !in.takes(o) })
	f.Total = len(offers)
	offers, f.Next = pageOf(offers, id.ID(in.After))
	for _, o := range offers {
		f.Shifts = append(f.Shifts, openRow(c, o, f.Who))
	}
	return nil
}

// takes says whether the filters let a shift through.
func (in wanted) takes(o roster.Offer) bool {
	near := slices.Index(nearKeys[:], in.Near)
	return (in.Day == "" || o.Day == in.Day) && (in.Service == 0 || o.Activity.Service == in.Service) && (near < 0 || o.Near <= near)
}

// pageOf cuts a page out of a ranked list, after the shift with which the page before ended.
func pageOf(offers []roster.Offer, after id.ID) ([]roster.Offer, string) {
	if i := slices.IndexFunc(offers, func(o roster.Offer) bool { return o.ID == after }); i >= 0 {
		offers = offers[i+1:]
	}
	if len(offers) <= perPage {
		return offers, ""
	}
	return offers[:perPage], string(offers[perPage-1].ID)
}

// choices offers only what there is: the days and kinds of service of the shifts.
func (f *find) choices(c *page.Ctx, offers []roster.Offer, services []activity.Service) {
	f.Days, f.Services, f.Nears = anyOf(c, "rosters.any_day"), anyOf(c, "rosters.any_service"), anyOf(c, "rosters.any_near")
	var days []string
	kinds := map[int64]bool{}
	for _, o := range offers {
		if !slices.Contains(days, o.Day) {
			days = append(days, o.Day)
		}
		kinds[o.Activity.Service] = true
	}
	slices.Sort(days)
	for _, d := range days {
		f.Days = append(f.Days, ui.Option{Value: d, Label: dayLabel(c, d)})
	}
	for _, s := range services {
		if kinds[s.ID] {
			f.Services = append(f.Services, ui.Option{Value: strconv.FormatInt(s.ID, 10), Label: s.Name})
		}
	}
	for _, n := range nearKeys[:4] {
		f.Nears = append(f.Nears, ui.Option{Value: n, Label: c.T("rosters.within." + n)})
	}
}

func anyOf(c *page.Ctx, key string) []ui.Option { return []ui.Option{{Label: c.T(key)}} }

// dayLabel is a stored day as one would say it now.
func dayLabel(c *page.Ctx, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return day
	}
	near, date := i18n.DayNear(c.Lang, c.Now, t), i18n.Day(c.Lang, t)
	if near == date {
		return i18n.DayWeek(c.Lang, t)
	}
	return near + " " + date
}
