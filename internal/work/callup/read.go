package callup

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

const appealColumns = `a.id, a.org, a.title, a.text, a.signed, a.state, a.author, a.signer, a.created, a.published, a.ended, a.reason, a.rev`

func scanAppeal(scan func(...any) error, more ...any) (a Appeal, err error) {
	err = scan(append([]any{&a.ID, &a.Org, &a.Title, &a.Text, &a.Signed, &a.State, &a.Author, &a.Signer, &a.Created, &a.Published, &a.Ended, &a.Reason, &a.Rev}, more...)...)
	return a, err
}

// GetAppeal reads an appeal.
func GetAppeal(ctx context.Context, r db.Reader, appeal id.ID) (Appeal, error) {
	a, err := scanAppeal(r.QueryRow(ctx, "SELECT "+appealColumns+" FROM callup_appeal a WHERE a.home = $1 AND a.id = $2", appeal.Home(), appeal).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "callup.appeal_unknown")
	}
	return a, err
}

// ListedAppeal is an appeal with the name of whose it is.
type ListedAppeal struct {
	Appeal
	OrgName string
}

func scanListedAppeal(r *sql.Rows) (l ListedAppeal, err error) {
	l.Appeal, err = scanAppeal(r.Scan, &l.OrgName)
	return l, err
}

// PublicAppeals are the appeals that stand, the latest first.
func PublicAppeals(ctx context.Context, r db.Reader, limit int) ([]ListedAppeal, error) {
	rows, err := r.Query(ctx, `/* across homes: whoever appeals, to all */ SELECT `+appealColumns+`, o.name FROM callup_appeal a
		JOIN org_org o ON o.id = a.org WHERE a.state = 'published' ORDER BY a.published DESC, a.id LIMIT $1`, limit)
	return db.Collect(rows, err, scanListedAppeal)
}

// AppealsFrom are the appeals of what lies below an organisation's position, the latest first.
func AppealsFrom(ctx context.Context, r db.Reader, position int64, limit int) ([]ListedAppeal, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */ SELECT `+appealColumns+`, o.name FROM org_under u
		JOIN org_org o ON o.position = u.position JOIN callup_appeal a ON a.org = o.id WHERE u.ancestor = $1
		ORDER BY a.created DESC, a.id LIMIT $2`, position, limit)
	return db.Collect(rows, err, scanListedAppeal)
}

const callupColumns = `c.id, c.org, c.appeal, c.title, c.text, c.service, c.campaign, c.drill, c.state, c.answer_by, c.until, c.most, c.author, c.signer,
	c.created, c.issued, c.ended, c.reason, c.hundred, c.version, c.rev`

func scanCallUp(scan func(...any) error, more ...any) (c CallUp, err error) {
	err = scan(append([]any{&c.ID, &c.Org, &c.Appeal, &c.Title, &c.Text, &c.Service, &c.Campaign, &c.Drill, &c.State, &c.AnswerBy, &c.Until, &c.Most,
		&c.Author, &c.Signer, &c.Created, &c.Issued, &c.Ended, &c.Reason, &c.Hundred, &c.Version, &c.Rev}, more...)...)
	return c, err
}

// Get reads a call-up with its lines.
func Get(ctx context.Context, r db.Reader, callup id.ID) (CallUp, error) {
	c, err := scanCallUp(r.QueryRow(ctx, "SELECT "+callupColumns+" FROM callup_callup c WHERE c.home = $1 AND c.id = $2", callup.Home(), callup).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "callup.unknown")
	}
	if err != nil {
		return c, err
	}
	rows, err := r.Query(ctx, "SELECT l.n, l.day, l.category, l.skill, l.places FROM callup_line l WHERE l.home = $1 AND l.callup = $2 ORDER BY l.n", callup.Home(), callup)
	c.Lines, err = db.Collect(rows, err, func(r *sql.Rows) (l Line, err error) {
		err = r.Scan(&l.N, &l.Day, &l.Category, &l.Skill, &l.Places)
		return l, err
	})
	return c, err
}

// Listed is a call-up as a list shows it, without its lines.
type Listed struct {
	CallUp
	OrgName string
	Places  int64
}

func scanListed(r *sql.Rows) (l Listed, err error) {
	l.CallUp, err = scanCallUp(r.Scan, &l.OrgName, &l.Places)
	return l, err
}

const listed = callupColumns + `, o.name, (SELECT COALESCE(SUM(l.places), 0) FROM callup_line l WHERE l.home = c.home AND l.callup = c.id)`

// From are the call-ups of what lies below an organisation's position, the latest first.
func From(ctx context.Context, r db.Reader, position int64, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */ SELECT `+listed+` FROM org_under u
		JOIN org_org o ON o.position = u.position JOIN callup_callup c ON c.org = o.id WHERE u.ancestor = $1
		ORDER BY c.created DESC, c.id LIMIT $2`, position, limit)
	return db.Collect(rows, err, scanListed)
}

// OpenNow are the call-ups that volunteers may answer, the latest first.
func OpenNow(ctx context.Context, r db.Reader, now int64, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, `/* across homes: whoever calls up */ SELECT `+listed+` FROM callup_callup c JOIN org_org o ON o.id = c.org
		WHERE c.state = 'issued' AND NOT c.drill AND c.until > $1 ORDER BY c.issued DESC, c.id LIMIT $2`, now, limit)
	return db.Collect(rows, err, scanListed)
}

const receiptColumns = `t.id, t.callup, t.org, t.above, t.sender, t.delivered, t.read, t.acknowledged, t.forwarded, t.reported, t.report, t.reminded,
	t.reminders, t.desk, t.seen, t.would, t.rev`

func scanReceipt(scan func(...any) error, more ...any) (t Receipt, err error) {
	err = scan(append([]any{&t.ID, &t.CallUp, &t.Org, &t.Above, &t.Sender, &t.Delivered, &t.Read, &t.Acknowledged, &t.Forwarded, &t.Reported, &t.Report,
		&t.Reminded, &t.Reminders, &t.Desk, &t.Seen, &t.Would, &t.Rev}, more...)...)
	return t, err
}

// ReceiptOf reads a receipt with its quotas.
func ReceiptOf(ctx context.Context, r db.Reader, receipt id.ID) (Receipt, error) {
	t, err := scanReceipt(r.QueryRow(ctx, "SELECT "+receiptColumns+" FROM callup_receipt t WHERE t.home = $1 AND t.id = $2", receipt.Home(), receipt).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "callup.receipt_unknown")
	}
	if err == nil {
		t.Quota, t.Able, err = quotasOf(ctx, r, receipt)
	}
	return t, err
}

// receiptAt finds the receipt of an organisation; NotFound where it has none.
func receiptAt(ctx context.Context, r db.Reader, callup, at id.ID) (Receipt, error) {
	var receipt id.ID
	err := r.QueryRow(ctx, "SELECT t.id FROM callup_receipt t WHERE t.home = $1 AND t.callup = $2 AND t.org = $3", at.Home(), callup, at).Scan(&receipt)
	if db.NoRows(err) {
		return Receipt{}, fail.New(fail.NotFound, "callup.receipt_unknown")
	}
	if err != nil {
		return Receipt{}, err
	}
	return ReceiptOf(ctx, r, receipt)
}

func quotasOf(ctx context.Context, r db.Reader, receipt id.ID) (quota, able Quotas, err error) {
	rows, err := r.Query(ctx, "SELECT q.quota, q.able FROM callup_quota q WHERE q.home = $1 AND q.receipt = $2 ORDER BY q.n", receipt.Home(), receipt)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var q, a int64
		err = r.Scan(&q, &a)
		quota, able = append(quota, q), append(able, a)
		return none, err
	})
	return quota, able, err
}

// Given is what was handed on, line by line: by a receipt, or by the issuer of a call-up where
// above is empty.
func Given(ctx context.Context, r db.Reader, c CallUp, above id.ID) (Quotas, error) {
	given := make(Quotas, len(c.Lines))
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT q.n, SUM(q.quota) FROM callup_receipt t
		JOIN callup_quota q ON q.home = t.home AND q.receipt = t.id WHERE t.callup = $1 AND t.above = $2 GROUP BY q.n`, c.ID, above)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var n, sum int64
		if err = r.Scan(&n, &sum); err == nil && n >= 1 && n <= int64(len(given)) {
			given[n-1] = sum
		}
		return none, err
	})
	return given, err
}

// ReceivedBy is a receipt with the name of its organisation: of those right below a receipt, or those of the issuer, with their names.
type ReceivedBy struct {
	Receipt
	OrgName  string
	Type     org.Type
	Children int64 // to whom it has forwarded
}

func scanReceived(r *sql.Rows) (l ReceivedBy, err error) {
	var kind org.Kind
	var tier org.Tier
	l.Receipt, err = scanReceipt(r.Scan, &l.OrgName, &kind, &tier, &l.Children)
	l.Type = org.TypeOf(kind, tier)
	return l, err
}

const received = receiptColumns + `, o.name, o.kind, o.tier, (SELECT COUNT(*) FROM callup_receipt b WHERE b.above = t.id AND b.above <> '')`

// Below lists the receivers right below a receipt, or with an empty one those of the issuer, by
// place and name. Quotas are filled in.
func Below(ctx context.Context, r db.Reader, callup, above id.ID) ([]ReceivedBy, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT `+received+` FROM callup_receipt t JOIN org_org o ON o.id = t.org
		WHERE t.callup = $1 AND t.above = $2 ORDER BY o.area, o.name, t.id`, callup, above)
	all, err := db.Collect(rows, err, scanReceived)
	if err != nil {
		return nil, err
	}
	quota, able := map[id.ID]Quotas{}, map[id.ID]Quotas{}
	rows, err = r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT q.receipt, q.quota, q.able FROM callup_receipt t
		JOIN callup_quota q ON q.home = t.home AND q.receipt = t.id WHERE t.callup = $1 AND t.above = $2 ORDER BY q.receipt, q.n`, callup, above)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var at id.ID
		var q, a int64
		err = r.Scan(&at, &q, &a)
		quota[at], able[at] = append(quota[at], q), append(able[at], a)
		return none, err
	})
	for i := range all {
		all[i].Quota, all[i].Able = quota[all[i].ID], able[all[i].ID]
	}
	return all, err
}

// ReceiptFilter says which receipts of a call-up a list holds.
type ReceiptFilter struct {
	CallUp   id.ID
	Position int64    // of organisations at or below it
	Type     org.Type // "": any
	Silent   bool     // only who has not acknowledged
	After    id.ID
	Limit    int
}

// Receipts lists receipts of a call-up that were sent, by id.
func Receipts(ctx context.Context, r db.Reader, f ReceiptFilter) ([]ReceivedBy, error) {
	kind, tier := f.Type.Parts()
	silent := 0
	if f.Silent {
		silent = 1
	}
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT `+received+` FROM callup_receipt t JOIN org_org o ON o.id = t.org
		JOIN org_under u ON u.position = o.position AND u.ancestor = $2
		WHERE t.callup = $1 AND t.delivered > 0 AND ($3 = '' OR o.kind = $3) AND ($4 = '' OR o.tier = $4) AND ($5 = 0 OR t.acknowledged = 0) AND t.id > $6
		ORDER BY t.id LIMIT $7`, f.CallUp, f.Position, string(kind), string(tier), silent, f.After, f.Limit)
	return db.Collect(rows, err, scanReceived)
}

// Tier is how far the receivers of one type have come.
type Tier struct {
	Type                                                            org.Type
	Delivered, Read, Acknowledged, Forwarded, Reported, Able, Would int64
}

// Tiers counts the receivers of a call-up at or below a position by type, from the top down.
func Tiers(ctx context.Context, r db.Reader, callup id.ID, position int64) ([]Tier, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT o.kind, o.tier, COUNT(*), COUNT(CASE WHEN t.read > 0 THEN 1 END),
		COUNT(CASE WHEN t.acknowledged > 0 THEN 1 END), COUNT(CASE WHEN t.forwarded > 0 THEN 1 END), COUNT(CASE WHEN t.reported > 0 THEN 1 END),
		COALESCE(SUM((SELECT SUM(q.able) FROM callup_quota q WHERE q.home = t.home AND q.receipt = t.id)), 0), COALESCE(SUM(t.would), 0)
		FROM callup_receipt t JOIN org_org o ON o.id = t.org JOIN org_under u ON u.position = o.position AND u.ancestor = $2
		WHERE t.callup = $1 AND t.delivered > 0 GROUP BY o.kind, o.tier`, callup, position)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (t Tier, err error) {
		var kind org.Kind
		var tier org.Tier
		err = r.Scan(&kind, &tier, &t.Delivered, &t.Read, &t.Acknowledged, &t.Forwarded, &t.Reported, &t.Able, &t.Would)
		t.Type = org.TypeOf(kind, tier)
		return t, err
	})
	var sorted []Tier
	for _, typ := range org.Types() {
		for _, t := range all {
			if t.Type == typ {
				sorted = append(sorted, t)
			}
		}
	}
	return sorted, err
}

// Received is a call-up in the tray of an organisation.
type Received struct {
	Receipt
	CallUp  CallUp
	Sender  string
	OrgName string
}

// Tray lists the call-ups that came to an organisation itself, the latest first.
func Tray(ctx context.Context, r db.Reader, at id.ID, limit int) ([]Received, error) {
	rows, err := r.Query(ctx, `SELECT `+receiptColumns+`, s.name, o.name FROM callup_receipt t
		JOIN org_org s ON s.id = t.sender JOIN org_org o ON o.id = t.org
		WHERE t.home = $1 AND t.org = $2 AND t.delivered > 0 ORDER BY t.delivered DESC, t.id LIMIT $3`, at.Home(), at, limit)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (l Received, err error) {
		l.Receipt, err = scanReceipt(r.Scan, &l.Sender, &l.OrgName)
		return l, err
	})
	for i := range all {
		if err != nil {
			return nil, err
		}
		all[i].CallUp, err = Get(ctx, r, all[i].Receipt.CallUp)
	}
	return all, err
}

// undelivered are the next receivers of a call-up to whom it is still to be sent, of one sender's receipt.
func undelivered(ctx context.Context, r db.Reader, callup id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT t.id FROM callup_receipt t WHERE t.callup = $1 AND t.delivered = 0
		ORDER BY t.id LIMIT $2`, callup, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

// sent are the next receivers after one to whom a call-up was sent.
func sent(ctx context.Context, r db.Reader, callup, after id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT t.id FROM callup_receipt t WHERE t.callup = $1 AND t.delivered > 0 AND t.id > $2
		ORDER BY t.id LIMIT $3`, callup, after, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

// silentBelow are the next silent receivers at or below a position that were not reminded since
// a moment.
func silentBelow(ctx context.Context, r db.Reader, callup id.ID, position, since int64, after id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT t.id FROM callup_receipt t JOIN org_org o ON o.id = t.org
		JOIN org_under u ON u.position = o.position AND u.ancestor = $2 AND u.depth > 0
		WHERE t.callup = $1 AND t.delivered > 0 AND t.acknowledged = 0 AND t.reminded < $3 AND t.id > $4 ORDER BY t.id LIMIT $5`,
		callup, position, since, after, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

// Waits is what waits for an organisation about call-ups that are under way.
type Waits struct {
	Mine, MineBy int64 // that it has not acknowledged; the first answer_by
	Silent       int64 // others' silence, on its desk
	SilentBy     int64
}

// Waiting counts what waits at an organisation itself.
func Waiting(ctx context.Context, r db.Reader, at id.ID) (w Waits, err error) {
	rows, err := r.Query(ctx, `/* across homes: a call-up lives with its issuer */ SELECT CASE WHEN t.org = $2 THEN 1 ELSE 0 END, COUNT(*), MIN(c.answer_by)
		FROM callup_receipt t JOIN callup_callup c ON c.home = SUBSTR(t.callup, 1, 6) AND c.id = t.callup
		WHERE c.state = 'issued' AND t.delivered > 0 AND t.acknowledged = 0 AND (t.home = $1 AND t.org = $2 OR t.desk = $2 AND t.reminders >= 2)
		GROUP BY CASE WHEN t.org = $2 THEN 1 ELSE 0 END`, at.Home(), at)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var mine, n, by int64
		if err = r.Scan(&mine, &n, &by); mine == 1 {
			w.Mine, w.MineBy = n, by
		} else {
			w.Silent, w.SilentBy = n, by
		}
		return none, err
	})
	return w, err
}

// Difference is one thing that was changed after the issue: times are milliseconds, in digits.
type Difference struct {
	Field, Was, Now string
	Version, At     int64
}

// Changes lists what was changed since a version, in order.
func Changes(ctx context.Context, r db.Reader, callup id.ID, since int64) ([]Difference, error) {
	rows, err := r.Query(ctx, `SELECT d.field, d.was, d.now, d.version, d.at FROM callup_change d WHERE d.home = $1 AND d.callup = $2 AND d.version > $3
		ORDER BY d.version, d.n`, callup.Home(), callup, since)
	return db.Collect(rows, err, func(r *sql.Rows) (d Difference, err error) {
		err = r.Scan(&d.Field, &d.Was, &d.Now, &d.Version, &d.At)
		return d, err
	})
}

// shiftsOf are the shifts that a receiver opened, or that all receivers of a call-up did.
func shiftsOf(ctx context.Context, r db.Reader, receipt id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, "SELECT h.shift FROM callup_shift h WHERE h.home = $1 AND h.receipt = $2 ORDER BY h.shift", receipt.Home(), receipt)
	return db.Collect(rows, err, db.Value[id.ID])
}

// opening is a shift and the receiver that opened it to a call-up.
type opening struct{ shift, receipt id.ID }

// openings are shifts that receivers opened to a call-up: one first, then those of a receiver,
// then the others, the earliest first.
func openings(ctx context.Context, r db.Reader, callup, shift, receipt id.ID, limit int) ([]opening, error) {
	rows, err := r.Query(ctx, `/* across homes: receivers live in theirs */ SELECT h.shift, h.receipt FROM callup_shift h
		JOIN roster_shift s ON s.home = SUBSTR(h.shift, 1, 6) AND s.id = h.shift WHERE h.callup = $1 AND s.state = 'open'
		ORDER BY CASE WHEN h.shift = $2 THEN 0 WHEN h.receipt = $3 THEN 1 ELSE 2 END, s.starts, h.shift LIMIT $4`, callup, shift, receipt, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (o opening, err error) {
		err = r.Scan(&o.shift, &o.receipt)
		return o, err
	})
}

// holders lists who holds one of two roles at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID, first, other string) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ($2, $3) ORDER BY p.person`, at, first, other)
	return db.Collect(rows, err, db.Value[id.ID])
}

// OpenShiftsOf are the shifts that receivers opened to a call-up and that have free places,
// those of one receiver first.
func OpenShiftsOf(ctx context.Context, r db.Reader, callup, receipt id.ID, now int64, limit int) ([]roster.Shift, error) {
	all, err := openings(ctx, r, callup, "", receipt, mostOpen)
	if err != nil {
		return nil, err
	}
	var open []roster.Shift
	for _, o := range all {
		s, err := roster.Get(ctx, r, o.shift)
		if err != nil {
			return nil, err
		}
		if s.Starts > now && s.Free(roster.Primary) > 0 && len(open) < limit {
			open = append(open, s)
		}
	}
	return open, nil
}
