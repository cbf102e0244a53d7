package seed

import (
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Where the world lies.
const (
	province area.Code = 320000_000_000

	taizhou     area.Code = 321200_000_000
	zhenjiang   area.Code = 321100_000_000
	lianyungang area.Code = 320700_000_000

	hailing   area.Code = 321202_000_000
	gaogang   area.Code = 321203_000_000
	jiangyan  area.Code = 321204_000_000
	xinghua   area.Code = 321281_000_000
	jingkou   area.Code = 321102_000_000
	dantu     area.Code = 321112_000_000
	danyang   area.Code = 321181_000_000
	lianyun   area.Code = 320703_000_000
	donghai   area.Code = 320722_000_000
	chengdong area.Code = 321202_001_000 // the street of the demonstration's volunteer
	suchen    area.Code = 321202_102_000
)

var cities = []area.Code{taizhou, zhenjiang, lianyungang}

// full are the counties with an institute in every township; the first two townships of the
// first have a station in every village, the others in their first three.
var full = []area.Code{hailing, gaogang, dantu, danyang, lianyun, donghai}

var everyStation = []area.Code{chengdong, suchen}

const someStations = 3

// place is an organisation of the tree, or one that registered under it.
type place struct {
	id     id.ID
	name   string
	short  string // of its division: 城东街道, 东安社区
	area   area.Code
	tier   org.Tier
	parent *place
}

// home of what it owns.
func (p *place) home() string { return p.id.Home() }

// tree is all places, and those of one division.
type tree struct {
	all   []*place
	seat  map[area.Code]*place
	teams []*place // of all kinds that register
	names map[string]bool
}

// plantTree loads the divisions and founds the practice organisations, tier by tier.
func (w *world) plantTree() error {
	w.tree.seat = map[area.Code]*place{}
	for _, city := range cities {
		n, err := w.load(city)
		if err != nil {
			return err
		}
		w.count.Areas += n
	}
	top := &place{name: "江苏省文明办", short: "江苏省", area: province, tier: org.Office}
	if err := w.founding(top); err != nil {
		return err
	}
	for _, tier := range []func() []*place{w.offices, w.centers, w.institutes, w.stations, w.points} {
		if err := w.founding(tier()...); err != nil {
			return err
		}
	}
	return nil
}

// founding founds organisations whose parents stand, and remembers them.
func (w *world) founding(places ...*place) error {
	for len(places) > 0 {
		some := places[:min(len(places), org.Batch)]
		places = places[len(some):]
		ins := make([]org.In, len(some))
		for i, p := range some {
			ins[i] = org.In{Kind: org.Practice, Tier: p.tier, Name: p.name, Area: p.area}
			if p.parent != nil {
				ins[i].Parent = p.parent.id
			}
		}
		err := w.system(func(tx *db.Tx, actor auth.Actor) error {
			ids, err := org.FoundMany(w.ctx, tx, actor, ins)
			for i, at := range ids {
				some[i].id = at
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, p := range some {
			w.tree.all = append(w.tree.all, p)
			if p.tier != org.Point {
				w.tree.seat[p.area] = p
			}
		}
		w.count.Orgs += int64(len(some))
	}
	return nil
}

// below lists the divisions of a level right below a code.
func below(at area.Code, level area.Level) (all []area.Area) {
	for _, a := range area.Reference(at) {
		if a.Code.Level() == level {
			all = append(all, a)
		}
	}
	return all
}

func (w *world) offices() (all []*place) {
	for _, city := range cities {
		a, _ := area.Lookup(city)
		all = append(all, &place{name: a.Name + "文明办", short: a.Name, area: city, tier: org.Office, parent: w.tree.all[0]})
	}
	return all
}

// seatsBelow makes a place of one tier for each division.
func seatsBelow(parent *place, divisions []area.Area, tier org.Tier, suffix string) (all []*place) {
	seen := map[string]bool{}
	for _, a := range divisions {
		short := spoken(a.Name)
		if seen[short] {
			short = a.Name // a village and a community of one name
		}
		seen[short] = true
		all = append(all, &place{name: short + "新时代文明实践" + suffix, short: short, area: a.Code, tier: tier, parent: parent})
	}
	return all
}

func (w *world) centers() (all []*place) {
	for _, city := range cities {
		all = append(all, seatsBelow(w.tree.seat[city], below(city, area.County), org.Center, "中心")...)
	}
	return all
}

func (w *world) institutes() (all []*place) {
	for _, county := range full {
		all = append(all, seatsBelow(w.tree.seat[county], below(county, area.Township), org.Institute, "所")...)
	}
	return all
}

func (w *world) stations() (all []*place) {
	for _, p := range w.tree.all {
		if p.tier != org.Institute {
			continue
		}
		villages := below(p.area, area.Village)
		if p.area != everyStation[0] && p.area != everyStation[1] {
			villages = villages[:min(someStations, len(villages))]
		}
		all = append(all, seatsBelow(p, villages, org.Station, "站")...)
	}
	return all
}

func (w *world) points() (all []*place) {
	for i, name := range []string{"凤凰园小区", "梅兰苑", "望海楼广场", "稻河古街"} {
		at := w.tree.stationsOf(chengdong)[i*2]
		all = append(all, &place{name: name + "文明实践点", short: name, area: at.area, tier: org.Point, parent: at})
	}
	return all
}

// stationsOf lists the stations of a township.
func (t *tree) stationsOf(township area.Code) (all []*place) {
	for _, p := range t.all {
		if p.tier == org.Station && p.area.At(area.Township) == township {
			all = append(all, p)
		}
	}
	return all
}

// spoken is a division's name as people say it: 东安居委会 is 东安社区, 花园村委会 花园村.
func spoken(name string) string {
	for _, cut := range []struct{ end, say string }{
		{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"居民委员会", "社区"}, {"居委会", "社区"},
		{"村民委员会", "村"}, {"村委会", "村"},
	} {
		if stem, ok := strings.CutSuffix(name, cut.end); ok {
			if strings.HasSuffix(stem, cut.say) {
				return stem
			}
			return stem + cut.say
		}
	}
	return name
}

// load copies the divisions of a city, county by county.
func (w *world) load(city area.Code) (added int64, err error) {
	for _, part := range area.Parts(city) {
		var n int64
		err := w.write(func(tx *db.Tx) (err error) {
			n, err = area.Load(tx, part)
			return err
		})
		if err != nil {
			return added, err
		}
		added += n
	}
	return added, nil
}
