package figure

import (
	"cmp"
	"math"
	"slices"
)

// alive is the `until` of a row that nothing has reversed.
const alive = math.MaxUint32

// row is one fact in the model's own numbers: positions by rank, areas, persons and subjects
// by the order in which they came.
type row struct {
	seq, until      uint32
	org, unit       uint32
	area            uint32
	person, subject uint32
	campaign        uint32
	callup          uint32 // 0: none
	service         uint16
	category        uint16
	day             uint8 // of the month
	grade           uint8
	qty             int64
}

// columns are rows, column by column. qty is nil while every quantity is 1, callup while no
// row has one.
type columns struct {
	seq, until      []uint32
	org, unit       []uint32
	area            []uint32
	person, subject []uint32
	campaign        []uint32
	callup          []uint32
	service         []uint16
	category        []uint16
	day             []uint8
	grade           []uint8
	qty             []int64
}

func (c *columns) rows() int { return len(c.seq) }

func (c *columns) add(r row) {
	if c.qty == nil && r.qty != 1 {
		c.qty = make([]int64, len(c.seq), cap(c.seq))
		for i := range c.qty {
			c.qty[i] = 1
		}
	}
	if c.qty != nil {
		c.qty = append(c.qty, r.qty)
	}
	if c.callup == nil && r.callup != 0 {
		c.callup = make([]uint32, len(c.seq), cap(c.seq))
	}
	if c.callup != nil {
		c.callup = append(c.callup, r.callup)
	}
	c.seq, c.until = append(c.seq, r.seq), append(c.until, r.until)
	c.org, c.unit = append(c.org, r.org), append(c.unit, r.unit)
	c.area = append(c.area, r.area)
	c.person, c.subject = append(c.person, r.person), append(c.subject, r.subject)
	c.campaign = append(c.campaign, r.campaign)
	c.service, c.category = append(c.service, r.service), append(c.category, r.category)
	c.day, c.grade = append(c.day, r.day), append(c.grade, r.grade)
}

// broughtBy is the call-up behind a row, 0 where there is none.
func (c *columns) broughtBy(i int32) uint32 {
	if c.callup == nil {
		return 0
	}
	return c.callup[i]
}

func (c *columns) quantity(i int32) int64 {
	if c.qty == nil {
		return 1
	}
	return c.qty[i]
}

// before orders rows by (position, day, seq), the order of a block.
func (c *columns) before(a, b int32) int {
	if d := cmp.Compare(c.org[a], c.org[b]); d != 0 {
		return d
	}
	if d := cmp.Compare(c.day[a], c.day[b]); d != 0 {
		return d
	}
	return cmp.Compare(c.seq[a], c.seq[b])
}

// order answers the rows' numbers in the order of a block.
func (c *columns) order() []int32 {
	order := make([]int32, c.rows())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, c.before)
	return order
}

// merge makes one sorted set of columns, of exactly the size needed, from a sorted one and a
// tail.
func merge(a, b *columns) columns {
	// from names rows of a by their number and rows of b by the complement of it.
	from := make([]int32, 0, a.rows()+b.rows())
	i := int32(0)
	for _, j := range b.order() {
		for ; int(i) < a.rows() && !less(b, j, a, i); i++ {
			from = append(from, i)
		}
		from = append(from, ^j)
	}
	for ; int(i) < a.rows(); i++ {
		from = append(from, i)
	}
	return columns{
		seq: gather(from, a.seq, b.seq), until: gather(from, a.until, b.until), org: gather(from, a.org, b.org), unit: gather(from, a.unit, b.unit),
		area: gather(from, a.area, b.area), person: gather(from, a.person, b.person), subject: gather(from, a.subject, b.subject),
		campaign: gather(from, a.campaign, b.campaign), service: gather(from, a.service, b.service), category: gather(from, a.category, b.category),
		day: gather(from, a.day, b.day), grade: gather(from, a.grade, b.grade), qty: gatherQty(from, a, b), callup: gatherCallup(from, a, b),
	}
}

func less(x *columns, i int32, y *columns, j int32) bool {
	if x.org[i] != y.org[j] {
		return x.org[i] < y.org[j]
	}
	if x.day[i] != y.day[j] {
		return x.day[i] < y.day[j]
	}
	return x.seq[i] < y.seq[j]
}

func gather[T any](from []int32, a, b []T) []T {
	out := make([]T, len(from))
	for k, i := range from {
		if i >= 0 {
			out[k] = a[i]
		} else {
			out[k] = b[^i]
		}
	}
	return out
}

func gatherQty(from []int32, a, b *columns) []int64 {
	if a.qty == nil && b.qty == nil {
		return nil
	}
	out := make([]int64, len(from))
	for k, i := range from {
		if i >= 0 {
			out[k] = a.quantity(i)
		} else {
			out[k] = b.quantity(^i)
		}
	}
	return out
}

func gatherCallup(from []int32, a, b *columns) []uint32 {
	if a.callup == nil && b.callup == nil {
		return nil
	}
	out := make([]uint32, len(from))
	for k, i := range from {
		if i >= 0 {
			out[k] = a.broughtBy(i)
		} else {
			out[k] = b.broughtBy(^i)
		}
	}
	return out
}

// block holds the rows of one kind in one month: most of them sorted by (position, day, seq),
// the last ones in a tail as they came.
type block struct {
	month  int // months since year 0
	sorted columns
	tail   columns
	rev    uint64 // of the sorted rows: another number, other rows
}

// kill ends the row of that position, day and number; false where there is none.
func (b *block) kill(org uint32, day uint8, seq, until uint32) bool {
	if i, ok := slices.BinarySearch(b.tail.seq, seq); ok {
		b.tail.until[i] = until
		return true
	}
	s := &b.sorted
	lo, hi := 0, s.rows()
	for lo < hi {
		m := (lo + hi) / 2
		d := cmp.Or(cmp.Compare(s.org[m], org), cmp.Compare(s.day[m], day), cmp.Compare(s.seq[m], seq))
		if d == 0 {
			s.until[m] = until
			b.rev++
			return true
		}
		if d < 0 {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return false
}

// span finds the sorted rows of the ranks lo to hi, hi excluded.
func (c *columns) span(lo, hi uint32) (from, to int) {
	from, _ = slices.BinarySearch(c.org, lo)
	n, _ := slices.BinarySearch(c.org[from:], hi)
	return from, from + n
}
