package activity

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// Verify checks that what was published is what the ledger says, that it says
// all that it must, that its risk is what its kind of service and posts say, and
// that every reference resolves. That activity.held follows from arrivals is for
// roster to check, which keeps them.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	published, err := recountPublished(ctx, r)
	if err != nil {
		return nil, err
	}
	checks := []ledger.Check{published}
	for _, c := range verifications {
		rows, err := r.Query(ctx, c.query)
		check := ledger.Check{Name: c.name}
		_, err = db.Collect(rows, err, func(r *sql.Rows) (ok bool, err error) {
			var at string
			if err := r.Scan(&at, &ok); err != nil {
				return false, err
			}
			check.Checked++
			if !ok {
				check.Break(at)
			}
			return ok, nil
		})
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
	}
	return checks, nil
}

func recountPublished(ctx context.Context, r db.Reader) (ledger.Check, error) {
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT id, area, campaign, service FROM activity_activity WHERE published > 0`)
	records, err := db.Collect(rows, err, func(r *sql.Rows) (f ledger.Fact, err error) {
		f.Qty, f.Grade = 1, ledger.Recorded
		return f, r.Scan(&f.Subject, &f.Area, &f.Campaign, &f.Service)
	})
	if err != nil {
		return ledger.Check{}, err
	}
	return ledger.Recount(ctx, r, PublishedFact, records)
}

const everything = "/* across homes: verify reads everything */ "

// verifications are queries that give the id of each record and whether it is right.
var verifications = []struct{ name, query string }{
	{"activity.states", everything + `SELECT a.id, CASE
			WHEN a.state IN ('draft', 'submitted', 'returned') THEN a.published = 0 AND a.version = 0
			WHEN a.state IN ('published', 'settled') THEN a.published > 0 AND a.version > 0
			ELSE (a.published > 0) = (a.version > 0) END
			AND (a.state = 'submitted') = (a.due > 0 AND a.reviewer_org <> '')
		FROM activity_activity a`},
	{"activity.complete", everything + `SELECT a.id, a.place <> '' AND a.content <> '' AND a.conditions <> '' AND a.how <> '' AND a.risks <> ''
			AND a.protection <> '' AND a.starts < a.ends
			AND EXISTS (SELECT 1 FROM activity_post p WHERE p.home = a.home AND p.activity = a.id)
		FROM activity_activity a WHERE a.state IN ('submitted', 'published', 'settled')`},
	{"activity.risk", everything + `SELECT a.id, a.risky = (s.risky OR EXISTS
			(SELECT 1 FROM activity_post p WHERE p.home = a.home AND p.activity = a.id AND p.risky))
		FROM activity_activity a JOIN activity_service s ON s.id = a.service WHERE a.state NOT IN ('cancelled', 'settled')`},
	{"activity.references", everything + `SELECT a.id, EXISTS (SELECT 1 FROM org_org o WHERE o.id = a.org AND o.home = a.home)
			AND (a.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = a.campaign))
			AND EXISTS (SELECT 1 FROM area_area r WHERE r.code = a.area)
			AND (a.leader = '' OR EXISTS (SELECT 1 FROM people_person l WHERE l.home = SUBSTR(a.leader, 1, 6) AND l.id = a.leader))
			AND (a.author = '` + system + `' OR EXISTS
				(SELECT 1 FROM people_person w WHERE w.home = SUBSTR(a.author, 1, 6) AND w.id = a.author))
			AND (a.reviewer_org = '' OR EXISTS (SELECT 1 FROM org_org d WHERE d.id = a.reviewer_org))
		FROM activity_activity a`},
	{"activity.findable", everything + `SELECT a.id, (a.state IN ('published', 'settled')) =
			EXISTS (SELECT 1 FROM search_term t WHERE t.home = a.home AND t.id = a.id)
		FROM activity_activity a`},
	{"activity.coorgs", everything + `SELECT c.org, EXISTS (SELECT 1 FROM org_org o WHERE o.id = c.org) FROM activity_coorg c`},
	{"activity.changes", everything + `SELECT c.activity, EXISTS (SELECT 1 FROM activity_activity a
			WHERE a.home = c.home AND a.id = c.activity AND a.version >= c.version AND c.version > 1) FROM activity_change c`},
}

// system is auth.SystemID as SQL reads it.
const system = "000000-0000000000000000"
