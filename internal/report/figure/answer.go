package figure

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// At answers a question.
func (e *Engine) At(ctx context.Context, q Query) (Answer, error) {
	all, err := e.All(ctx, []Query{q})
	if err != nil {
		return Answer{}, err
	}
	return all[0], nil
}

// All answers several questions of one moment: those without an as-of of their own are all
// told as of the same fact.
func (e *Engine) All(ctx context.Context, qs []Query) ([]Answer, error) {
	if err := e.ready(); err != nil {
		return nil, err
	}
	all, err := e.reckon(qs)
	if err != nil {
		return nil, err
	}
	for i, q := range qs {
		if err := e.call(ctx, q.By, all[i].Splits); err != nil {
			return nil, err
		}
		for _, part := range all[i].Parts {
			if err := e.call(ctx, q.By, part.Splits); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func (e *Engine) reckon(qs []Query) ([]Answer, error) {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	e.mu.RLock()
	defer e.mu.RUnlock()
	all := make([]Answer, len(qs))
	for i, q := range qs {
		ind, err := q.indicator()
		if err != nil {
			return nil, err
		}
		if all[i], err = e.answer(q, ind, s); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// answer answers one question. The caller holds the lock.
func (e *Engine) answer(q Query, i *ledger.Indicator, s *scratch) (Answer, error) {
	if q.Since != (AsOf{}) {
		return e.added(q, i, s)
	}
	if i.Measure == ledger.Ratio {
		return e.ratio(q, i, s)
	}
	if i.Duty != "" {
		return e.reckoned(q, i, s)
	}
	p := &plan{}
	if err := e.asOf(p, q.AsOf); err != nil {
		return Answer{}, err
	}
	key, keeps := e.key(q, i, p)
	if a, ok := e.told.get(key); ok && keeps {
		a.Time = db.Time(p.moment)
		return a, nil
	}
	a, err := e.reckoned(q, i, s)
	if err == nil && keeps {
		e.told.put(key, a)
	}
	return a, err
}

// reckoned reckons the answer from the rows.
func (e *Engine) reckoned(q Query, i *ledger.Indicator, s *scratch) (Answer, error) {
	p, err := e.plan(q, i)
	if err != nil {
		return Answer{}, err
	}
	sh := e.shapeOf(q, i, p)
	t := e.whole(p, sh, s)
	a := Answer{Indicator: i, Value: t.value(i.Measure), Seq: int64(p.seq), Time: db.Time(p.moment)}
	if a.Entries = a.Value; i.Measure == ledger.Sum {
		a.Entries = t.facts
	}
	if q.By == Whole {
		return a, nil
	}
	g, err := e.parting(q, p)
	if err != nil {
		return a, err
	}
	sh.by, sh.start = q.By, g.start
	a.Splits = g.splits(e.parts(p, sh, s, g.partOf), i.Measure)
	q.By.arrange(a.Splits)
	if i.Distinct() {
		for _, part := range a.Splits {
			a.Overlap += part.Value
		}
		a.Overlap -= a.Value
	}
	return a, nil
}

// ratio divides one figure by another, part by part too. What would be divided by nothing is
// nothing.
func (e *Engine) ratio(q Query, i *ledger.Indicator, s *scratch) (Answer, error) {
	over, err := e.answer(q, i.Over, s)
	if err != nil {
		return Answer{}, err
	}
	under, err := e.answer(q, i.Under, s)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Indicator: i, Value: divide(i, over.Value, under.Value), Seq: over.Seq, Time: over.Time,
		Entries: over.Entries + under.Entries, Parts: []Answer{over, under}}
	tops := make(map[string]int64, len(over.Splits))
	for _, part := range over.Splits {
		tops[part.Key] = part.Value
	}
	for _, part := range under.Splits {
		a.Splits = append(a.Splits, Split{Key: part.Key, Value: divide(i, tops[part.Key], part.Value)})
		delete(tops, part.Key)
	}
	for key := range tops {
		a.Splits = append(a.Splits, Split{Key: key})
	}
	q.By.arrange(a.Splits)
	return a, nil
}

func divide(i *ledger.Indicator, over, under int64) int64 {
	if under == 0 {
		return 0
	}
	return over * i.Scale / under
}
