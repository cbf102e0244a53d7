package ledger

import (
	"context"
	"database/sql"
	"time"

	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
)

// Check is one line of verify.
type Check = chain.Check

// Verify checks the book itself: its chain, and that every reversal mirrors
// the fact it reverses.
func Verify(ctx context.Context, r db.Reader, now time.Time) ([]Check, error) {
	checks, err := book.Verify(ctx, r, now)
	if err != nil {
		return nil, err
	}
	mirror, err := verifyReversals(ctx, r)
	return append(checks, mirror), err
}

// verifyReversals finds reversals that do not repeat what they reverse, that
// reverse nothing, or that reverse a reversal.
func verifyReversals(ctx context.Context, r db.Reader) (Check, error) {
	c := Check{Name: "ledger.reversals"}
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT v.id, CASE WHEN f.id IS NOT NULL AND f.reverses = '' AND f.qty = -v.qty AND f.day = v.day AND f.org = v.org
			AND f.unit = v.unit AND f.area = v.area AND f.campaign = v.campaign AND f.callup = v.callup AND f.service = v.service
			AND f.category = v.category AND f.subject = v.subject AND f.person = v.person AND f.grade = v.grade
			AND (v.seq IS NULL OR f.seq < v.seq) THEN 1 ELSE 0 END
		FROM ledger_fact v LEFT JOIN ledger_fact f ON f.home = v.home AND f.id = v.reverses AND f.kind = v.kind
		WHERE v.reverses <> ''`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var at string
		var ok int
		if err := rows.Scan(&at, &ok); err != nil {
			return c, err
		}
		c.Checked++
		if ok == 0 {
			c.Break(at)
		}
	}
	return c, rows.Err()
}

// living selects the facts of a kind that are not reversed.
const living = `/* across homes: verify reads everything */
	SELECT f.subject, f.person, f.day, f.qty, f.grade, f.org, f.unit, f.area, f.campaign, f.service, f.category
	FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
	WHERE k.key = $1 AND f.reverses = ''
	AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')`

// Recount compares the living facts of a kind with the records that they
// should follow from: the same subjects, persons and days on both sides, with
// the same quantity. Records are given by the owner of the kind as facts with
// Subject, Person, Day (where the kind is per day), Qty and Grade; a zero Org
// or Unit is not compared.
func Recount(ctx context.Context, r db.Reader, k *Kind, records []Fact) (Check, error) {
	c := Check{Name: "recount." + k.Key}
	key := func(f Fact) string {
		s := string(f.Subject) + "/" + string(f.Person)
		if k.Per == PerDay {
			s += "/" + f.Day
		}
		return s
	}
	want := make(map[string]Fact, len(records))
	for _, f := range records {
		want[key(f)] = f
	}
	rows, err := r.Query(ctx, living, k.Key)
	facts, err := db.Collect(rows, err, func(r *sql.Rows) (f Fact, err error) {
		err = r.Scan(&f.Subject, &f.Person, &f.Day, &f.Qty, &f.Grade, &f.Org, &f.Unit, &f.Area, &f.Campaign, &f.Service, &f.Category)
		return f, err
	})
	if err != nil {
		return c, err
	}
	for _, f := range facts {
		c.Checked++
		w, ok := want[key(f)]
		if !ok || !w.matches(f) {
			c.Break(key(f))
		}
		delete(want, key(f))
	}
	for missing := range want {
		c.Checked++
		c.Break(missing)
	}
	return c, nil
}

// matches says whether the fact f is what the record w should have posted.
func (w Fact) matches(f Fact) bool {
	return w.Qty == f.Qty && w.Grade == f.Grade && (w.Day == "" || w.Day == f.Day) &&
		(w.Org == 0 || w.Org == f.Org) && (w.Unit == 0 || w.Unit == f.Unit) && (w.Area == 0 || w.Area == f.Area) &&
		(w.Campaign == 0 || w.Campaign == f.Campaign) && (w.Service == 0 || w.Service == f.Service) &&
		(w.Category == 0 || w.Category == f.Category)
}
