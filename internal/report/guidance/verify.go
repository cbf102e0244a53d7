package guidance

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// Verify checks that what directives name is there, that their steps follow one another, and
// that the ledger holds exactly the steps that were taken.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	all, whole, err := every(ctx, r)
	if err != nil {
		return nil, err
	}
	refs, steps := ledger.Check{Name: "guidance.references"}, ledger.Check{Name: "guidance.steps"}
	facts := map[*ledger.Kind][]ledger.Fact{}
	for _, d := range all {
		refs.Checked++
		if !whole[string(d.ID)] {
			refs.Break(string(d.ID))
		}
		steps.Checked++
		if !d.orderly() {
			steps.Break(string(d.ID))
		}
		for _, s := range d.steps() {
			facts[s.kind] = append(facts[s.kind], d.fact(db.Day(db.Time(s.at))))
		}
		if d.Raised > 0 && d.State != Withdrawn {
			facts[OverdueFact] = append(facts[OverdueFact], d.fact(""))
		}
	}
	checks := []ledger.Check{refs, steps}
	for _, k := range []*ledger.Kind{IssuedFact, ReadFact, RepliedFact, ActedFact, ClosedFact, ImprovedFact, OverdueFact} {
		c, err := ledger.Recount(ctx, r, k, facts[k])
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// fact is what a step of the directive posts.
func (d Directive) fact(day string) ledger.Fact {
	return ledger.Fact{Subject: d.ID, Day: day, Qty: 1, Grade: ledger.Recorded, Campaign: d.Seen.Campaign, Service: d.Seen.Service}
}

// orderly says whether the moments of a directive fit its state.
func (d Directive) orderly() bool {
	moments := []int64{d.Created, d.Issued, d.Read, d.Replied, d.Acted, d.Closed}
	reached := map[State]int{Draft: 0, Issued: 1, Read: 2, Replied: 3, Acted: 4, Closed: 5}
	last, ok := reached[d.State]
	if !ok {
		return d.State == Withdrawn
	}
	for i := 1; i < len(moments); i++ {
		if i <= last && moments[i] < moments[i-1] || i > last && moments[i] != 0 {
			return false
		}
	}
	return d.Improved == (d.State == Closed && d.Improves(d.After))
}

// VerifyFigures reckons anew, from the ledger and as of their moments, the figures on which
// directives were issued and closed. The ledger's past does not change, so they must be equal.
func VerifyFigures(ctx context.Context, d *db.DB) (ledger.Check, error) {
	c := ledger.Check{Name: "guidance.figures"}
	all, _, err := every(ctx, d)
	if err != nil || len(all) == 0 {
		return c, err
	}
	e, err := figure.Open(ctx, d)
	if err != nil {
		return c, err
	}
	switch err := e.Load(ctx); {
	case errors.Is(err, figure.ErrBroken): // nothing comes out again
		c.Checked = int64(len(all))
		c.Break(err.Error())
		return c, nil
	case err != nil:
		return c, err
	}
	for _, one := range all {
		c.Checked++
		ok, err := one.proves(ctx, e)
		if err != nil {
			return c, err
		}
		if !ok {
			c.Break(string(one.ID))
		}
	}
	return c, nil
}

// proves says whether the figures of a directive come out again.
func (d Directive) proves(ctx context.Context, e *figure.Engine) (bool, error) {
	if now, _ := e.Seq(); d.Seen.AsOf.Seq > now || d.After.Seq > now {
		return false, nil
	}
	value, err := e.Again(ctx, d.Seen)
	if err != nil || value != d.Seen.Value || d.State != Closed {
		return err == nil && value == d.Seen.Value, err
	}
	after := d.Seen
	after.Query = query(d.Seen.Query, d.Scheduled, d.After.To)
	after.AsOf = figure.AsOf{Seq: d.After.Seq}
	value, err = e.Again(ctx, after)
	return value == d.After.Value, err
}
