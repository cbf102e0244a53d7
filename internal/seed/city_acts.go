package seed

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/roster"
)

// deedText is a kind of activity of clause T3: which text, its hours, how many of a hundred.
type deedText struct {
	text  int
	camp  string
	hours [][2]int
	n     int
}

// cityTexts are the seven kinds of clause T3, watches by night besides.
var cityTexts = []deedText{
	{textGate, "guard", [][2]int{{6, 10}, {10, 14}, {14, 18}, {18, 22}}, 24},
	{textNight, "guard", [][2]int{{8, 12}, {18, 22}, {22, 30}}, 5},
	{textThermometer, "guard", [][2]int{{7, 10}, {10, 13}, {14, 17}}, 16},
	{textDissuade, "main", [][2]int{{8, 11}, {14, 17}}, 15},
	{textTell, "tell", [][2]int{{9, 11}, {14, 16}, {18, 20}}, 15},
	{textClean, "clean", [][2]int{{8, 10}, {14, 16}}, 12},
	{textVisit, "main", [][2]int{{8, 11}, {14, 17}}, 7},
	{textCall, "main", [][2]int{{9, 11}, {15, 17}}, 6},
}

// act is an activity: on one day or some in a row, each of which counts.
type act struct {
	n         int
	cell      *cell
	kind      *deedText
	at        area.Code // of the organiser
	near      string    // in its title
	days      []int     // from the opening day
	created   minute
	submitted minute
	published minute
	reviewed  bool
	shifts    []*shift
}

// shift is a turn of one of its posts.
type shift struct {
	n            int
	of           *act
	post         int
	day          int
	starts, ends minute
	places       int
	sure         bool // the first of its day: somebody comes

	sheet *roster.Sheet // while it is written in bulk
	id    id.ID         // where commands write it
}

// program plans the activities: each cell's share, day by day as the city grows, put together
// to activities of one to three days.
func (c *city) program() {
	for i, at := range c.cells {
		chance := c.rand("acts", i)
		counts := at.perDay(chance)
		for _, a := range at.runs(counts, chance) {
			c.schedule(a, chance)
			c.acts = append(c.acts, a)
		}
	}
	slices.SortStableFunc(c.acts, func(a, b *act) int { return cmp.Compare(a.published, b.published) })
	n := 0
	for i, a := range c.acts {
		a.n = i
		c.measure(a)
		for _, s := range a.shifts {
			s.n = n
			n++
		}
	}
}

// intensity is how much is done on each day from the call on, of any unit: it grows for two
// weeks, holds, and ebbs.
func intensity(day int) float64 {
	switch d := day - callDay; {
	case d < 14:
		return 0.3 + 0.05*float64(d)
	case d < 28:
		return 1
	default:
		return 1 - 0.03*float64(d-27)
	}
}

// perDay divides a cell's activities over its days, by the intensity of each.
func (c *cell) perDay(chance *rand.Rand) (counts [lastDay + comingDays + 1]int) {
	var sum, upTo float64
	for d := callDay; d <= lastDay; d++ {
		sum += intensity(d)
	}
	before, shift := 0, chance.Float64()
	for d := callDay; d <= lastDay; d++ {
		upTo += intensity(d)
		until := int(float64(c.held)*min(upTo/sum, 1) + shift)
		if d == lastDay {
			until = c.held
		}
		counts[d], before = until-before, until
	}
	for k := range c.coming {
		counts[lastDay+1+(k+int(shift*comingDays))%comingDays]++
	}
	return counts
}

// runs puts days together to activities.
func (c *cell) runs(counts [lastDay + comingDays + 1]int, chance *rand.Rand) (all []*act) {
	var open []*act
	left := map[*act]int{}
	for d := callDay; d < len(counts); d++ {
		next := open[:0]
		for _, a := range open {
			if left[a] > 0 && counts[d] > 0 && a.days[len(a.days)-1] == d-1 {
				a.days = append(a.days, d)
				left[a]--
				counts[d]--
				next = append(next, a)
			}
		}
		open = next
		for range counts[d] {
			a := &act{cell: c, kind: pickKind(chance), days: []int{d}}
			left[a] = []int{0, 0, 1, 1, 2}[chance.IntN(5)]
			all, open = append(all, a), append(open, a)
		}
	}
	return all
}

func pickKind(chance *rand.Rand) *deedText {
	n := chance.IntN(100)
	for i := range cityTexts {
		if n -= cityTexts[i].n; n < 0 {
			return &cityTexts[i]
		}
	}
	panic("seed: the kinds do not add up")
}

// schedule says whose it is and when it is written, submitted and published.
func (c *city) schedule(a *act, chance *rand.Rand) {
	a.at, a.near = a.cell.at, a.cell.short
	station := false
	if a.cell.institute() && chance.Float64() < 0.75 {
		v := a.cell.villages[chance.IntN(len(a.cell.villages))]
		a.at, a.near, station = v.Code, spoken(v.Name), true
	}
	first := a.days[0]
	switch {
	case first == callDay:
		a.published = ofDay(callDay, 7, 40) + minute(chance.IntN(65))
	case first > lastDay:
		a.published = ofDay(lastDay-chance.IntN(3), 8, 30) + minute(chance.IntN(320))
	default:
		a.published = ofDay(max(first-1-chance.IntN(3), callDay), 9, 0) + minute(chance.IntN(9*60))
	}
	risky := a.kind.text == textGate || a.kind.text == textNight || a.kind.text == textThermometer || a.kind.text == textVisit
	a.reviewed = station || risky
	a.submitted = a.published
	if a.reviewed {
		a.submitted -= 15 + minute(chance.IntN(60))
	}
	a.created = a.submitted - 5 - minute(chance.IntN(20))
}

// measure gives an activity its shifts, as large as its cell is.
func (c *city) measure(a *act) {
	chance := c.rand("size", a.n)
	size := float64(c.scaled(cityTurns)) / float64(c.scaled(cityHeld)) / 0.93 * a.cell.size(c) * (0.7 + 0.6*chance.Float64())
	duties := epidemicTexts[a.kind.text].duties
	for _, day := range a.days {
		var spans [][2]int
		for _, h := range a.kind.hours {
			if ofDay(day, h[0], 0) >= a.published+75 {
				spans = append(spans, h)
			}
		}
		each := size / float64(len(duties)*len(spans))
		for i, h := range spans {
			for post := range duties {
				a.shifts = append(a.shifts, &shift{of: a, post: post, day: day, starts: ofDay(day, h[0], 0), ends: ofDay(day, h[1], 0),
					places: max(2, int(each*(0.8+0.4*chance.Float64())+0.5)), sure: i == 0 && post == 0})
			}
		}
	}
}

// size is how much larger a cell's activities are than all: by its members, for what it does.
func (c *cell) size(of *city) float64 {
	members := 0
	for _, p := range c.pools {
		members += p.members
	}
	return float64(members) / float64(max(c.held, 1)) / (cityRegistered / cityHeld)
}
