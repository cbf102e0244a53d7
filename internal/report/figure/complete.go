package figure

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// Complete says how complete figures are: how many organisations were to report, how many have
// reported for every period that they owe, and how many in time.
type Complete struct {
	Expected, Reported, OnTime int64
	Tiers                      []TierComplete
	Missing                    []Missing // in the order of the ledger
	Seq                        int64
	Time                       time.Time
}

// TierComplete is that of one type of organisation.
type TierComplete struct {
	Type                       org.Type
	Expected, Reported, OnTime int64
}

// Missing is what is still owed, and by whom.
type Missing struct{ Due, Org id.ID }

// Whole says that nothing is missing. Where nobody was to report nothing can be.
func (c Complete) Whole() bool { return c.Reported == c.Expected }

// Share is how many of those who were to report have, in ten-thousandths, rounded down.
func (c Complete) Share() int64 {
	if c.Expected == 0 {
		return 0
	}
	return c.Reported * 10_000 / c.Expected
}

// Completeness answers how complete the figures of a campaign (0: of all duties) are for an
// organisation and all below it, as of a moment. A bulletin says that its statistics are
// incomplete exactly while this is not whole.
func (e *Engine) Completeness(ctx context.Context, r db.Reader, campaign int64, at id.ID, asOf AsOf) (Complete, error) {
	return e.CompletenessOf(ctx, r, Query{Campaign: campaign, Org: at, AsOf: asOf}, "")
}

// CompletenessOf is [Engine.Completeness] for the organisation, campaign, area and days of a
// question, and for one period of a duty alone where it is named.
func (e *Engine) CompletenessOf(ctx context.Context, r db.Reader, q Query, period id.ID) (c Complete, err error) {
	all, p, err := e.dues(Query{Org: q.Org, Campaign: q.Campaign, Area: q.Area, From: q.From, To: q.To, AsOf: q.AsOf})
	if err != nil {
		return c, err
	}
	c.Seq, c.Time = int64(p.seq), db.Time(p.moment)
	if len(all) == 0 {
		return c, nil
	}
	owed, err := e.owedIn(ctx, r, owing{period, q.From, q.To})
	if err != nil {
		return c, err
	}
	c.count(all, owed, e.sealedBy)
	return c, nil
}

// owing is what is asked of what is owed: for one period, or for those that end within days.
type owing struct {
	period   id.ID
	from, to string
}

// owedIn reads what is owed: outside of any transaction from memory, until it is written to.
func (e *Engine) owedIn(ctx context.Context, r db.Reader, o owing) (map[id.ID]owes, error) {
	read := func() (map[id.ID]owes, error) { return readOwed(ctx, r, o.period, o.from, o.to) }
	if r != db.Reader(e.d) {
		return read()
	}
	return e.owed.Get(o, read)
}

// standing is how one organisation stands: it has reported if it has for each period.
type standing struct {
	of               org.Type
	reported, onTime bool
}

func (c *Complete) count(all []due, owed map[id.ID]owes, sealedBy func(moment int64) int64) {
	orgs, order := map[id.ID]*standing{}, []id.ID{}
	for _, d := range all {
		o, ok := owed[d.id]
		if !ok {
			continue // of another period
		}
		s := orgs[o.org]
		if s == nil {
			s = &standing{o.of, true, true}
			orgs[o.org], order = s, append(order, o.org)
		}
		if d.done == 0 {
			c.Missing = append(c.Missing, Missing{d.id, o.org})
		}
		s.reported = s.reported && d.done > 0
		s.onTime = s.onTime && d.done > 0 && d.done <= sealedBy(o.due)
	}
	tiers := map[org.Type]*TierComplete{}
	for _, at := range order {
		s := orgs[at]
		t := tiers[s.of]
		if t == nil {
			t = &TierComplete{Type: s.of}
			tiers[s.of] = t
		}
		t.Expected++
		c.Expected++
		if s.reported {
			t.Reported, c.Reported = t.Reported+1, c.Reported+1
		}
		if s.onTime {
			t.OnTime, c.OnTime = t.OnTime+1, c.OnTime+1
		}
	}
	for _, of := range org.Types() {
		if t := tiers[of]; t != nil {
			c.Tiers = append(c.Tiers, *t)
		}
	}
	slices.SortStableFunc(c.Tiers, func(a, b TierComplete) int {
		return slices.Index(org.Types(), a.Type) - slices.Index(org.Types(), b.Type)
	})
}

// sealedBy answers the last fact that was sealed at or before a moment.
func (e *Engine) sealedBy(moment int64) int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.m.sealedBy(moment)
}
