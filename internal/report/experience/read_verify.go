package experience

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

const everything = "/* across homes: verify reads everything */ "

// verifications are queries that give the id of each record and whether it is right.
var verifications = []struct{ name, query string }{
	{"experience.references", everything + `SELECT e.id, EXISTS (SELECT 1 FROM org_org o WHERE o.home = e.home AND o.id = e.org)
			AND (e.desk = '' OR EXISTS (SELECT 1 FROM org_org d WHERE d.id = e.desk))
			AND EXISTS (SELECT 1 FROM people_person w WHERE w.home = SUBSTR(e.author, 1, 6) AND w.id = e.author)
		FROM experience_experience e`},
	{"experience.steps", everything + `SELECT e.id, CASE e.state WHEN 'draft' THEN e.submitted = 0 AND e.chosen = 0
			WHEN 'submitted' THEN e.submitted > 0 AND e.chosen = 0 AND e.desk <> '' WHEN 'returned' THEN e.submitted > 0 AND e.chosen = 0 AND e.reason <> ''
			WHEN 'chosen' THEN e.submitted > 0 AND e.chosen >= e.submitted AND e.desk <> '' ELSE FALSE END
			AND (e.submitted > 0) = EXISTS (SELECT 1 FROM experience_revision v WHERE v.home = e.home AND v.experience = e.id AND v.submitted AND v.at = e.submitted)
		FROM experience_experience e`},
	{"experience.findable", everything + `SELECT e.id, (e.state = 'chosen') = EXISTS (SELECT 1 FROM search_term t WHERE t.home = e.home AND t.id = e.id)
		FROM experience_experience e`},
	{"experience.adoptions", everything + `SELECT a.id, EXISTS (SELECT 1 FROM org_org o WHERE o.home = a.home AND o.id = a.org)
			AND EXISTS (SELECT 1 FROM experience_experience e WHERE e.home = SUBSTR(a.experience, 1, 6) AND e.id = a.experience AND e.org <> a.org AND e.state = 'chosen')
		FROM experience_adoption a`},
	{"experience.mentions", everything + `SELECT m.id, EXISTS (SELECT 1 FROM org_org o WHERE o.home = m.home AND o.id = m.org)
			AND (m.withdrawn > 0) = (m.reason <> '')
			AND (m.experience = '' OR EXISTS (SELECT 1 FROM experience_experience e WHERE e.home = SUBSTR(m.experience, 1, 6) AND e.id = m.experience AND e.state = 'chosen'))
		FROM experience_mention m`},
}

func recordChecks(ctx context.Context, r db.Reader) (checks []ledger.Check, err error) {
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

// counted are queries that give, of each kind of fact, what records say should have been
// posted: the subject, the moment or else the day.
var counted = []struct {
	kind  *ledger.Kind
	query string
}{
	{SubmittedFact, everything + "SELECT e.id, e.submitted, '' FROM experience_experience e WHERE e.state IN ('submitted', 'chosen')"},
	{ChosenFact, everything + "SELECT e.id, e.chosen, '' FROM experience_experience e WHERE e.state = 'chosen'"},
	{AdoptedFact, everything + "SELECT a.id, 0, a.day FROM experience_adoption a"},
	{MentionedFact, everything + "SELECT m.id, 0, m.day FROM experience_mention m WHERE m.withdrawn = 0"},
}

func facts(ctx context.Context, r db.Reader, query string) ([]ledger.Fact, error) {
	rows, err := r.Query(ctx, query)
	return db.Collect(rows, err, func(rows *sql.Rows) (ledger.Fact, error) {
		f, at := ledger.Fact{Qty: 1, Grade: ledger.Recorded}, int64(0)
		err := rows.Scan(&f.Subject, &at, &f.Day)
		if at > 0 {
			f.Day = db.Day(db.Time(at))
		}
		return f, err
	})
}

// everyChosen reads what is chosen, text by text.
func everyChosen(ctx context.Context, r db.Reader, f func(at id.ID, text string) error) error {
	type chosen struct {
		id   id.ID
		text string
	}
	rows, err := r.Query(ctx, everything+"SELECT e.id, e.doc FROM experience_experience e WHERE e.state = 'chosen' ORDER BY e.id")
	all, err := db.Collect(rows, err, func(rows *sql.Rows) (c chosen, err error) { return c, rows.Scan(&c.id, &c.text) })
	for i := 0; i < len(all) && err == nil; i++ {
		err = f(all[i].id, all[i].text)
	}
	return err
}
