package campaign

import (
	"context"
	"database/sql"
	"fmt"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

const columns = "c.id, c.parent, c.level, c.name, c.org, c.about, c.from_day, c.to_day, c.state, c.created, c.rev"

func (c *Campaign) fields() []any {
	return []any{&c.ID, &c.Parent, &c.Level, &c.Name, &c.Org, &c.About, &c.FromDay, &c.ToDay, &c.State, &c.Created, &c.Rev}
}

func scan(r *sql.Rows) (c Campaign, err error) { return c, r.Scan(c.fields()...) }

// Get reads a campaign.
func Get(ctx context.Context, r db.Reader, campaign int64) (c Campaign, err error) {
	err = r.QueryRow(ctx, "SELECT "+columns+" FROM campaign_campaign c WHERE c.id = $1", campaign).Scan(c.fields()...)
	if db.NoRows(err) {
		return c, fail.New(fail.NotFound, "campaign.unknown")
	}
	return c, err
}

// Path lists a campaign and what is above it, the programme first.
func Path(ctx context.Context, r db.Reader, campaign int64) ([]Campaign, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+` FROM campaign_under u JOIN campaign_campaign c ON c.id = u.ancestor
		WHERE u.campaign = $1 ORDER BY u.depth DESC`, campaign)
	return db.Collect(rows, err, scan)
}

// Under says whether a campaign is an ancestor of another, or the same.
func Under(ctx context.Context, r db.Reader, ancestor, campaign int64) (bool, error) {
	var n int
	err := r.QueryRow(ctx, "SELECT COUNT(*) FROM campaign_under WHERE ancestor = $1 AND campaign = $2", ancestor, campaign).Scan(&n)
	return n > 0, err
}

// List lists every campaign that an organisation sees: its own, those of the
// organisations above it and of those below it, each after its parent, so that
// it reads as a tree. There are few: campaigns are reference data.
func List(ctx context.Context, r db.Reader, of id.ID) ([]Campaign, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+` FROM campaign_campaign c
		WHERE EXISTS (SELECT 1 FROM org_under n JOIN org_org o ON o.position = n.ancestor JOIN org_org w ON w.position = n.position
			WHERE (o.id = c.org AND w.id = $1) OR (o.id = $1 AND w.id = c.org))
		ORDER BY c.from_day DESC, c.id`, string(of))
	all, err := db.Collect(rows, err, scan)
	return Tree(all), err
}

// Public lists all campaigns, as a tree.
func Public(ctx context.Context, r db.Reader) ([]Campaign, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM campaign_campaign c ORDER BY c.from_day DESC, c.id")
	all, err := db.Collect(rows, err, scan)
	return Tree(all), err
}

// Choices lists the campaigns to which an organisation may add an activity, as a tree.
func Choices(ctx context.Context, r db.Reader, of id.ID) ([]Campaign, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+` FROM campaign_campaign c
		WHERE EXISTS (SELECT 1 FROM org_under n JOIN org_org o ON o.position = n.ancestor JOIN org_org w ON w.position = n.position
			WHERE o.id = c.org AND w.id = $1)
		AND NOT EXISTS (SELECT 1 FROM campaign_under u JOIN campaign_campaign a ON a.id = u.ancestor
			WHERE u.campaign = c.id AND a.state <> 'open')
		ORDER BY c.from_day DESC, c.id`, string(of))
	all, err := db.Collect(rows, err, scan)
	return Tree(all), err
}

// Verify checks that the closure table is the tree that the parents draw, and
// that organisations resolve.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	rows, err := r.Query(ctx, "SELECT "+columns+" FROM campaign_campaign c")
	all, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, err
	}
	rows, err = r.Query(ctx, "SELECT ancestor, campaign, depth FROM campaign_under")
	lines, err := db.Collect(rows, err, func(r *sql.Rows) (l line, err error) {
		return l, r.Scan(&l.ancestor, &l.campaign, &l.depth)
	})
	if err != nil {
		return nil, err
	}
	orgs := ledger.Check{Name: "campaign.orgs"}
	for _, c := range all {
		var n int
		if err := r.QueryRow(ctx, "SELECT COUNT(*) FROM org_org WHERE id = $1", string(c.Org)).Scan(&n); err != nil {
			return nil, err
		}
		orgs.Checked++
		if n == 0 {
			orgs.Break(fmt.Sprint(c.ID))
		}
	}
	return []ledger.Check{checkTree(all, lines), orgs}, nil
}
