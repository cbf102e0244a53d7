package rosters

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// Small things that templates say.

func openAside(ctx context.Context, total int) string {
	if total == 0 {
		return ""
	}
	return ui.T(ctx, "rosters.open.aside", "n", total)
}

func monthOfView(ctx context.Context, t time.Time) string {
	return ui.T(ctx, "rosters.month."+t.Format("1"))
}

func codeLabel(out bool) string {
	if out {
		return "rosters.code.out"
	}
	return "rosters.code.in"
}

func codeHint(out bool) string {
	if out {
		return "rosters.code.hint_out"
	}
	return "rosters.code.hint"
}

func doLabel(out bool) string {
	if out {
		return "rosters.do.out"
	}
	return "rosters.do.in"
}

// activitySpan is from when to when an activity goes: one shift's time, or its days.
func activitySpan(ctx context.Context, a activity.Activity) string {
	from, to := db.Time(a.Starts), db.Time(a.Ends)
	if to.Sub(from) <= 24*time.Hour {
		return i18n.NearSpan(ui.Lang(ctx), ui.Now(ctx), from, to)
	}
	return i18n.Day(ui.Lang(ctx), from) + " – " + i18n.Day(ui.Lang(ctx), to)
}

// familyLinks switch a page between those for whom the visitor may act; path ends in a query.
func familyLinks(ctx context.Context, all []member, who member, path string) (links []ui.Link) {
	for _, m := range all {
		l := ui.Link{Href: path + whoQuery(m), Label: m.Name, On: m.ID == who.ID}
		if m.Self {
			l.Label = ui.T(ctx, "rosters.myself")
		}
		links = append(links, l)
	}
	return links
}

func stationPath(o id.ID) string { return "/stations/" + string(o) }

// placeHref is where a place of the tree leads: down, where something may be below it.
func placeHref(o org.Org) string {
	if o.Tier == org.Center || o.Tier == org.Institute {
		return stationPath(o.ID)
	}
	return "/orgs/" + string(o.ID)
}

func stationsTitle(ctx context.Context, s stations) string {
	if s.At.ID == "" {
		return ui.T(ctx, "rosters.stations")
	}
	return s.At.Name
}

func stationsBack(s stations) string {
	switch {
	case s.At.ID == "":
		return "/"
	case s.At.Tier == org.Center || s.Above.ID == "":
		return "/stations"
	}
	return stationPath(s.Above.ID)
}

// isoMoment is a stored moment as programs read it.
func isoMoment(ms int64) string { return time.UnixMilli(ms).In(i18n.Zone()).Format(time.RFC3339) }

// eventStatus is how an activity stands, in the words of schema.org.
func eventStatus(a shown) string {
	if a.State == activity.Cancelled {
		return "EventCancelled"
	}
	return "EventScheduled"
}

// met counts the conditions that are met.
func met(list []ui.Condition) (n int) {
	for _, g := range list {
		if g.Met {
			n++
		}
	}
	return n
}

// forms are the addresses of the forms on the page, which show themselves what was refused.
func (a *shown) forms() []string {
	if len(a.Cards) == 0 || a.Who.ID == "" {
		return nil
	}
	return []string{activityPath(a.ID)}
}

func (p *place) forms() (paths []string) {
	if p.Signup.State == roster.Offered {
		paths = append(paths, placePath(p.Shift, p.Who.ID)+"/confirm")
	}
	if p.Leave {
		paths = append(paths, placePath(p.Shift, p.Who.ID)+"/withdraw")
	}
	return paths
}

// bar says what the bar below an activity is for.
func (a *shown) bar() string {
	takes := slices.ContainsFunc(a.Cards, func(k card) bool { return !k.Off })
	switch {
	case !a.Open:
		return ""
	case a.Who.ID == "" && a.SignedIn:
		return "join"
	case a.Who.ID == "":
		return "sign-in"
	case !a.Adult:
		return "guardian"
	case takes:
		return "take"
	}
	return ""
}

func dayView(ctx context.Context, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return day
	}
	return i18n.DayWeek(ui.Lang(ctx), t)
}

func daySpanView(ctx context.Context, s roster.Shift) string {
	return i18n.DaySpan(ui.Lang(ctx), s.Starting(), s.Ending())
}

func timeOf(ms int64) time.Time { return db.Time(ms) }

func hoursView(minutes int64) string { return i18n.Hours(minutes) }

func lengthView(ctx context.Context, minutes int64) string { return i18n.Length(ui.Lang(ctx), minutes) }

func whoQuery(m member) string {
	if m.Self {
		return ""
	}
	return "&who=" + string(m.ID)
}

func doOf(out bool) string {
	if out {
		return "out"
	}
	return ""
}

// turnWhen is when a turn is, as one would say it now.
func turnWhen(ctx context.Context, t turn) string {
	if t.At.Ends < db.MS(ui.Now(ctx)) {
		return daySpanView(ctx, t.At)
	}
	return i18n.NearSpan(ui.Lang(ctx), ui.Now(ctx), t.At.Starting(), t.At.Ending())
}

// turnAbout is what a turn is, and whose where it is not the reader's own.
func turnAbout(t turn, named bool) string {
	whose := ""
	if !t.Who.Self {
		whose = t.Who.Name
	}
	if !named {
		return dot(t.At.PostName, whose)
	}
	return dot(t.At.Activity.Title, t.At.PostName, t.At.Activity.Place, whose)
}

// mateState is the sign before somebody beside her.
func mateState(m mate) string {
	switch {
	case m.LeftEarly:
		return "left"
	case m.State.Served():
		return "ok"
	}
	return ""
}

func mateSays(ctx context.Context, m mate) string {
	if m.Arrived == 0 {
		return ""
	}
	return ui.T(ctx, "rosters.arrived_at", "at", clock(m.Arrived))
}

func entriesTitle(ctx context.Context, grade string) string {
	if grade == "" {
		return ui.T(ctx, "rosters.hours.entries")
	}
	return ui.T(ctx, "rosters.hours.entries_of", "grade", ui.T(ctx, "rosters.grade."+grade))
}

// factSays is a fact of the ledger about somebody's minutes, in words.
func factSays(ctx context.Context, f ledger.Entry) string {
	length := i18n.Length(ui.Lang(ctx), max(f.Qty, -f.Qty))
	grade := ui.T(ctx, "rosters.grade."+string(f.Grade))
	switch {
	case f.Reverses != "":
		return ui.T(ctx, "rosters.fact_of.reversal", "length", length, "grade", grade)
	case f.Reversed:
		return ui.T(ctx, "rosters.fact_of.reversed", "length", length, "grade", grade)
	}
	return ui.T(ctx, "rosters.fact_of.minutes", "length", length, "grade", grade)
}

// factNo is the number of a fact in the book.
func factNo(ctx context.Context, f ledger.Entry) string {
	if f.Seq == 0 {
		return ui.T(ctx, "rosters.fact_of.waits")
	}
	return ui.T(ctx, "rosters.fact_of.no", "n", i18n.Number(f.Seq))
}
