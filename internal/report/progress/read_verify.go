package progress

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
)

// checked is a row with what verify needs to know beside it.
type checked struct {
	Row
	campaign  int64
	milestone bool
	whole     bool // what it names is there
}

// every reads all rows of all schedules.
func every(ctx context.Context, r db.Reader) ([]checked, error) {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+rowColumns+`, s.campaign,
		CASE WHEN i.indicator = '' THEN 1 ELSE 0 END,
		CASE WHEN i.schedule = w.schedule AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = w.org) AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = s.org)
			AND (s.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = s.campaign)) THEN 1 ELSE 0 END
		FROM progress_row w JOIN progress_item i ON i.home = w.home AND i.id = w.item JOIN progress_schedule s ON s.home = w.home AND s.id = w.schedule`)
	return db.Collect(rows, err, func(r *sql.Rows) (c checked, err error) {
		var milestone, whole int
		err = c.scan(r.Scan, &c.campaign, &milestone, &whole)
		c.milestone, c.whole = milestone == 1, whole == 1
		return c, err
	})
}
