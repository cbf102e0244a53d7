package figure

import (
	"tongxin/internal/ledger"
)

// chunk is how many rows are looked at together.
const chunk = 4096

// scratch is memory for one question at a time.
type scratch struct {
	sel   []int32
	stamp []uint32 // by number of what is counted: the last round in which it was seen
	round uint32
	union union
}

// begin begins a round of counting different things below size.
func (s *scratch) begin(size int) {
	if len(s.stamp) < size {
		s.stamp, s.round = make([]uint32, size+size/8), 0
	}
	if s.round++; s.round == 0 {
		clear(s.stamp)
		s.round = 1
	}
}

// fresh says whether a thing is seen for the first time in this round.
func (s *scratch) fresh(n uint32) bool {
	if s.stamp[n] == s.round {
		return false
	}
	s.stamp[n] = s.round
	return true
}

// run is rows of a block that a plan selects: sel are numbers of rows in c, which is sorted by
// position or a tail.
type run struct {
	c     *columns
	sel   []int32
	first int32 // day before the first of the block's month
}

// each gives f the rows that a plan selects, run by run. sel is only good within f.
func (p *plan) each(s *scratch, f func(r run)) {
	for _, b := range p.blocks {
		p.sorted(s, b, f)
		p.tail(s, b, f)
	}
}

// sorted gives f the selected rows among the sorted ones of a block.
func (p *plan) sorted(s *scratch, b *block, f func(r run)) {
	if p.empty {
		return
	}
	if p.spans == nil {
		p.range_(s, b, &b.sorted, 0, b.sorted.rows(), nil, f)
	}
	for _, span := range p.spans {
		if from, to := b.sorted.span(span.lo, span.hi); from < to {
			p.range_(s, b, &b.sorted, from, to, nil, f)
		}
	}
}

// tail gives f the selected rows among the latest ones of a block.
func (p *plan) tail(s *scratch, b *block, f func(r run)) {
	if !p.empty {
		p.range_(s, b, &b.tail, 0, b.tail.rows(), p.spans, f)
	}
}

// range_ gives f the selected rows from a row to another, chunk by chunk; with spans only
// those of positions within them.
func (p *plan) range_(s *scratch, b *block, c *columns, from, to int, spans []span, f func(r run)) {
	first := firstOf(b.month) - 1
	lo, hi := p.from-first, p.to-first
	if s.sel == nil {
		s.sel = make([]int32, 0, chunk)
	}
	for ; from < to; from += chunk {
		sel := p.living(c, from, min(to, from+chunk), s.sel)
		if spans != nil {
			sel = keep(sel, func(i int32) bool { return inSpans(spans, c.org[i]) })
		}
		if lo > 1 || hi < 31 {
			sel = keep(sel, func(i int32) bool { return int32(c.day[i]) >= lo && int32(c.day[i]) <= hi })
		}
		sel = p.filter(c, sel)
		if p.acts != nil {
			sel = keep(sel, func(i int32) bool { return (p.acts.when(c, i, first) > 0) == (p.duty == ledger.Done) })
		}
		if len(sel) > 0 {
			f(run{c, sel, first})
		}
	}
}

// living selects the rows that live at the plan's moment.
func (p *plan) living(c *columns, from, to int, sel []int32) []int32 {
	sel = sel[:chunk]
	n := 0
	if p.latest {
		for i, until := range c.until[from:to] {
			sel[n] = int32(from + i)
			if until == alive {
				n++
			}
		}
		return sel[:n]
	}
	seqs := c.seq[from:to]
	for i, until := range c.until[from:to] {
		sel[n] = int32(from + i)
		if seqs[i] <= p.seq && p.seq < until {
			n++
		}
	}
	return sel[:n]
}

// keep leaves those that are right, in place.
func keep(sel []int32, right func(i int32) bool) []int32 {
	n := 0
	for _, i := range sel {
		sel[n] = i
		if right(i) {
			n++
		}
	}
	return sel[:n]
}

// filter leaves the rows that the plan's filters take.
func (p *plan) filter(c *columns, sel []int32) []int32 {
	if p.campaigns != nil {
		last, in := none, false
		sel = keep(sel, func(i int32) bool {
			if n := c.campaign[i]; n != last {
				last, in = n, p.campaigns[n]
			}
			return in
		})
	}
	if p.units != nil {
		sel = keep(sel, func(i int32) bool { return p.units[c.unit[i]] })
	}
	if p.areas != nil {
		sel = keep(sel, func(i int32) bool { return p.areas[c.area[i]] })
	}
	if p.service != 0 {
		sel = keep(sel, func(i int32) bool { return c.service[i] == p.service })
	}
	if p.category != 0 {
		sel = keep(sel, func(i int32) bool { return c.category[i] == p.category })
	}
	if p.grades != 0 {
		sel = keep(sel, func(i int32) bool { return p.grades&(1<<c.grade[i]) != 0 })
	}
	if p.person != 0 {
		sel = keep(sel, func(i int32) bool { return c.person[i] == p.person })
	}
	if p.subject != 0 {
		sel = keep(sel, func(i int32) bool { return c.subject[i] == p.subject })
	}
	switch {
	case p.callup != 0:
		sel = keep(sel, func(i int32) bool { return c.broughtBy(i) == p.callup })
	case p.called:
		sel = keep(sel, func(i int32) bool { return c.broughtBy(i) != 0 })
	}
	return sel
}

// thing answers what an indicator counts in a row, as a number: a person, a subject or an
// organisation served for; and how many numbers there are. nil where it counts facts.
func (m *model) thing(measure ledger.Measure) (of func(c *columns, i int32) uint32, size int) {
	switch measure {
	case ledger.Persons:
		return func(c *columns, i int32) uint32 { return c.person[i] }, m.persons.size()
	case ledger.Subjects:
		return func(c *columns, i int32) uint32 { return c.subject[i] }, m.subjects.size()
	case ledger.Orgs:
		orgs := m.tree.posOrg
		return func(c *columns, i int32) uint32 { return orgs[c.unit[i]] + 1 }, len(m.tree.orgs) + 1
	}
	return nil, 0
}

// tally is what rows add up to.
type tally struct {
	facts, sum int64
	things     int64 // different ones
}

// value is the tally in the terms of a measure.
func (t tally) value(measure ledger.Measure) int64 {
	switch measure {
	case ledger.Sum:
		return t.sum
	case ledger.Facts:
		return t.facts
	}
	return t.things
}

// add adds a run to a tally, and its things to a union.
func (t *tally) add(r run, thing func(c *columns, i int32) uint32, u *union) {
	t.facts += int64(len(r.sel))
	switch {
	case thing != nil:
		for _, i := range r.sel {
			u.add(thing(r.c, i))
		}
	case r.c.qty == nil:
		t.sum += int64(len(r.sel))
	default:
		for _, i := range r.sel {
			t.sum += r.c.qty[i]
		}
	}
}

// whole tallies all rows of a plan; sh is its shape, unsplit.
func (e *Engine) whole(p *plan, sh shape, s *scratch) (t tally) {
	thing, size := e.m.thing(sh.measure)
	kept := make([]*partial, len(p.blocks))
	for k, b := range p.blocks { // first, as making them takes the union
		if p.keeps(b) {
			kept[k] = e.partial(b, p, sh, s, allOne)
		}
	}
	s.union.begin(size)
	add := func(r run) { t.add(r, thing, &s.union) }
	for k, b := range p.blocks {
		if kept[k] == nil {
			p.sorted(s, b, add)
		} else {
			for _, part := range kept[k].parts {
				t.facts, t.sum = t.facts+part.facts, t.sum+part.sum
				s.union.or(part.set)
			}
		}
		p.tail(s, b, add)
	}
	t.things = s.union.count()
	return t
}

// allOne puts all rows into one part.
func allOne(r run, into []uint32) { clear(into[:len(r.sel)]) }

// parts tallies the rows of a plan part by part; partOf tells the part of each row of a run.
// Parts that have no rows have a tally of nothing.
func (e *Engine) parts(p *plan, sh shape, s *scratch, partOf func(r run, into []uint32)) []tally {
	thing, size := e.m.thing(sh.measure)
	var kept []*partial
	var scanned []func(f func(r run))
	for _, b := range p.blocks {
		if p.keeps(b) && (sh.by == ByDay || sh.by == ByOrg || sh.by == ByUnit) {
			sh.sets = sh.by == ByDay && b.tail.rows() > 0 && thing != nil // things of a day may be in both
			kept = append(kept, e.partial(b, p, sh, s, partOf))
		} else {
			scanned = append(scanned, func(f func(r run)) { p.sorted(s, b, f) })
		}
		scanned = append(scanned, func(f func(r run)) { p.tail(s, b, f) })
	}
	all, lists := e.m.rowsByPart(func(f func(r run)) {
		for _, scan := range scanned {
			scan(f)
		}
	}, thing, partOf)
	return join(all, lists, kept, thing != nil, size, s)
}

// join puts together rows that were looked at and partials that were known.
func join(all []tally, lists [][]uint32, kept []*partial, things bool, size int, s *scratch) []tally {
	pieces := make([][]piece, len(all))
	for _, k := range kept {
		for _, part := range k.parts {
			n := int(part.of)
			for n >= len(all) {
				all, lists, pieces = append(all, tally{}), append(lists, nil), append(pieces, nil)
			}
			all[n].facts, all[n].sum = all[n].facts+part.facts, all[n].sum+part.sum
			pieces[n] = append(pieces[n], part)
		}
	}
	for n := range all {
		switch {
		case !things || all[n].facts == 0:
		case len(pieces[n]) == 1 && len(lists[n]) == 0: // a day, or a part in one month
			all[n].things = pieces[n][0].things
		case len(pieces[n]) == 0 || few(pieces[n], size):
			all[n].things = s.few(lists[n], pieces[n], size)
		default:
			s.union.begin(size)
			for _, what := range lists[n] {
				s.union.add(what)
			}
			for _, part := range pieces[n] {
				s.union.or(part.set)
			}
			all[n].things = s.union.count()
		}
	}
	return all
}

// few says whether things are counted sooner one by one than with a bit each.
func few(pieces []piece, size int) bool {
	n := 0
	for _, p := range pieces {
		if p.set.bits != nil {
			return false
		}
		n += len(p.set.list)
	}
	return n < size/64
}

// few counts different things one by one.
func (s *scratch) few(list []uint32, pieces []piece, size int) (n int64) {
	s.begin(size)
	for _, what := range list {
		if s.fresh(what) {
			n++
		}
	}
	for _, p := range pieces {
		for _, what := range p.set.list {
			if s.fresh(what) {
				n++
			}
		}
	}
	return n
}
