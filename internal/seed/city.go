package seed

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/work/area"
)

// What the whole of Taizhou comes to (clauses T2 and T3). The first and the third are exact;
// the others are about what is planned, and the bulletin's words hold for them.
const (
	cityTeams      = 1394    // organisations and teams served for
	cityRegistered = 565_200 // volunteers
	cityHeld       = 8976    // activities, day by day
	cityTurns      = 1_075_000
	cityComing     = 640 // activities, day by day, of the ten days after the city's moment
	cityUnused     = 26  // teams that registered and did nothing
	cityPairs      = 50  // people who were registered twice, whose records are merged
)

// Of those who join so many never come.
const idle = 0.124

// Days are counted from the one on which the platform opens; minutes from its midnight.
const (
	openingDay = 0  // 26 January
	callDay    = 2  // 28 January: the appeal, and the first activities
	moveDay    = 20 // 15 February: a station comes under another institute
	lastDay    = 39 // 5 March
	comingDays = 10

	opening   minute = 8 * 60
	moving    minute = moveDay*dayLong + 12*60 + 30
	reporting minute = lastDay*dayLong + 8*60 + 30 // what the day before brought
	cityEnds  minute = lastDay*dayLong + 14*60 + 26
)

// minute counts from the midnight of the opening day.
type minute int32

const dayLong = 24 * 60

// CityStands is the moment at which the city of scale taizhou stands.
var CityStands = time.Date(2020, 3, 5, 14, 26, 0, 0, i18n.Zone())

func (m minute) time() time.Time {
	return time.Date(2020, 1, 26, 0, int(m), 0, 0, i18n.Zone())
}

func (m minute) ms() int64 { return m.time().UnixMilli() }

func (m minute) day() int { return int(m) / dayLong }

// ofDay is an hour and minute of a day.
func ofDay(day, hour, min int) minute { return minute(day*dayLong + hour*60 + min) }

// cell is an institute with its stations, or a centre, or the city's office: teams register
// under it, and its activities are theirs.
type cell struct {
	at       area.Code
	short    string
	villages []area.Area // of an institute
	homes    []*cell     // of a centre or office: where its members live
	pools    []*pool     // its teams, and those of no team
	held     int         // activities, day by day, up to the city's moment
	coming   int         // after it
	weight   float64
}

// institute reports whether it has stations.
func (c *cell) institute() bool { return len(c.villages) > 0 }

// pool is a team with its members, or the members of a cell who are in none.
type pool struct {
	*team   // nil: of no team
	cell    *cell
	members int
	order   []int32 // the members, by when they joined

	joined int     // of them, up to now
	fresh  []int32 // who joined and never came
	served []int32 // who came, the longest ago first
}

// team is an organisation or team that registers.
type team struct {
	n          int
	name       string
	under      area.Code // of the office, centre, institute or station above it
	registered minute
	approved   minute
}

// city is the plan of Taizhou: who and what, when, before anything is written.
type city struct {
	seed     uint64
	fraction float64
	cells    []*cell
	pools    []*pool // of all cells
	teams    []*team // by their approval
	folk     []villager
	acts     []*act // by their publication
	hero     int    // in folk: the volunteer whom the demonstration follows
	pairs    []pair
	twin     map[int32]int32   // of either of a pair the other
	alike    map[int32][]int32 // who joined before in her county and bears her name, of one year of birth
	call     callPlan
	moved    area.Code
	to       area.Code // the institute that the moved station comes under
}

// scaled is a number of the whole city in this fraction of it.
func (c *city) scaled(n int) int { return int(math.Round(float64(n) * c.fraction)) }

// rand is a source of chance of its own for a purpose.
func (c *city) rand(purpose string, n int) *rand.Rand {
	var h uint64 = 14695981039346656037
	for _, b := range []byte(purpose) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(c.seed^h, uint64(n)))
}

// planCity plans a fraction of the city: 1 is the whole.
func planCity(seed uint64, fraction float64) *city {
	c := &city{seed: seed, fraction: fraction}
	c.layOut()
	c.apportion()
	c.form()
	c.populate()
	c.pair()
	c.compare()
	c.program()
	c.planCall()
	return c
}

// Those below are well behind: how much less they do and how many fewer join.
var behind = map[area.Code]struct{ does, joins float64 }{jiangyan: {0.25, 0.35}}

// layOut chooses the townships: the first two of Hailing always, then one of each county in
// turn. A large enough city has its centres' and its office's own organisations.
func (c *city) layOut() {
	var counties [][]area.Area
	for _, county := range below(taizhou, area.County) {
		counties = append(counties, below(county.Code, area.Township))
	}
	first := counties[0][:2]
	counties[0] = counties[0][2:]
	chosen := slices.Clone(first)
	for round := 0; len(chosen) < max(2, c.scaled(109)); round++ {
		for _, townships := range counties {
			if round < len(townships) && len(chosen) < max(2, c.scaled(109)) {
				chosen = append(chosen, townships[round])
			}
		}
	}
	slices.SortFunc(chosen, func(a, b area.Area) int { return cmp.Compare(a.Code, b.Code) })
	var institutes []*cell
	for _, a := range chosen {
		at := &cell{at: a.Code, short: spoken(a.Name), villages: below(a.Code, area.Village)}
		at.weight = math.Pow(float64(len(at.villages)+2), 0.8) * (0.8 + 0.4*c.rand("weight", int(a.Code)).Float64())
		institutes = append(institutes, at)
	}
	c.cells = institutes
	c.moved, c.to = institutes[0].villages[2].Code, institutes[1].at
	if len(chosen) < 20 {
		return
	}
	for _, county := range below(taizhou, area.County) {
		at := &cell{at: county.Code, short: spoken(county.Name), weight: 9}
		for _, i := range institutes {
			if i.at.At(area.County) == county.Code {
				at.homes = append(at.homes, i)
			}
		}
		c.cells = append(c.cells, at)
	}
	c.cells = append(c.cells, &cell{at: taizhou, short: "泰州市", homes: institutes, weight: 10})
}

// apportion gives every cell its share of the activities.
func (c *city) apportion() {
	does := make([]float64, len(c.cells))
	for i, at := range c.cells {
		does[i] = at.weight
		if b, ok := behind[at.at.At(area.County)]; ok {
			does[i] *= b.does
		}
	}
	held, coming := shares(c.scaled(cityHeld), does), shares(max(4, c.scaled(cityComing)), does)
	for i, at := range c.cells {
		at.held, at.coming = held[i], coming[i]
	}
}

// shares divides a whole by weights, to the last one: each gets what is its due, rounded down,
// and the largest remainders one more.
func shares(whole int, weights []float64) []int {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	all, order := make([]int, len(weights)), make([]int, len(weights))
	rest := whole
	for i, w := range weights {
		order[i] = i
		all[i] = int(float64(whole) * w / sum)
		rest -= all[i]
	}
	remainder := func(i int) float64 { return float64(whole)*weights[i]/sum - float64(all[i]) }
	due := make([]float64, len(weights))
	for i := range due {
		due[i] = remainder(i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(due[b], due[a]) })
	for _, i := range order[:rest] {
		all[i]++
	}
	return all
}

// themes are what teams call themselves.
var themes = []string{"党员先锋", "青年突击", "巾帼", "银龄", "平安", "应急", "守望", "暖阳", "春风", "护航", "清洁", "宣讲", "邻里", "红马甲",
	"同心", "卫士", "绿叶", "金盾", "爱心", "百灵", "晨曦", "长青", "向阳", "春蚕"}

// form has teams register: each cell at least one, as many as it does more. Most do in the
// first days, some in the weeks after.
func (c *city) form() {
	weights := make([]float64, len(c.cells))
	for i, at := range c.cells {
		weights[i] = float64(at.held)
	}
	teams := shares(max(c.scaled(cityTeams), len(c.cells))-len(c.cells), weights)
	unused := shares(c.scaled(cityUnused), weights)
	for i, at := range c.cells {
		chance := c.rand("teams", i)
		for k := range 1 + teams[i] + unused[i] {
			t := at.newTeam(k, chance)
			c.teams = append(c.teams, t)
			if k <= teams[i] {
				at.pools = append(at.pools, &pool{team: t, cell: at})
			}
		}
		if at.institute() {
			at.pools = append(at.pools, &pool{cell: at})
		}
		c.pools = append(c.pools, at.pools...)
	}
	slices.SortStableFunc(c.teams, func(a, b *team) int { return cmp.Compare(a.approved, b.approved) })
	for n, t := range c.teams {
		t.n = n
	}
}

// newTeam is the k-th team of a cell: two in five hang under the institute, the others under
// a station each.
func (c *cell) newTeam(k int, chance *rand.Rand) *team {
	t := &team{under: c.at, name: c.short + theme(k) + "志愿者协会"}
	if c.institute() {
		t.name = c.short + theme(k) + "志愿服务队"
		if k%5 >= 2 {
			v := c.villages[k*7%len(c.villages)]
			t.under, t.name = v.Code, spoken(v.Name)+theme(k)+"志愿服务队"
		}
	}
	day := 0
	if k >= 2 && chance.Float64() < 0.35 {
		day = 1 + int(24*math.Pow(chance.Float64(), 1.5))
	}
	t.registered = ofDay(day, 8, 40) + minute(k*29%520)
	t.approved = t.registered + 20 + minute(chance.IntN(140))
	return t
}

func theme(k int) string {
	if k < len(themes) {
		return themes[k]
	}
	return fmt.Sprintf("%s第%d", themes[k%len(themes)], k/len(themes)+1)
}
