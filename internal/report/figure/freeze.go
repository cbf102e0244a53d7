package figure

import (
	"context"
	"time"
)

// Frozen is a figure held fast as it was at a moment, with all that is needed to reckon it
// again: whoever prints a figure, or acts on one, keeps this.
type Frozen struct {
	Query             // as of the fact of number AsOf.Seq
	Version int       // of the indicator
	Tree    int64     // the version of the tree of organisations
	Time    time.Time // when it was looked at
	Value   int64
}

// Freeze answers a question and holds the answer fast.
func (e *Engine) Freeze(ctx context.Context, q Query) (Frozen, error) {
	i, err := q.indicator()
	if err != nil {
		return Frozen{}, err
	}
	if q.AsOf == (AsOf{}) {
		q.AsOf.Seq, _ = e.Seq()
	}
	a, err := e.At(ctx, q)
	if err != nil {
		return Frozen{}, err
	}
	q.AsOf = AsOf{Seq: a.Seq}
	e.mu.RLock()
	defer e.mu.RUnlock()
	return Frozen{Query: q, Version: i.Version, Tree: e.m.tree.version, Time: e.d.Now(), Value: a.Value}, nil
}

// Again reckons a frozen figure anew, as of its moment. While nothing was counted yet it is 0.
func (e *Engine) Again(ctx context.Context, f Frozen) (int64, error) {
	if f.AsOf.Seq == 0 {
		return 0, e.ready()
	}
	a, err := e.At(ctx, f.Query)
	return a.Value, err
}

// Proves says whether a frozen figure comes out again.
func (e *Engine) Proves(ctx context.Context, f Frozen) (bool, error) {
	if now, _ := e.Seq(); f.AsOf.Seq > now {
		return false, nil
	}
	value, err := e.Again(ctx, f)
	return value == f.Value, err
}
