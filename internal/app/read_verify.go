package app

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// sight is what a check has to look at: rows of a table.
type sight struct{ table, where string }

// sights says for each check what it has to look at, so that it can be counted without its
// help. A recount looks at the living facts of its kind.
var sights = map[string]sight{
	"ledger.chain":     {"ledger_fact", "seq IS NOT NULL"},
	"ledger.seals":     {"ledger_fact", "seq IS NOT NULL"},
	"ledger.unsealed":  {"ledger_fact", "seq IS NULL"},
	"ledger.reversals": {"ledger_fact", "reverses <> ''"},
	"audit.chain":      {"audit_entry", "seq IS NOT NULL"},
	"audit.seals":      {"audit_entry", "seq IS NOT NULL"},
	"audit.unsealed":   {"audit_entry", "seq IS NULL"},

	"org.positions": {"org_org", "TRUE"},
	"org.findable":  {"org_org", "TRUE"},
	"org.places":    {"org_org", "TRUE"},
	"org.under":     {"org_position", "TRUE"},

	"people.minors":     {"people_person", "state = 'active' AND volunteer AND adult_on <> ''"},
	"people.numbers":    {"people_person", "no <> '' OR volunteer"},
	"people.three":      {"people_role", "role IN ('system', 'security', 'auditor')"},
	"people.references": {"people_person", "TRUE"},
	"people.unique":     {"people_phone", "TRUE"},
	"people.merged":     {"people_person", "merged_into <> ''"},

	"campaign.tree": {"campaign_campaign", "TRUE"},
	"campaign.orgs": {"campaign_campaign", "TRUE"},

	"activity.states":     {"activity_activity", "TRUE"},
	"activity.complete":   {"activity_activity", "state IN ('submitted', 'published', 'settled')"},
	"activity.risk":       {"activity_activity", "state IN ('draft', 'submitted', 'returned', 'published')"},
	"activity.findable":   {"activity_activity", "TRUE"},
	"activity.references": {"activity_activity", "TRUE"},
	"activity.coorgs":     {"activity_coorg", "TRUE"},
	"activity.changes":    {"activity_change", "TRUE"},

	"roster.seats":      {"roster_shift", "TRUE"},
	"roster.overlaps":   {"roster_signup", "place = 'primary' AND NOT walkup AND state IN ('accepted', 'checked_in', 'checked_out', 'unclosed', 'settled')"},
	"roster.references": {"roster_signup", "TRUE"},
	"roster.dismissals": {"roster_dismissal", "TRUE"},
	"roster.rules":      {"roster_series", "TRUE"},
	"roster.templates":  {"roster_template", "TRUE"},
	"roster.asks":       {"roster_ask", "TRUE"},
	"roster.merged":     {"people_merge", "state = 'merged'"},
	"roster.positions":  {"roster_signup", "arrived > 0"},

	"callup.references": {"callup_callup", "TRUE"},
	"callup.quotas":     {"callup_receipt", "TRUE"},
	"callup.steps":      {"callup_receipt", "TRUE"},
	"callup.asking":     {"callup_ask", "TRUE"},
	"callup.signups":    {"roster_signup", "callup <> ''"},

	"report.dues":    {"report_due", "TRUE"},
	"report.reports": {"report_report", "TRUE"},

	"progress.rows":       {"progress_row", "TRUE"},
	"guidance.references": {"guidance_directive", "TRUE"},
	"guidance.steps":      {"guidance_directive", "TRUE"},
	"guidance.figures":    {"guidance_directive", "TRUE"},

	"bulletin.references": {"bulletin_issue", "TRUE"},
	"bulletin.steps":      {"bulletin_issue", "TRUE"},
	"bulletin.seals":      {"bulletin_issue", "state = 'published'"},
	"bulletin.deliveries": {"bulletin_delivery", "TRUE"},
	"bulletin.figures":    {"bulletin_issue", "state = 'published'"},
	"article.states":      {"article_article", "TRUE"},
	"article.references":  {"article_article", "TRUE"},
	"article.findable":    {"article_article", "TRUE"},
	"article.pictures":    {"article_article", "version > 0 AND withdrawn = 0"},
	"article.figures":     {"article_article", "version > 0 AND withdrawn = 0"},

	"experience.references": {"experience_experience", "TRUE"},
	"experience.steps":      {"experience_experience", "TRUE"},
	"experience.findable":   {"experience_experience", "TRUE"},
	"experience.adoptions":  {"experience_adoption", "TRUE"},
	"experience.mentions":   {"experience_mention", "TRUE"},
	"experience.figures":    {"experience_experience", "state = 'chosen'"},

	"idem.answers":      {"idem_key", "TRUE"},
	"ledger.kinds":      {"ledger_kind", "TRUE"},
	"ledger.references": {"ledger_fact", "TRUE"},
	"notice.persons":    {"notice_notice", "TRUE"},
	"notice.deliveries": {"notice_delivery", "TRUE"},
	"notice.steps":      {"notice_delivery", "TRUE"},
	"roster.people":     {"roster_agenda", "TRUE"},
}

const living = `FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = $1 AND f.reverses = ''
	AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')`

// exists counts what a check has to look at.
func exists(ctx context.Context, r db.Reader, check string) (n int64, err error) {
	if kind, ok := strings.CutPrefix(check, "recount."); ok {
		err = r.QueryRow(ctx, "/* across homes: verify counts everything */ SELECT COUNT(*) "+living, kind).Scan(&n)
		return n, err
	}
	s, ok := sights[check]
	if !ok {
		return 0, nil // TestEveryCheckIsSeen keeps the table whole
	}
	err = r.QueryRow(ctx, "SELECT COUNT(*) FROM "+s.table+" WHERE "+s.where).Scan(&n)
	return n, err
}

// resolves says in SQL that a reference to a person resolves.
func resolves(column string) string {
	return "EXISTS (SELECT 1 FROM people_person p WHERE p.home = SUBSTR(" + column + ", 1, 6) AND p.id = " + column + ")"
}

// wholes are the checks of what belongs to no single area: each query gives ids and whether
// what they name is right.
var wholes = []struct{ name, query string }{
	// A key that was answered stands for a record that is there, or was when the audit trail
	// wrote of it. One without an answer was never committed. What is kept of an answer begins
	// with an id, of 23 characters, or is the number of a campaign.
	{"idem.answers", `/* across homes: verify reads everything */ SELECT k.home || '/' || k.actor || '/' || k.key, k.status > 0 AND (k.ref = ''
		OR EXISTS (SELECT 1 FROM audit_entry e WHERE e.home = SUBSTR(k.ref, 1, 6) AND e.subject = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = SUBSTR(k.ref, 1, 6) AND u.id = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM roster_shift s WHERE s.home = SUBSTR(k.ref, 1, 6) AND s.id = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM roster_backfill b WHERE b.home = SUBSTR(k.ref, 1, 6) AND b.id = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM activity_post d WHERE d.home = SUBSTR(k.ref, 1, 6) AND d.id = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM bulletin_article t WHERE t.home = SUBSTR(k.ref, 1, 6) AND t.id = SUBSTR(k.ref, 1, 23))
		OR EXISTS (SELECT 1 FROM org_org o WHERE o.id = SUBSTR(k.ref, 1, 23)) OR ` + resolves("SUBSTR(k.ref, 1, 23)") + `
		OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE CAST(c.id AS TEXT) = k.ref))
		FROM idem_key k`},
	// Every dimension of a fact is there.
	{"ledger.references", `/* across homes: verify reads everything */ SELECT f.id, EXISTS (SELECT 1 FROM org_position o WHERE o.id = f.org) AND EXISTS (SELECT 1 FROM org_position u WHERE u.id = f.unit)
		AND EXISTS (SELECT 1 FROM area_area a WHERE a.code = f.area)
		AND (f.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = f.campaign))
		AND (f.service = 0 OR EXISTS (SELECT 1 FROM activity_service s WHERE s.id = f.service))
		AND (f.category = 0 OR EXISTS (SELECT 1 FROM people_category g WHERE g.id = f.category))
		AND (f.person = '' OR ` + resolves("f.person") + `) FROM ledger_fact f`},
	{"roster.people", `/* across homes: verify reads everything */ SELECT g.person, ` + resolves("g.person") + ` FROM roster_agenda g
		UNION ALL SELECT b.id, ` + resolves("b.person") + ` AND ` + resolves("b.author") + ` AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = b.unit)
		FROM roster_backfill b`},
}

// verifyWholes runs the checks above.
func verifyWholes(ctx context.Context, r db.Reader) (checks []ledger.Check, err error) {
	for _, w := range wholes {
		c := ledger.Check{Name: w.name}
		rows, err := r.Query(ctx, w.query)
		_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
			var at string
			var right bool
			if err := rows.Scan(&at, &right); err != nil {
				return none, err
			}
			c.Checked++
			if !right {
				c.Break(at)
			}
			return none, nil
		})
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// postedKinds are the keys of all kinds that were ever posted.
func postedKinds(ctx context.Context, r db.Reader) ([]string, error) {
	rows, err := r.Query(ctx, "SELECT key FROM ledger_kind ORDER BY key")
	return db.Collect(rows, err, db.Value[string])
}

// held are the activities and days on which somebody's arrival lives, as the facts of
// activity.held that follow from them.
func held(ctx context.Context, r db.Reader) ([]ledger.Fact, error) {
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT DISTINCT a.id, s.day, a.area, a.campaign, a.service FROM roster_signup u
		JOIN roster_shift s ON s.home = u.home AND s.id = u.shift JOIN activity_activity a ON a.home = s.home AND a.id = s.activity
		WHERE u.state IN ('checked_in', 'checked_out', 'unclosed', 'settled')`)
	return db.Collect(rows, err, func(rows *sql.Rows) (f ledger.Fact, err error) {
		f.Qty, f.Grade = 1, ledger.Recorded
		return f, rows.Scan(&f.Subject, &f.Day, &f.Area, &f.Campaign, &f.Service)
	})
}
