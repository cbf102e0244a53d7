package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Taizhou is the whole city of the bulletin, in its first weeks.
const Taizhou Scale = "taizhou"

// Progress is how far the writing of a city has come.
type Progress struct {
	Until time.Time // in the city's days
	Rows  int64
	Took  time.Duration
}

// runCity makes the city, stretch by stretch of its days.
func runCity(ctx context.Context, o Options) (made Made, err error) {
	began := time.Now()
	if !o.Clock.IsZero() && !o.Clock.Equal(CityStands) {
		return made, fail.New(fail.Invalid, "seed.clock")
	}
	if o.Fraction <= 0 || o.Fraction > 1 {
		o.Fraction = 1
	}
	defer debug.SetGCPercent(debug.SetGCPercent(40)) // half a million people are kept while it runs
	w, c, err := beginCity(ctx, o)
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, w.app.Close()) }()
	if err := w.foundCity(o, c); err != nil {
		return made, err
	}
	b, err := newBulk(w, c)
	if err != nil {
		return made, err
	}
	restore, err := w.app.DB.Shelve(ctx, "ledger_fact", "roster_signup", "notice_notice")
	if err != nil {
		return made, err
	}
	if err := b.walk(func(until minute) {
		if o.Tell != nil {
			o.Tell(Progress{until.time(), w.app.DB.Inserted(), time.Since(began)})
		}
	}); err != nil {
		return made, err
	}
	if err := restore(ctx); err != nil {
		return made, err
	}
	if err := w.mergePairs(c, func(i int32) id.ID { return b.folk[i].ID }); err != nil {
		return made, err
	}
	if err := w.mergeTeams(c, b.teamID); err != nil {
		return made, err
	}
	if err := w.exchangeCity(); err != nil {
		return made, err
	}
	if err := w.stop(ctx); err != nil {
		return made, err
	}
	return Made{append(w.accounts(), b.heroAccount()), w.count, time.Since(began)}, nil
}

// beginCity plans the city and opens the database on its first morning.
func beginCity(ctx context.Context, o Options) (*world, *city, error) {
	w := &world{ctx: ctx, now: CityStands, today: i18n.Midnight(CityStands), at: map[string][]*person{}}
	w.clock = &clock{now: opening.time()}
	w.ticked = w.clock.Now()
	w.rand = rand.New(rand.NewChaCha8(key(o.Seed, "world")))
	a, err := app.Open(ctx, app.Config{DSN: o.DSN, Keys: o.Keys, Now: w.clock.Now, Rand: rand.NewChaCha8(key(o.Seed, "ids")), Log: o.Log, Making: true})
	if err != nil {
		return nil, nil, err
	}
	w.app, w.jobs = a, jobs.NewRunner(a.DB)
	app.Handle(w.jobs)
	return w, planCity(o.Seed, o.Fraction), nil
}

// foundCity makes by commands what there is of few: offices, centres, institutes, stations,
// their staff, and the campaigns.
func (w *world) foundCity(o Options, c *city) error {
	w.texts = epidemicTexts
	for _, step := range []func() error{
		func() error { return w.settings(o) }, func() error { return w.plantCity(c) }, func() error { return w.hireWith(w.cityStaff(c)) },
		w.readKinds, w.openCampaigns, func() error { return w.trustCity(c) }, func() error { return w.app.Seal(w.ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// plantCity loads the divisions of the city and founds its tree under the province.
func (w *world) plantCity(c *city) error {
	w.tree.seat = map[area.Code]*place{}
	n, err := w.load(taizhou)
	if err != nil {
		return err
	}
	w.count.Areas += n
	if err := w.founding(&place{name: "江苏省文明办", short: "江苏省", area: province, tier: org.Office}); err != nil {
		return err
	}
	if err := w.founding(&place{name: "泰州市文明办", short: "泰州市", area: taizhou, tier: org.Office, parent: w.tree.seat[province]}); err != nil {
		return err
	}
	if err := w.founding(seatsBelow(w.tree.seat[taizhou], below(taizhou, area.County), org.Center, "中心")...); err != nil {
		return err
	}
	var institutes, stations []*place
	for _, at := range c.cells {
		if at.institute() {
			a, _ := area.Lookup(at.at)
			institutes = append(institutes, seatsBelow(w.tree.seat[at.at.At(area.County)], []area.Area{a}, org.Institute, "所")...)
		}
	}
	if err := w.founding(institutes...); err != nil {
		return err
	}
	for _, at := range c.cells {
		stations = append(stations, seatsBelow(w.tree.seat[at.at], at.villages, org.Station, "站")...)
	}
	return w.founding(stations...)
}

// cityStaff leads and administers every centre and institute.
func (w *world) cityStaff(c *city) (all []*worker) {
	told := map[area.Code]bool{}
	for _, at := range append([]area.Code{taizhou}, codes(below(taizhou, area.County))...) {
		all = append(all, w.staffAt(at, auth.Leader))
		if at != taizhou && at != hailing { // whose administrators are told
			all = append(all, w.staffAt(at, auth.Admin))
		}
	}
	told[chengdong] = true
	for _, at := range c.cells {
		if at.institute() && !told[at.at] {
			all = append(all, w.staffAt(at.at, auth.Leader), w.staffAt(at.at, auth.Admin))
		}
	}
	return all
}

func codes(areas []area.Area) (all []area.Code) {
	for _, a := range areas {
		all = append(all, a.Code)
	}
	return all
}

// trustCity lets the ordinary activities of centres and institutes go without review; those of
// stations are looked at.
func (w *world) trustCity(c *city) error {
	return w.system(func(tx *db.Tx, actor auth.Actor) error {
		for _, at := range w.trusted(c) {
			if err := org.Trust(w.ctx, tx, actor, at, true); err != nil {
				return fmt.Errorf("trust: %w", err)
			}
		}
		return nil
	})
}

func (w *world) trusted(c *city) (all []id.ID) {
	for _, a := range below(taizhou, area.County) {
		all = append(all, w.tree.seat[a.Code].id)
	}
	for _, at := range c.cells {
		if at.institute() {
			all = append(all, w.tree.seat[at.at].id)
		}
	}
	return all
}

// mergePairs merges the records of those who were registered twice: the leader proposes it, the
// administrator above agrees, jobs move what there is.
func (w *world) mergePairs(c *city, of func(int32) id.ID) error {
	for _, p := range c.pairs {
		h := w.helmOf(c, c.village(&c.folk[p.survivor]).Code, cityEnds)
		err := w.write(func(tx *db.Tx) error {
			m, err := people.ProposeMerge(w.ctx, tx, w.app.Keys, h.leader.actor(), of(p.duplicate), of(p.survivor))
			if err != nil {
				return err
			}
			_, err = people.DecideMerge(w.ctx, tx, w.app.Keys, h.over.actor(), m.ID, true)
			return err
		})
		if err != nil {
			return fmt.Errorf("merging %d into %d: %w", p.duplicate, p.survivor, err)
		}
	}
	return w.jobs.RunDue(w.ctx)
}

// mergeTeams merges a team that served into another of its county, by the centre over both.
func (w *world) mergeTeams(c *city, of func(*team) id.ID) error {
	from, into := c.merging()
	by := w.staff.admin[from.under.At(area.County)]
	return w.write(func(tx *db.Tx) error {
		return activity.MergeOrg(w.ctx, tx, by.actor(), of(from), of(into), "两支队伍人员重合，经协商合并。")
	})
}

// stop ends the making of a world: the books are sealed, the clock is remembered.
func (w *world) stop(ctx context.Context) error {
	if err := w.app.NoteClock(ctx); err != nil {
		return err
	}
	return w.app.Seal(ctx)
}

// helm is who leads what an organisation does, who decides above it, and on whose desk its
// activities are reviewed at a moment. The station that moves is led from the centre.
type helm struct {
	leader, over *worker
	desk         *place
}

func (w *world) helmOf(c *city, at area.Code, when minute) helm {
	up := func(p *place) *worker { return w.staff.admin[p.area] }
	seat := w.tree.seat[at]
	switch seat.tier {
	case org.Office:
		return helm{w.staff.leader[at], up(w.tree.seat[province]), w.tree.seat[province]}
	case org.Center, org.Institute:
		return helm{w.staff.leader[at], up(seat.parent), seat.parent}
	}
	if at == c.moved {
		county := at.At(area.County)
		desk := seat.parent
		if when > moving {
			desk = w.tree.seat[c.to]
		}
		return helm{w.staff.leader[county], up(w.tree.seat[county]), desk}
	}
	return helm{w.staff.leader[seat.parent.area], up(seat.parent), seat.parent}
}

// moveStation is the one move: by the centre, to another institute of its county.
func (w *world) moveStation(c *city, tx *db.Tx) error {
	by := w.staff.admin[c.moved.At(area.County)]
	return org.Move(w.ctx, tx, by.actor(), w.tree.seat[c.moved].id, w.tree.seat[c.to].id)
}
