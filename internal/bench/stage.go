package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// How the stage is set. Nobody signs up for more than slots and hot shifts together, so that
// finding her overlaps stays what it is for real people.
const (
	slots     = 12 // cool shifts of one volunteer, one after the other
	hotShifts = 10 // which fill up
	hotPlaces = 20 // of each
)

// columns is how many cool shifts there are at the same hour: with the slots about as many as
// a small city plans ahead; of those on which people check in, a hundred beside the hot ones.
func (k Kind) columns() int {
	return map[Kind]int{SignUp: 24, Importing: 24, Telling: 24, CheckIn: hotShifts + 100}[k]
}

// person is a volunteer of the stage.
type person struct {
	id     id.ID
	secret string // of her session
}

// plan is the stage: who can ask for what.
type plan struct {
	people []person
	cool   [][]id.ID // by slot and column
	hot    []id.ID
	list   struct { // whose the list is that is brought meanwhile
		at    id.ID
		names []string // of the organisations in it
	}
}

// stage adds volunteers, sessions and shifts to a copy.
func (b *bench) stage(ctx context.Context, dsn string) (p *plan, engine db.Engine, err error) {
	a, err := b.open(ctx, dsn, 0)
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if e := a.Close(); err == nil {
			err = e
		}
	}()
	s := &setter{b: b, a: a, d: a.DB, p: &plan{}}
	for _, step := range []func(context.Context) error{s.places, s.volunteers, s.shifts} {
		if err := step(ctx); err != nil {
			return nil, "", err
		}
	}
	switch b.Kind {
	case CheckIn:
		err = s.signUps(ctx)
	case Importing:
		err = s.lists(ctx)
	case Telling:
		err = s.channels(ctx)
	}
	if engine = a.DB.Engine(); err == nil && engine == db.Postgres {
		err = a.DB.Write(ctx, analyze)
	}
	return s.p, engine, err
}

// setter sets the stage.
type setter struct {
	b *bench
	a *app.App
	d *db.DB
	p *plan

	centers []org.Org
	homes   []area.Code // where volunteers live
}

// places finds who organises, and where volunteers live: the centres and the stations of one
// city, for it is a city that answers a call in the same minute. A database without
// organisations gets a centre.
func (s *setter) places(ctx context.Context) error {
	roots, _, err := org.List(ctx, s.d, org.Filter{Direct: true})
	if err == nil && len(roots) == 0 {
		if err = s.found(ctx); err == nil {
			roots, _, err = org.List(ctx, s.d, org.Filter{Direct: true})
		}
	}
	if err != nil {
		return err
	}
	all, err := s.below(ctx, roots, org.Center, 0)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("there are organisations, but no centre that could organise")
	}
	city := all[len(all)-1].Area.At(area.City)
	if s.centers, err = s.below(ctx, roots, org.Center, city); err != nil {
		return err
	}
	stations, err := s.below(ctx, roots, org.Station, city)
	for _, o := range append(stations, s.centers[0]) {
		s.homes = append(s.homes, o.Area)
	}
	if err != nil {
		return err
	}
	return s.write(ctx, s.trust)
}

// below lists the practice organisations of a tier, within a division.
func (s *setter) below(ctx context.Context, roots []org.Org, tier org.Tier, within area.Code) (all []org.Org, err error) {
	for _, r := range roots {
		some, _, err := org.List(ctx, s.d, org.Filter{Under: r.ID, Kind: org.Practice, Tier: tier, Within: within, Limit: 200})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// trust lets the centres publish without a review.
func (s *setter) trust(ctx context.Context, tx *db.Tx) error {
	for _, o := range s.centers {
		if err := org.Trust(ctx, tx, auth.System, o.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// found founds one centre with the offices above it.
func (s *setter) found(ctx context.Context) error {
	const county area.Code = 321281_000_000
	return s.write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if _, err := area.Load(tx, county); err != nil {
			return err
		}
		var at id.ID
		for _, in := range []org.In{
			{Tier: org.Office, Name: "bench province", Area: county.At(area.Province)},
			{Tier: org.Office, Name: "bench city", Area: county.At(area.City)},
			{Tier: org.Center, Name: "bench center", Area: county},
		} {
			in.Kind, in.Parent = org.Practice, at
			if at, err = org.Found(ctx, tx, auth.System, in); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *setter) write(ctx context.Context, f func(ctx context.Context, tx *db.Tx) error) error {
	return s.d.Write(ctx, func(tx *db.Tx) error { return f(tx.Context(), tx) })
}

// most is more than the engine answers in a second, on what this can run on. Requests of
// check-in come once from each, so they are fewer.
func (b *bench) most(e db.Engine) float64 {
	rate := map[db.Engine]float64{db.SQLite: 6000, db.Postgres: 2500}[e]
	if b.Kind == CheckIn {
		return rate / 2
	}
	return rate / slots
}

// The least that is asked of an import, and as many as sign up while it runs, in a second.
const (
	rowsAtLeast  = 830
	signUpsAlong = 1500
)

// crowded is how many people can keep the clients busy.
func (b *bench) crowded(e db.Engine) int {
	n := int((b.For+b.warmUp()).Seconds()*b.most(e)) + 20*b.Clients
	if b.Kind == Importing {
		n += b.rows / rowsAtLeast * signUpsAlong / slots
	}
	if b.Kind == Telling {
		n = max(n, b.rows)
	}
	return n
}

// lists finds whose list is brought: the first centre's, of its stations.
func (s *setter) lists(ctx context.Context) error {
	below, err := s.below(ctx, s.centers[:1], org.Station, 0)
	s.p.list.at = s.centers[0].ID
	s.p.list.names = []string{s.centers[0].Name}
	for _, o := range below {
		s.p.list.names = append(s.p.list.names, o.Name)
	}
	return err
}

// each runs f for all people of the stage, some at a time, each in a Write of its own.
func (s *setter) each(ctx context.Context, f func(ctx context.Context, tx *db.Tx, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for i := range s.p.people {
		g.Go(func() error {
			return s.write(ctx, func(ctx context.Context, tx *db.Tx) error { return f(ctx, tx, i) })
		})
	}
	return g.Wait()
}

// volunteers joins as many as can keep the clients busy.
func (s *setter) volunteers(ctx context.Context) error {
	s.p.people = make([]person, s.b.crowded(s.d.Engine()))
	categories, err := people.Categories(ctx, s.d)
	if err != nil {
		return err
	}
	form := people.Joining{Name: "Bench Person", Birth: "1980", Agreed: people.Agreed{Terms: true, Lang: i18n.English}}
	for _, c := range categories {
		if c.Open && !c.Political {
			form.Category = c.ID
		}
	}
	return s.each(ctx, func(ctx context.Context, tx *db.Tx, i int) error {
		p, err := s.join(ctx, tx, form, i)
		s.p.people[i] = p
		return err
	})
}

// join joins one by a one-time code, as people do.
func (s *setter) join(ctx context.Context, tx *db.Tx, form people.Joining, i int) (person, error) {
	web := auth.Actor{Via: auth.Web}
	phone := fmt.Sprintf("1999%07d", i)
	code, err := people.RequestCode(ctx, tx, s.a.Keys, phone)
	if err != nil {
		return person{}, err
	}
	in, err := people.Enter(ctx, tx, s.a.Keys, web, people.Entry{Phone: phone, Code: code.Digits})
	if err != nil {
		return person{}, err
	}
	if in.Ticket != "" {
		form.Ticket, form.Area = in.Ticket, s.homes[i%len(s.homes)]
		in.Started, err = people.Join(ctx, tx, s.a.Keys, web, form)
	}
	return person{in.Started.Person, in.Started.Secret}, err
}

// shifts publishes the activities with their shifts.
func (s *setter) shifts(ctx context.Context) error {
	services, err := activity.Services(ctx, s.d)
	if err != nil {
		return err
	}
	var service int64
	for _, k := range services {
		if k.Open && !k.Risky {
			service = k.ID
		}
	}
	from := s.d.Now().Truncate(time.Hour).Add(48 * time.Hour)
	columns := s.b.Kind.columns()
	places := int64(min(len(s.p.people)/10+20, 9999)) // enough: nobody is refused but on the hot ones
	s.p.cool = make([][]id.ID, slots)
	if s.b.Kind == CheckIn { // all begin soon, and everybody is on one
		s.p.cool, from = s.p.cool[:1], s.d.Now().Add(20*time.Minute)
	}
	for c := range columns {
		turns, err := s.publish(ctx, c, service, from, len(s.p.cool), places)
		if err != nil {
			return err
		}
		for slot, shift := range turns {
			s.p.cool[slot] = append(s.p.cool[slot], shift)
		}
	}
	if s.b.Kind == CheckIn {
		s.p.hot = s.p.cool[0][:hotShifts]
		return nil
	}
	s.p.hot, err = s.publish(ctx, columns, service, from.Add(30*24*time.Hour), hotShifts, hotPlaces)
	return err
}

// publish publishes one activity with shifts one after the other.
func (s *setter) publish(ctx context.Context, n int, service int64, from time.Time, turns int, places int64) (all []id.ID, err error) {
	at := s.centers[n%len(s.centers)]
	in := activity.Edit{
		Service: service, Title: fmt.Sprintf("Bench %d", n), Content: "Bench", Place: "Bench", Conditions: "None", How: "Here",
		Risks: "None", Protection: "Insurance", Contact: "0523-86880000", Signup: activity.SignupOpen,
	}
	err = s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := activity.Create(ctx, tx, auth.System, at.ID, in)
		if err != nil {
			return err
		}
		post, err := activity.AddPost(ctx, tx, auth.System, a, 0, activity.PostIn{Name: "Bench", Places: places})
		if err != nil {
			return err
		}
		all = make([]id.ID, turns)
		for i := range all {
			starts := from.Add(time.Duration(i) * 3 * time.Hour)
			turn, err := roster.AddShift(ctx, tx, auth.System, a, roster.Plan{Post: post, Starts: starts, Ends: starts.Add(2 * time.Hour)})
			if err != nil {
				return err
			}
			all[i] = turn.ID
		}
		return roster.Submit(ctx, tx, auth.System, a)
	})
	return all, err
}

// signUps puts everybody on the shift on which she will check in.
func (s *setter) signUps(ctx context.Context) error {
	return s.each(ctx, func(ctx context.Context, tx *db.Tx, i int) error {
		who := auth.Actor{Person: s.p.people[i].id, Via: auth.Web}
		_, err := roster.SignUp(ctx, tx, who, roster.Request{Shift: s.p.shiftOf(i)})
		return err
	})
}

// shiftOf is where volunteer i checks in: one in five on a hot shift.
func (p *plan) shiftOf(i int) id.ID {
	if i%5 == 0 {
		return p.hot[i/5%len(p.hot)]
	}
	return p.cool[0][hotShifts+i%(len(p.cool[0])-hotShifts)]
}

// shifts are all of the stage, each once: for check-in the hot ones are among the others.
func (p *plan) shifts(k Kind) []id.ID {
	all := slices.Concat(p.cool...)
	if k != CheckIn {
		all = append(all, p.hot...)
	}
	return all
}
