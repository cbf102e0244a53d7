package figure

import (
	"slices"

	"tongxin/internal/base/id"
)

// place is one position as the database holds it.
type place struct {
	id     int64
	org    id.ID
	parent int64
	kind   string
}

// unit is an organisation as the database holds it.
type unit struct {
	id        id.ID
	name      string
	successor id.ID // it was merged into
	merged    int64 // ms; 0: it was not
}

// tree numbers positions so that a subtree is one span of ranks. Positions that were there
// when the model was loaded are ranked in pre-order; those opened since follow, parents
// before children, so that the scope of a unit that moved meanwhile has a few spans.
// Ranks are never given anew: rows are sorted by them.
type tree struct {
	version int64
	rankOf  map[int64]uint32
	posOrg  []uint32   // by rank, the organisation's number
	parent  []uint32   // by rank; none at the top
	below   [][]uint32 // by rank, its children's
	tops    []uint32

	orgs   []unit           // by number
	kinds  []string         // of organisations, by number
	held   [][]uint32       // by organisation, the ranks it has held, oldest first
	numOf  map[id.ID]uint32 // of an organisation
	merges []uint32         // organisations merged into others, by the moment
	scopes map[scopeKey][]span
}

const none = ^uint32(0)

// span is the ranks from lo to hi, hi excluded.
type span struct{ lo, hi uint32 }

type scopeKey struct {
	org    uint32
	merges int
}

func newTree() *tree { return &tree{rankOf: map[int64]uint32{}, numOf: map[id.ID]uint32{}} }

// grow makes a tree that knows these positions and organisations too. The one that readers
// may hold is left as it is.
func (t *tree) grow(version int64, places []place, units []unit) *tree {
	n := &tree{version: version, rankOf: make(map[int64]uint32, len(places)), numOf: make(map[id.ID]uint32, len(units)),
		posOrg: slices.Clone(t.posOrg), parent: slices.Clone(t.parent), tops: slices.Clone(t.tops),
		orgs: slices.Clone(t.orgs), kinds: slices.Clone(t.kinds), scopes: map[scopeKey][]span{}}
	for _, ranks := range t.below {
		n.below = append(n.below, slices.Clone(ranks))
	}
	for _, ranks := range t.held {
		n.held = append(n.held, slices.Clone(ranks))
	}
	for p, r := range t.rankOf {
		n.rankOf[p] = r
	}
	for o, i := range t.numOf {
		n.numOf[o] = i
	}
	for _, u := range units {
		n.orgs[n.number(u.id)] = u
	}
	n.rank(places)
	for i, u := range n.orgs {
		if u.merged > 0 {
			n.merges = append(n.merges, uint32(i))
		}
	}
	slices.SortStableFunc(n.merges, func(a, b uint32) int { return int(n.orgs[a].merged - n.orgs[b].merged) })
	return n
}

// rank gives ranks to positions that have none, in pre-order.
func (t *tree) rank(places []place) {
	children := map[int64][]place{}
	var starts []place
	fresh := map[int64]bool{}
	for _, p := range places {
		if _, ok := t.rankOf[p.id]; !ok {
			fresh[p.id] = true
		}
	}
	slices.SortFunc(places, func(a, b place) int { return int(a.id - b.id) })
	for _, p := range places {
		switch {
		case !fresh[p.id]:
		case fresh[p.parent]:
			children[p.parent] = append(children[p.parent], p)
		default:
			starts = append(starts, p)
		}
	}
	var down func(p place)
	down = func(p place) {
		t.add(p)
		for _, c := range children[p.id] {
			down(c)
		}
	}
	for _, p := range starts {
		down(p)
	}
}

// add ranks one position next.
func (t *tree) add(p place) uint32 {
	r := uint32(len(t.posOrg))
	org := t.number(p.org)
	t.rankOf[p.id] = r
	t.posOrg = append(t.posOrg, org)
	t.kinds[org] = p.kind
	t.held[org] = append(t.held[org], r)
	t.below = append(t.below, nil)
	up, ok := t.rankOf[p.parent]
	if !ok {
		up = none
		t.tops = append(t.tops, r)
	} else {
		t.below[up] = append(t.below[up], r)
	}
	t.parent = append(t.parent, up)
	return r
}

// number is the small number of an organisation.
func (t *tree) number(org id.ID) uint32 {
	if n, ok := t.numOf[org]; ok {
		return n
	}
	n := uint32(len(t.orgs))
	t.numOf[org] = n
	t.orgs, t.kinds, t.held = append(t.orgs, unit{id: org}), append(t.kinds, ""), append(t.held, nil)
	return n
}

// merged counts the merges that stood at a moment.
func (t *tree) merged(moment int64) int {
	n, _ := slices.BinarySearchFunc(t.merges, moment, func(org uint32, m int64) int {
		if t.orgs[org].merged <= m {
			return -1
		}
		return 1
	})
	return n
}

// places lists the positions that count as an organisation's: all that it has held, and those
// of units that were merged into it by then.
func (t *tree) places(org uint32, merges int) []uint32 {
	ranks := slices.Clone(t.held[org])
	seen := map[uint32]bool{org: true}
	for line := []uint32{org}; len(line) > 0; line = line[1:] {
		for _, m := range t.merges[:merges] {
			if t.orgs[m].successor == t.orgs[line[0]].id && !seen[m] {
				seen[m] = true
				ranks, line = append(ranks, t.held[m]...), append(line, m)
			}
		}
	}
	return ranks
}

// heir is the organisation that an organisation was merged into by then, itself where it was
// not.
func (t *tree) heir(org uint32, merges int) uint32 {
	for range merges + 1 {
		i := slices.Index(t.merges[:merges], org)
		if i < 0 {
			return org
		}
		next, ok := t.numOf[t.orgs[org].successor]
		if !ok {
			return org
		}
		org = next
	}
	return org
}

// scope is what lies at and below the places of an organisation. The caller holds the
// engine's lock for scopes.
func (t *tree) scope(org uint32, merges int) []span {
	key := scopeKey{org, merges}
	if s, ok := t.scopes[key]; ok {
		return s
	}
	s := spansOf(t.under(t.places(org, merges)))
	t.scopes[key] = s
	return s
}

// under lists the ranks and all below them.
func (t *tree) under(ranks []uint32) []uint32 {
	all := slices.Clone(ranks)
	for i := 0; i < len(all); i++ {
		all = append(all, t.below[all[i]]...)
	}
	return all
}

// spansOf joins ranks to spans.
func spansOf(ranks []uint32) (spans []span) {
	slices.Sort(ranks)
	for _, r := range ranks {
		if n := len(spans); n > 0 && r <= spans[n-1].hi {
			spans[n-1].hi = max(spans[n-1].hi, r+1)
		} else {
			spans = append(spans, span{r, r + 1})
		}
	}
	return spans
}

// inSpans says whether a rank lies in one of the spans.
func inSpans(spans []span, r uint32) bool {
	i, _ := slices.BinarySearchFunc(spans, r, func(s span, r uint32) int {
		if s.hi <= r {
			return -1
		}
		return 1
	})
	return i < len(spans) && spans[i].lo <= r
}
