package progress

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
)

// Unit is whose part of a schedule a row is.
type Unit struct {
	Org      id.ID
	Name     string
	Kind     org.Kind
	Tier     org.Tier
	Position int64
}

// Standing is how a row stands on a day.
type Standing struct {
	Row
	Of       Item
	Campaign int64 // of the schedule
	Unit     Unit
	Day      string

	Planned  int64
	Actual   int64
	Entries  int64 // what the figure opens to: 0 when nothing was ever counted
	Earlier  int64 // actual, so many days before as the pace is taken from
	Recent   int64 // entries of the last quiet days
	Forecast int64
	Arrives  string // the day on which the target is reached at the last pace; empty: not known
	Why      []Reason
}

// Gap is by how much the unit is behind its plan; below 0 it is ahead.
func (s Standing) Gap() int64 { return s.Planned - s.Actual }

// Pace is what is there of what should be, in ten-thousandths.
func (s Standing) Pace() int64 { return share(s.Actual, s.Planned, 10_000) }

// Done is what is there of the target, in percent; Due what should be.
func (s Standing) Done() int64 { return share(s.Actual, s.Target, 100) }

// Due is what should be there of the target, in percent.
func (s Standing) Expected() int64 { return share(s.Planned, s.Target, 100) }

// Begun says whether the row's first day has come.
func (s Standing) Begun() bool { return s.Day >= s.From }

// Lags says whether one of the rules names it.
func (s Standing) Lags() bool { return len(s.Why) > 0 }

// share is a of b in so many parts, rounded down; all of nothing.
func share(a, b, parts int64) int64 {
	if b == 0 {
		return parts
	}
	return floorDiv(a*parts, b)
}

// Line is a unit with its standing in each item; nil where it has no row.
type Line struct {
	Unit  Unit
	Cells []*Standing
}

// Behind counts the cells that lag.
func (l Line) Behind() (n int) {
	for _, c := range l.Cells {
		if c != nil && c.Lags() {
			n++
		}
	}
	return n
}

// Pace is the mean of the line's paces, none above 10,000: being ahead in one thing makes up
// for nothing in another. False where nothing is planned yet.
func (l Line) Pace() (int64, bool) {
	var sum, n int64
	for _, c := range l.Cells {
		if c != nil && c.Planned > 0 {
			sum, n = sum+min(max(c.Pace(), 0), 10_000), n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / n, true
}

// Board is a schedule as it stands.
type Board struct {
	Schedule
	Items    []Item
	Lines    []Line      // those behind first
	Whole    Line        // without cells where the reader does not see the whole
	Laggards []*Standing // the widest gap first
	Day      string
	Time     time.Time
	Seq      int64
	Rules    Rules
}

// Read says how a schedule stands now: all of it, or with seats what is at or below them.
func Read(ctx context.Context, r db.Reader, e *figure.Engine, s Schedule, seats []org.Seat, now time.Time) (Board, error) {
	b := Board{Schedule: s, Day: db.Day(now), Time: now}
	settings, err := config.Load(ctx, r)
	if err != nil {
		return b, err
	}
	b.Rules = Rules{settings.Behind, int64(settings.Quiet / (24 * time.Hour))}
	if b.Items, err = Items(ctx, r, s.ID); err != nil {
		return b, err
	}
	rows, err := rowsOf(ctx, r, s.ID, seats)
	if err != nil {
		return b, err
	}
	top, err := org.Get(ctx, r, s.Org)
	if err != nil {
		return b, err
	}
	b.lay(rows, Unit{top.ID, top.Name, top.Kind, top.Tier, top.Position}, seats == nil)
	if err := b.measure(ctx, e); err != nil {
		return b, err
	}
	b.judge()
	return b, nil
}

// lay puts rows into lines, and the whole under them.
func (b *Board) lay(rows []unitRow, top Unit, whole bool) {
	place := map[id.ID]int{}
	for n, i := range b.Items {
		place[i.ID] = n
	}
	lines := map[id.ID]int{}
	for _, u := range rows {
		n, ok := place[u.Item]
		if !ok {
			continue // came after the items were read
		}
		st := &Standing{Row: u.Row, Of: b.Items[n], Campaign: b.Campaign, Unit: u.Unit, Day: b.Day}
		st.Planned = st.Row.Planned(st.Of, b.Day)
		if u.Org == b.Org {
			b.Whole.Unit, b.Whole.Cells = top, b.Whole.fit(len(b.Items))
			b.Whole.Cells[n] = st
			continue
		}
		at, ok := lines[u.Org]
		if !ok {
			at = len(b.Lines)
			lines[u.Org] = at
			b.Lines = append(b.Lines, Line{u.Unit, make([]*Standing, len(b.Items))})
		}
		b.Lines[at].Cells[n] = st
	}
	if whole && len(b.Lines) > 0 {
		b.addUp(top)
	}
}

func (l Line) fit(n int) []*Standing {
	if l.Cells == nil {
		return make([]*Standing, n)
	}
	return l.Cells
}

// addUp makes the whole of an item of what its rows plan, where the organisation has no row of
// its own. Shares are not added: of them the whole plans the mean.
func (b *Board) addUp(top Unit) {
	b.Whole.Unit, b.Whole.Cells = top, b.Whole.fit(len(b.Items))
	for n, i := range b.Items {
		if b.Whole.Cells[n] != nil || i.Milestone() {
			continue
		}
		var sum *Standing
		var parts int64
		for _, l := range b.Lines {
			c := l.Cells[n]
			if c == nil {
				continue
			}
			if parts++; sum == nil {
				copied := *c
				sum = &copied
				sum.ID, sum.Org, sum.Unit, sum.Curve = "", top.Org, top, nil
				continue
			}
			sum.Target, sum.Planned = sum.Target+c.Target, sum.Planned+c.Planned
			sum.From, sum.Due = min(sum.From, c.From), max(sum.Due, c.Due)
		}
		if sum != nil && i.ratio() {
			sum.Target, sum.Planned = sum.Target/parts, sum.Planned/parts
		}
		b.Whole.Cells[n] = sum
	}
}

// cells are all standings, the whole last.
func (b *Board) cells() (all []*Standing) {
	for _, l := range append(slices.Clone(b.Lines), b.Whole) {
		for _, c := range l.Cells {
			if c != nil {
				all = append(all, c)
			}
		}
	}
	return all
}

// judge names the laggards and puts those behind first.
func (b *Board) judge() {
	for _, l := range b.Lines {
		for _, c := range l.Cells {
			if c == nil {
				continue
			}
			if c.Why = b.Rules.Judge(*c); c.Lags() {
				b.Laggards = append(b.Laggards, c)
			}
		}
	}
	for _, c := range b.Whole.Cells {
		if c != nil {
			c.Why = b.Rules.Judge(*c)
		}
	}
	slices.SortStableFunc(b.Laggards, func(x, y *Standing) int {
		return cmp.Or(cmp.Compare(x.Pace(), y.Pace()), cmp.Compare(x.Of.Place, y.Of.Place))
	})
	slices.SortStableFunc(b.Lines, func(x, y Line) int {
		p, _ := x.Pace()
		q, _ := y.Pace()
		return cmp.Or(cmp.Compare(y.Behind(), x.Behind()), cmp.Compare(p, q))
	})
}

// endOf is the last moment of a day.
func endOf(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	return t.AddDate(0, 0, 1).Add(-time.Millisecond)
}

// Find is the standing of a row; nil where the board does not show it.
func (b Board) Find(row id.ID) *Standing {
	for _, c := range b.cells() {
		if c.ID == row {
			return c
		}
	}
	return nil
}
