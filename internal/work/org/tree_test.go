package org_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// grove is what the tree should be: the model against which the property test holds it.
type grove struct {
	*site
	parents map[id.ID]id.ID // of the living
	waiting map[id.ID]id.ID // registrations and what they ask to hang under
	history map[id.ID][]spell
	touched map[id.ID]bool // in this run
	counted int64
	steps   int
}

// spell is a stay under one parent, from a day on.
type spell struct {
	day    string
	parent id.ID
}

func (g *grove) living() []id.ID { return slices.Sorted(maps.Keys(g.parents)) }

func (g *grove) pick(t *rapid.T, label string) id.ID {
	return rapid.SampledFrom(g.living()).Draw(t, label)
}

func (g *grove) settle(at, parent id.ID) {
	g.parents[at] = parent
	g.history[at] = append(g.history[at], spell{db.Day(g.clock.Now()), parent})
	g.touched[at] = true
}

// below says whether at is other or hangs anywhere below it.
func (g *grove) below(at, other id.ID) bool {
	for ; at != ""; at = g.parents[at] {
		if at == other {
			return true
		}
	}
	return false
}

func (g *grove) kids(at id.ID) (n int) {
	for _, p := range g.parents {
		if p == at {
			n++
		}
	}
	for _, p := range g.waiting {
		if p == at {
			n++
		}
	}
	return n
}

func (g *grove) in(t *rapid.T) org.In {
	g.steps++
	kind := rapid.SampledFrom([]org.Kind{org.Unit, org.Department, org.Organization, org.Team, org.Team}).Draw(t, "kind")
	return org.In{Kind: kind, Name: fmt.Sprintf("志愿队 %d", g.steps), Parent: g.pick(t, "parent"), Phone: "96111"}
}

func (g *grove) found(t *rapid.T) {
	in := g.in(t)
	many := rapid.Bool().Draw(t, "many")
	var at id.ID
	err := g.write(func(tx *db.Tx) (err error) {
		if !many {
			at, err = org.Found(g.ctx, tx, auth.System, in)
			return err
		}
		ids, err := org.FoundMany(g.ctx, tx, auth.System, []org.In{in})
		if err == nil {
			at = ids[0]
		}
		return err
	})
	if g.accepted(t, err, "org.parent_wrong_kind") {
		g.settle(at, in.Parent)
		g.counted++
	}
}

func (g *grove) register(t *rapid.T) {
	in := g.in(t)
	at, err := g.site.register(orgtest.Person(byte(10+g.steps%9)), in)
	if g.accepted(t, err, "org.parent_wrong_kind", "org.too_many_pending") {
		g.waiting[at] = in.Parent
	}
}

func (g *grove) decide(t *rapid.T) {
	if len(g.waiting) == 0 {
		return
	}
	at := rapid.SampledFrom(slices.Sorted(maps.Keys(g.waiting))).Draw(t, "registration")
	if rapid.Bool().Draw(t, "approve") {
		if g.accepted(t, g.approve(admin(g.Province), at)) {
			g.settle(at, g.waiting[at])
			g.counted++
		}
	} else {
		g.accepted(t, g.sendBack(admin(g.Province), at, "请补充"))
	}
	delete(g.waiting, at)
}

func (g *grove) move(t *rapid.T) {
	at, to := g.pick(t, "what"), g.pick(t, "where")
	switch err := g.site.move(admin(g.Province), at, to); {
	case g.below(to, at):
		g.accepted(t, fmt.Errorf("into itself: %w", err), "org.move_into_itself")
	case g.accepted(t, err, "org.move_nowhere", "org.parent_wrong_kind", "org.parent_wrong_tier", "org.area_outside", "org.parent_missing", "form.invalid"):
		for _, below := range g.living() {
			if g.below(below, at) && below != at {
				g.settle(below, g.parents[below])
			}
		}
		g.settle(at, to)
	}
}

func (g *grove) close(t *rapid.T) {
	at := g.pick(t, "what")
	if err := g.site.close(admin(g.Province), at, "已撤销"); g.accepted(t, err, "org.has_children") {
		if g.kids(at) > 0 {
			t.Fatalf("%s closed over its children", at)
		}
		delete(g.parents, at)
	}
}

func (g *grove) rename(t *rapid.T) {
	at := g.pick(t, "what")
	g.steps++
	g.accepted(t, g.site.rename(admin(g.Province), at, g.get(at).Rev, fmt.Sprintf("新名 %d", g.steps)))
}

// accepted says whether the command went through; a refusal with another key fails the test.
func (g *grove) accepted(t *rapid.T, err error, keys ...string) bool {
	if err == nil {
		return true
	}
	if !slices.Contains(keys, fail.Key(err)) {
		t.Fatalf("refused: %v", err)
	}
	return false
}

// check holds the database against the model: verify's own recomputation, the subtree and
// the reach of everyone by brute force, every stay of every one, and the count of facts.
func (g *grove) check(t *rapid.T) {
	for name, ids := range g.broken() {
		t.Fatalf("verify: %s is broken: %v", name, ids)
	}
	for at := range g.touched {
		g.checkStays(t, at)
	}
	if n := g.count("SELECT COUNT(*) FROM ledger_fact"); n != g.counted {
		t.Fatalf("%d facts, %d approvals", n, g.counted)
	}
	at := g.pick(t, "actor's")
	for _, target := range g.living() {
		reaches, err := org.Reaches(g.ctx, g.d, admin(at), target, auth.Admin)
		g.must(err)
		if reaches != g.below(target, at) {
			t.Fatalf("%s reaches %s: %v", at, target, reaches)
		}
	}
	below := map[id.ID]bool{}
	for after := ""; ; {
		orgs, next, err := org.List(g.ctx, g.d, org.Filter{Under: at, After: after, Limit: 3})
		g.must(err)
		for _, o := range orgs {
			below[o.ID] = true
		}
		if after = next; after == "" {
			break
		}
	}
	for _, target := range g.living() {
		if want := target != at && g.below(target, at); below[target] != want {
			t.Fatalf("the list below %s holds %s: %v", at, target, below[target])
		}
	}
}

// checkStays holds where an organisation stood on each day against where it was put.
func (g *grove) checkStays(t *rapid.T, at id.ID) {
	stays := g.history[at]
	for i, stay := range stays {
		if i+1 < len(stays) && stays[i+1].day == stay.day {
			continue
		}
		var parent id.ID
		g.must(g.d.QueryRow(g.ctx, `SELECT COALESCE((SELECT a.org FROM org_position a WHERE a.id = p.parent), '') FROM org_position p WHERE p.id = $1`,
			g.held(at, stay.day)).Scan(&parent))
		if parent != stay.parent {
			t.Fatalf("on %s %s stood under %s, want %s", stay.day, at, parent, stay.parent)
		}
	}
}

// Whatever is founded, registered, decided, moved, renamed and closed, in any order and on
// any days: what the tree says is what brute force says.
func TestTheTreeIsWhatHappened(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			d, clock := dbtest.Open(t, engine)
			s := &site{T: t, ctx: context.Background(), d: d, clock: clock, keys: keysOf(t)}
			s.must(s.write(func(tx *db.Tx) (err error) {
				s.Tree, err = orgtest.Plant(s.ctx, tx)
				return err
			}))
			g := &grove{site: s, parents: map[id.ID]id.ID{}, waiting: map[id.ID]id.ID{}, history: map[id.ID][]spell{}, touched: map[id.ID]bool{}}
			for _, at := range []id.ID{s.Province, s.City, s.Center, s.Foreign, s.Institute, s.Next, s.Station, s.Sibling, s.Team, s.ForeignTeam} {
				g.settle(at, s.get(at).Parent)
				g.counted++
			}
			rapid.Check(t, func(t *rapid.T) {
				clear(g.touched)
				t.Repeat(map[string]func(*rapid.T){
					"found": g.found, "register": g.register, "decide": g.decide, "move": g.move, "close": g.closeLeaf, "rename": g.rename,
					"day": func(*rapid.T) { g.clock.Add(24 * time.Hour) },
				})
				g.check(t)
			})
		})
	}
}

// closeLeaf closes something, unless the planted tree would be cut down with it.
func (g *grove) closeLeaf(t *rapid.T) {
	if len(g.parents) > 12 {
		g.close(t)
	}
}
