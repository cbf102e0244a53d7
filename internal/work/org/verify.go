package org

import (
	"context"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// tree is everything that verify looks at.
type tree struct {
	orgs      map[id.ID]Org
	positions map[int64]Position
	held      map[id.ID][]Position // oldest first
	unders    []below
	findable  map[id.ID]bool
}

// Verify recounts the facts of this area and checks the invariants of the tree, as the
// package's comment lists them.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	t, err := readTree(ctx, r)
	if err != nil {
		return nil, err
	}
	recount, err := ledger.Recount(ctx, r, Registered, t.approvals())
	if err != nil {
		return nil, err
	}
	return []ledger.Check{recount, t.checkPositions(), t.checkPlaces(), t.checkUnders(), t.checkFindable()}, nil
}

func readTree(ctx context.Context, r db.Reader) (tree, error) {
	t := tree{orgs: map[id.ID]Org{}, positions: map[int64]Position{}, held: map[id.ID][]Position{}}
	orgs, err := everyOrg(ctx, r)
	if err != nil {
		return t, err
	}
	positions, err := everyPosition(ctx, r)
	if err != nil {
		return t, err
	}
	for _, o := range orgs {
		t.orgs[o.ID] = o
	}
	for _, p := range positions {
		t.positions[p.ID] = p
		t.held[p.Org] = append(t.held[p.Org], p)
	}
	if t.unders, err = everyUnder(ctx, r); err != nil {
		return t, err
	}
	t.findable, err = everyFindable(ctx, r)
	return t, err
}

// approvals are the facts that the records say must live.
func (t tree) approvals() []ledger.Fact {
	var facts []ledger.Fact
	for _, o := range t.orgs {
		if o.Approved == 0 {
			continue
		}
		f := ledger.Fact{Kind: Registered, Subject: o.ID, Qty: 1, Grade: ledger.Recorded}
		if held := t.held[o.ID]; len(held) > 0 {
			first := held[0]
			f.Day, f.Org, f.Unit, f.Area = first.From, first.ID, first.ID, int64(first.Area)
		}
		facts = append(facts, f)
	}
	return facts
}

// checkFindable holds whom a search finds against who is in the tree.
func (t tree) checkFindable() ledger.Check {
	c := ledger.Check{Name: "org.findable"}
	for _, o := range t.orgs {
		c.Checked++
		if t.findable[o.ID] != o.Alive() {
			c.Break(string(o.ID))
		}
	}
	return c
}

// checkPositions holds what each organisation is against the positions that it held.
func (t tree) checkPositions() ledger.Check {
	c := ledger.Check{Name: "org.positions"}
	for _, o := range t.orgs {
		c.Checked++
		if !t.holdsRightly(o) {
			c.Break(string(o.ID))
		}
	}
	for _, p := range t.positions {
		if _, ok := t.orgs[p.Org]; !ok {
			c.Break(string(p.Org))
		}
	}
	return c
}

func (t tree) holdsRightly(o Org) bool {
	held := t.held[o.ID]
	if o.Approved == 0 { // never approved, or founded by mistake
		undone := len(held) == 1 && o.State == Closed && held[0].To != ""
		return !o.Alive() && (len(held) == 0 && o.Position == 0 || undone)
	}
	if len(held) == 0 || (o.State == Pending || o.State == Returned) {
		return false
	}
	for i, p := range held[1:] {
		if held[i].To != p.From {
			return false
		}
	}
	last := held[len(held)-1]
	if last.ID != o.Position || o.Alive() != (last.To == "") {
		return false
	}
	return !o.Alive() || last.Kind == o.Kind && last.Tier == o.Tier && last.Name == o.Name && last.Area == o.Area &&
		last.Parent == t.orgs[o.Parent].Position
}

// checkPlaces holds each organisation in the tree against the rules of what hangs where,
// and every reference to another against what there is.
func (t tree) checkPlaces() ledger.Check {
	c := ledger.Check{Name: "org.places"}
	for _, o := range t.orgs {
		c.Checked++
		parent, known := t.orgs[o.Parent]
		_, succeeded := t.orgs[o.Successor]
		switch {
		case o.Home != o.ID.Home(), o.Parent != "" && !known, o.Successor != "" && !succeeded, (o.State == Merged) != (o.Successor != ""):
			c.Break(string(o.ID))
		case o.Alive() && (checkHangs(o.Kind, o.Tier, parent) != nil || checkStands(o.Kind, o.Tier, o.Area, parent) != nil):
			c.Break(string(o.ID))
		}
	}
	return c
}

// checkUnders recomputes what every position is under from the position above each.
func (t tree) checkUnders() ledger.Check {
	c := ledger.Check{Name: "org.under"}
	want := map[below]bool{}
	for at := range t.positions {
		depth := 0
		for up := at; up != 0 && depth <= len(t.positions); depth++ {
			want[below{up, at, depth}] = true
			up = t.positions[up].Parent
		}
	}
	for _, b := range t.unders {
		c.Checked++
		if !want[b] {
			c.Break(name(b))
		}
		delete(want, b)
	}
	for b := range want {
		c.Checked++
		c.Break(name(b))
	}
	return c
}

func name(b below) string {
	return strconv.FormatInt(b.ancestor, 10) + "/" + strconv.FormatInt(b.position, 10)
}
