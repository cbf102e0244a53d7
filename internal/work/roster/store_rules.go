package roster

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

func putRest(tx *db.Tx, service int64, r Rest) error {
	_, err := tx.Exec(`INSERT INTO roster_rest (service, longest, apart, nights) VALUES ($1, $2, $3, $4)
		ON CONFLICT (service) DO UPDATE SET longest = $2, apart = $3, nights = $4`, service, r.Longest, r.Apart, r.Nights)
	return err
}

func insertDismissal(tx *db.Tx, at id.ID, a Anomaly, reason string, by id.ID) error {
	_, err := tx.Exec(`INSERT INTO roster_dismissal (home, anomaly, org, day, kind, reason, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		at.Home(), a.Key, at, a.Day, a.Kind, reason, by, db.MS(tx.Now))
	return err
}

func insertSeries(tx *db.Tx, s Series) error {
	_, err := tx.Exec(`INSERT INTO roster_series (home, id, activity, post, days, weekdays, weeks, from_day, to_day, skipped, begins, lasts, places,
		standby_places, author, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		s.ID.Home(), s.ID, s.Activity, s.Post, s.Days, s.Weekdays, s.Weeks, s.From, s.To, joinDays(s.Skipped), s.Begins, s.Lasts, s.Places,
		s.StandbyPlaces, s.Author, db.MS(tx.Now))
	return err
}

// saveSeries writes what a series makes from now on, and up to when it is made.
func saveSeries(tx *db.Tx, s *Series) error {
	n, err := tx.Exec(`UPDATE roster_series SET begins = $1, lasts = $2, places = $3, standby_places = $4, made = $5, rev = rev + 1
		WHERE home = $6 AND id = $7 AND rev = $8`, s.Begins, s.Lasts, s.Places, s.StandbyPlaces, s.Made, s.ID.Home(), s.ID, s.Rev)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.changed_meanwhile")
	}
	s.Rev++
	return err
}

func insertAsk(tx *db.Tx, s Shift, k Ask) error {
	n, err := tx.Exec(`INSERT INTO roster_ask (home, id, shift, person, service, author, asked) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		s.Home, k.ID, s.ID, k.Person, s.Activity.Service, k.Author, k.Asked)
	if err == nil && n == 0 {
		err = fail.Field("who", "roster.ask_twice")
	}
	return err
}

func saveAnswer(tx *db.Tx, k Ask) error {
	_, err := tx.Exec("UPDATE roster_ask SET answer = $1, answered = $2 WHERE home = $3 AND id = $4", k.Answer, k.Answered, k.ID.Home(), k.ID)
	return err
}

// endingPaper is a certificate that ends soon, with the name of its kind. Its Person is who bears it
// now, where records were merged.
type endingPaper struct {
	people.Certificate
	name string
}

// endingPapers are confirmed certificates that end within a span of days, whose bearers were not
// told yet and have none of the kind that holds for longer.
func endingPapers(ctx context.Context, tx *db.Tx, from, to string, limit int) ([]endingPaper, error) {
	rows, err := tx.Query(ctx, `/* across homes: everybody is told */
		SELECT c.id, p.id, c.expires, k.name FROM people_certificate c JOIN people_certificate_kind k ON k.id = c.kind
		JOIN people_person m ON m.home = c.home AND m.id = c.person
		JOIN people_person p ON p.home = SUBSTR(COALESCE(NULLIF(m.merged_into, ''), m.id), 1, 6) AND p.id = COALESCE(NULLIF(m.merged_into, ''), m.id)
		WHERE c.state = 'confirmed' AND c.expires <> '' AND c.expires >= $1 AND c.expires <= $2 AND p.state = 'active'
		AND NOT EXISTS (SELECT 1 FROM roster_paper t WHERE t.home = c.home AND t.certificate = c.id AND t.expires = c.expires)
		AND NOT EXISTS (SELECT 1 FROM people_certificate n WHERE n.home = c.home AND n.person = c.person AND n.kind = c.kind AND n.state = 'confirmed'
			AND (n.expires = '' OR n.expires > c.expires))
		ORDER BY c.expires, c.id LIMIT $3`, from, to, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (c endingPaper, err error) {
		err = r.Scan(&c.ID, &c.Person, &c.Expires, &c.name)
		return c, err
	})
}

// notePaper keeps that the bearer of a certificate was told.
func notePaper(tx *db.Tx, c people.Certificate) error {
	_, err := tx.Exec("INSERT INTO roster_paper (home, certificate, expires, told) VALUES ($1, $2, $3, $4)", c.ID.Home(), c.ID, c.Expires, db.MS(tx.Now))
	return err
}
