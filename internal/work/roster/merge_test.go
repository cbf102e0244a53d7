package roster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
)

// merged proposes and decides, and runs the job to its end.
func (w *world) merged(duplicate, survivor auth.Actor) people.Merge {
	w.t.Helper()
	var m people.Merge
	w.must(func(tx *db.Tx) (err error) {
		m, err = people.ProposeMerge(w.ctx, tx, w.Keys, w.station, duplicate.Person, survivor.Person)
		return err
	})
	w.must(func(tx *db.Tx) (err error) {
		m, err = people.DecideMerge(w.ctx, tx, w.Keys, w.institute, m.ID, true)
		return err
	})
	w.jobs()
	if m, _ = people.MergeOf(w.ctx, w.d, m.ID); m.State != people.MergeDone {
		w.t.Fatalf("the merge is %s", m.State)
	}
	return m
}

func (w *world) parted(m people.Merge) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) { _, err = people.Unmerge(w.ctx, tx, w.institute, m.ID); return err })
	w.jobs()
	if m, _ = people.MergeOf(w.ctx, w.d, m.ID); m.State != people.Undone {
		w.t.Fatalf("the merge is %s", m.State)
	}
}

// livingFacts are all living facts with every dimension, but for who posted them and when.
func (w *world) livingFacts() []string {
	w.t.Helper()
	rows, err := w.d.Query(w.ctx, `SELECT k.key, f.day, f.org, f.unit, f.area, f.campaign, f.callup, f.service, f.category, f.subject, f.person, f.qty, f.grade
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE f.reverses = ''
		AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var f [13]any
		var into []any
		for i := range f {
			into = append(into, &f[i])
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintln(f[:]...)))
	}
	slices.Sort(all)
	return all
}

// without are the lines of the one that the other does not have.
func without(all, other []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(other, s) })
}

// rosterOf is how everybody stands on every shift.
func (w *world) rosterOf(shifts []Shift) map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for i, s := range shifts {
		g := w.get(s.ID)
		all[fmt.Sprint(i)] = fmt.Sprint(g.Taken, g.StandbyTaken, g.Waiting)
		us, err := SignupsOf(w.ctx, w.d, s.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, u := range us {
			u.Rev = 0
			all[string(u.ID)] = fmt.Sprintf("%+v", u)
		}
	}
	return all
}

func TestTwoRecordsOfOnePersonAreMergedAndParted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		two, one, other := w.Volunteer("王小明"), w.Volunteer("王小明"), w.Volunteer("李文")
		day := c.Now().Truncate(time.Hour).Add(24 * time.Hour)
		both, only := w.shift(plan{starts: day, places: 3}), w.shift(plan{starts: day.Add(24 * time.Hour)})
		clash, after := w.shift(plan{starts: day.Add(24 * time.Hour), places: 1}), w.shift(plan{starts: day.Add(96 * time.Hour)})
		for _, s := range []Shift{both, only} {
			w.signUp(s, two, Primary)
		}
		w.signUp(both, one, Primary)
		w.signUp(clash, one, Primary)
		w.signUp(clash, other, Primary)
		w.state(clash, other, Waitlisted)
		c.Set(db.Time(both.Starts))
		for _, who := range []auth.Actor{two, one} {
			w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, both.ID, who.Person); return err })
		}
		shifts := []Shift{both, only, clash, after}
		before, stood := w.livingFacts(), w.rosterOf(shifts)
		m := w.merged(two, one)
		w.verified()
		w.facts(both, Arrived, 1, 1)
		w.seats(both, 1, 0, 0)
		w.facts(only, SignedUp, 0, 0) // it overlaps what the survivor has accepted
		for _, s := range []Shift{both, only} {
			if u, _ := signupOf(w.ctx, d, s.ID, two.Person); u.State != Merged {
				t.Errorf("what she held twice is %s", u.State)
			}
		}
		w.parted(m)
		w.verified()
		if now := w.livingFacts(); !slices.Equal(now, before) {
			t.Errorf("facts were\n%s\nand are\n%s", before, now)
		}
		if now := w.rosterOf(shifts); !maps.Equal(now, stood) {
			t.Errorf("stood\n%v\nstands\n%v", stood, now)
		}

		// Merged again, her old id leads to her, wherever it is given.
		w.merged(two, one)
		if u := w.of(both, two); u.Person != one.Person || u.State != CheckedIn {
			t.Errorf("the old id leads to %s, %s", u.Person, u.State)
		}
		w.must(func(tx *db.Tx) error {
			_, err := CheckOutBy(w.ctx, tx, w.leader, both.ID, two.Person, false)
			return err
		})
		w.state(both, one, CheckedOut)
		w.must(func(tx *db.Tx) error {
			u, err := SignUp(w.ctx, tx, w.leader, Request{Shift: after.ID, Person: two.Person})
			if u.Person != one.Person {
				t.Errorf("signed up as %s", u.Person)
			}
			return err
		})
		w.refused("roster.person_merged", func(tx *db.Tx) error { return moveAgenda(tx, two.Person) })
		w.verified()
	})
}

// A place that she holds under the one record is not lost to her because under the other she waits for it.
func TestAPlaceIsNotLostToOnesOwnWait(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		two, one := w.Volunteer("王小明"), w.Volunteer("王小明")
		s := w.shift(plan{places: 2, noWaitlist: true})
		w.signUp(s, two, Primary)
		w.signUp(s, one, Primary)
		w.must(func(tx *db.Tx) error { return steps["fewer places"](w, tx, s, one) })
		w.state(s, one, Waitlisted) // the desk may let somebody wait where nobody else may
		before, stood := w.livingFacts(), w.rosterOf([]Shift{s})
		m := w.merged(two, one)
		w.verified()
		w.state(s, one, Accepted)
		w.facts(s, SignedUp, 1, 1)
		w.seats(s, 1, 0, 0)
		w.parted(m)
		w.verified()
		if now := w.livingFacts(); !slices.Equal(now, before) {
			t.Errorf("facts were\n%s\nand are\n%s", before, now)
		}
		if now := w.rosterOf([]Shift{s}); !maps.Equal(now, stood) {
			t.Errorf("stood\n%v\nstands\n%v", stood, now)
		}
	})
}

// A promised place comes back although she walked up to another shift meanwhile: she had both before.
func TestAPlaceComesBackBesideAWalkUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		two, one := w.Volunteer("王小明"), w.Volunteer("王小明")
		at := plan{places: 3, starts: c.Now().Truncate(time.Hour).Add(24 * time.Hour)}
		promised, walked := w.shift(at), w.shift(at)
		w.signUp(promised, two, Primary)
		w.signUp(promised, one, Primary)
		c.Set(at.starts)
		w.must(func(tx *db.Tx) error { return steps["walk up"](w, tx, walked, two) })
		before, stood := w.livingFacts(), w.rosterOf([]Shift{promised, walked})
		m := w.merged(two, one)
		w.verified()
		w.parted(m)
		w.verified()
		if now := w.livingFacts(); !slices.Equal(now, before) {
			t.Errorf("gone are the facts\n%s\nand new\n%s", strings.Join(without(before, now), "\n"), strings.Join(without(now, before), "\n"))
		}
		if now := w.rosterOf([]Shift{promised, walked}); !maps.Equal(now, stood) {
			t.Errorf("stood\n%v\nstands\n%v", stood, now)
		}
	})
}

// Whatever two records of one person did: merged, each turn counts once and all else holds;
// parted, everything is as it was.
func TestMergingAndPartingRestoresAnyHistory(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		board := NewBoard(d, d.Watch)
		rapid.Check(t, func(rt *rapid.T) {
			two, one := w.Volunteer("王小明"), w.Volunteer("王小明")
			crowd := append(w.crowd(2), two, two, one, one)
			exact := rapid.Bool().Draw(rt, "exact") // nobody waits for a place that a merge frees
			plan := func() plan {
				return plan{places: rapid.Int64Range(1, 4).Draw(rt, "places"), standbys: rapid.Int64Range(0, 1).Draw(rt, "standbys"),
					noWaitlist: exact, starts: c.Now().Truncate(time.Hour).Add(time.Duration(rapid.IntRange(24, 27).Draw(rt, "hour")) * time.Hour)}
			}
			shifts := []Shift{w.shift(plan()), w.shift(plan()), w.shift(plan())}
			for range rapid.IntRange(5, 25).Draw(rt, "steps") {
				s, who := rapid.SampledFrom(shifts).Draw(rt, "shift"), rapid.SampledFrom(crowd).Draw(rt, "who")
				name := rapid.SampledFrom(stepNames).Draw(rt, "step")
				if name == "cancel" {
					continue
				}
				_ = w.do(func(tx *db.Tx) error { return steps[name](w, tx, s, who) })
				if rapid.IntRange(0, 5).Draw(rt, "wait") == 0 {
					c.Add(time.Duration(rapid.IntRange(60, 900).Draw(rt, "minutes")) * time.Minute)
					w.jobs()
				}
			}
			for _, s := range shifts { // with fewer places the desk lets people wait, whatever the plan
				exact = exact && w.get(s.ID).Waiting == 0
			}
			known := func() {
				for _, s := range shifts {
					w.listAgrees(rt, board, s.ID)
				}
			}
			known()
			facts, stood := w.livingFacts(), w.rosterOf(shifts)
			m := w.merged(two, one)
			known()
			w.checked(rt)
			for _, f := range w.livingFacts() {
				if strings.Contains(f, string(two.Person)) {
					rt.Fatalf("%s lives", f)
				}
			}
			w.parted(m)
			known()
			w.checked(rt)
			if !exact {
				return
			}
			if now := w.livingFacts(); !slices.Equal(now, facts) {
				rt.Fatalf("gone are the facts\n%s\nand new\n%s", strings.Join(without(facts, now), "\n"), strings.Join(without(now, facts), "\n"))
			}
			if now := w.rosterOf(shifts); !maps.Equal(now, stood) {
				rt.Fatalf("stood\n%v\nstands\n%v", stood, now)
			}
		})
	})
}

func (w *world) checked(rt *rapid.T) {
	for _, f := range []func(context.Context, db.Reader) ([]ledger.Check, error){Verify, activity.Verify, ledgerHolds} {
		checks, err := f(w.ctx, w.d)
		if err != nil {
			rt.Fatal(err)
		}
		for _, check := range checks {
			if check.Broken > 0 && check.Name != "people.numbers" && check.Name != "recount.people.registered" { // the crowd has none
				rt.Fatalf("%+v", check)
			}
		}
	}
}

// ledgerHolds checks that every reversal mirrors what it reverses.
func ledgerHolds(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	all, err := ledger.Verify(ctx, r, time.Now())
	return slices.DeleteFunc(all, func(c ledger.Check) bool { return c.Name != "ledger.reversals" }), err
}
