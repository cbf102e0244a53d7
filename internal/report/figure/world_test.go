package figure

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
	"tongxin/internal/work/roster"
)

// world is a database with a random ledger: facts on random days, reversed and posted anew,
// entered late, of units that move and merge.
type world struct {
	t    *testing.T
	d    *db.DB
	c    *dbtest.Clock
	rand *rand.Rand

	tree      orgtest.Tree
	orgs      []id.ID
	campaigns []int64
	callups   []id.ID
	subjects  []id.ID
	persons   []id.ID
	dues      []id.ID
	living    []ledger.Fact
	merged    map[id.ID]bool
}

var kinds = []*ledger.Kind{roster.Arrived, roster.Minutes, roster.SignedUp, roster.Places, roster.Filled, roster.Absent,
	activity.HeldFact, activity.PublishedFact, people.Registered, report.Due, report.Nil, report.Nil}

var places = []area.Code{orgtest.StationArea, orgtest.SiblingArea, orgtest.InstituteArea, orgtest.CenterArea, orgtest.OtherCenter, orgtest.CityArea}

func plant(t *testing.T, d *db.DB, c *dbtest.Clock, seed uint64) *world {
	w := &world{t: t, d: d, c: c, rand: rand.New(rand.NewPCG(seed, seed)), merged: map[id.ID]bool{}}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		w.tree, err = orgtest.Plant(ctx, tx)
		return err
	})
	w.write(func(ctx context.Context, tx *db.Tx) error {
		if err := people.Install(tx); err != nil {
			return err
		}
		return activity.Install(ctx, tx)
	})
	t0 := w.tree
	w.orgs = []id.ID{t0.Province, t0.City, t0.Center, t0.Foreign, t0.Institute, t0.Next, t0.Station, t0.Sibling, t0.Team, t0.ForeignTeam}
	for i, kind := range []org.Kind{org.Organization, org.Unit, org.Organization, org.Department, org.Team, org.Team} {
		w.found(fmt.Sprintf("%s number %d", kind, i), kind, w.orgs[2+i])
	}
	w.campaign(0)
	for _, parent := range []int64{w.campaigns[0], w.campaigns[0], 0} {
		w.campaign(parent)
	}
	w.campaign(w.campaigns[1])
	w.write(func(_ context.Context, tx *db.Tx) error {
		w.subjects, w.persons, w.callups = nil, nil, []id.ID{tx.NewID("321200"), tx.NewID("321281"), tx.NewID("321282")}
		for range 25 {
			w.subjects = append(w.subjects, tx.NewID("321281"))
			w.persons = append(w.persons, tx.NewID("321282"))
		}
		return nil
	})
	return w
}

func (w *world) write(f func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.t.Context(), func(tx *db.Tx) error { return f(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
	if _, err := ledger.Book().Seal(w.t.Context(), w.d, "test"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) found(name string, kind org.Kind, parent id.ID) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		o, err := org.Found(ctx, tx, auth.System, org.In{Kind: kind, Name: name, Parent: parent})
		if err == nil {
			w.orgs = append(w.orgs[:len(w.orgs):len(w.orgs)], o)
		}
		return err
	})
}

func (w *world) campaign(parent int64) {
	w.t.Helper()
	var n int64
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = campaign.Create(ctx, tx, auth.System, w.tree.City, parent, campaign.In{Name: fmt.Sprintf("campaign %d", len(w.campaigns)), FromDay: "2020-01-01"})
		return err
	})
	w.campaigns = append(w.campaigns, n)
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// day is a random day of the month before today.
func (w *world) day() string { return db.Day(w.c.Now().AddDate(0, 0, -w.rand.IntN(25))) }

// random is a fact that may be refused because it lives already.
func (w *world) random(ctx context.Context, tx *db.Tx) (ledger.Fact, error) {
	r := w.rand
	f := ledger.Fact{Kind: pick(r, kinds), Day: w.day(), Area: int64(pick(r, places)), Service: int64(r.IntN(5)), Category: int64(r.IntN(4)),
		Subject: pick(r, w.subjects), Qty: 1, By: w.persons[0], Grade: pick(r, grades)}
	if r.IntN(3) > 0 {
		f.Campaign = pick(r, w.campaigns)
	}
	if r.IntN(4) == 0 {
		f.Callup = pick(r, w.callups)
	}
	if f.Kind.Per == ledger.PerPerson {
		f.Person = pick(r, w.persons)
	}
	if f.Kind.Unit == "minute" || f.Kind == roster.Places {
		f.Qty = int64(r.IntN(200))
	}
	if f.Kind == report.Due { // often of those that do little
		f.Qty, f.Subject = int64(1+r.IntN(9)), tx.NewID("321281")
		w.dues = append(w.dues[:len(w.dues):len(w.dues)], f.Subject)
	}
	if f.Kind == report.Nil && len(w.dues) > 0 {
		f.Subject = pick(r, w.dues)
	}
	var err error
	if f.Org, err = org.PositionOn(ctx, tx, pick(r, w.orgs), f.Day); err != nil {
		return f, err
	}
	f.Unit, err = org.PositionOn(ctx, tx, pick(r, w.orgs), f.Day)
	return f, err
}

// step is one random thing that happens.
func (w *world) step() {
	w.t.Helper()
	w.c.Add(time.Duration(1+w.rand.IntN(300)) * time.Minute)
	switch n := w.rand.IntN(20); {
	case n < 14:
		w.post(1 + w.rand.IntN(12))
	case n < 17:
		w.reverse(1 + w.rand.IntN(3))
	case n == 17:
		w.found(fmt.Sprintf("team %d", len(w.orgs)), org.Team, pick(w.rand, w.orgs[:8]))
	case n == 18:
		w.move()
	default:
		w.merge()
	}
}

func (w *world) post(n int) {
	w.t.Helper()
	var posted []ledger.Fact
	w.write(func(ctx context.Context, tx *db.Tx) error {
		posted = nil
		for range n {
			f, err := w.random(ctx, tx)
			if err != nil {
				return err
			}
			if w.lives(f) || w.among(posted, f) {
				continue
			}
			if err := ledger.Post(tx, f); err != nil {
				return err
			}
			posted = append(posted, f)
		}
		return nil
	})
	w.living = append(w.living, posted...)
}

func (w *world) lives(f ledger.Fact) bool { return w.among(w.living, f) }

func (w *world) among(all []ledger.Fact, f ledger.Fact) bool {
	for _, l := range all {
		if l.Kind == f.Kind && l.Subject == f.Subject && l.Person == f.Person && (l.Kind.Per != ledger.PerDay || l.Day == f.Day) {
			return true
		}
	}
	return false
}

func (w *world) reverse(n int) {
	w.t.Helper()
	for range min(n, len(w.living)) {
		at := w.rand.IntN(len(w.living))
		f := w.living[at]
		w.write(func(_ context.Context, tx *db.Tx) error {
			ok, err := ledger.Reverse(tx, f.Kind, f.Subject, f.Person, f.Day, w.persons[0])
			if err == nil && !ok {
				err = fmt.Errorf("nothing to reverse")
			}
			return err
		})
		w.living = append(w.living[:at], w.living[at+1:]...)
	}
}

// move hangs a station, a team or an organisation elsewhere; what may not move stays.
func (w *world) move() {
	w.t.Helper()
	what := pick(w.rand, w.orgs[8:])
	to := pick(w.rand, w.orgs[:8])
	if w.merged[what] || w.merged[to] {
		return
	}
	w.d.Write(w.t.Context(), func(tx *db.Tx) error { return org.Move(w.t.Context(), tx, auth.System, what, to) })
}

// merge makes a unit the successor of another, as the command for it will.
func (w *world) merge() {
	w.t.Helper()
	from, to := pick(w.rand, w.orgs[4:]), pick(w.rand, w.orgs[2:])
	if from == to || w.merged[from] || w.merged[to] {
		return
	}
	w.succeed(from, to)
}

func (w *world) succeed(from, to id.ID) {
	w.t.Helper()
	w.merged[from] = true
	w.write(func(_ context.Context, tx *db.Tx) error {
		if _, err := tx.Next("org_tree"); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE org_org SET successor = $2, merged = $3 WHERE id = $1", from, to, db.MS(tx.Now))
		return err
	})
}

// counted are the indicators over the kinds of facts that there are.
func counted() []*ledger.Indicator {
	return slices.DeleteFunc(ledger.Indicators(), func(i *ledger.Indicator) bool {
		return i.Measure != ledger.Ratio && !slices.Contains(kinds, i.Kinds[0])
	})
}

// query asks for something random.
func (w *world) query(head int64) Query {
	r := w.rand
	q := Query{Indicator: pick(r, counted()).Key, By: pick(r, append(Splits(), Whole, Whole))}
	if r.IntN(3) > 0 {
		q.Org = pick(r, w.orgs)
	}
	if r.IntN(5) == 0 {
		q.Unit = pick(r, w.orgs)
	}
	if r.IntN(4) == 0 {
		q.Area = pick(r, []area.Code{orgtest.ProvinceArea, orgtest.CityArea, orgtest.CenterArea, orgtest.InstituteArea, orgtest.StationArea})
	}
	if r.IntN(4) == 0 {
		q.Campaign = pick(r, w.campaigns)
	}
	if r.IntN(6) == 0 {
		q.Service = int64(r.IntN(5))
	}
	if r.IntN(6) == 0 {
		q.Category = int64(r.IntN(4))
	}
	if r.IntN(12) == 0 {
		q.Person = pick(r, w.persons)
	}
	if r.IntN(6) == 0 {
		q.Callup = pick(r, w.callups)
	}
	if r.IntN(3) == 0 {
		q.From = w.day()
	}
	if r.IntN(3) == 0 {
		q.To = w.day()
	}
	if q.From > q.To && q.To != "" {
		q.From, q.To = q.To, q.From
	}
	switch r.IntN(3) {
	case 0:
		q.AsOf.Seq = 1 + r.Int64N(head)
	case 1:
		q.AsOf.Time = w.c.Now().Add(-time.Duration(r.IntN(10*24*60)) * time.Minute)
	}
	return q
}

// engine loads one.
func (w *world) engine() *Engine {
	w.t.Helper()
	e, err := Open(w.t.Context(), w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := e.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return e
}
