package campaign

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// insert writes a campaign and its lines in the closure table.
func insert(tx *db.Tx, c Campaign) error {
	_, err := tx.Exec(`INSERT INTO campaign_campaign (id, parent, level, name, org, about, from_day, to_day, state, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		c.ID, c.Parent, string(c.Level), c.Name, string(c.Org), c.About, c.FromDay, c.ToDay, string(c.State), c.Created, c.Rev)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO campaign_under (ancestor, campaign, depth)
		SELECT ancestor, CAST($1 AS BIGINT), depth + 1 FROM campaign_under WHERE campaign = $2`, c.ID, c.Parent)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO campaign_under (ancestor, campaign, depth) VALUES ($1, $1, 0)", c.ID)
	return err
}

// save writes what may change, if nobody saved since c.Rev was read.
func save(tx *db.Tx, c Campaign) error {
	n, err := tx.Exec(`UPDATE campaign_campaign SET name = $3, about = $4, from_day = $5, to_day = $6, state = $7, rev = rev + 1
		WHERE id = $1 AND rev = $2`, c.ID, c.Rev, c.Name, c.About, c.FromDay, c.ToDay, string(c.State))
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "campaign.changed_meanwhile")
	}
	return err
}

// takes says whether a campaign and all above it are open, and whether its
// organisation is the given one or stands above it.
func takes(ctx context.Context, r db.Reader, campaign int64, of id.ID) (open, reaches bool, err error) {
	var closed, above int
	err = r.QueryRow(ctx, `SELECT
			(SELECT COUNT(*) FROM campaign_under u JOIN campaign_campaign a ON a.id = u.ancestor
				WHERE u.campaign = c.id AND a.state <> 'open'),
			(SELECT COUNT(*) FROM org_under n JOIN org_org o ON o.position = n.ancestor JOIN org_org w ON w.position = n.position
				WHERE o.id = c.org AND w.id = $2)
		FROM campaign_campaign c WHERE c.id = $1`, campaign, string(of)).Scan(&closed, &above)
	return closed == 0, above > 0, err
}
