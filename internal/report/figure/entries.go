package figure

import (
	"context"
	"fmt"
	"slices"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Entry is one of the things that a figure opens to: a fact where facts are counted or their
// quantities summed up; a person, a subject or an organisation where different ones are
// counted. Facts and Qty are how many living facts in scope stand behind it and what they
// add up to.
type Entry struct {
	Of    ledger.Measure // Facts, Persons, Subjects or Orgs
	ID    id.ID          // of a fact its own, else the person's, subject's or organisation's
	Facts int64
	Qty   int64
	Fact  *ledger.Entry // where Of is Facts
	Gone  bool          // it counted at the moment since which is asked, and does no more
	Org   id.ID         // of a fact: who organised it
	Unit  id.ID         // of a fact: whom they served for
}

// Page is a page of entries. Next is where the following one begins, "" on the last. All
// pages that follow from one another are told as of the same fact.
type Page struct {
	Entries []Entry
	Next    string
	Answer  Answer // the figure that they add up to, without splits
}

// cursor is where a page ended: as of which fact, in which part of a ratio, after which
// number.
type cursor struct {
	seq   int64
	part  int
	after uint32
}

func (c cursor) String() string { return fmt.Sprintf("%d.%d.%d", c.seq, c.part, c.after) }

func parseCursor(text string) (c cursor, err error) {
	if text == "" {
		return c, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%d", &c.seq, &c.part, &c.after); n != 3 || err != nil || c.String() != text || c.seq < 1 {
		return c, fail.Field("after", "figure.page_unknown")
	}
	return c, nil
}

// Entries answers a page of what a figure counts. Facts come in the order of the ledger,
// persons, subjects and organisations in the order in which the ledger first named them:
// what happens meanwhile comes at the end.
func (e *Engine) Entries(ctx context.Context, q Query, after string, limit int) (Page, error) {
	c, err := parseCursor(after)
	if err != nil {
		return Page{}, err
	}
	if err := e.ready(); err != nil {
		return Page{}, err
	}
	if c.seq > 0 && q.AsOf == (AsOf{}) {
		q.AsOf.Seq = c.seq
	}
	q.By = Whole
	page, err := e.page(q, c, limit)
	if err != nil {
		return page, err
	}
	return page, e.fetch(ctx, page.Entries)
}

// Latest answers the last facts of a figure, the newest first.
func (e *Engine) Latest(ctx context.Context, q Query, most int) ([]Entry, error) {
	if err := e.ready(); err != nil {
		return nil, err
	}
	entries, err := e.latest(q, most)
	if err != nil {
		return nil, err
	}
	return entries, e.fetch(ctx, entries)
}

func (e *Engine) latest(q Query, most int) ([]Entry, error) {
	ind, err := q.indicator()
	if err != nil {
		return nil, err
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	e.mu.RLock()
	defer e.mu.RUnlock()
	p, err := e.plan(q, ind)
	if err != nil {
		return nil, err
	}
	f := first{most: most}
	p.each(s, func(r run) {
		for _, k := range r.sel {
			f.take(^r.c.seq[k])
		}
	})
	var entries []Entry
	for _, seq := range f.all() {
		entries = append(entries, Entry{Of: ledger.Facts, Facts: 1, Fact: &ledger.Entry{Seq: int64(^seq)}})
	}
	return entries, nil
}

// page finds the entries of a page in the model; facts are still without their record.
func (e *Engine) page(q Query, c cursor, limit int) (page Page, err error) {
	ind, err := q.indicator()
	if err != nil {
		return page, err
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	e.mu.RLock()
	defer e.mu.RUnlock()
	if page.Answer, err = e.answer(q, ind, s); err != nil {
		return page, err
	}
	parts, some, err := e.listed(q, ind, s)
	if err != nil {
		return page, err
	}
	if c.part < 0 || c.part >= parts {
		return page, fail.Field("after", "figure.page_unknown")
	}
	for ; c.part < parts; c.part, c.after = c.part+1, 0 {
		found, err := some(c.part, c.after, limit-len(page.Entries)+1)
		if err != nil {
			return page, err
		}
		for _, f := range found {
			if len(page.Entries) == limit {
				page.Next = cursor{page.Answer.Seq, c.part, c.after}.String()
				return page, nil
			}
			page.Entries = append(page.Entries, f.Entry)
			c.after = f.number
		}
	}
	return page, nil
}

// listed is of how many parts the entries of a question are, and how to find some of one: what
// is divided and by what, or what is new and what counts no more. The caller holds the lock.
func (e *Engine) listed(q Query, i *ledger.Indicator, s *scratch) (parts int, some func(part int, after uint32, limit int) ([]numbered, error), err error) {
	switch {
	case q.Since != (AsOf{}):
		c, err := e.changeOf(q, i)
		return 2, func(part int, after uint32, limit int) ([]numbered, error) {
			return c.some(e, i, part, after, limit, s), nil
		}, err
	case i.Measure == ledger.Ratio:
		both := []*ledger.Indicator{i.Over, i.Under}
		return 2, func(part int, after uint32, limit int) ([]numbered, error) {
			return e.some(q, both[part], after, limit, s)
		}, nil
	}
	return 1, func(_ int, after uint32, limit int) ([]numbered, error) { return e.some(q, i, after, limit, s) }, nil
}

// numbered is an entry with the number by which pages follow one another.
type numbered struct {
	Entry
	number uint32
}

// some finds the first entries after a number. The caller holds the lock.
func (e *Engine) some(q Query, i *ledger.Indicator, after uint32, limit int, s *scratch) ([]numbered, error) {
	p, err := e.plan(q, i)
	if err != nil {
		return nil, err
	}
	if i.Distinct() && !q.Facts {
		return e.things(p, i.Measure, after, limit, s), nil
	}
	f := first{most: limit, after: after}
	p.each(s, func(r run) {
		for _, k := range r.sel {
			f.take(r.c.seq[k])
		}
	})
	seqs := f.all()
	found := make([]numbered, len(seqs))
	for k, seq := range seqs {
		found[k] = numbered{Entry{Of: ledger.Facts, Facts: 1, Fact: &ledger.Entry{Seq: int64(seq)}}, seq}
	}
	return found, nil
}

// things finds the first different things after a number, with how many facts stand behind
// each.
func (e *Engine) things(p *plan, measure ledger.Measure, after uint32, limit int, s *scratch) []numbered {
	thing, size := e.m.thing(measure)
	s.begin(size)
	f := first{most: limit, after: after}
	p.each(s, func(r run) {
		for _, k := range r.sel {
			if n := thing(r.c, k); n != 0 && s.fresh(n) {
				f.take(n)
			}
		}
	})
	numbers := f.all()
	found := make([]numbered, len(numbers))
	for k, n := range numbers {
		found[k] = numbered{Entry{Of: measure, ID: e.nameOf(measure, n)}, n}
	}
	p.each(s, func(r run) {
		for _, k := range r.sel {
			if at, ok := slices.BinarySearch(numbers, thing(r.c, k)); ok {
				found[at].Facts++
				found[at].Qty += r.c.quantity(k)
			}
		}
	})
	return found
}

func (e *Engine) nameOf(measure ledger.Measure, n uint32) id.ID {
	switch measure {
	case ledger.Persons:
		return e.m.persons.name(n)
	case ledger.Subjects:
		return e.m.subjects.name(n)
	}
	return e.m.tree.orgs[n-1].id
}

// first keeps the lowest numbers after one.
type first struct {
	most  int
	after uint32
	found []uint32
	bound uint32 // once there are enough: what is not below it is too late
}

func (f *first) take(n uint32) {
	if n <= f.after || f.bound > 0 && n >= f.bound {
		return
	}
	if f.found = append(f.found, n); len(f.found) >= max(4096, 4*f.most) {
		f.cut()
	}
}

func (f *first) cut() {
	slices.Sort(f.found)
	if len(f.found) > f.most {
		f.bound = f.found[f.most]
		f.found = f.found[:f.most]
	}
}

func (f *first) all() []uint32 {
	f.cut()
	return f.found
}

// fetch reads the records of facts.
func (e *Engine) fetch(ctx context.Context, entries []Entry) error {
	var seqs []int64
	for _, t := range entries {
		if t.Fact != nil {
			seqs = append(seqs, t.Fact.Seq)
		}
	}
	facts, err := ledger.BySeq(ctx, e.d, seqs)
	if err != nil {
		return err
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for i := range entries {
		t := &entries[i]
		if t.Fact == nil {
			continue
		}
		f, ok := facts[t.Fact.Seq]
		if !ok {
			return fmt.Errorf("figure: fact %d is gone", t.Fact.Seq)
		}
		t.Fact, t.ID, t.Qty = &f, f.ID, f.Qty
		if t.Gone {
			t.Qty = -f.Qty
		}
		t.Org, t.Unit = e.m.orgAt(f.Fact.Org), e.m.orgAt(f.Fact.Unit)
	}
	return nil
}

// orgAt is the organisation that holds or held a position.
func (m *model) orgAt(position int64) id.ID {
	if r, ok := m.tree.rankOf[position]; ok {
		return m.tree.orgs[m.tree.posOrg[r]].id
	}
	return ""
}
