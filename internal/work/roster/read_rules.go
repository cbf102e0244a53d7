package roster

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const seriesColumns = `q.id, q.activity, q.post, q.days, q.weekdays, q.weeks, q.from_day, q.to_day, q.skipped, q.begins, q.lasts, q.places,
	q.standby_places, q.made, q.author, q.rev`

func scanSeries(r scanner) (s Series, err error) {
	var skipped string
	err = r.Scan(&s.ID, &s.Activity, &s.Post, &s.Days, &s.Weekdays, &s.Weeks, &s.From, &s.To, &skipped, &s.Begins, &s.Lasts, &s.Places,
		&s.StandbyPlaces, &s.Made, &s.Author, &s.Rev)
	s.Skipped = daysOf(skipped)
	return s, err
}

// SeriesOf reads a series.
func SeriesOf(ctx context.Context, r db.Reader, series id.ID) (Series, error) {
	s, err := scanSeries(r.QueryRow(ctx, `SELECT `+seriesColumns+` FROM roster_series q WHERE q.home = $1 AND q.id = $2`, series.Home(), series))
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "roster.series_unknown")
	}
	return s, err
}

// SeriesIn lists the series of an activity.
func SeriesIn(ctx context.Context, r db.Reader, activity id.ID) ([]Series, error) {
	rows, err := r.Query(ctx, `SELECT `+seriesColumns+` FROM roster_series q WHERE q.home = $1 AND q.activity = $2 ORDER BY q.id`, activity.Home(), activity)
	return db.Collect(rows, err, func(r *sql.Rows) (Series, error) { return scanSeries(r) })
}

// comingOf are the shifts of a series that begin after a moment.
func comingOf(ctx context.Context, r db.Reader, s Series, after int64) ([]Shift, error) {
	rows, err := r.Query(ctx, `SELECT `+shiftColumns+shiftFrom+`WHERE s.home = $1 AND s.series = $2 AND s.starts > $3 AND s.state <> 'cancelled'
		ORDER BY s.id`, s.ID.Home(), s.ID, after)
	return db.Collect(rows, err, scanShifts)
}

func joinDays(days []string) string { return strings.Join(days, ",") }

const askColumns = `k.id, k.shift, k.person, k.author, k.asked, k.answer, k.answered`

func scanAsk(r scanner) (k Ask, err error) {
	err = r.Scan(&k.ID, &k.Shift, &k.Person, &k.Author, &k.Asked, &k.Answer, &k.Answered)
	return k, err
}

// AskOf reads that somebody was asked about a shift.
func AskOf(ctx context.Context, r db.Reader, shift, person id.ID) (Ask, error) {
	k, err := scanAsk(r.QueryRow(ctx, `SELECT `+askColumns+` FROM roster_ask k WHERE k.home = $1 AND k.shift = $2 AND k.person = $3`, shift.Home(), shift, person))
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "roster.ask_unknown")
	}
	return k, err
}

// AsksOf lists who was asked about a shift.
func AsksOf(ctx context.Context, r db.Reader, shift id.ID) ([]Ask, error) {
	rows, err := r.Query(ctx, `SELECT `+askColumns+` FROM roster_ask k WHERE k.home = $1 AND k.shift = $2 ORDER BY k.asked, k.id`, shift.Home(), shift)
	return db.Collect(rows, err, func(r *sql.Rows) (Ask, error) { return scanAsk(r) })
}

// refusedBefore says whether she said no to the shift or never to its kind.
func refusedBefore(ctx context.Context, r db.Reader, s Shift, person id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `/* across homes: her answers, in any county */ SELECT COUNT(*) FROM roster_ask k WHERE k.person = $1
		AND (k.shift = $2 AND k.answer <> '' OR k.service = $3 AND k.answer = 'never')`, person, s.ID, s.Activity.Service).Scan(&n)
	return n > 0, err
}

// nearby are volunteers of the shift's county who are not on it and were not asked in vain,
// nearest first, among equals who was asked longest ago. The width of a code says how near.
func nearby(ctx context.Context, r db.Reader, s Shift, most int) ([]Candidate, error) {
	area := int64(s.Activity.Area)
	rows, err := r.Query(ctx, `/* across homes: how often she was asked counts in any county */
		SELECT p.id, p.area, COALESCE((SELECT MAX(k.asked) FROM roster_ask k WHERE k.person = p.id), 0) AS asked FROM people_person p
		WHERE p.home = $1 AND p.state = 'active' AND p.volunteer AND p.merged_into = ''
		AND NOT EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = $1 AND u.shift = $2 AND u.person = p.id AND u.state NOT IN ('lapsed', 'declined'))
		AND NOT EXISTS (SELECT 1 FROM roster_ask k WHERE k.person = p.id AND (k.shift = $2 OR k.service = $3 AND k.answer = 'never'))
		ORDER BY CASE WHEN p.area = $4 THEN 0 WHEN p.area / 1000 = $4 / 1000 THEN 1 ELSE 2 END, asked, p.id LIMIT $5`,
		s.Home, s.ID, s.Activity.Service, area, most)
	return db.Collect(rows, err, func(r *sql.Rows) (c Candidate, err error) {
		var at int64
		err = r.Scan(&c.Person.ID, &at, &c.Asked)
		c.Near = nearness(at, area)
		return c, err
	})
}
