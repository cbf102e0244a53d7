package guidance

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
)

// every reads all directives, each with whether what it names is there.
func every(ctx context.Context, r db.Reader) (all []Directive, whole map[string]bool, err error) {
	whole = map[string]bool{}
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+columns+`,
		CASE WHEN EXISTS (SELECT 1 FROM org_org o WHERE o.id = d.org) AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = d.unit)
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = d.desk) AND (d.peer = '' OR EXISTS (SELECT 1 FROM org_org o WHERE o.id = d.peer))
			AND (d.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = d.campaign)) THEN 1 ELSE 0 END
		FROM guidance_directive d`)
	all, err = db.Collect(rows, err, func(r *sql.Rows) (d Directive, err error) {
		var ok int
		err = d.scan(r.Scan, &ok)
		whole[string(d.ID)] = ok == 1
		return d, err
	})
	return all, whole, err
}
