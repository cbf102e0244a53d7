package roster

import (
	"context"
	"encoding/json"
	"fmt"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// Verify checks what doc.go says always holds, against the records themselves.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	var checks []ledger.Check
	for _, f := range []func(context.Context, db.Reader) (ledger.Check, error){
		verifySeats, verifyOverlaps, verifyDismissals, verifySeries, verifyTemplates, verifyAsks, verifyMerged, verifyPeople, verifyPositions, recountPlaces, recountSignedUp, recountFilled,
		recountArrived, recountMinutes, recountNoShow,
	} {
		c, err := f(ctx, r)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// each runs a query that answers an id and whether it is right.
func each(ctx context.Context, r db.Reader, name, q string, args ...any) (ledger.Check, error) {
	c := ledger.Check{Name: name}
	rows, err := r.Query(ctx, q, args...)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var ok int
		if err := rows.Scan(&what, &ok); err != nil {
			return c, err
		}
		c.Checked++
		if ok == 0 {
			c.Break(what)
		}
	}
	return c, rows.Err()
}

// verifySeats counts the seats held on each shift again.
func verifySeats(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.seats", `/* across homes: verify reads everything */
		SELECT s.id, CASE WHEN s.taken <= s.places AND s.standby_taken <= s.standby_places
			AND s.taken = COUNT(CASE WHEN u.place = 'primary' AND NOT u.walkup AND u.state IN `+seatStates+` THEN 1 END)
			AND s.standby_taken = COUNT(CASE WHEN u.place = 'standby' AND NOT u.walkup AND u.state IN `+seatStates+` THEN 1 END)
			AND s.waiting = COUNT(CASE WHEN u.state = 'waitlisted' THEN 1 END) THEN 1 ELSE 0 END
		FROM roster_shift s LEFT JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		GROUP BY s.home, s.id, s.taken, s.places, s.standby_taken, s.standby_places, s.waiting`)
}

// verifyOverlaps looks for people who stand on two primary posts at once. An
// arrival that really happened without a seat (a walk-up, told hours) or under
// another record of hers, is an anomaly to be looked at, not a broken record.
func verifyOverlaps(ctx context.Context, r db.Reader) (ledger.Check, error) {
	c := ledger.Check{Name: "roster.overlaps"}
	set, err := config.Load(ctx, r)
	if err != nil {
		return c, err
	}
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT u.person, s.starts, s.ends, u.id FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.place = 'primary' AND NOT u.walkup AND u.state IN `+busyStates+`
		AND NOT (u.came_from <> '' AND u.state <> 'accepted') ORDER BY u.person, s.starts, s.ends`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	var last struct {
		person string
		ends   int64
	}
	for rows.Next() {
		var person, signup string
		var starts, ends int64
		if err := rows.Scan(&person, &starts, &ends, &signup); err != nil {
			return c, err
		}
		c.Checked++
		if person != last.person {
			last.person, last.ends = person, ends
			continue
		}
		if min(last.ends, ends)-starts > set.OverlapGrace.Milliseconds() {
			c.Break(signup)
		}
		last.ends = max(last.ends, ends)
	}
	return c, rows.Err()
}

// verifyMerged checks that nothing is left of a record that was merged.
func verifyMerged(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.merged", `/* across homes: verify reads everything */
		SELECT m.id, CASE WHEN EXISTS (SELECT 1 FROM roster_signup u WHERE u.person = m.duplicate
				AND u.state NOT IN ('withdrawn', 'declined', 'lapsed', 'merged'))
			OR EXISTS (SELECT 1 FROM roster_backfill b WHERE b.person = m.duplicate)
			OR EXISTS (SELECT 1 FROM ledger_fact f WHERE f.person = m.duplicate AND f.reverses = ''
				AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> ''))
			THEN 0 ELSE 1 END
		FROM people_merge m WHERE m.state = 'merged'`)
}

// verifyPeople resolves every person and unit that a sign-up names across homes.
func verifyPeople(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.references", `/* across homes: verify resolves references */
		SELECT u.id, CASE WHEN p.id IS NOT NULL AND g.id IS NOT NULL THEN 1 ELSE 0 END FROM roster_signup u
		LEFT JOIN people_person p ON p.id = u.person AND p.home = SUBSTR(u.person, 1, 6)
		LEFT JOIN org_org g ON g.id = u.unit`)
}

// verifyDismissals checks that whoever found an anomaly in order is named and says why.
func verifyDismissals(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.dismissals", `/* across homes: verify resolves references */
		SELECT d.home || '/' || d.anomaly, CASE WHEN p.id IS NOT NULL AND g.id IS NOT NULL AND d.reason <> '' THEN 1 ELSE 0 END FROM roster_dismissal d
		LEFT JOIN people_person p ON p.id = d.author AND p.home = SUBSTR(d.author, 1, 6) LEFT JOIN org_org g ON g.id = d.org`)
}

// verifySeries checks that what a series made is of its activity and post, and not beyond the day up to which it is made.
func verifySeries(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.rules", `/* across homes: verify reads everything */
		SELECT q.id, CASE WHEN q.from_day <= q.to_day AND NOT EXISTS (SELECT 1 FROM roster_shift s WHERE s.home = q.home AND s.series = q.id
			AND (s.activity <> q.activity OR s.post <> q.post OR NOT s.own AND s.day > q.made)) THEN 1 ELSE 0 END FROM roster_series q`)
}

// verifyAsks resolves who was asked, and by whom.
func verifyAsks(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.asks", `/* across homes: verify resolves references */
		SELECT k.id, CASE WHEN p.id IS NOT NULL AND b.id IS NOT NULL AND (k.answer = '') = (k.answered = 0) THEN 1 ELSE 0 END FROM roster_ask k
		LEFT JOIN people_person p ON p.id = k.person AND p.home = SUBSTR(k.person, 1, 6)
		LEFT JOIN people_person b ON b.id = k.author AND b.home = SUBSTR(k.author, 1, 6)`)
}

// verifyPositions checks that the facts of shifts stand at positions that their
// organiser, and the unit served for, have really held on their day.
func verifyPositions(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return each(ctx, r, "roster.positions", `/* across homes: verify reads everything */
		SELECT f.id, CASE WHEN p.org = a.org AND (f.person = '' OR q.org = u.unit OR f.reverses <> '' OR k.key = 'roster.signed_up') THEN 1 ELSE 0 END
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		JOIN roster_shift s ON s.home = f.home AND s.id = f.subject
		JOIN activity_activity a ON a.home = s.home AND a.id = s.activity
		LEFT JOIN org_position p ON p.id = f.org LEFT JOIN org_position q ON q.id = f.unit
		LEFT JOIN roster_signup u ON u.home = f.home AND u.shift = f.subject AND u.person = f.person
		WHERE k.key LIKE 'roster.%' AND f.reverses = ''
		AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')`)
}

// verifyTemplates looks whether each template can be read and made, of a kind of service that
// there is, by an organisation that there is.
func verifyTemplates(ctx context.Context, r db.Reader) (ledger.Check, error) {
	c, err := each(ctx, r, "roster.templates", `/* across homes: verify reads everything */
		SELECT t.id, CASE WHEN t.state IN ('open', 'retired') AND SUBSTR(t.org, 1, 6) = t.home
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = t.org) AND EXISTS (SELECT 1 FROM activity_service v WHERE v.id = t.service) THEN 1 ELSE 0 END
		FROM roster_template t`)
	if err != nil {
		return c, err
	}
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */ SELECT t.id, t.name, t.note, t.body FROM roster_template t`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var what, body string
		var in Content
		if err := rows.Scan(&what, &in.Name, &in.Note, &body); err != nil {
			return c, err
		}
		if json.Unmarshal([]byte(body), &in) != nil || in.check() != nil {
			c.Break(what)
		}
	}
	return c, rows.Err()
}

// recount reads records as the facts that should live, and compares. The query
// answers subject, person, day, quantity and grade.
func recount(ctx context.Context, r db.Reader, k *ledger.Kind, q string) (ledger.Check, error) {
	c, err := ledger.RecountEach(ctx, r, k, func(yield func(ledger.Fact)) error {
		rows, err := r.Query(ctx, q)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f ledger.Fact
			if err := rows.Scan(&f.Subject, &f.Person, &f.Day, &f.Qty, &f.Grade, &f.Area, &f.Campaign, &f.Service); err != nil {
				return err
			}
			yield(f)
		}
		return rows.Err()
	})
	if err != nil {
		err = fmt.Errorf("recount %s: %w", k.Key, err)
	}
	return c, err
}

const (
	recountFrom = `, a.area, a.campaign, a.service FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity `
	recountJoin = recountFrom + `JOIN roster_signup u ON u.home = s.home AND u.shift = s.id `
)

func recountPlaces(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, Places, `/* across homes: verify reads everything */
		SELECT s.id, '', s.day, s.places, ''`+recountFrom+`WHERE s.state = 'open'`)
}

func recountSignedUp(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, SignedUp, `/* across homes: verify reads everything */
		SELECT s.id, u.person, s.day, 1, ''`+recountJoin+`WHERE s.state = 'open' AND u.place = 'primary' AND NOT u.walkup
		AND u.state IN ('accepted', 'checked_in', 'checked_out', 'unclosed', 'settled', 'no_show')`)
}

func recountFilled(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, Filled, `/* across homes: verify reads everything */
		SELECT s.id, '', '', (s.filled - s.published) / 60000, ''`+recountFrom+`WHERE s.filled > 0`)
}

func recountArrived(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, Arrived, `/* across homes: verify reads everything */
		SELECT s.id, u.person, s.day, 1, ''`+recountJoin+`WHERE u.state IN ('checked_in', 'checked_out', 'unclosed', 'settled')`)
}

func recountMinutes(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, Minutes, `/* across homes: verify reads everything */
		SELECT s.id, u.person, s.day, u.minutes, u.grade`+recountJoin+`WHERE u.minutes > 0
		AND u.state IN ('checked_out', 'unclosed', 'settled')`)
}

func recountNoShow(ctx context.Context, r db.Reader) (ledger.Check, error) {
	return recount(ctx, r, Absent, `/* across homes: verify reads everything */
		SELECT s.id, u.person, s.day, 1, ''`+recountJoin+`WHERE u.state = 'no_show'`)
}
