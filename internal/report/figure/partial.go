package figure

import (
	"math/bits"
	"slices"
	"strings"

	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// set is different things, exactly: a list of numbers while they are few, else a bit each.
type set struct {
	list []uint32
	bits []uint64
}

// union collects things of several sets and rows.
type union struct{ bits []uint64 }

func (u *union) begin(size int) {
	words := size/64 + 1
	if cap(u.bits) < words {
		u.bits = make([]uint64, words+words/8)
	}
	u.bits = u.bits[:words]
	clear(u.bits)
}

func (u *union) add(n uint32) { u.bits[n>>6] |= 1 << (n & 63) }

func (u *union) or(s set) {
	for _, n := range s.list {
		u.add(n)
	}
	for i, w := range s.bits {
		u.bits[i] |= w
	}
}

// count is how many things there are; number 0 is none.
func (u *union) count() (n int64) {
	if len(u.bits) > 0 {
		u.bits[0] &^= 1
	}
	for _, w := range u.bits {
		n += int64(bits.OnesCount64(w))
	}
	return n
}

// set keeps what was collected.
func (u *union) set() (s set, n int64) {
	if n = u.count(); n >= int64(len(u.bits)) {
		last := len(u.bits)
		for last > 0 && u.bits[last-1] == 0 {
			last--
		}
		return set{bits: slices.Clone(u.bits[:last])}, n
	}
	s.list = make([]uint32, 0, n)
	for i, w := range u.bits {
		for ; w != 0; w &= w - 1 {
			s.list = append(s.list, uint32(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return s, n
}

// shape is all that decides which rows of a block count for a question without days.
type shape struct {
	org, unit         id.ID
	merges            int
	area              area.Code
	campaign          int64
	service, category uint16
	grades            uint8
	kinds             string // of units
	callup            uint32
	called            bool
	measure           ledger.Measure
	by                By
	start             int  // see parting
	sets              bool // the things of a day are kept too: some of that day are in a tail
	tree, campaigns   int64
}

func (e *Engine) shapeOf(q Query, i *ledger.Indicator, p *plan) shape {
	return shape{q.Org, q.Unit, p.merges, q.Area, q.Campaign, p.service, p.category, p.grades, strings.Join(i.UnitKinds, " "), p.callup, p.called,
		i.Measure, Whole, 0, false, e.m.tree.version, e.m.campaignV}
}

// partial is what the sorted rows of a block add up to for a shape, part by part: one part
// where nothing is split. It is good while the block's sorted rows are as they were.
type partial struct {
	rev   uint64
	parts []piece
	bytes int
}

// piece is one part of a partial.
type piece struct {
	tally
	of   uint32
	days bool // things are already counted: a day lies in one block, and in its tail only if it has its set
	set  set
}

type partialKey struct {
	b *block
	s shape
}

// memo keeps partials within a weight of so many bytes.
type memo struct {
	all   map[partialKey]*partial
	bytes int
}

// memoShare is how many bytes of partials there may be for a fact, and memoLeast how many in
// any case.
const (
	memoShare = 10
	memoLeast = 16 << 20
)

// covers says whether all days of a block count.
func (p *plan) covers(b *block) bool {
	return p.from <= firstOf(b.month) && p.to >= firstOf(b.month+1)-1
}

// sortedRows is how many sorted rows of a block lie within the plan's spans.
func (p *plan) sortedRows(b *block) (n int) {
	if p.spans == nil {
		return b.sorted.rows()
	}
	for _, s := range p.spans {
		from, to := b.sorted.span(s.lo, s.hi)
		n += to - from
	}
	return n
}

// keeps says whether what the sorted rows of a block add up to is worth keeping.
func (p *plan) keeps(b *block) bool {
	return p.latest && !p.empty && p.acts == nil && p.person == 0 && p.subject == 0 && p.covers(b) && p.sortedRows(b) >= p.enough
}

// partial answers what the sorted rows of a block add up to, from memory if it is known.
func (e *Engine) partial(b *block, p *plan, sh shape, s *scratch, partOf func(r run, into []uint32)) *partial {
	key := partialKey{b, sh}
	e.scopes.Lock()
	known := e.memo.all[key]
	e.scopes.Unlock()
	if known != nil && known.rev == b.rev {
		return known
	}
	made := e.m.reckonPartial(b, p, sh, s, partOf)
	e.scopes.Lock()
	defer e.scopes.Unlock()
	e.memo.put(key, made, max(memoLeast, memoShare*int(e.m.facts)))
	return made
}

func (m *memo) put(key partialKey, p *partial, most int) {
	if m.all == nil {
		m.all = map[partialKey]*partial{}
	}
	if old := m.all[key]; old != nil {
		m.bytes -= old.bytes
	}
	m.all[key] = p
	m.bytes += p.bytes
	for k, old := range m.all { // any will do: what is asked again is made again
		if m.bytes <= most {
			break
		}
		delete(m.all, k)
		m.bytes -= old.bytes
	}
}

// reckonPartial adds up the sorted rows of a block.
func (m *model) reckonPartial(b *block, p *plan, sh shape, s *scratch, partOf func(r run, into []uint32)) *partial {
	thing, size := m.thing(sh.measure)
	made := &partial{rev: b.rev, bytes: 200}
	all, lists := m.rowsByPart(func(f func(r run)) { p.sorted(s, b, f) }, thing, partOf)
	for n, t := range all {
		if t.facts == 0 {
			continue
		}
		piece := piece{tally: t, of: uint32(n), days: sh.by == ByDay}
		if thing != nil {
			s.union.begin(size)
			for _, what := range lists[n] {
				s.union.add(what)
			}
			if piece.set, piece.things = s.union.set(); piece.days && !sh.sets {
				piece.set = set{}
			}
		}
		made.parts = append(made.parts, piece)
		made.bytes += 120 + 4*len(piece.set.list) + 8*len(piece.set.bits)
	}
	return made
}

// rowsByPart adds up rows part by part, with the things of each.
func (m *model) rowsByPart(each func(f func(r run)), thing func(c *columns, i int32) uint32, partOf func(r run, into []uint32)) (all []tally, lists [][]uint32) {
	of := make([]uint32, chunk)
	each(func(r run) {
		partOf(r, of)
		for k, i := range r.sel {
			n := int(of[k])
			for n >= len(all) {
				all, lists = append(all, tally{}), append(lists, nil)
			}
			all[n].facts++
			if thing == nil {
				all[n].sum += r.c.quantity(i)
			} else if what := thing(r.c, i); what != 0 {
				lists[n] = append(lists[n], what)
			}
		}
	})
	return all, lists
}
