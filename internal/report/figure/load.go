package figure

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// fact is a sealed fact as the model needs it.
type fact struct {
	seq, kind, org, unit, area, campaign, service, category, qty int64
	day, subject, person, grade, callup                          string
	reverses                                                     int64 // the seq of the fact that it takes back
	takesBack                                                    bool
}

// factsAfter reads sealed facts from one number, excluded, to another.
func factsAfter(ctx context.Context, r db.Reader, from, to int64) ([]fact, error) {
	rows, err := r.Query(ctx, `/* across homes: figures count every home */
		SELECT f.seq, f.kind, f.day, f.org, f.unit, f.area, f.campaign, f.service, f.category, f.subject, f.person, f.qty, f.grade, f.callup,
			f.reverses <> '', CASE WHEN f.reverses = '' THEN 0
				ELSE COALESCE((SELECT o.seq FROM ledger_fact o WHERE o.home = f.home AND o.id = f.reverses), 0) END
		FROM ledger_fact f WHERE f.seq > $1 AND f.seq <= $2 ORDER BY f.seq`, from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (f fact, err error) {
		err = r.Scan(&f.seq, &f.kind, &f.day, &f.org, &f.unit, &f.area, &f.campaign, &f.service, &f.category, &f.subject, &f.person,
			&f.qty, &f.grade, &f.callup, &f.takesBack, &f.reverses)
		return f, err
	})
}

// seal says when the facts up to a number were sealed.
type seal struct{ last, at int64 }

func sealsAfter(ctx context.Context, r db.Reader, from, to int64) ([]seal, error) {
	rows, err := r.Query(ctx, "SELECT last, at FROM ledger_seal WHERE first > $1 AND first <= $2 ORDER BY first", from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (s seal, err error) {
		err = r.Scan(&s.last, &s.at)
		return s, err
	})
}

// sealHash is the hash of the seal that ends at that fact; nil where none does.
func sealHash(ctx context.Context, r db.Reader, last int64) (hash []byte, err error) {
	var ends int64
	err = r.QueryRow(ctx, "SELECT last, hash FROM ledger_seal WHERE first <= $1 ORDER BY first DESC LIMIT 1", last).Scan(&ends, &hash)
	if db.NoRows(err) || err == nil && ends != last {
		return nil, nil
	}
	return hash, err
}

// kindNumbers are the keys of the kinds that were ever posted, by number.
func kindNumbers(ctx context.Context, r db.Reader) (map[int64]string, error) {
	keys := map[int64]string{}
	rows, err := r.Query(ctx, "SELECT id, key FROM ledger_kind")
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var n int64
		var key string
		err = r.Scan(&n, &key)
		keys[n] = key
		return none, err
	})
	return keys, err
}

// versions are the counters that move when the tree of organisations or that of campaigns
// does.
func versions(ctx context.Context, r db.Reader) (orgs, campaigns int64, err error) {
	rows, err := r.Query(ctx, "SELECT name, value FROM db_counter WHERE name IN ('org_tree', 'org_position', 'campaign_campaign')")
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var name string
		var value int64
		err = r.Scan(&name, &value)
		if name == "campaign_campaign" {
			campaigns = value
		} else {
			orgs += value
		}
		return none, err
	})
	return orgs, campaigns, err
}

func readPlaces(ctx context.Context, r db.Reader) ([]place, error) {
	rows, err := r.Query(ctx, "SELECT id, org, parent, kind FROM org_position")
	return db.Collect(rows, err, func(r *sql.Rows) (p place, err error) {
		err = r.Scan(&p.id, &p.org, &p.parent, &p.kind)
		return p, err
	})
}

func readUnits(ctx context.Context, r db.Reader) ([]unit, error) {
	rows, err := r.Query(ctx, "SELECT id, name, successor, merged FROM org_org WHERE position <> 0")
	return db.Collect(rows, err, func(r *sql.Rows) (u unit, err error) {
		err = r.Scan(&u.id, &u.name, &u.successor, &u.merged)
		return u, err
	})
}

// readCampaigns are, for each campaign, it and those below it.
func readCampaigns(ctx context.Context, r db.Reader) (map[int64][]int64, error) {
	under := map[int64][]int64{}
	rows, err := r.Query(ctx, "SELECT ancestor, campaign FROM campaign_under")
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var above, below int64
		err = r.Scan(&above, &below)
		under[above] = append(under[above], below)
		return none, err
	})
	return under, err
}

// grades are numbered as they are stored in a row; others, of which there are none, count as
// the last.
var grades = []ledger.Grade{"", ledger.Recorded, ledger.Confirmed, ledger.Declared}

func gradeNumber(g string) uint8 {
	for i, known := range grades {
		if string(known) == g {
			return uint8(i)
		}
	}
	return uint8(len(grades))
}

// splitDay reads a stored day as months since year 0 and the day of the month.
func splitDay(day string) (month int, of uint8, err error) {
	if len(day) != 10 || day[4] != '-' || day[7] != '-' {
		return 0, 0, fmt.Errorf("%w: %q is no day", ErrBroken, day)
	}
	y, err1 := strconv.Atoi(day[:4])
	m, err2 := strconv.Atoi(day[5:7])
	d, err3 := strconv.Atoi(day[8:])
	if err1 != nil || err2 != nil || err3 != nil || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, 0, fmt.Errorf("%w: %q is no day", ErrBroken, day)
	}
	return y*12 + m - 1, uint8(d), nil
}
