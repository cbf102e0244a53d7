package experiences

import (
	"context"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/ledger"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// tabs lead between what was chosen, what is being written, and what media said.
func tabs(ctx context.Context, at string) []ui.Link {
	var all []ui.Link
	for _, t := range []struct{ href, key string }{{"/desk/experiences", "experiences.library"}, {"/desk/experiences/ours", "experiences.ours"}, {"/desk/mentions", "experiences.mentions"}} {
		all = append(all, ui.Link{Href: t.href, Label: ui.T(ctx, t.key), On: t.href == at})
	}
	return all
}

func crumbs(ctx context.Context, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Href: "/desk/experiences", Label: ui.T(ctx, "experiences.title")}}, more...)
}

// sign is the colour of a state.
func sign(s experience.State) string {
	switch s {
	case experience.Chosen:
		return "ok"
	case experience.Submitted:
		return "wait"
	case experience.Returned:
		return "stop"
	}
	return "no"
}

func stateNote(ctx context.Context, e experience.Experience) string {
	if e.State == experience.Submitted {
		return i18n.Day(ui.Lang(ctx), db.Time(e.Submitted))
	}
	return ""
}

// titled is a title, or that there is none yet.
func titled(ctx context.Context, title string) string {
	if title == "" {
		return ui.T(ctx, "experiences.untitled")
	}
	return title
}

func line(ctx context.Context, l experience.Listed) string {
	at := l.Edited
	if l.State == experience.Chosen {
		at = l.Chosen
	}
	return ui.T(ctx, "experiences.line", "theme", l.Theme, "org", l.OrgName, "day", i18n.Day(ui.Lang(ctx), db.Time(at)))
}

// measures are the indicators by which an effect can be seen.
func measures(ctx context.Context, none string) []ui.Option {
	all := []ui.Option{{Value: "", Label: none}}
	for _, i := range ledger.Indicators() {
		if i.Unit != "ratio" {
			all = append(all, ui.Option{Value: i.Key, Label: figure.Name(ui.Lang(ctx), i)})
		}
	}
	return all
}

// kinds are the kinds of units.
func kinds(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: ui.T(ctx, "experiences.any_unit")}}
	for _, t := range org.Types() {
		all = append(all, ui.Option{Value: string(t), Label: ui.T(ctx, "org.type_full."+string(t))})
	}
	return all
}

func services(ctx context.Context, all []activity.Service) []ui.Option {
	out := []ui.Option{{Value: "", Label: ui.T(ctx, "experiences.any_service")}}
	for _, k := range all {
		out = append(out, ui.Option{Value: number(k.ID), Label: k.Name})
	}
	return out
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// counted is a value with its unit.
func counted(ctx context.Context, unit string, value int64) string {
	n, word := figure.Screen(ui.Lang(ctx), unit, value)
	return n + word
}

// figureHref opens what came of an adoption.
func figureHref(a adopter) string {
	q := a.Over
	return "/desk/figures/" + q.Indicator + "?org=" + string(q.Org) + "&from=" + q.From + "&to=" + q.To + serviceOf(q)
}

func serviceOf(q figure.Query) string {
	if q.Service == 0 {
		return ""
	}
	return "&service=" + number(q.Service)
}

// followed says why nothing is told yet of what came of an adoption.
func followed(s sheet) string {
	if s.Indicator == "" {
		return "experiences.not_followed"
	}
	return "experiences.too_early"
}
