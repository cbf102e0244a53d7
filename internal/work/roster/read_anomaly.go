package roster

import (
	"context"
	"database/sql"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// presences reads who of an organisation's subtree was where on a day, and where else these
// people were from the day before to the day after. Who entered an arrival by hand is told by its
// living fact, except where a merger of records posted that anew.
func presences(ctx context.Context, r db.Reader, at id.ID, day string) ([]Presence, error) {
	first, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return nil, nil
	}
	before, after := first.AddDate(0, 0, -1).Format(time.DateOnly), first.AddDate(0, 0, 1).Format(time.DateOnly)
	inside, err := insideOn(ctx, r, at, before, after)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes, and its people serve elsewhere */
		SELECT u.id, u.shift, u.person, a.org, a.title, s.day, u.arrived, u.departed, s.ends, u.minutes, u.arrived_by, u.device,
			CASE WHEN u.arrived_by IN ('staff', 'walkup') AND u.came_from = '' THEN COALESCE((SELECT MAX(f.by) FROM ledger_fact f
				JOIN ledger_kind k ON k.id = f.kind WHERE f.home = s.home AND f.subject = s.id AND f.person = u.person AND f.day = s.day AND f.reverses = ''
				AND k.key = $5 AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')), '')
			ELSE '' END
		FROM roster_shift s JOIN roster_signup u ON u.home = s.home AND u.shift = s.id JOIN activity_activity a ON a.home = s.home AND a.id = s.activity
		WHERE s.day >= $1 AND s.day <= $2 AND u.state IN ('checked_in', 'checked_out', 'unclosed', 'settled')
		AND u.person IN (SELECT o.person FROM roster_shift t JOIN activity_activity b ON b.home = t.home AND b.id = t.activity
			JOIN org_org g ON g.id = b.org JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor
			JOIN roster_signup o ON o.home = t.home AND o.shift = t.id
			WHERE top.id = $3 AND t.day >= $1 AND t.day <= $4 AND o.arrived > 0)`, before, after, at, day, Arrived.Key)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (p Presence, err error) {
		err = r.Scan(&p.Signup, &p.Shift, &p.Person, &p.Org, &p.Title, &p.Day, &p.Arrived, &p.Departed, &p.Ends, &p.Minutes, &p.How, &p.Device, &p.Author)
		p.Entered, p.Inside = p.Arrived, inside[p.Shift]
		return p, err
	})
	if err != nil {
		return nil, err
	}
	told, err := toldOn(ctx, r, at, day)
	if err != nil {
		return nil, err
	}
	return withTold(all, told), nil
}

// withTold puts who told hours into the turns that they made, and adds those told on the day of other days.
func withTold(all []Presence, told []Presence) []Presence {
	at := map[id.ID]int{}
	for i, p := range all {
		at[p.Signup] = i
	}
	for _, t := range told {
		if i, ok := at[t.Signup]; ok {
			t.Device, t.Inside = all[i].Device, all[i].Inside || t.Inside
			all[i] = t
			continue
		}
		all = append(all, t)
	}
	return all
}

// insideOn are the shifts of a subtree of a few days.
func insideOn(ctx context.Context, r db.Reader, at id.ID, from, to string) (map[id.ID]bool, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT s.id FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity JOIN org_org g ON g.id = a.org
		JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND s.day >= $2 AND s.day <= $3`, at, from, to)
	inside := map[id.ID]bool{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var s id.ID
		err = r.Scan(&s)
		inside[s] = true
		return none, err
	})
	return inside, err
}

// toldOn reads the turns of a subtree whose hours were told on a day, or are of that day: the last confirmed telling of each.
func toldOn(ctx context.Context, r db.Reader, at id.ID, day string) ([]Presence, error) {
	first, _ := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT u.id, u.shift, u.person, a.org, a.title, s.day, u.arrived, u.departed, s.ends, u.minutes, u.arrived_by, b.author, b.created
		FROM roster_backfill b JOIN roster_shift s ON s.home = b.home AND s.id = b.shift
		JOIN roster_signup u ON u.home = b.home AND u.shift = b.shift AND u.person = b.person
		JOIN activity_activity a ON a.home = s.home AND a.id = s.activity JOIN org_org g ON g.id = a.org
		JOIN org_under n ON n.position = g.position JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND b.state = 'confirmed' AND u.state = 'settled' AND (s.day = $2 OR b.created >= $3 AND b.created < $4)
		AND NOT EXISTS (SELECT 1 FROM roster_backfill x WHERE x.home = b.home AND x.shift = b.shift AND x.person = b.person
			AND x.state = 'confirmed' AND (x.decided > b.decided OR x.decided = b.decided AND x.id > b.id))`,
		at, day, db.MS(first), db.MS(first.AddDate(0, 0, 1)))
	return db.Collect(rows, err, func(r *sql.Rows) (p Presence, err error) {
		err = r.Scan(&p.Signup, &p.Shift, &p.Person, &p.Org, &p.Title, &p.Day, &p.Arrived, &p.Departed, &p.Ends, &p.Minutes, &p.How, &p.Author, &p.Entered)
		p.Told, p.Inside = true, true
		return p, err
	})
}

// authorOf is who entered a turn's hours by hand, "" if nobody did.
func authorOf(ctx context.Context, r db.Reader, s Shift, u Signup) (id.ID, error) {
	var by id.ID
	err := r.QueryRow(ctx, `SELECT b.author FROM roster_backfill b WHERE b.home = $1 AND b.shift = $2 AND b.person = $3 AND b.state = 'confirmed'
		ORDER BY b.decided DESC, b.id DESC LIMIT 1`, s.Home, s.ID, u.Person).Scan(&by)
	if !db.NoRows(err) {
		return by, err
	}
	facts, err := ledger.Of(ctx, r, s.ID)
	for _, f := range facts {
		if f.Key == Arrived.Key && f.Person == u.Person && f.Reverses == "" && !f.Reversed && u.ArrivedBy != "code" {
			by = f.By
		}
	}
	return by, err
}

// dismissals are what was found to be in order of a day.
func dismissals(ctx context.Context, r db.Reader, day string) (map[string]Dismissal, error) {
	rows, err := r.Query(ctx, `/* across homes: who looked into it may be of another county */
		SELECT anomaly, org, reason, author, at FROM roster_dismissal WHERE day = $1 ORDER BY at DESC`, day)
	all := map[string]Dismissal{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var key string
		var d Dismissal
		err = r.Scan(&key, &d.Org, &d.Reason, &d.Author, &d.At)
		all[key] = d
		return none, err
	})
	return all, err
}

// openFor lists her check-ins on other shifts that had ended by a moment and were not closed.
func openFor(ctx context.Context, r db.Reader, person, but id.ID, ended int64) ([]Signup, error) {
	rows, err := r.Query(ctx, `/* across homes: her own turns, in any county */
		SELECT `+signupColumns+` FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.person = $1 AND u.state = 'checked_in' AND u.shift <> $2 AND s.ends <= $3 ORDER BY s.starts, u.id`, person, but, ended)
	return db.Collect(rows, err, scanSignups)
}

// dutiesOf are the spans of her primary turns that touch a span, but for one shift's.
func dutiesOf(ctx context.Context, r db.Reader, person, but id.ID, from, to int64) ([]span, error) {
	rows, err := r.Query(ctx, `/* across homes: her time is one, whatever the county */
		SELECT s.starts, s.ends FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.person = $1 AND u.shift <> $2 AND u.place = 'primary' AND u.state IN `+busyStates+` AND s.ends > $3 AND s.starts < $4`,
		person, but, from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (s span, err error) {
		err = r.Scan(&s[0], &s[1])
		return s, err
	})
}

func restsSet(ctx context.Context, r db.Reader) (map[int64]Rest, error) {
	rows, err := r.Query(ctx, "SELECT service, longest, apart, nights FROM roster_rest")
	all := map[int64]Rest{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var service int64
		var rest Rest
		err = r.Scan(&service, &rest.Longest, &rest.Apart, &rest.Nights)
		all[service] = rest
		return none, err
	})
	return all, err
}
