package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// city is a city of offices, counties, townships and teams with a ledger of made-up facts.
type city struct {
	d    *db.DB
	now  time.Time
	rand *rand.Rand

	office    id.ID
	counties  []id.ID
	townships []id.ID
	teams     []id.ID
	place     map[id.ID]int64 // the position of each
	area      map[id.ID]int64
	campaigns []int64
	persons   []id.ID
	shifts    []id.ID
}

const cityCode area.Code = 321200_000_000

// The shape of the city that FIGURES was measured on.
const (
	cityTeams   = 1394
	cityPersons = 500_000
	cityShifts  = 60_000
	cityDays    = 400
	postAtOnce  = 2000
)

func (c *city) write(ctx context.Context, f func(tx *db.Tx) error) error { return c.d.Write(ctx, f) }

// found founds the tree and the campaigns by the product's commands.
func (c *city) found(ctx context.Context) error {
	c.place, c.area = map[id.ID]int64{}, map[id.ID]int64{}
	if err := c.write(ctx, func(tx *db.Tx) error { _, err := area.Load(tx, cityCode); return err }); err != nil {
		return err
	}
	if err := c.write(ctx, func(tx *db.Tx) error {
		if err := people.Install(tx); err != nil {
			return err
		}
		return activity.Install(ctx, tx)
	}); err != nil {
		return err
	}
	err := c.org(ctx, &c.office, org.In{Kind: org.Practice, Tier: org.Office, Name: "city office", Area: cityCode})
	if err != nil {
		return err
	}
	for _, a := range area.Reference(cityCode) {
		var o id.ID
		switch {
		case a.Code.Level() == area.County && !a.Code.Statistical():
			err = c.org(ctx, &o, org.In{Kind: org.Practice, Tier: org.Center, Name: a.Name, Area: a.Code, Parent: c.office})
			c.counties = append(c.counties, o)
		case a.Code.Level() == area.Township && len(c.counties) > 0 && a.Code.Parent() == area.Code(c.area[c.counties[len(c.counties)-1]]):
			err = c.org(ctx, &o, org.In{Kind: org.Practice, Tier: org.Institute, Name: a.Name, Area: a.Code, Parent: c.counties[len(c.counties)-1]})
			c.townships = append(c.townships, o)
		}
		if err != nil {
			return err
		}
	}
	for i := range cityTeams {
		var o id.ID
		if err := c.org(ctx, &o, org.In{Kind: org.Team, Name: fmt.Sprintf("team %d", i), Parent: c.townships[i%len(c.townships)]}); err != nil {
			return err
		}
		c.teams = append(c.teams, o)
	}
	return c.names(ctx)
}

func (c *city) org(ctx context.Context, to *id.ID, in org.In) error {
	return c.write(ctx, func(tx *db.Tx) error {
		o, err := org.Found(ctx, tx, auth.System, in)
		if err != nil {
			return err
		}
		made, err := org.Get(ctx, tx, o)
		*to, c.place[o], c.area[o] = o, made.Position, int64(made.Area)
		return err
	})
}

// names opens campaigns and makes up the ids of persons and shifts.
func (c *city) names(ctx context.Context) error {
	return c.write(ctx, func(tx *db.Tx) error {
		c.campaigns = c.campaigns[:0]
		parent := int64(0)
		for i := range 6 {
			n, err := campaign.Create(ctx, tx, auth.System, c.office, parent, campaign.In{Name: fmt.Sprintf("campaign %d", i), FromDay: "2020-01-01"})
			if err != nil {
				return err
			}
			if c.campaigns = append(c.campaigns, n); i%3 == 0 {
				parent = n
			}
		}
		c.persons, c.shifts = make([]id.ID, cityPersons), make([]id.ID, cityShifts)
		for i := range c.persons {
			c.persons[i] = tx.NewID("321200")
		}
		for i := range c.shifts {
			c.shifts[i] = tx.NewID("321200")
		}
		return nil
	})
}

// fact makes up the n-th fact of many.
func (c *city) fact(n, many int) ledger.Fact {
	r := c.rand
	team := c.teams[min(r.IntN(len(c.teams)), r.IntN(len(c.teams)))] // some do more
	f := ledger.Fact{Org: c.place[team], Unit: c.place[c.teams[r.IntN(len(c.teams))]], Area: c.area[team], Qty: 1, By: c.persons[0],
		Campaign: c.campaigns[r.IntN(len(c.campaigns))], Service: 1 + int64(r.IntN(20)), Category: 1 + int64(r.IntN(15)),
		Day: db.Day(c.now.AddDate(0, 0, -r.IntN(4)))}
	switch k := r.IntN(100); {
	case k < 30:
		f.Kind, f.Person = roster.Arrived, c.persons[r.IntN(len(c.persons))]
	case k < 58:
		f.Kind, f.Person, f.Qty = roster.Minutes, c.persons[r.IntN(len(c.persons))], 30+int64(r.IntN(300))
		f.Grade = []ledger.Grade{ledger.Recorded, ledger.Confirmed, ledger.Declared}[r.IntN(3)]
	case k < 88:
		f.Kind, f.Person = roster.SignedUp, c.persons[r.IntN(len(c.persons))]
	case k < 92:
		f.Kind, f.Qty = roster.Places, 5+int64(r.IntN(40))
	case k < 94:
		f.Kind, f.Qty = roster.Filled, int64(r.IntN(5000))
	case k < 96:
		f.Kind, f.Person = roster.Absent, c.persons[r.IntN(len(c.persons))]
	case k < 98:
		f.Kind = activity.HeldFact
	default:
		f.Kind = activity.PublishedFact
	}
	f.Subject = c.shifts[(n/17+r.IntN(64))%len(c.shifts)]
	if f.Person == "" {
		f.Subject = id.ID("") // filled in by post: it counts once
	}
	return f
}

// post posts facts over the days of the city; one in a hundred is taken back.
func (c *city) post(ctx context.Context, many int) error {
	begin := c.now
	for n := 0; n < many; {
		c.now = begin.Add(time.Duration(n) * (cityDays * 24 * time.Hour) / time.Duration(many))
		size := min(postAtOnce, many-n)
		back := size / 101
		facts := make([]ledger.Fact, 0, size-back)
		seen := map[string]bool{}
		for len(facts) < size-back {
			f := c.fact(n+len(facts), many)
			key := f.Kind.Key + string(f.Subject) + string(f.Person)
			if f.Person != "" && seen[key] {
				continue
			}
			seen[key] = true
			facts = append(facts, f)
		}
		if err := c.write(ctx, func(tx *db.Tx) error { return c.some(tx, facts, back) }); err != nil {
			return err
		}
		n += size
	}
	return nil
}

// some posts one lot. Subjects are new with each lot, so that nothing counts twice.
func (c *city) some(tx *db.Tx, facts []ledger.Fact, back int) error {
	fresh := map[id.ID]id.ID{}
	for i := range facts {
		f := &facts[i]
		if f.Person == "" {
			f.Subject = tx.NewID("321200")
			continue
		}
		if fresh[f.Subject] == "" {
			fresh[f.Subject] = tx.NewID("321200")
		}
		f.Subject = fresh[f.Subject]
	}
	if err := ledger.PostAll(tx, "bench", facts); err != nil {
		return err
	}
	return ledger.ReverseAll(tx, "bench", facts[:back], c.persons[0])
}
