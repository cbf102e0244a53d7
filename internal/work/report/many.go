package report

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// BeginNamed sets a duty of those that are named in [ExpectAll] alone, for a writer that is
// alone, as a seed is. Its periods are added by hand.
func BeginNamed(ctx context.Context, tx *db.Tx, actor auth.Actor, d Duty) (id.ID, error) {
	d.Types = nil
	d, err := begin(ctx, tx, actor, d)
	if err != nil {
		return "", err
	}
	checked := d
	checked.Types = org.Types()
	if err := checked.check(tx.Now); err != nil {
		return "", err
	}
	if err := insertDuty(tx, d); err != nil {
		return "", err
	}
	return d.ID, record(tx, actor, "report.begun", d.ID, d.Org, nil, d)
}

// ExpectAll lets the period of a duty that begins on a day fall due for exactly these
// organisations, many in a statement, and answers what each owes, in their order. For a writer
// that is alone, which says who it is (see ledger.PostAll); call it with up to some thousand.
func ExpectAll(ctx context.Context, tx *db.Tx, who string, duty id.ID, day string, orgs []id.ID) (Period, []Owed, error) {
	d, err := GetDuty(ctx, tx, duty)
	if err != nil {
		return Period{}, nil, err
	}
	p, ok := d.period(day)
	if !ok {
		return p, nil, fail.New(fail.Invalid, "report.days_order")
	}
	p.ID, p.Opened = tx.NewID(duty.Home()), db.MS(tx.Now)
	if err := insertPeriod(tx, p); err != nil {
		return p, nil, err
	}
	dues, facts := make([]Owed, len(orgs)), make([]ledger.Fact, len(orgs))
	for i, at := range orgs {
		o, err := org.Get(ctx, tx, at)
		if err != nil {
			return p, nil, err
		}
		dues[i] = owed(tx, d, p, at)
		if facts[i], err = dueFact(ctx, tx, dues[i], place{at, int64(o.Area)}); err != nil {
			return p, nil, err
		}
	}
	if err := insertAllOwed(tx, dues); err != nil {
		return p, nil, err
	}
	return p, dues, ledger.PostAll(tx, who, facts)
}
