package callup

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// readAll reads everything, with whether what it names is there.
func readAll(ctx context.Context, r db.Reader) (*book, error) {
	b := &book{callups: map[id.ID]CallUp{}, byID: map[id.ID]Receipt{}, references: ledger.Check{Name: "callup.references"}}
	for _, read := range []func(context.Context, db.Reader) error{b.readCallUps, b.readReceipts, b.readAsks, b.readAppeals} {
		if err := read(ctx, r); err != nil {
			return nil, err
		}
	}
	var err error
	b.signups, err = b.check(ctx, r, "callup.signups", `/* across homes: verify reads everything */ SELECT u.id,
		CASE WHEN EXISTS (SELECT 1 FROM callup_callup c WHERE c.home = SUBSTR(u.callup, 1, 6) AND c.id = u.callup AND c.issued > 0 AND NOT c.drill) THEN 1 ELSE 0 END
		FROM roster_signup u WHERE u.callup <> ''`)
	return b, err
}

// check runs a query that answers an id and whether it is right.
func (b *book) check(ctx context.Context, r db.Reader, name, q string) (ledger.Check, error) {
	c := ledger.Check{Name: name}
	rows, err := r.Query(ctx, q)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at string
		var ok int
		if err = r.Scan(&at, &ok); err != nil {
			return none, err
		}
		if c.Checked++; ok == 0 {
			c.Break(at)
		}
		return none, nil
	})
	return c, err
}

// sound notes a reference that was looked at.
func (b *book) sound(at id.ID, ok int) {
	if b.references.Checked++; ok == 0 {
		b.references.Break(string(at))
	}
}

func (b *book) readCallUps(ctx context.Context, r db.Reader) error {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+callupColumns+`,
		CASE WHEN EXISTS (SELECT 1 FROM org_org o WHERE o.id = c.org) AND (c.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign g WHERE g.id = c.campaign))
			AND (c.service = 0 OR EXISTS (SELECT 1 FROM activity_service v WHERE v.id = c.service))
			AND (c.appeal = '' OR EXISTS (SELECT 1 FROM callup_appeal a WHERE a.home = c.home AND a.id = c.appeal)) THEN 1 ELSE 0 END FROM callup_callup c`)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (c CallUp, err error) {
		var ok int
		c, err = scanCallUp(r.Scan, &ok)
		b.sound(c.ID, ok)
		return c, err
	})
	for _, c := range all {
		b.callups[c.ID] = c
	}
	if err != nil {
		return err
	}
	rows, err = r.Query(ctx, "/* across homes: verify reads everything */ SELECT l.callup, l.n, l.day, l.category, l.skill, l.places FROM callup_line l ORDER BY l.callup, l.n")
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at id.ID
		var l Line
		err = r.Scan(&at, &l.N, &l.Day, &l.Category, &l.Skill, &l.Places)
		c := b.callups[at]
		c.Lines = append(c.Lines, l)
		b.callups[at] = c
		return none, err
	})
	return err
}

func (b *book) readReceipts(ctx context.Context, r db.Reader) error {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+receiptColumns+`,
		CASE WHEN EXISTS (SELECT 1 FROM callup_callup c WHERE c.home = SUBSTR(t.callup, 1, 6) AND c.id = t.callup)
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = t.org) AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = t.sender)
			AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = t.desk) THEN 1 ELSE 0 END FROM callup_receipt t`)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (t Receipt, err error) {
		var ok int
		t, err = scanReceipt(r.Scan, &ok)
		b.sound(t.ID, ok)
		return t, err
	})
	if err != nil {
		return err
	}
	quota, able := map[id.ID]Quotas{}, map[id.ID]Quotas{}
	rows, err = r.Query(ctx, "/* across homes: verify reads everything */ SELECT q.receipt, q.quota, q.able FROM callup_quota q ORDER BY q.receipt, q.n")
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at id.ID
		var q, a int64
		err = r.Scan(&at, &q, &a)
		quota[at], able[at] = append(quota[at], q), append(able[at], a)
		return none, err
	})
	for _, t := range all {
		t.Quota, t.Able = quota[t.ID], able[t.ID]
		b.receipts, b.byID[t.ID] = append(b.receipts, t), t
	}
	return err
}

func (b *book) readAsks(ctx context.Context, r db.Reader) error {
	b.asking = ledger.Check{Name: "callup.asking"}
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+askColumns+`,
		CASE WHEN EXISTS (SELECT 1 FROM people_person p WHERE p.home = k.home AND p.id = k.person) AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = k.unit)
			AND (k.shift = '' OR EXISTS (SELECT 1 FROM roster_shift s WHERE s.home = SUBSTR(k.shift, 1, 6) AND s.id = k.shift)) THEN 1 ELSE 0 END FROM callup_ask k`)
	b.asks, err = db.Collect(rows, err, func(r *sql.Rows) (a Ask, err error) {
		var ok int
		a, err = scanAsk(r.Scan, &ok)
		t, there := b.byID[a.Receipt]
		c := b.callups[a.CallUp]
		// nobody is asked for a drill, or before the call-up came to who asks
		if ok == 0 || !there || t.CallUp != a.CallUp || c.Drill || t.Delivered == 0 || a.Line < 1 || int(a.Line) > len(c.Lines) {
			b.asking.Break(string(a.ID))
		}
		b.asking.Checked++
		return a, err
	})
	return err
}

func (b *book) readAppeals(ctx context.Context, r db.Reader) error {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+appealColumns+`,
		CASE WHEN EXISTS (SELECT 1 FROM org_org o WHERE o.id = a.org) THEN 1 ELSE 0 END FROM callup_appeal a`)
	b.appeals, err = db.Collect(rows, err, func(r *sql.Rows) (a Appeal, err error) {
		var ok int
		a, err = scanAppeal(r.Scan, &ok)
		b.sound(a.ID, ok)
		return a, err
	})
	return err
}
