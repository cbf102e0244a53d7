package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
)

// trend is a figure day by day up to today.
type trend struct {
	Days   []time.Time
	Values []int64
	Top    int64 // of the scale
}

// trendOf lays the parts of a figure on its days; days without any are nought.
func trendOf(a figure.Answer, now time.Time) (t trend) {
	on := map[string]int64{}
	for _, s := range a.Splits {
		on[s.Key] = s.Value
	}
	most := int64(0)
	first := i18n.Midnight(now).AddDate(0, 0, 1-trendDays)
	for i := range trendDays {
		day := first.AddDate(0, 0, i)
		v := on[day.Format(time.DateOnly)]
		t.Days, t.Values, most = append(t.Days, day), append(t.Values, v), max(most, v)
	}
	t.Top = roundUp(most)
	return t
}

// roundUp is the least round number not below n that halves evenly: 2, 4, 10, 20, 40, 100 …
func roundUp(n int64) int64 {
	for unit := int64(1); ; unit *= 10 {
		for _, step := range []int64{2, 4, 6, 10} {
			if step*unit >= n {
				return step * unit
			}
		}
	}
}

func (t trend) today() int64 { return t.Values[len(t.Values)-1] }

// The grid on which a line is drawn; it is stretched to its place.
const gridW, gridH = 1000, 1000

func (t trend) x(i int) int { return i * gridW / (len(t.Values) - 1) }

func (t trend) y(i int) int { return gridH - int(t.Values[i]*gridH/max(t.Top, 1)) }

// line is the path through the days; area is what lies below it.
func (t trend) line() string {
	var b strings.Builder
	for i := range t.Values {
		fmt.Fprintf(&b, "%c%d %d", "ML"[min(i, 1)], t.x(i), t.y(i))
	}
	return b.String()
}

func (t trend) area() string { return t.line() + fmt.Sprintf("V%dH0Z", gridH) }

// last is the point of today.
func (t trend) last() string { return fmt.Sprintf("M%d %dh0", gridW, t.y(len(t.Values)-1)) }

// marks are the days named below the line.
func (t trend) marks(ctx context.Context) []string {
	n := len(t.Days)
	return []string{shortDay(ctx, t.Days[0]), shortDay(ctx, t.Days[n/2]), ui.T(ctx, "desk.today")}
}

func shortDay(ctx context.Context, t time.Time) string { return i18n.Day(ui.Lang(ctx), t) }

// words tell the line to those who do not see it.
func (t trend) words(ctx context.Context) string {
	best := 0
	for i, v := range t.Values {
		if v > t.Values[best] {
			best = i
		}
	}
	return ui.T(ctx, "desk.trend_words", "first", shortDay(ctx, t.Days[0]), "from", t.Values[0],
		"best", shortDay(ctx, t.Days[best]), "most", t.Values[best], "today", t.today())
}

// tileMap is the divisions right below a place, a tile each in the order of their codes, which
// keeps neighbours near one another, or their shapes where all of them were imported.
type tileMap struct {
	Tiles  []tile
	Most   int64
	Shapes *drawing // nil: there are not all
}

// tile is one division.
type tile struct {
	Code  area.Code
	Name  string
	Value int64
	Shade int // 0 for none to 4 for the most
}

// shades is how many shades there are besides none.
const shades = 4

// tiles shade the divisions by their values.
func (e *eye) tiles(ctx context.Context, by figure.Answer) (m tileMap, err error) {
	below, err := area.Children(ctx, e.site.DB, e.org.Area)
	if err != nil || len(below) == 0 {
		return m, err
	}
	values := map[string]int64{}
	for _, s := range by.Splits {
		values[s.Key] = s.Value
	}
	for _, a := range below {
		v := values[a.Code.String()]
		m.Tiles, m.Most = append(m.Tiles, tile{Code: a.Code, Name: a.Name, Value: v}), max(m.Most, v)
	}
	for i := range m.Tiles {
		m.Tiles[i].Shade = shadeOf(m.Tiles[i].Value, m.Most)
	}
	m.Shapes, err = e.outlines(ctx, m)
	return m, err
}

// shadeOf is the shade of a value: a quarter of the most each.
func shadeOf(v, most int64) int {
	if v <= 0 || most <= 0 {
		return 0
	}
	return int((v*shades + most - 1) / most)
}

// shade is what one shade stands for.
type shade struct {
	N    int
	Says string
}

func (m tileMap) legend() []shade {
	all := []shade{{0, "0"}}
	for s := int64(1); s <= shades; s++ {
		switch lo, hi := m.Most*(s-1)/shades+1, m.Most*s/shades; {
		case lo == hi:
			all = append(all, shade{int(s), i18n.Number(lo)})
		case lo < hi:
			all = append(all, shade{int(s), i18n.Number(lo) + "–" + i18n.Number(hi)})
		}
	}
	return all
}
