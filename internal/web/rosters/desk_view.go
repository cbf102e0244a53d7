package rosters

import (
	"context"
	"slices"
	"strconv"

	"tongxin/internal/base/i18n"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// Small things that the desk's templates say.

func shortSub(ctx context.Context, l dayList) string {
	if l.Short == 0 {
		return ui.T(ctx, "rosters.desk.sub", "n", l.Total)
	}
	return ui.T(ctx, "rosters.desk.sub_short", "n", l.Total, "short", l.Short)
}

func shortChoices(ctx context.Context) []ui.Option {
	return []ui.Option{{Label: ui.T(ctx, "rosters.desk.all")}, {Value: "true", Label: ui.T(ctx, "rosters.desk.short")}}
}

// distinct are the shifts of turns, each once.
func distinct(turns []roster.Turn) (shifts []roster.Shift) {
	for _, t := range turns {
		if !slices.ContainsFunc(shifts, func(s roster.Shift) bool { return s.ID == t.Shift }) {
			shifts = append(shifts, t.At)
		}
	}
	return shifts
}

func shiftHeads(ctx context.Context, named bool) []string {
	what := ui.T(ctx, "rosters.fact.post")
	if named {
		what = ui.T(ctx, "rosters.fact.activity")
	}
	return []string{ui.T(ctx, "rosters.fact.time"), what, "#" + ui.T(ctx, "rosters.place.primary"), "#" + ui.T(ctx, "rosters.place.standby"),
		"#" + ui.T(ctx, "rosters.roster.waiting"), ui.T(ctx, "rosters.roster.state"), ""}
}

// shiftTime is a shift's time, with its day where the list is not of one day.
func shiftTime(ctx context.Context, s roster.Shift, sameDay bool) string {
	if sameDay {
		return i18n.Span(ui.Lang(ctx), s.Starting(), s.Ending())
	}
	return daySpanView(ctx, s)
}

// filled is how many of how many places are taken; nothing where there are none.
func filled(taken, places int64) string {
	if places == 0 {
		return ""
	}
	return i18n.Number(taken) + " / " + i18n.Number(places)
}

func some(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// postChoices are the posts of an activity, with what a shift of each gets by itself.
func postChoices(ctx context.Context, posts []activity.Post) []ui.Option {
	var all []ui.Option
	for _, p := range posts {
		all = append(all, ui.Option{Value: string(p.ID), Label: ui.T(ctx, "rosters.plan.post_of", "name", p.Name, "n", p.Places, "standby", p.StandbyPlaces)})
	}
	return all
}

// rosterCrumbs lead from the desk's shifts to one, and to a page below it.
func rosterCrumbs(ctx context.Context, s roster.Shift, below string) []ui.Link {
	links := []ui.Link{{Href: "/desk/shifts", Label: ui.T(ctx, "rosters.desk.shifts")}, {Href: planPath(s.Activity.ID), Label: s.Activity.Title}}
	if below != "" {
		links = append(links, ui.Link{Href: deskPath(s.ID), Label: daySpanView(ctx, s)})
	}
	return links
}

// wasSent says whether the form with that action was just refused.
func wasSent(ctx context.Context, action string) bool {
	r := ui.From(ctx).Refused
	return r != nil && r.Action == action
}

// typed is what was typed into a field of what was sent and refused.
func typed(ctx context.Context, action, field string) string {
	if !wasSent(ctx, action) {
		return ""
	}
	return ui.From(ctx).Refused.Typed.Get(field)
}

func within(actions []string, action string) bool { return slices.Contains(actions, action) }

// refusalText is what was refused: the sentence of its one field, or of the whole.
func refusalText(r ui.Refusal) string {
	if len(r.Problems) == 1 {
		return r.Problems[0].Text
	}
	return r.Text
}

// reasonView is why a sign-up ended: what staff wrote, or the sentence of a key.
func reasonView(ctx context.Context, text string) string {
	if isKey(text) {
		return ui.T(ctx, text)
	}
	return text
}

// fill is how the shift is filled, and that a standby has stepped in.
func (d desk) fill(ctx context.Context) string {
	says := ui.T(ctx, "rosters.place.primary") + " " + filled(d.Taken, d.Places)
	if d.StandbyPlaces > 0 {
		says = dot(says, ui.T(ctx, "rosters.place.standby")+" "+filled(d.StandbyTaken, d.StandbyPlaces))
	}
	if slices.ContainsFunc(d.Lines, func(x line) bool { return x.SteppedIn }) {
		says = dot(says, ui.T(ctx, "rosters.desk.standby_in"))
	}
	return says
}

// mark is the tag before somebody's name at the desk.
func (x line) mark(ctx context.Context) string {
	if x.Walkup {
		return ui.T(ctx, "rosters.place.walkup")
	}
	return ui.T(ctx, "rosters.place."+string(x.Place))
}

func foundOptions(found []candidate) []ui.Option {
	var all []ui.Option
	for _, k := range found {
		all = append(all, ui.Option{Value: string(k.ID), Label: k.Name, Note: k.No})
	}
	return all
}
