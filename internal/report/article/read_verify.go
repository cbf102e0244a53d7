package article

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

const everything = "/* across homes: verify reads everything */ "

// verifications are queries that give the id of each record and whether it is right.
var verifications = []struct{ name, query string }{
	{"article.states", everything + `SELECT a.id, (a.version > 0) = (a.published > 0) AND (a.state = 'withdrawn') = (a.withdrawn > 0)
			AND (a.state <> 'published' OR a.version > 0) AND (a.state = 'submitted') = (a.due > 0 AND a.reviewer_org <> '')
			AND (a.version = 0 OR EXISTS (SELECT 1 FROM article_revision v WHERE v.home = a.home AND v.article = a.id AND v.version = a.version))
			AND NOT EXISTS (SELECT 1 FROM article_revision v WHERE v.home = a.home AND v.article = a.id AND v.version > a.version)
		FROM article_article a`},
	{"article.references", everything + `SELECT a.id, EXISTS (SELECT 1 FROM org_org o WHERE o.id = a.org AND o.home = a.home)
			AND (a.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = a.campaign))
			AND (a.author = '` + system + `' OR EXISTS (SELECT 1 FROM people_person w WHERE w.home = SUBSTR(a.author, 1, 6) AND w.id = a.author))
			AND (a.reviewer_org = '' OR EXISTS (SELECT 1 FROM org_org d WHERE d.id = a.reviewer_org))
		FROM article_article a`},
	{"article.findable", everything + `SELECT a.id, (a.version > 0 AND a.withdrawn = 0) =
			EXISTS (SELECT 1 FROM search_term t WHERE t.home = a.home AND t.id = a.id)
		FROM article_article a`},
}

// system is auth.SystemID as SQL reads it.
const system = "000000-0000000000000000"

func stateChecks(ctx context.Context, r db.Reader) (checks []ledger.Check, err error) {
	for _, v := range verifications {
		c := ledger.Check{Name: v.name}
		rows, err := r.Query(ctx, v.query)
		_, err = db.Collect(rows, err, func(rows *sql.Rows) (ok bool, err error) {
			var at string
			if err := rows.Scan(&at, &ok); err != nil {
				return false, err
			}
			if c.Checked++; !ok {
				c.Break(at)
			}
			return ok, nil
		})
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func publishedFacts(ctx context.Context, r db.Reader) ([]ledger.Fact, error) {
	return facts(ctx, r, everything+"SELECT a.id, a.campaign, 1, a.published FROM article_article a WHERE a.version > 0 AND a.withdrawn = 0")
}

func readFacts(ctx context.Context, r db.Reader) ([]ledger.Fact, error) {
	return facts(ctx, r, everything+"SELECT h.id, a.campaign, h.n, h.hour FROM article_hour h JOIN article_article a ON a.home = h.home AND a.id = h.article")
}

// facts are what records say of the facts that they should have posted.
func facts(ctx context.Context, r db.Reader, query string) ([]ledger.Fact, error) {
	rows, err := r.Query(ctx, query)
	return db.Collect(rows, err, func(rows *sql.Rows) (f ledger.Fact, err error) {
		var at int64
		err = rows.Scan(&f.Subject, &f.Campaign, &f.Qty, &at)
		f.Grade, f.Day = ledger.Recorded, db.Day(db.Time(at))
		return f, err
	})
}

// everyShown reads what everybody may read, text by text.
func everyShown(ctx context.Context, r db.Reader, f func(a Article, text string) error) error {
	rows, err := r.Query(ctx, everything+`SELECT a.home, a.id, v.doc FROM article_article a JOIN article_revision v
		ON v.home = a.home AND v.article = a.id AND v.version = a.version WHERE a.version > 0 AND a.withdrawn = 0 ORDER BY a.home, a.id`)
	type shown struct {
		Article
		text string
	}
	all, err := db.Collect(rows, err, func(rows *sql.Rows) (s shown, err error) {
		var home string
		return s, rows.Scan(&home, &s.ID, &s.text)
	})
	for i := 0; i < len(all) && err == nil; i++ {
		err = f(all[i].Article, all[i].text)
	}
	return err
}
