package callups

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// names are what the numbers of a call-up are called.
type names struct {
	Service, Campaign string
	Categories        map[int64]string
	Skills            map[int64]string
}

func namesOf(c *page.Ctx, up callup.CallUp) (n names, err error) {
	n.Categories, n.Skills = map[int64]string{}, map[int64]string{}
	if up.Service != 0 {
		if n.Service, err = serviceName(c, up.Service); err != nil {
			return n, err
		}
	}
	if up.Campaign != 0 {
		one, err := campaign.Get(c, c.DB, up.Campaign)
		if err != nil {
			return n, err
		}
		n.Campaign = one.Name
	}
	categories, err := people.Categories(c, c.DB)
	if err != nil {
		return n, err
	}
	for _, k := range categories {
		n.Categories[k.ID] = k.Name
	}
	skills, err := people.Skills(c, c.DB)
	for _, s := range skills {
		n.Skills[s.ID] = s.Name
	}
	return n, err
}

func serviceName(c *page.Ctx, service int64) (string, error) {
	if service == 0 {
		return c.T("callups.any_service"), nil
	}
	s, err := activity.ServiceOf(c, c.DB, service)
	return s.Name, err
}

// line says whom a line calls up: 2月29日 · 青年团员 · 英语.
func (n names) line(ctx context.Context, l callup.Line) string {
	var words []string
	if day, err := time.ParseInLocation(time.DateOnly, l.Day, i18n.Zone()); err == nil {
		words = append(words, i18n.Day(ui.Lang(ctx), day))
	}
	if l.Category != 0 {
		words = append(words, n.Categories[l.Category])
	}
	if l.Skill != 0 {
		words = append(words, n.Skills[l.Skill])
	}
	if len(words) == 0 {
		return ui.T(ctx, "callups.anybody")
	}
	return strings.Join(words, " · ")
}

// when is a moment in milliseconds as a day and a time.
func when(ctx context.Context, ms int64) string { return i18n.DayTime(ui.Lang(ctx), db.Time(ms)) }

// near is a moment as it is said today: 今天 18:00.
func near(ctx context.Context, ms int64) string {
	return i18n.DayNear(ui.Lang(ctx), ui.Now(ctx), db.Time(ms)) + " " + i18n.Clock(db.Time(ms))
}

// span is when a shift is.
func span(ctx context.Context, s roster.Shift) string {
	return i18n.DaySpan(ui.Lang(ctx), s.Starting(), s.Ending())
}

// stageSign is the sign of how far a receiver has come.
func stageSign(t callup.Receipt) string {
	switch {
	case t.Acknowledged > 0:
		return "ok"
	case t.Reminders > 0:
		return "stop"
	}
	return "wait"
}

// stageNote says since when, and how often a silent one was reminded.
func stageNote(ctx context.Context, t callup.Receipt) string {
	at := max(t.Delivered, t.Read, t.Acknowledged, t.Forwarded, t.Reported)
	if t.Silent() && t.Reminders > 0 {
		return ui.T(ctx, "callups.reminded_n", "n", t.Reminders, "at", near(ctx, t.Reminded))
	}
	return near(ctx, at)
}

// stateSign is the sign of a call-up or an appeal.
func stateSign(s callup.State) string {
	switch s {
	case callup.Issued, callup.Published:
		return "ok"
	case callup.Withdrawn:
		return "stop"
	case callup.Closed:
		return "left"
	}
	return "no"
}

// changed says in words what a change was.
func changed(ctx context.Context, d callup.Difference) string {
	if d.Field == "text" {
		return ui.T(ctx, "callups.diff.text")
	}
	said := func(v string) string {
		n, err := strconv.ParseInt(v, 10, 64)
		switch {
		case err != nil:
			return v
		case d.Field == "answer_by" || d.Field == "until":
			return when(ctx, n)
		}
		return i18n.Number(n)
	}
	field, _, _ := strings.Cut(d.Field, "_")
	switch d.Field {
	case "answer_by":
		field = "answer_by"
	case "title", "until", "most":
	}
	return ui.T(ctx, "callups.diff."+field, "was", said(d.Was), "now", said(d.Now))
}

// value writes a figure in the unit that people read.
func (f fig) value(ctx context.Context) (number, word string) {
	return figure.Screen(ui.Lang(ctx), f.Unit, f.Value)
}

// hundred says how long the first hundred took.
func hundred(ctx context.Context, c callup.CallUp) string {
	return i18n.Length(ui.Lang(ctx), (c.Hundred-c.Issued)/60_000)
}

// lacks is how many are still missing.
func (k card) lacks() int64 { return max(0, k.Call.Places().Sum()-k.Told.Enrolled) }

// paragraphs are the lines of a text.
func paragraphs(text string) []string { return strings.Split(text, "\n") }

// mark writes a number from a quota into a field; nothing for none.
func mark(q callup.Quotas, n int) string {
	if n >= len(q) {
		return ""
	}
	return strconv.FormatInt(q[n], 10)
}
