package desk

import (
	"cmp"
	"context"
	"slices"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// ranking is the units right below: by how they stand against their plans where there are
// schedules, else by how much they did, against their own average.
type ranking struct {
	Rows     []ranked
	Planned  bool
	Public   bool  // nobody is held against the others in public
	Average  int64 // of what they did, in hundredths
	Most     int64
	Laggards []*progress.Standing // of all below, the widest gap first
}

// ranked is one unit.
type ranked struct {
	Place  int
	ID     id.ID
	Name   string // short: of its place, where it stands for one
	Full   string
	Value  int64
	Gap    int64 // to the average, rounded up; 0: none
	Pace   int64 // of its plans, in ten-thousandths; -1 without any
	Behind int   // rows of its plans that lag
	Lags   bool  // so; without plans: more than a fifth behind the average
}

// shownEnds is how many of the first and of the last units are shown where there are many.
const shownEnds = 6

// laggingPace is the pace below which a unit with plans that lag is marked, in ten-thousandths:
// a single one behind does not mark who keeps most.
const laggingPace = 9_000

// mostBelow is more units than stand right below any organisation.
const mostBelow = 500

// rank puts the units below in order, those that did nothing included.
func (e *eye) rank(ctx context.Context, by figure.Answer) (r ranking, err error) {
	below, _, err := org.List(ctx, e.site.DB, org.Filter{Under: e.org.ID, Direct: true, Kind: org.Practice, Limit: mostBelow})
	if err == nil && len(below) == 0 {
		below, _, err = org.List(ctx, e.site.DB, org.Filter{Under: e.org.ID, Direct: true, Limit: mostBelow})
	}
	if err != nil || len(below) == 0 {
		return r, err
	}
	names, err := e.shortNames(ctx, below)
	if err != nil {
		return r, err
	}
	values := map[string]int64{}
	for _, s := range by.Splits {
		values[s.Key] = s.Value
	}
	sum := int64(0)
	for _, o := range below {
		v := values[string(o.ID)]
		sum, r.Most = sum+v, max(r.Most, v)
		r.Rows = append(r.Rows, ranked{ID: o.ID, Name: names[o.ID], Full: o.Name, Value: v, Pace: -1})
	}
	r.Average = sum * 100 / int64(len(below))
	e.pace(&r)
	r.measure()
	return r, nil
}

// pace holds the units against their plans.
func (e *eye) pace(r *ranking) {
	r.Public, r.Planned, r.Laggards = e.face == public, len(e.kept.plans.Ranking) > 0, e.kept.plans.Laggards
	for _, p := range e.kept.plans.Ranking {
		if i := slices.IndexFunc(r.Rows, func(u ranked) bool { return u.ID == p.Unit.Org }); i >= 0 {
			r.Rows[i].Pace, r.Rows[i].Behind = p.Pace, p.Behind
		}
	}
}

// shortNames call the centres, institutes and stations by their places, others by their names.
func (e *eye) shortNames(ctx context.Context, all []org.Org) (map[id.ID]string, error) {
	codes := make([]area.Code, len(all))
	for i, o := range all {
		codes[i] = o.Area
	}
	places, err := area.Names(ctx, e.site.DB, codes)
	names := map[id.ID]string{}
	for _, o := range all {
		if names[o.ID] = o.Name; o.Kind == org.Practice && o.Tier != org.Point && places[o.Area] != "" && o.Area != e.org.Area {
			names[o.ID] = places[o.Area]
		}
	}
	return names, err
}

// measure orders the units and says who is behind.
func (r *ranking) measure() {
	slices.SortStableFunc(r.Rows, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.Pace, a.Pace), cmp.Compare(b.Value, a.Value))
	})
	for i := range r.Rows {
		u := &r.Rows[i]
		u.Place, u.Lags = i+1, u.Behind > 0 && u.Pace < laggingPace
		if !r.Planned && !r.Public && u.Value*100 < r.Average {
			u.Gap = (r.Average - u.Value*100 + 99) / 100
			u.Lags = u.Value*100 < r.Average*4/5
		}
	}
}

// bar is how far the bar of a unit reaches, and where its mark stands, in percent.
func (r ranking) bar(u ranked) (done, due int) {
	if r.Planned {
		return int(max(u.Pace, 0) / 100), 100
	}
	return share(u.Value*100, r.Most*100), share(r.Average, r.Most*100)
}

// shown are the rows to show: all, or the first and the last.
func (r ranking) shown() (first, last []ranked) {
	if len(r.Rows) <= 2*shownEnds {
		return r.Rows, nil
	}
	return r.Rows[:shownEnds], r.Rows[len(r.Rows)-shownEnds:]
}

// wallRows is how many units a wall ranks: the first, and the last ones in the place of the
// middle.
const wallRows = 6

// wallUnits are the units that a wall ranks.
func (r ranking) wallUnits() []ranked {
	if n := len(r.Rows); n > wallRows {
		return slices.Concat(r.Rows[:wallRows/2], r.Rows[n-wallRows/2:])
	}
	return r.Rows
}

// named is how many of those behind are named.
const named = 3

// behind is the need that the ranking itself shows: plans that are not kept, or without plans
// units that did little.
func (b board) behind() (n page.Need, ok bool) {
	if b.Units.Planned {
		return b.behindPlan()
	}
	lag := slices.DeleteFunc(slices.Clone(b.Units.Rows), func(u ranked) bool { return !u.Lags })
	if len(lag) == 0 {
		return n, false
	}
	slices.Reverse(lag)
	var names []string
	for _, u := range lag[:min(named, len(lag))] {
		names = append(names, i18n.T(b.lang, "desk.behind_one", "name", u.Name, "gap", u.Gap))
	}
	return page.Need{Title: i18n.T(b.lang, "desk.behind", "n", len(lag)), Text: joinList(b.lang, names),
		Href: b.figureHref(held, "by", "org"), Do: i18n.T(b.lang, "desk.behind_do")}, true
}

func (b board) behindPlan() (n page.Need, ok bool) {
	lag := b.Units.Laggards
	if len(lag) == 0 {
		return n, false
	}
	var names []string
	seen := map[id.ID]bool{}
	for _, s := range lag {
		if len(names) < named && !seen[s.Unit.Org] {
			names = append(names, i18n.T(b.lang, "desk.behind_plan_one", "name", s.Unit.Name, "item", s.Of.Name, "done", s.Done(), "due", s.Expected()))
		}
		seen[s.Unit.Org] = true
	}
	n = page.Need{Hot: true, Title: i18n.T(b.lang, "desk.behind_plan", "n", len(lag), "units", len(seen)), Text: joinList(b.lang, names),
		Href: "/desk/progress", Do: i18n.T(b.lang, "desk.behind_do")}
	if b.actor.Has(guidance.Guiding...) {
		n.Href, n.Do = "/desk/guidance/new?row="+string(lag[0].ID), i18n.T(b.lang, "desk.guide")
	}
	return n, true
}
