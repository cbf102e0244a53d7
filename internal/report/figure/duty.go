package figure

import (
	"math"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/report"
)

// acts are what answers what fell due: on which days organisations did something, and of which
// dues it was said that there was nothing; each with the number of the first such fact.
type acts struct {
	orgs []uint32          // by rank of a position: the organisation that it counts as
	on   map[uint64]uint32 // by organisation and day
	nils map[uint32]uint32 // by what was owed
}

func orgDay(org uint32, day int32) uint64 { return uint64(org)<<32 | uint64(uint32(day)) }

// when answers the number of the first fact by which what fell due in a row was done, 0 where
// nothing was. first is the day before the first of the row's month.
func (a *acts) when(c *columns, i int32, first int32) (seq uint32) {
	seq = a.nils[c.subject[i]]
	org, last := a.orgs[c.org[i]], first+int32(c.day[i])
	for day := last - int32(c.quantity(i)) + 1; day <= last; day++ {
		if at := a.on[orgDay(org, day)]; at > 0 && (seq == 0 || at < seq) {
			seq = at
		}
	}
	return seq
}

// actsFor collects what answers the dues of a plan, as of its moment. The caller holds the
// lock.
func (e *Engine) actsFor(p *plan) *acts {
	a := &acts{orgs: e.heirs(p.merges), on: map[uint64]uint32{}, nils: map[uint32]uint32{}}
	owing := make([]bool, len(e.m.tree.orgs))
	days := plan{seq: p.seq, latest: p.latest, from: math.MaxInt32, to: math.MinInt32}
	s := &scratch{}
	p.each(s, func(r run) {
		for _, i := range r.sel {
			last := r.first + int32(r.c.day[i])
			days.from, days.to = min(days.from, last-int32(r.c.quantity(i))+1), max(days.to, last)
			owing[a.orgs[r.c.org[i]]] = true
		}
	})
	if days.from > days.to {
		return a
	}
	for key, blocks := range e.m.kinds {
		if key == report.Nil.Key {
			nils := plan{seq: p.seq, latest: p.latest, to: math.MaxInt32, blocks: blocks}
			nils.each(s, func(r run) {
				for _, i := range r.sel {
					a.nils[r.c.subject[i]] = r.c.seq[i]
				}
			})
		}
		if !report.IsAct(key) {
			continue
		}
		days.blocks = nil
		for _, b := range blocks {
			if f := firstOf(b.month); f <= days.to && firstOf(b.month+1) > days.from {
				days.blocks = append(days.blocks, b)
			}
		}
		days.each(s, func(r run) { a.add(r, owing) })
	}
	return a
}

// add notes on which days the organisations that owe did something.
func (a *acts) add(r run, owing []bool) {
	note := func(org uint32, day int32, seq uint32) {
		if !owing[org] {
			return
		}
		at := orgDay(org, day)
		if was := a.on[at]; was == 0 || seq < was {
			a.on[at] = seq
		}
	}
	for _, i := range r.sel {
		org, unit := a.orgs[r.c.org[i]], a.orgs[r.c.unit[i]]
		note(org, r.first+int32(r.c.day[i]), r.c.seq[i])
		if unit != org {
			note(unit, r.first+int32(r.c.day[i]), r.c.seq[i])
		}
	}
}

// heirs are, by rank, the organisations that positions count as.
func (e *Engine) heirs(merges int) []uint32 {
	t := e.m.tree
	if merges == 0 {
		return t.posOrg
	}
	became := make([]uint32, len(t.orgs))
	for i := range became {
		became[i] = t.heir(uint32(i), merges)
	}
	orgs := make([]uint32, len(t.posOrg))
	for rank, org := range t.posOrg {
		orgs[rank] = became[org]
	}
	return orgs
}

// due is one thing that fell due, for which organisation, and the number of the fact by which
// it was done; 0: it is missing.
type due struct {
	id   id.ID
	org  uint32
	done int64
}

// dues lists what fell due in a scope, as of when.
func (e *Engine) dues(q Query) (all []due, at *plan, err error) {
	if err := e.ready(); err != nil {
		return nil, nil, err
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	e.mu.RLock()
	defer e.mu.RUnlock()
	of := &ledger.Indicator{Measure: ledger.Facts, Kinds: report.ReportsDue.Kinds}
	at = &plan{}
	if err := e.asOf(at, q.AsOf); err != nil {
		return nil, nil, err
	}
	key, _ := e.key(q, of, at)
	all, err = e.told.dues(key, func() ([]due, error) { return e.fellDue(q, of, s) })
	return all, at, err
}

// fellDue reckons dues from the rows. The caller holds the lock.
func (e *Engine) fellDue(q Query, of *ledger.Indicator, s *scratch) (all []due, err error) {
	p, err := e.plan(q, of)
	if err != nil {
		return nil, err
	}
	a := e.actsFor(p)
	p.each(s, func(r run) {
		for _, i := range r.sel {
			all = append(all, due{e.m.subjects.name(r.c.subject[i]), e.m.tree.posOrg[r.c.org[i]], int64(a.when(r.c, i, r.first))})
		}
	})
	return all, nil
}

// Missing are the dues of a scope of which nothing is known.
func (e *Engine) Missing(q Query) (map[id.ID]bool, error) {
	all, _, err := e.dues(q)
	missing := map[id.ID]bool{}
	for _, d := range all {
		if d.done == 0 {
			missing[d.id] = true
		}
	}
	return missing, err
}

// Reported answers how many organisations of a scope were to report and how many have, and
// nothing else of [Complete]: it asks no database.
func (e *Engine) Reported(q Query) (c Complete, err error) {
	all, p, err := e.dues(Query{Org: q.Org, Campaign: q.Campaign, Area: q.Area, From: q.From, To: q.To, AsOf: q.AsOf})
	if err != nil {
		return c, err
	}
	c.Seq, c.Time = int64(p.seq), db.Time(p.moment)
	orgs := map[uint32]bool{}
	for _, d := range all {
		was, ok := orgs[d.org]
		orgs[d.org] = d.done > 0 && (was || !ok)
	}
	for _, reported := range orgs {
		if c.Expected++; reported {
			c.Reported++
		}
	}
	return c, nil
}
