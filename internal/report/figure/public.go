package figure

import (
	"cmp"
	"context"
	"slices"

	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
)

// Few is the fewest persons behind a number that everybody may read.
const Few = 5

// Public is a figure for everybody. Where it is about persons, parts behind which fewer than
// [Few] stand are merged, so that none of them can be told from the rest; a figure behind
// which fewer stand altogether is not told.
type Public struct {
	Answer
	Hidden bool  // fewer than Few persons stand behind it: Value is not told
	Merged int   // so many parts were merged
	Rest   int64 // what they add up to; of distinct things that is not known, and 0
}

// Personal says whether an indicator counts what single persons did or are. How many
// organisations there are tells nothing of anybody.
func Personal(i *ledger.Indicator) bool {
	switch i.Measure {
	case ledger.Ratio:
		return Personal(i.Over) || Personal(i.Under)
	case ledger.Orgs:
		return false
	}
	return i.Measure == ledger.Persons || slices.ContainsFunc(i.Kinds, func(k *ledger.Kind) bool { return k.Per == ledger.PerPerson })
}

// Public answers a question of somebody whom nobody knows: it is about now, and about no
// single person, subject or category. What is new is told whole: of whose doing its parts are
// would be too plain.
func (e *Engine) Public(ctx context.Context, q Query) (Public, error) {
	if q.Person != "" || q.Subject != "" || q.Category != 0 || q.By == ByCategory || q.AsOf != (AsOf{}) || q.Since != (AsOf{}) && q.By != Whole {
		return Public{}, fail.New(fail.Forbidden, "figure.not_public")
	}
	return e.Printed(ctx, q)
}

// Printed answers a question for print: it may be as of a moment and of a category, since a
// text that was published keeps to what it says; few persons are veiled all the same.
func (e *Engine) Printed(ctx context.Context, q Query) (Public, error) {
	if err := e.ready(); err != nil {
		return Public{}, err
	}
	p, persons, err := e.open(q)
	if err != nil {
		return p, err
	}
	if err := e.call(ctx, q.By, p.Splits); err != nil || persons == nil {
		return p, err
	}
	p.veil(*persons)
	return p, nil
}

// open answers a question, and by how many persons, part by part, where it is about them.
func (e *Engine) open(q Query) (p Public, persons *Answer, err error) {
	ind, err := q.indicator()
	if err != nil {
		return p, nil, err
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	e.mu.RLock()
	defer e.mu.RUnlock()
	if p.Answer, err = e.answer(q, ind, s); err != nil || !Personal(ind) {
		return p, nil, err
	}
	if q.Since != (AsOf{}) {
		c, err := e.changeOf(q, ind)
		if err != nil {
			return p, nil, err
		}
		return p, &Answer{Value: c.persons(e.m, s)}, nil
	}
	if ind.Measure == ledger.Ratio {
		ind = ind.Over
	}
	who, err := e.answer(q, &ledger.Indicator{Key: ind.Key, Unit: "person", Measure: ledger.Persons, Kinds: ind.Kinds,
		Grades: ind.Grades, UnitKinds: ind.UnitKinds, Called: ind.Called}, s)
	return p, &who, err
}

// veil merges what fewer than Few persons stand behind: small parts, and more with them until
// together they are enough.
func (p *Public) veil(who Answer) {
	if who.Value > 0 && who.Value < Few {
		p.Hidden, p.Value, p.Entries, p.Splits, p.Parts, p.Overlap = true, 0, 0, nil, nil, 0
		return
	}
	for i := range p.Parts { // they are told as a whole only
		p.Parts[i].Splits = nil
	}
	behind := map[string]int64{}
	for _, part := range who.Splits {
		behind[part.Key] = part.Value
	}
	order := slices.Clone(p.Splits)
	slices.SortStableFunc(order, func(a, b Split) int { return cmp.Compare(behind[a.Key], behind[b.Key]) })
	merged, together := map[string]bool{}, int64(0)
	for _, part := range order {
		n := behind[part.Key]
		if n == 0 || n >= Few && (len(merged) == 0 || len(merged) > 1 && together >= Few) {
			continue
		}
		merged[part.Key], together = true, together+n
		if !p.Indicator.Distinct() && p.Indicator.Measure != ledger.Ratio {
			p.Rest += part.Value
		}
	}
	p.Merged = len(merged)
	p.Splits = slices.DeleteFunc(p.Splits, func(part Split) bool { return merged[part.Key] })
	if p.Merged > 0 {
		p.Overlap = 0
	}
}
