package activities

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
)

// when writes the span of an activity: one day and its hours, or from day to day.
func when(ctx context.Context, a activity.Activity) string {
	if a.Starts == 0 {
		return ui.T(ctx, "activities.no_shifts")
	}
	from, to := db.Time(a.Starts), db.Time(a.Ends)
	if to.Sub(from) <= 24*time.Hour {
		return i18n.DaySpan(ui.Lang(ctx), from, to)
	}
	return i18n.DayTime(ui.Lang(ctx), from) + " – " + i18n.DayTime(ui.Lang(ctx), to)
}

// near is when as one would say it now.
func near(ctx context.Context, a activity.Activity) string {
	from, to := db.Time(a.Starts), db.Time(a.Ends)
	if to.Sub(from) <= 24*time.Hour {
		return i18n.NearSpan(ui.Lang(ctx), ui.Now(ctx), from, to)
	}
	return ui.T(ctx, "activities.until", "day", i18n.DayNear(ui.Lang(ctx), ui.Now(ctx), to))
}

// standing is the word for where an activity stands, and the ground of its tag.
func standing(ctx context.Context, a activity.Activity) (kind, word string) {
	if p := a.Phase(ui.Now(ctx)); p != "" {
		kind = "ok"
		if p == activity.Ended {
			kind = ""
		}
		return kind, ui.T(ctx, "activities.phase."+string(p))
	}
	kind = map[activity.State]string{activity.Submitted: "warn", activity.Returned: "red"}[a.State]
	if kind == "" {
		kind = "line"
	}
	return kind, ui.T(ctx, "activities.state."+string(a.State))
}

// joined puts the parts that are not empty on one line.
func joined(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// services are the kinds of service as options: those that are open, and the one that is chosen.
func serviceOptions(ctx context.Context, all []activity.Service, chosen int64, first string) []ui.Option {
	out := []ui.Option{{Label: first}}
	for _, s := range all {
		if s.Open || s.ID == chosen {
			label := s.Name
			if s.Risky {
				label = ui.T(ctx, "activities.service_risky", "name", s.Name)
			}
			out = append(out, ui.Option{Value: strconv.FormatInt(s.ID, 10), Label: label})
		}
	}
	return out
}

// campaignOptions are campaigns as options, each below its parent.
func campaignOptions(all []campaign.Campaign, first string) []ui.Option {
	out := []ui.Option{{Label: first}}
	for _, one := range all {
		out = append(out, ui.Option{Value: strconv.FormatInt(one.ID, 10), Label: strings.Repeat("\u3000", one.Depth()) + one.Name})
	}
	return out
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
