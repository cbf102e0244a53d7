package roster

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
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
