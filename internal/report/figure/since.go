package figure

import (
	"math/bits"

	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
)

// ParseSince reads the moment since which is asked what is new: RFC 3339, a day (its
// beginning), or seq:N (after that fact).
func ParseSince(text string) (AsOf, error) {
	at, err := ParseAsOf(text)
	if err != nil {
		return AsOf{}, fail.Field("since", "figure.since_form")
	}
	if _, err := dayNumber(text); err == nil {
		at.Time = at.Time.AddDate(0, 0, -1)
	}
	return at, nil
}

// twice are the two questions of which one asks for the difference.
func (q Query) twice() (now, then Query) {
	now, then = q, q
	now.Since, then.Since, then.AsOf = AsOf{}, AsOf{}, q.Since
	return now, then
}

// added is what a figure has gained since a moment: the figure less what it was, part by part
// too. It opens to what is new and to what counts no more.
func (e *Engine) added(q Query, i *ledger.Indicator, s *scratch) (Answer, error) {
	if i.Measure == ledger.Ratio {
		return Answer{}, fail.Field("since", "figure.since_ratio")
	}
	if q.Since.Seq > e.m.at {
		return Answer{}, fail.Field("since", "figure.seq_future", "seq", q.Since.Seq, "last", e.m.at)
	}
	now, then := q.twice()
	a, err := e.answer(now, i, s)
	if err != nil {
		return a, err
	}
	was, err := e.answer(then, i, s)
	if err != nil {
		return a, err
	}
	if was.Seq > a.Seq {
		return a, fail.Field("since", "figure.since_order")
	}
	c, err := e.changeOf(q, i)
	if err != nil {
		return a, err
	}
	a.Parts = []Answer{a, was}
	a.Value -= was.Value
	a.Overlap -= was.Overlap
	a.Entries, a.Gone = c.gained.count(), c.gone.count()
	a.Entries += a.Gone
	a.Splits = difference(a.Splits, was.Splits)
	q.By.arrange(a.Splits)
	return a, nil
}

// difference are the parts of one answer less those of another; a part that did not change is none.
func difference(all, was []Split) (rest []Split) {
	before := make(map[string]int64, len(was))
	for _, part := range was {
		before[part.Key] = part.Value
	}
	for _, part := range all {
		part.Value -= before[part.Key]
		delete(before, part.Key)
		if part.Value != 0 {
			rest = append(rest, part)
		}
	}
	for _, part := range was {
		if value, left := before[part.Key]; left && value != 0 {
			part.Value = -value
			rest = append(rest, part)
		}
	}
	return rest
}

// change is what a question counts at one moment and not at another, by number.
type change struct {
	now, then    *plan
	number       func(c *columns, i int32) uint32
	things       bool // not facts
	gained, gone union
}

// changeOf finds what is new since a moment and what counts no more. The caller holds the lock.
func (e *Engine) changeOf(q Query, i *ledger.Indicator) (c change, err error) {
	now, then := q.twice()
	if c.now, err = e.plan(now, i); err != nil {
		return c, err
	}
	if c.then, err = e.plan(then, i); err != nil {
		return c, err
	}
	size := int(e.m.at) + 1
	c.number = func(c *columns, i int32) uint32 { return c.seq[i] }
	if c.things = i.Distinct() && !q.Facts; c.things {
		c.number, size = e.m.thing(i.Measure)
	}
	c.gained.begin(size)
	c.gone.begin(size)
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	c.now.each(s, func(r run) { c.mark(r, &c.gained) })
	c.then.each(s, func(r run) { c.mark(r, &c.gone) })
	for w := range c.gained.bits {
		both := c.gained.bits[w] & c.gone.bits[w]
		c.gained.bits[w] &^= both
		c.gone.bits[w] &^= both
	}
	return c, nil
}

func (c *change) mark(r run, in *union) {
	for _, k := range r.sel {
		in.add(c.number(r.c, k))
	}
}

// The parts of a change, in the order in which they are listed.
const (
	gained = iota
	gone
)

// some are the first entries of a part of the change after a number.
func (c *change) some(e *Engine, i *ledger.Indicator, part int, after uint32, limit int, s *scratch) []numbered {
	in, at := &c.gained, c.now
	if part == gone {
		in, at = &c.gone, c.then
	}
	of := ledger.Facts
	if c.things {
		of = i.Measure
	}
	var found []numbered
	index := map[uint32]int{}
	for _, n := range in.after(after, limit) {
		one := Entry{Of: of, Gone: part == gone}
		if c.things {
			one.ID = e.nameOf(of, n)
		} else {
			one.Facts, one.Fact = 1, &ledger.Entry{Seq: int64(n)}
		}
		index[n] = len(found)
		found = append(found, numbered{one, n})
	}
	if !c.things || len(found) == 0 {
		return found
	}
	at.each(s, func(r run) {
		for _, k := range r.sel {
			if n, ok := index[c.number(r.c, k)]; ok {
				found[n].Facts++
				if part == gone {
					found[n].Qty -= r.c.quantity(k)
				} else {
					found[n].Qty += r.c.quantity(k)
				}
			}
		}
	})
	return found
}

// after lists the first numbers above one.
func (u *union) after(n uint32, most int) (found []uint32) {
	for w := int(n >> 6); w < len(u.bits); w++ {
		word := u.bits[w]
		if w == int(n>>6) {
			word &^= 1<<(n&63+1) - 1
		}
		for ; word != 0; word &= word - 1 {
			if len(found) == most {
				return found
			}
			found = append(found, uint32(w<<6+bits.TrailingZeros64(word)))
		}
	}
	return found
}

// persons counts the persons behind what changed.
func (c *change) persons(m *model, s *scratch) int64 {
	s.union.begin(m.persons.size())
	for _, side := range []struct {
		p  *plan
		in *union
	}{{c.now, &c.gained}, {c.then, &c.gone}} {
		side.p.each(s, func(r run) {
			for _, k := range r.sel {
				if n := c.number(r.c, k); side.in.bits[n>>6]&(1<<(n&63)) != 0 {
					s.union.add(r.c.person[k])
				}
			}
		})
	}
	return s.union.count()
}
