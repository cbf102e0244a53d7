package figure

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// parting says how rows fall into parts and what the parts are called. Keys are those of
// [Split]; several parts may share one.
type parting struct {
	partOf func(r run, into []uint32)
	key    func(part int) string
	start  int // the day or week that is part 0
}

// parting prepares a split. The caller holds the lock.
func (e *Engine) parting(q Query, p *plan) (parting, error) {
	switch q.By {
	case ByOrg:
		return e.byOrg(q, p), nil
	case ByUnit:
		return e.byUnit(), nil
	case ByArea:
		return e.byArea(q), nil
	case ByDay:
		return byDays(1, p), nil
	case ByWeek:
		return byDays(7, p), nil
	case ByCategory:
		return byNumber(func(c *columns) []uint16 { return c.category }), nil
	case ByService:
		return byNumber(func(c *columns) []uint16 { return c.service }), nil
	}
	return parting{}, fail.Field("by", "figure.by_unknown")
}

// byOrg parts by the organisation itself and those that stood right below it; without one by
// those at the top. A unit that was merged counts with its successor where that is one of
// them.
func (e *Engine) byOrg(q Query, p *plan) parting {
	t := e.m.tree
	var own, children []uint32 // ranks
	if q.Org == "" {
		children = slices.Clone(t.tops)
	} else {
		own = t.places(t.numOf[q.Org], p.merges)
		for _, r := range own {
			children = append(children, t.below[r]...)
		}
	}
	slices.Sort(children) // what is above comes first, so that what is below has the last word
	heads := map[uint32]bool{}
	for _, c := range children {
		heads[t.posOrg[c]] = true
	}
	part := make([]uint32, len(t.posOrg)) // of a rank: the organisation's number
	for _, c := range children {
		org := t.posOrg[c]
		if heir := t.heir(org, p.merges); heads[heir] {
			org = heir
		}
		for _, r := range t.under([]uint32{c}) {
			part[r] = org
		}
	}
	for _, r := range own { // a merged unit may have stood below its successor
		part[r] = t.numOf[q.Org]
	}
	return parting{
		partOf: func(r run, into []uint32) {
			for k, i := range r.sel {
				into[k] = part[r.c.org[i]]
			}
		},
		key: func(n int) string { return string(t.orgs[n].id) },
	}
}

// byUnit parts by the organisations served for.
func (e *Engine) byUnit() parting {
	t := e.m.tree
	return parting{
		partOf: func(r run, into []uint32) {
			for k, i := range r.sel {
				into[k] = t.posOrg[r.c.unit[i]]
			}
		},
		key: func(n int) string { return string(t.orgs[n].id) },
	}
}

// byArea parts by the divisions one level below the area that is asked for, else below that
// of the organisation's home; what lies higher is its own part.
func (e *Engine) byArea(q Query) parting {
	above := q.Area
	if above == 0 && q.Org != "" {
		above = homeArea(q.Org.Home())
	}
	level := min(above.Level()+1, area.Village)
	numbers := map[area.Code]uint32{}
	var codes []area.Code
	part := make([]uint32, len(e.m.areaCodes))
	for i, c := range e.m.areaCodes {
		at := area.Code(c)
		for at.Level() > level {
			at = at.Parent()
		}
		n, ok := numbers[at]
		if !ok {
			n = uint32(len(codes))
			numbers[at], codes = n, append(codes, at)
		}
		part[i] = n
	}
	return parting{
		partOf: func(r run, into []uint32) {
			for k, i := range r.sel {
				into[k] = part[r.c.area[i]]
			}
		},
		key: func(n int) string { return codes[n].String() },
	}
}

// homeArea is the division of a home: a county, a city's own, a province's own.
func homeArea(home string) area.Code {
	n, _ := strconv.ParseInt(home, 10, 64)
	return area.Code(n * 1_000_000)
}

// byDays parts by day, or by week from Monday. 5 January 1970 was a Monday.
func byDays(length int32, p *plan) parting {
	shift := int32(0)
	if length == 7 {
		shift = 3
	}
	start := int32(1 << 30)
	for _, b := range p.blocks {
		start = min(start, (firstOf(b.month)+shift)/length)
	}
	return parting{start: int(start),
		partOf: func(r run, into []uint32) {
			for k, i := range r.sel {
				into[k] = uint32((r.first+int32(r.c.day[i])+shift)/length - start)
			}
		},
		key: func(n int) string { return dayOf((int32(n)+start)*length - shift) },
	}
}

func byNumber(column func(c *columns) []uint16) parting {
	return parting{
		partOf: func(r run, into []uint32) {
			values := column(r.c)
			for k, i := range r.sel {
				into[k] = uint32(values[i])
			}
		},
		key: strconv.Itoa,
	}
}

// splits are the parts that have facts.
func (g parting) splits(all []tally, measure ledger.Measure) (splits []Split) {
	for n, t := range all {
		if t.facts > 0 {
			splits = append(splits, Split{Key: g.key(n), Value: t.value(measure)})
		}
	}
	return splits
}

// arrange puts parts in the order in which they are read: days as they follow, others with
// the largest first.
func (by By) arrange(splits []Split) {
	slices.SortFunc(splits, func(a, b Split) int {
		if by == ByDay || by == ByWeek || a.Value == b.Value {
			return strings.Compare(a.Key, b.Key)
		}
		return cmp.Compare(b.Value, a.Value)
	})
}

// call gives parts their names. Those of none have none.
func (e *Engine) call(ctx context.Context, by By, splits []Split) error {
	names := map[string]string{}
	var err error
	switch by {
	case ByDay, ByWeek, Whole:
		for i := range splits {
			splits[i].Name = by.dayName(splits[i].Key)
		}
		return nil
	case ByArea:
		err = e.areaNames(ctx, splits, names)
	case ByOrg, ByUnit:
		e.orgNames(splits, names)
	case ByService:
		all, failed := activity.Services(ctx, e.d)
		for _, s := range all {
			names[strconv.FormatInt(s.ID, 10)] = s.Name
		}
		err = failed
	case ByCategory:
		all, failed := people.Categories(ctx, e.d)
		for _, c := range all {
			names[strconv.FormatInt(c.ID, 10)] = c.Name
		}
		err = failed
	}
	for i := range splits {
		splits[i].Name = names[splits[i].Key]
	}
	return err
}

// dayName is the day itself, or the first and last of a week.
func (by By) dayName(key string) string {
	t, err := time.Parse(time.DateOnly, key)
	if by != ByWeek || err != nil {
		return key
	}
	return key + "/" + t.AddDate(0, 0, 6).Format(time.DateOnly)
}

func (e *Engine) areaNames(ctx context.Context, splits []Split, into map[string]string) error {
	codes := make([]area.Code, len(splits))
	for i, s := range splits {
		codes[i], _ = area.Parse(s.Key)
	}
	names, err := area.Names(ctx, e.d, codes)
	for c, name := range names {
		into[c.String()] = name
	}
	return err
}

func (e *Engine) orgNames(splits []Split, into map[string]string) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, s := range splits {
		if n, ok := e.m.tree.numOf[id.ID(s.Key)]; ok {
			into[s.Key] = e.m.tree.orgs[n].name
		}
	}
}
