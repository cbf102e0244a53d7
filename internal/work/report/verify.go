package report

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Verify recounts the facts of this area and checks that what is owed and reported resolves,
// and that no report was accepted by its author.
func Verify(ctx context.Context, r db.Reader) (checks []ledger.Check, err error) {
	dues, nils := []ledger.Fact{}, []ledger.Fact{}
	all, err := everyOwed(ctx, r)
	if err != nil {
		return nil, err
	}
	owing := ledger.Check{Name: "report.dues"}
	for _, o := range all {
		owing.Checked++
		if !o.resolves {
			owing.Break(string(o.ID))
		}
		dues = append(dues, ledger.Fact{Subject: o.ID, Day: o.To, Qty: days(o.From, o.To), Grade: ledger.Recorded, Campaign: o.Campaign})
		if o.Nothing > 0 {
			nils = append(nils, ledger.Fact{Subject: o.ID, Day: o.To, Qty: 1, Grade: ledger.Declared, Campaign: o.Campaign})
		}
	}
	checks = append(checks, owing)
	if checks, err = recount(ctx, r, checks, Due, dues); err != nil {
		return nil, err
	}
	if checks, err = recount(ctx, r, checks, Nil, nils); err != nil {
		return nil, err
	}
	return verifyReports(ctx, r, checks)
}

func recount(ctx context.Context, r db.Reader, checks []ledger.Check, k *ledger.Kind, records []ledger.Fact) ([]ledger.Check, error) {
	c, err := ledger.Recount(ctx, r, k, records)
	return append(checks, c), err
}

func verifyReports(ctx context.Context, r db.Reader, checks []ledger.Check) ([]ledger.Check, error) {
	all, err := everyReport(ctx, r)
	if err != nil {
		return nil, err
	}
	sound := ledger.Check{Name: "report.reports"}
	counted := map[string][]ledger.Fact{}
	states := map[id.ID]State{}
	for _, p := range all {
		states[p.ID] = p.State
	}
	for _, p := range all {
		sound.Checked++
		_, known := declaredOf(p.Key)
		decided := p.State == Accepted || p.State == Corrected
		if !known || !p.resolves || decided && (p.Reviewer == "" || p.Reviewer == p.Author) ||
			p.Corrects != "" && decided && states[p.Corrects] != Corrected {
			sound.Break(string(p.ID))
		}
		if p.State == Accepted {
			counted[p.Key] = append(counted[p.Key], ledger.Fact{Subject: p.ID, Day: p.To, Qty: p.Number, Grade: ledger.Declared, Campaign: p.Campaign})
		}
	}
	checks = append(checks, sound)
	for _, d := range declared {
		if checks, err = recount(ctx, r, checks, d.Kind, counted[d.Key]); err != nil {
			return nil, err
		}
	}
	return checks, nil
}
