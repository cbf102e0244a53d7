package activities

import (
	"context"
	"strings"

	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
)

// text is one of the long texts of an activity.
type text struct{ name, text string }

func (d detail) texts() []text {
	return []text{{"content", d.Content}, {"conditions", d.Conditions}, {"how", d.How}, {"risks", d.Risks}, {"protection", d.Protection}}
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func campaignLine(path []campaign.Campaign) string {
	names := make([]string, len(path))
	for i, one := range path {
		names[i] = one.Name
	}
	return strings.Join(names, " › ")
}

// cancelWord is what ending it is called: a draft that nobody saw is thrown away.
func cancelWord(d detail) string {
	if d.State == activity.Draft {
		return "activities.discard"
	}
	return "activities.cancel"
}

// itemPath is where something that is missing can be said.
func itemPath(item activity.Item) string {
	switch item {
	case activity.Time:
		return "/shifts"
	case activity.Numbers:
		return "/posts/new"
	}
	return "/edit#f-" + string(item)
}

// addsPosts says whether the reader may add a post.
func (d detail) addsPosts(ctx context.Context) bool {
	return d.living(ui.Now(ctx)) && d.State != activity.Submitted
}

// postHref opens a post to whom may change it.
func postHref(ctx context.Context, d detail, p activity.Post) string {
	if !d.addsPosts(ctx) {
		return ""
	}
	return d.path("/posts/" + string(p.ID))
}

func cancelTitle(ctx context.Context, d detail) string { return ui.T(ctx, cancelWord(d)) }

// refusedAt says whether what was posted to the path has just been refused.
func refusedAt(ctx context.Context, path string) bool {
	r := ui.From(ctx).Refused
	return r != nil && r.Action == path
}
