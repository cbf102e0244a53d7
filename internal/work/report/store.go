package report

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insertDuty(tx *db.Tx, d Duty) error {
	_, err := tx.Exec(`INSERT INTO report_duty (home, id, org, campaign, name, under, types, every, from_day, to_day, grace, clock, state, author, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open', $13, $14, $15)`,
		d.ID.Home(), d.ID, d.Org, d.Campaign, d.Name, d.Under, typeList(d.Types), d.Every, d.From, d.To, d.Grace, d.Clock, d.Author, d.Created, d.Rev)
	return err
}

func closeDuty(tx *db.Tx, d Duty) error {
	_, err := tx.Exec("UPDATE report_duty SET state = 'closed', rev = rev + 1 WHERE home = $1 AND id = $2", d.ID.Home(), d.ID)
	return err
}

func insertPeriod(tx *db.Tx, p Period) error {
	n, err := tx.Exec(`INSERT INTO report_period (home, id, duty, from_day, to_day, due, opened) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, p.ID.Home(), p.ID, p.Duty, p.From, p.To, p.Due, p.Opened)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "report.period_twice")
	}
	return err
}

func markOpened(tx *db.Tx, p Period) error {
	_, err := tx.Exec("UPDATE report_period SET opened = $3 WHERE home = $1 AND id = $2", p.ID.Home(), p.ID, db.MS(tx.Now))
	return err
}

const intoOwed = `INSERT INTO report_due (home, id, period, org, from_day, to_day, due, campaign) VALUES `

func owedRow(o Owed) []any {
	return []any{o.ID.Home(), o.ID, o.Period, o.Org, o.From, o.To, o.Due, o.Campaign}
}

// insertOwed writes what is owed; false where it was there already.
func insertOwed(tx *db.Tx, o Owed) (bool, error) {
	n, err := tx.Exec(intoOwed+"($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING", owedRow(o)...)
	return n == 1, err
}

// insertAllOwed writes many, in as few statements as there are sizes for.
func insertAllOwed(tx *db.Tx, dues []Owed) error {
	for _, size := range []int{100, 1} {
		for len(dues) >= size {
			var args []any
			for _, o := range dues[:size] {
				args = append(args, owedRow(o)...)
			}
			var b strings.Builder
			for i := range size {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString("(" + db.In(8, i*8+1) + ")")
			}
			if _, err := tx.Exec(intoOwed+b.String(), args...); err != nil {
				return err
			}
			dues = dues[size:]
		}
	}
	return nil
}

func setNothing(tx *db.Tx, o Owed, at int64, by id.ID) error {
	n, err := tx.Exec("UPDATE report_due SET nil_at = $3, said_by = $4 WHERE home = $1 AND id = $2 AND nil_at = $5", o.ID.Home(), o.ID, at, by, o.Nothing)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "report.changed_meanwhile")
	}
	return err
}

// markReminded marks those of a period that were not reminded since a moment, and answers them.
func markReminded(ctx context.Context, tx *db.Tx, period id.ID, dues []id.ID, now, since int64) (marked []id.ID, err error) {
	for _, due := range dues {
		n, err := tx.Exec("UPDATE report_due SET reminded = $3 WHERE home = $1 AND id = $2 AND period = $4 AND reminded <= $5 AND nil_at = 0",
			due.Home(), due, now, period, since)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			marked = append(marked, due)
		}
	}
	return marked, nil
}

func insertReport(tx *db.Tx, p Report) error {
	_, err := tx.Exec(`INSERT INTO report_report (home, id, org, key, campaign, from_day, to_day, number, note, state, author, submitted, corrects, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID.Home(), p.ID, p.Org, p.Key, p.Campaign, p.From, p.To, p.Number, p.Note, p.State, p.Author, p.Submitted, p.Corrects, p.Rev)
	return err
}

// save writes what may change, if nobody saved since p.Rev was read.
func save(tx *db.Tx, p Report) error {
	n, err := tx.Exec(`UPDATE report_report SET key = $4, campaign = $5, from_day = $6, to_day = $7, number = $8, note = $9, state = $10, author = $11,
		submitted = $12, reviewer = $13, decided = $14, reason = $15, rev = rev + 1 WHERE home = $1 AND id = $2 AND rev = $3`,
		p.ID.Home(), p.ID, p.Rev, p.Key, p.Campaign, p.From, p.To, p.Number, p.Note, p.State, p.Author, p.Submitted, p.Reviewer, p.Decided, p.Reason)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "report.changed_meanwhile")
	}
	return err
}

func putFile(tx *db.Tx, report id.ID, f File) error {
	_, err := tx.Exec(`INSERT INTO report_file (home, report, name, kind, size, content) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (home, report) DO UPDATE SET name = excluded.name, kind = excluded.kind, size = excluded.size, content = excluded.content`,
		report.Home(), report, f.Name, f.Kind, len(f.Content), f.Content)
	return err
}

// organisations lists the next organisations of some types at and below one, by id.
func organisations(ctx context.Context, r db.Reader, under id.ID, types string, after id.ID, limit int) ([]place, error) {
	rows, err := r.Query(ctx, `SELECT o.id, o.area FROM org_org top JOIN org_under u ON u.ancestor = top.position
		JOIN org_org o ON o.position = u.position
		WHERE top.id = $1 AND o.state = 'approved' AND o.id > $2
		AND $3 LIKE '% ' || CASE WHEN o.kind = 'practice' THEN o.tier ELSE o.kind END || ' %'
		ORDER BY o.id LIMIT $4`, under, after, types, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (p place, err error) { return p, r.Scan(&p.org, &p.area) })
}
