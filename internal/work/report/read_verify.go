package report

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
)

// owedChecked is what is owed, and whether what it names is there.
type owedChecked struct {
	Owed
	resolves bool
}

func everyOwed(ctx context.Context, r db.Reader) ([]owedChecked, error) {
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */ SELECT `+owedColumns+`,
		EXISTS (SELECT 1 FROM org_org o WHERE o.id = w.org) AND EXISTS (SELECT 1 FROM report_period p WHERE p.home = SUBSTR(w.period, 1, 6) AND p.id = w.period
			AND p.from_day = w.from_day AND p.to_day = w.to_day AND p.due = w.due) FROM report_due w`)
	return db.Collect(rows, err, func(r *sql.Rows) (o owedChecked, err error) {
		o.Owed, err = scanOwed(r.Scan, &o.resolves)
		return o, err
	})
}

// reportChecked is a report, and whether what it names is there.
type reportChecked struct {
	Report
	resolves bool
}

func everyReport(ctx context.Context, r db.Reader) ([]reportChecked, error) {
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */ SELECT `+reportColumns+`,
		EXISTS (SELECT 1 FROM org_org o WHERE o.id = t.org) AND (t.corrects = '' OR EXISTS (SELECT 1 FROM report_report c WHERE c.home = t.home AND c.id = t.corrects))
		FROM report_report t`)
	return db.Collect(rows, err, func(r *sql.Rows) (p reportChecked, err error) {
		p.Report, err = scanReport(r.Scan, &p.resolves)
		return p, err
	})
}
