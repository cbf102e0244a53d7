package progress

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Reason is a rule by which a row lags.
type Reason string

// The rules, the gravest first.
const (
	Never  Reason = "never"  // nothing was ever counted for it
	Silent Reason = "silent" // nothing was counted for so many days
	Behind Reason = "behind" // it is behind by a part of its plan
)

// Rules are the settings of what lags.
type Rules struct {
	Behind int64 // percent of the plan
	Quiet  int64 // days
}

// Judge names the rules by which a standing lags; none while it has not begun, and none once
// its target is reached.
func (r Rules) Judge(s Standing) (why []Reason) {
	if !s.Begun() || s.Actual >= s.Target {
		return nil
	}
	if s.Planned > 0 && s.Entries == 0 {
		why = append(why, Never)
	} else if !s.Of.Milestone() && s.Recent == 0 && number(s.Day)-number(s.From)+1 >= r.Quiet {
		why = append(why, Silent)
	}
	if gap := s.Gap(); gap > 0 && gap*100 >= r.Behind*s.Planned {
		why = append(why, Behind)
	}
	return why
}

// Quiet lists the organisations right below a laggard's unit for which nothing was counted in
// the last days: where to look first. Total is how many there are below it.
func Quiet(ctx context.Context, r db.Reader, e *figure.Engine, s Standing, days int64) (names []string, total int, err error) {
	if s.Of.Milestone() {
		return nil, 0, nil
	}
	below, _, err := org.List(ctx, r, org.Filter{Under: s.Org, Direct: true, Kind: org.Practice, Limit: 200})
	if err != nil || len(below) == 0 {
		return nil, 0, err
	}
	q := s.Query()
	q.From, q.By = dayOf(number(s.Day)-days+1), figure.ByOrg
	a, err := e.At(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	busy := map[id.ID]bool{}
	for _, part := range a.Splits {
		busy[id.ID(part.Key)] = busy[id.ID(part.Key)] || part.Value != 0
	}
	for _, o := range below {
		if !busy[o.ID] {
			names = append(names, o.Name)
		}
	}
	return names, len(below), nil
}

// Ranked is a unit in the order of its pace.
type Ranked struct {
	Unit   Unit
	Pace   int64 // mean of its rows' paces in ten-thousandths, none above 10,000
	Rows   int   // that are planned by now
	Behind int   // of them, those that lag
}

// Overview is how the units below an organisation stand against their plans.
type Overview struct {
	Ranking  []Ranked    // of those right below it, the best pace first
	Laggards []*Standing // of all below it, the widest gap first
}

// Look puts together what the open schedules of an organisation and of those above it say of
// the units below it; with a campaign only those of it and of what is below it.
func Look(ctx context.Context, r db.Reader, e *figure.Engine, of id.ID, camp int64, now time.Time) (Overview, error) {
	var o Overview
	all, err := concerning(ctx, r, of)
	if err != nil {
		return o, err
	}
	at, err := org.Get(ctx, r, of)
	if err != nil {
		return o, err
	}
	lines := map[id.ID]*Line{}
	for _, s := range all {
		if ok, err := within(ctx, r, camp, s.Campaign); err != nil || !ok {
			if err != nil {
				return o, err
			}
			continue
		}
		b, err := Read(ctx, r, e, s, []org.Seat{{Org: at.ID, Position: at.Position}}, now)
		if err != nil {
			return o, err
		}
		for _, l := range b.Lines {
			if l.Unit.Org == of {
				continue
			}
			if lines[l.Unit.Org] == nil {
				lines[l.Unit.Org] = &Line{Unit: l.Unit}
			}
			lines[l.Unit.Org].Cells = append(lines[l.Unit.Org].Cells, l.Cells...)
		}
		for _, g := range b.Laggards {
			if g.Org != of {
				o.Laggards = append(o.Laggards, g)
			}
		}
	}
	return o, o.rank(ctx, r, of, lines)
}

func within(ctx context.Context, r db.Reader, camp, of int64) (bool, error) {
	if camp == 0 || camp == of {
		return true, nil
	}
	return campaign.Under(ctx, r, camp, of)
}

// rank orders what hangs right below.
func (o *Overview) rank(ctx context.Context, r db.Reader, of id.ID, lines map[id.ID]*Line) error {
	for _, l := range lines {
		at, err := org.Get(ctx, r, l.Unit.Org)
		if err != nil {
			return err
		}
		pace, ok := l.Pace()
		if at.Parent != of || !ok {
			continue
		}
		one := Ranked{Unit: l.Unit, Pace: pace, Behind: l.Behind()}
		for _, c := range l.Cells {
			if c != nil && c.Planned > 0 {
				one.Rows++
			}
		}
		o.Ranking = append(o.Ranking, one)
	}
	slices.SortFunc(o.Ranking, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Pace, a.Pace), strings.Compare(a.Unit.Name, b.Unit.Name), strings.Compare(string(a.Unit.Org), string(b.Unit.Org)))
	})
	slices.SortStableFunc(o.Laggards, func(a, b *Standing) int { return cmp.Compare(a.Pace(), b.Pace()) })
	return nil
}
