package figure

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// owes is who owes something, and by when.
type owes struct {
	org id.ID
	of  org.Type
	due int64
}

// readOwed reads what is owed for the periods that end within days, or for one period.
func readOwed(ctx context.Context, r db.Reader, period id.ID, from, to string) (map[id.ID]owes, error) {
	if to == "" {
		to = "9999"
	}
	rows, err := r.Query(ctx, `/* across homes: units of every home report */ SELECT w.id, w.org, w.due, o.kind, o.tier
		FROM report_due w JOIN org_org o ON o.id = w.org WHERE w.to_day >= $1 AND w.to_day <= $2 AND ($3 = '' OR w.period = $3)`, from, to, period)
	all := map[id.ID]owes{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at id.ID
		var o owes
		var kind org.Kind
		var tier org.Tier
		err = r.Scan(&at, &o.org, &o.due, &kind, &tier)
		o.of = org.TypeOf(kind, tier)
		all[at] = o
		return none, err
	})
	return all, err
}
