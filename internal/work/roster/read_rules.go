package roster

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
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

// heldOn are the certificates of everybody who has a place on a shift, those of records merged
// into hers too; who has none is there without.
func heldOn(ctx context.Context, r db.Reader, s Shift) (map[id.ID][]people.Certificate, error) {
	const on = ` FROM roster_signup u LEFT JOIN people_certificate c ON c.home = SUBSTR(u.person, 1, 6) AND c.person = u.person
		WHERE u.home = $1 AND u.shift = $2 AND u.state IN ('applied', 'waitlisted', 'offered', 'accepted', 'checked_in')`
	const of = ` FROM roster_signup u JOIN people_person m ON m.merged_into = u.person AND m.merged_into <> '' JOIN people_certificate c ON c.home = m.home AND c.person = m.id
		WHERE u.home = $1 AND u.shift = $2 AND u.state IN ('applied', 'waitlisted', 'offered', 'accepted', 'checked_in')`
	rows, err := r.Query(ctx, `/* across homes: those on a shift come from any county */
		SELECT u.person, COALESCE(c.kind, 0), COALESCE(c.expires, ''), COALESCE(c.state, '')`+on+`
		UNION ALL SELECT u.person, c.kind, c.expires, c.state`+of, s.Home, s.ID)
	all := map[id.ID][]people.Certificate{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var person id.ID
		var c people.Certificate
		err = r.Scan(&person, &c.Kind, &c.Expires, &c.State)
		all[person] = append(all[person], c)
		return none, err
	})
	return all, err
}

// Who could be asked: an adult volunteer ($4: on the shift's day) who is not on the shift ($1, $2), was not asked about it, and
// did not say never to its kind of service ($3).
const askable = ` p.state = 'active' AND p.volunteer AND p.merged_into = ''
	AND NOT EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = $1 AND u.shift = $2 AND u.person = p.id AND u.state NOT IN ('lapsed', 'declined'))
	AND NOT EXISTS (SELECT 1 FROM roster_ask k WHERE k.person = p.id AND (k.shift = $2 OR k.service = $3 AND k.answer = 'never'))`

// bearing narrows people to those who hold, on a day ($4), all certificates that a shift asks for.
func bearing(s Shift) string {
	var all strings.Builder
	for _, kind := range s.Certificates.List() {
		const holds = `c.kind = %d AND c.state = 'confirmed' AND (c.expires = '' OR c.expires >= $4)`
		fmt.Fprintf(&all, ` AND (EXISTS (SELECT 1 FROM people_certificate c WHERE c.home = p.home AND c.person = p.id AND `+holds+`)
			OR EXISTS (SELECT 1 FROM people_person m JOIN people_certificate c ON c.home = m.home AND c.person = m.id
				WHERE m.merged_into = p.id AND m.merged_into <> '' AND `+holds+`))`, kind, kind)
	}
	return all.String()
}

// nearby are those of the shift's county, or only of its township, who could be asked: nearest
// first, among equals who was asked longest ago. The width of a code says how near.
func nearby(ctx context.Context, r db.Reader, s Shift, reach Reach, most int) ([]Candidate, error) {
	at := int64(s.Activity.Area)
	within := s.Activity.Area
	if within = within.At(area.County); reach == OfInstitute {
		within = s.Activity.Area.At(area.Township)
	}
	low, top := within.Range()
	rows, err := r.Query(ctx, `/* across homes: how often she was asked counts in any county */
		SELECT p.id, p.area, COALESCE((SELECT MAX(k.asked) FROM roster_ask k WHERE k.person = p.id), 0) AS asked FROM people_person p
		WHERE p.home = $5 AND p.area >= $6 AND p.area < $7 AND p.adult_on <= $4 AND`+askable+bearing(s)+`
		ORDER BY CASE WHEN p.area = $8 THEN 0 WHEN p.area / 1000 = $8 / 1000 THEN 1 ELSE 2 END, asked, p.id LIMIT $9`,
		s.Home, s.ID, s.Activity.Service, s.Day, s.Activity.Area.Home(), int64(low), int64(top), at, most)
	return db.Collect(rows, err, candidate(at))
}

// beyond are those of the other counties of its city who could be asked: who was never asked
// about anything, then who was longest ago.
func beyond(ctx context.Context, r db.Reader, s Shift, most int) ([]Candidate, error) {
	at, county := int64(s.Activity.Area), s.Activity.Area.Home()
	args := []any{s.Home, s.ID, s.Activity.Service, s.Day, county[:4] + "00", county[:4] + "99", county, most}
	const outside = ` p.home >= $5 AND p.home <= $6 AND p.home <> $7 AND p.adult_on <= $4 AND`
	rows, err := r.Query(ctx, `/* across homes: a city's volunteers live in its counties */
		SELECT p.id, p.area, 0 FROM people_person p WHERE`+outside+askable+bearing(s)+`
		AND NOT EXISTS (SELECT 1 FROM roster_ask k WHERE k.person = p.id) ORDER BY p.home, p.id LIMIT $8`, args...)
	fresh, err := db.Collect(rows, err, candidate(at))
	if err != nil || len(fresh) == most {
		return fresh, err
	}
	rows, err = r.Query(ctx, `/* across homes: a city's volunteers live in its counties */
		SELECT p.id, p.area, MAX(q.asked) AS asked FROM roster_ask q JOIN people_person p ON p.id = q.person WHERE`+outside+askable+bearing(s)+`
		GROUP BY p.id, p.area ORDER BY asked, p.id LIMIT $8`, args...)
	asked, err := db.Collect(rows, err, candidate(at))
	return append(fresh, asked...), err
}

func candidate(at int64) func(*sql.Rows) (Candidate, error) {
	return func(r *sql.Rows) (c Candidate, err error) {
		var lives int64
		err = r.Scan(&c.Person.ID, &lives, &c.Asked)
		c.Near = nearness(lives, at)
		return c, err
	}
}
