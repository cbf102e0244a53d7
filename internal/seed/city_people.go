package seed

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"tongxin/internal/work/area"
)

// villager is a volunteer of the city, in few bytes: there are half a million. Name, birth and
// number follow from her place in the list.
type villager struct {
	days     uint64 // on which she is expected somewhere, from the opening day on
	pool     int32
	joined   minute
	village  int32 // among those of home
	home     int16 // cell where she lives
	category uint8
	phone    bool // joined by it; else on paper
	idle     bool // never comes
	came     bool // once at least
}

// growth is how many join on each day from the opening on, of any unit.
var growth = [lastDay + 1]float64{
	14, 22, 60, 74, 70, 66, 62, 60, 58, 56, 54, 50, 47, 44, 41, 38, 36, 33, 31, 29,
	27, 25, 23, 21, 19, 17, 15, 14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2.4, 1.2, 0.5,
}

// grown is the share of those who join who have joined by the end of a day.
var grown = func() (sums [lastDay + 2]float64) {
	for d, g := range growth {
		sums[d+1] = sums[d] + g
	}
	for d := range sums {
		sums[d] /= sums[lastDay+1]
	}
	return sums
}()

// joinMinute is when the share u of those joins who join from a moment on, in waking hours.
func joinMinute(from minute, u float64) minute {
	begin := grown[from.day()] + (grown[from.day()+1]-grown[from.day()])*min(max(float64(from%dayLong-450)/810, 0), 1)
	at := begin + u*(1-begin)
	d, _ := slices.BinarySearch(grown[1:], at)
	d = min(d, lastDay)
	within := (at - grown[d]) / (grown[d+1] - grown[d])
	m := ofDay(d, 7, 30) + minute(within*13.5*60)
	if d == lastDay {
		m = ofDay(d, 7, 30) + minute(within*6.5*60)
	}
	return max(m, from+5)
}

// the seven categories of clause T2, with about how many of a hundred are of each.
var cityCategories = []struct {
	slug string
	n    int
}{
	{"cadre", 9}, {"party_member", 24}, {"civilized_unit", 17}, {"gentry", 6}, {"party_activist", 7}, {"youth_league", 15}, {"public", 22},
}

// populate lets people join: so many for each pool as its cell does, and in the order of
// their moments.
func (c *city) populate() {
	weights := make([]float64, len(c.pools))
	for i, p := range c.pools {
		joins := 1.0
		if b, ok := behind[p.cell.at.At(area.County)]; ok {
			joins = b.joins / b.does // there they join, and do little
		}
		weights[i] = joins * float64(p.cell.held) / float64(len(p.cell.pools)) * (0.6 + 0.8*c.rand("pool", i).Float64())
	}
	place := map[*cell]int16{}
	for i, at := range c.cells {
		place[at] = int16(i)
	}
	for i, n := range shares(c.scaled(cityRegistered), weights) {
		p := c.pools[i]
		p.members = n
		from := opening + 40
		if p.team != nil {
			from = p.approved
		}
		chance := c.rand("members", i)
		for k := range n {
			c.folk = append(c.folk, c.newVillager(p, int32(i), joinMinute(from, (float64(k)+chance.Float64())/float64(n)), place, chance))
		}
	}
	slices.SortStableFunc(c.folk, func(a, b villager) int { return cmp.Compare(a.joined, b.joined) })
	c.hero = -1
	for i := range c.folk {
		v := &c.folk[i]
		p := c.pools[v.pool]
		p.order = append(p.order, int32(i))
		if c.hero < 0 && v.home == 0 && p.team == nil {
			c.hero, v.village, v.phone, v.idle, v.category = i, 0, true, false, publicKind
		}
	}
}

// pair is somebody who joined, and was registered on paper as well.
type pair struct{ duplicate, survivor int32 }

// pair chooses who was registered twice: by the station where she lives, too.
func (c *city) pair() {
	c.twin = map[int32]int32{}
	most := max(1, c.scaled(cityPairs))
	waiting := map[int16]int32{} // by home, who joined and has no twin yet
	for i := len(c.folk) / 200; i < len(c.folk) && len(c.pairs) < most; i++ {
		v := &c.folk[i]
		first, ok := waiting[v.home]
		switch {
		case v.idle || i == c.hero:
		case v.phone && !ok && i%97 == 0:
			waiting[v.home] = int32(i)
		case !v.phone && ok:
			delete(waiting, v.home)
			v.village = c.folk[first].village
			c.pairs = append(c.pairs, pair{int32(i), first})
			c.twin[int32(i)], c.twin[first] = first, int32(i)
		}
	}
}

// compare finds who bears the same name in one county, born in one year.
func (c *city) compare() {
	type key struct {
		sum uint64
		i   int32
	}
	keys := make([]key, len(c.folk))
	spell := func(i int32) string {
		name, birth := c.named(int(i))
		return c.village(&c.folk[i]).Code.Home() + name + birth[:4]
	}
	for i := range c.folk {
		h := fnv.New64a()
		_, _ = h.Write([]byte(spell(int32(i))))
		keys[i] = key{h.Sum64(), int32(i)}
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.i, b.i)) })
	c.alike = map[int32][]int32{}
	for n, k := range keys {
		for m := n - 1; m >= 0 && keys[m].sum == k.sum; m-- {
			if spell(keys[m].i) == spell(k.i) {
				c.alike[k.i] = append(c.alike[k.i], keys[m].i)
			}
		}
	}
}

// publicKind is the place of the public among the categories.
const publicKind = 6

func (c *city) newVillager(p *pool, pool int32, joined minute, place map[*cell]int16, chance *rand.Rand) villager {
	home := p.cell
	if !home.institute() {
		home = home.homes[chance.IntN(len(home.homes))]
	}
	n, kind := chance.IntN(100), 0
	for n -= cityCategories[0].n; n >= 0; n -= cityCategories[kind].n {
		kind++
	}
	return villager{pool: pool, joined: joined, home: place[home], village: int32(chance.IntN(len(home.villages))), category: uint8(kind),
		phone: chance.Float64() < 0.87, idle: chance.Float64() < idle}
}

// number is that by which somebody signs in; "" of one without.
func (c *city) number(i int) string {
	switch {
	case i == c.hero:
		return VolunteerPhone
	case !c.folk[i].phone:
		return ""
	}
	return phoneOf(toldPhones + 10_000 + i)
}

// village is where somebody lives.
func (c *city) village(v *villager) area.Area { return c.cells[v.home].villages[v.village] }

// named is what follows from somebody's place in the list: name and day of birth.
func (c *city) named(i int) (name, birth string) {
	if i == c.hero {
		return heroName, "1986-09-12"
	}
	if first, ok := c.twin[int32(i)]; ok && !c.folk[i].phone {
		return c.named(int(first))
	}
	r := c.rand("name", i)
	name = surnames[r.IntN(len(surnames))] + firstGiven[r.IntN(len(firstGiven))] + lastGiven[r.IntN(len(lastGiven))]
	years := 19 + r.IntN(48)
	if !c.folk[i].phone {
		years = 52 + r.IntN(23)
	}
	born := time.Date(2020-years, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1-r.IntN(360))
	return name, born.Format(time.DateOnly)
}
