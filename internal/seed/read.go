package seed

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/report"
)

// anyOrg reports whether the database has an organisation already.
func anyOrg(ctx context.Context, r db.Reader) (found bool, err error) {
	err = r.QueryRow(ctx, `/* across homes: organisations are reference data */ SELECT EXISTS (SELECT 1 FROM org_org)`).Scan(&found)
	return found, err
}

// actedOn are the organisations that did something on a day, as [report.IsAct] has it.
func actedOn(ctx context.Context, r db.Reader, day string) (map[id.ID]bool, error) {
	rows, err := r.Query(ctx, `/* across homes: every organisation of the city */ SELECT DISTINCT k.key, p.org FROM ledger_fact f
		JOIN ledger_kind k ON k.id = f.kind JOIN org_position p ON p.id IN (f.org, f.unit) WHERE f.day = $1`, day)
	acted := map[id.ID]bool{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var kind string
		var at id.ID
		if err = r.Scan(&kind, &at); report.IsAct(kind) {
			acted[at] = true
		}
		return none, err
	})
	return acted, err
}
