package bulletin

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

const deliveryColumns = "d.id, d.issue, d.org, d.kind, d.delivered, d.read, d.reader, d.reminded, d.reminders, d.answer, d.answered, d.answerer, d.rev"

func (d *Delivery) scan(scan func(...any) error, more ...any) error {
	return scan(append([]any{&d.ID, &d.Issue, &d.Org, &d.Kind, &d.Delivered, &d.Read, &d.Reader, &d.Reminded, &d.Reminders, &d.Answer, &d.Answered,
		&d.Answerer, &d.Rev}, more...)...)
}

// DeliveryOf reads a delivery.
func DeliveryOf(ctx context.Context, r db.Reader, delivery id.ID) (d Delivery, err error) {
	err = d.scan(r.QueryRow(ctx, "SELECT "+deliveryColumns+" FROM bulletin_delivery d WHERE d.home = $1 AND d.id = $2", delivery.Home(), delivery).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "bulletin.delivery_unknown")
	}
	return d, err
}

// receiver is an organisation that an issue goes to.
type receiver struct {
	Org  id.ID
	Kind string
}

// undelivered are some of those to whom an issue goes and who have not got it.
func undelivered(ctx context.Context, r db.Reader, i Issue, limit int) (all []receiver, err error) {
	groups := i.groups()
	if slices.Contains(groups, Above) {
		above, err := org.Above(ctx, r, i.Org)
		if err != nil {
			return nil, err
		}
		has, err := hasIt(ctx, r, i.ID, above)
		if err != nil {
			return nil, err
		}
		if above != "" && !has {
			all = append(all, receiver{above, "report"})
		}
	}
	for _, at := range i.Singly() {
		has, err := hasIt(ctx, r, i.ID, at)
		if err != nil {
			return nil, err
		}
		if !has && !slices.ContainsFunc(all, func(to receiver) bool { return to.Org == at }) {
			all = append(all, receiver{at, "copy"})
		}
	}
	if len(all) > 0 { // these first, the groups with the next, so that nobody gets it twice
		return all, nil
	}
	types := make([]any, 0, 8)
	for _, g := range groups {
		if g != Above {
			types = append(types, string(g))
		}
	}
	if len(types) == 0 {
		return all, nil
	}
	for len(types) < 8 {
		types = append(types, types[len(types)-1])
	}
	args := append([]any{i.Org, i.ID, limit}, types...)
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */ SELECT o.id FROM org_org a JOIN org_under u ON u.ancestor = a.position
		JOIN org_org o ON o.position = u.position WHERE a.id = $1 AND o.id <> $1 AND o.state = 'approved'
		AND CASE WHEN o.kind = 'practice' THEN o.tier ELSE o.kind END IN (`+db.In(8, 4)+`)
		AND NOT EXISTS (SELECT 1 FROM bulletin_delivery d WHERE d.issue = $2 AND d.org = o.id) ORDER BY o.id LIMIT $3`, args...)
	below, err := db.Collect(rows, err, func(r *sql.Rows) (to receiver, err error) {
		to.Kind = "copy"
		return to, r.Scan(&to.Org)
	})
	return append(all, below...), err
}

func hasIt(ctx context.Context, r db.Reader, issue, at id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, "SELECT COUNT(*) FROM bulletin_delivery d WHERE d.home = $1 AND d.issue = $2 AND d.org = $3", at.Home(), issue, at).Scan(&n)
	return n > 0, err
}

// unread are some deliveries of an issue that nobody read, and of which nobody was reminded
// since a moment.
func unread(ctx context.Context, r db.Reader, issue id.ID, before int64, limit int) ([]Delivery, error) {
	rows, err := r.Query(ctx, "/* across homes: a delivery lives with its receiver */ SELECT "+deliveryColumns+` FROM bulletin_delivery d
		WHERE d.issue = $1 AND d.read = 0 AND d.delivered <= $2 AND d.reminded <= $2 AND d.reminders < $3 ORDER BY d.id LIMIT $4`, issue, before, maxRemind, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (d Delivery, err error) { return d, d.scan(r.Scan) })
}

// Tray is an issue that an organisation received.
type Tray struct {
	Delivery
	Theme, Name, OrgName string
	Number               int64
	Published            int64
}

// TrayOf is what an organisation received, the latest first.
func TrayOf(ctx context.Context, r db.Reader, at id.ID, limit int) ([]Tray, error) {
	rows, err := r.Query(ctx, "/* across homes: an issue lives with its organisation */ SELECT "+deliveryColumns+`, i.theme, i.name, o.name, i.number, i.published
		FROM bulletin_delivery d JOIN bulletin_issue i ON i.id = d.issue JOIN org_org o ON o.id = i.org
		WHERE d.org = $1 AND d.delivered > 0 ORDER BY d.delivered DESC, d.id LIMIT $2`, at, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (t Tray, err error) {
		return t, t.scan(r.Scan, &t.Theme, &t.Name, &t.OrgName, &t.Number, &t.Published)
	})
}

// Reach is how far an issue has come.
type Reach struct{ Delivered, Read, Answered int64 }

// ReachOf counts the deliveries of an issue.
func ReachOf(ctx context.Context, r db.Reader, issue id.ID) (n Reach, err error) {
	err = r.QueryRow(ctx, `/* across homes: a delivery lives with its receiver */ SELECT COUNT(*), COALESCE(SUM(CASE WHEN d.read > 0 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN d.answered > 0 THEN 1 ELSE 0 END), 0) FROM bulletin_delivery d WHERE d.issue = $1 AND d.delivered > 0`, issue).
		Scan(&n.Delivered, &n.Read, &n.Answered)
	return n, err
}

// Receiver is a delivery with the name of its receiver.
type Receiver struct {
	Delivery
	OrgName string
}

// ReceiversOf are the deliveries of an issue: those not read first, then those with an answer.
func ReceiversOf(ctx context.Context, r db.Reader, issue id.ID, limit int) ([]Receiver, error) {
	rows, err := r.Query(ctx, "/* across homes: a delivery lives with its receiver */ SELECT "+deliveryColumns+`, o.name FROM bulletin_delivery d
		JOIN org_org o ON o.id = d.org WHERE d.issue = $1 AND d.delivered > 0
		ORDER BY CASE WHEN d.read = 0 THEN 0 WHEN d.answered > 0 THEN 1 ELSE 2 END, o.area, d.org LIMIT $2`, issue, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (v Receiver, err error) { return v, v.scan(r.Scan, &v.OrgName) })
}

// Need is how many of something there are, the moment that matters of the first, and one issue
// of which it is true.
type Need struct {
	N     int64
	At    int64
	Issue id.ID
}

// NeedsAHand is what asks for a hand about bulletins at an organisation.
type NeedsAHand struct {
	Read       Need // issues that it received and has not read, since when
	Answer     Need // issues that it is asked to answer and has not, by when
	Write      Need // texts that are asked of it, by when
	Unread     Need // receivers of its own issues who have not read for days
	Unanswered Need // receivers of its own issues whose day to answer is over
}

// NeedsOf tells what asks for a hand at an organisation itself.
func NeedsOf(ctx context.Context, r db.Reader, at id.ID, now time.Time) (n NeedsAHand, err error) {
	today := db.Day(now)
	for _, one := range []struct {
		to   *Need
		sql  string
		args []any
	}{
		{&n.Read, `/* across homes: an issue lives with its organisation, a delivery with its receiver */ SELECT COUNT(*), COALESCE(MIN(d.delivered), 0), COALESCE(MIN(d.issue), '') FROM bulletin_delivery d WHERE d.org = $1 AND d.delivered > 0 AND d.read = 0`, []any{at}},
		{&n.Write, `/* across homes: an issue lives with its organisation, a delivery with its receiver */ SELECT COUNT(*), COALESCE(MIN(a.due), 0), COALESCE(MIN(a.issue), '') FROM bulletin_article a JOIN bulletin_issue i ON i.home = a.home AND i.id = a.issue
			WHERE a.org = $1 AND i.org <> $1 AND i.state = 'draft' AND a.state IN ('invited', 'returned')`, []any{at}},
		{&n.Unread, `/* across homes: an issue lives with its organisation, a delivery with its receiver */ SELECT COUNT(*), COALESCE(MIN(d.delivered), 0), COALESCE(MIN(d.issue), '') FROM bulletin_delivery d JOIN bulletin_issue i ON i.id = d.issue
			WHERE i.org = $1 AND i.state = 'published' AND d.delivered > 0 AND d.delivered < $2 AND d.read = 0`, []any{at, db.MS(now.Add(-remindAfter))}},
	} {
		if err := r.QueryRow(ctx, one.sql, one.args...).
			Scan(&one.to.N, &one.to.At, &one.to.Issue); err != nil {
			return n, err
		}
	}
	for _, one := range []struct {
		to   *Need
		sql  string
		args []any
	}{
		{&n.Answer, `/* across homes: an issue lives with its organisation, a delivery with its receiver */ SELECT COUNT(*), COALESCE(MIN(i.answer_day), ''), COALESCE(MIN(d.issue), '') FROM bulletin_delivery d JOIN bulletin_issue i ON i.id = d.issue
			WHERE d.org = $1 AND d.delivered > 0 AND d.read > 0 AND d.answered = 0 AND i.answer_day <> ''`, []any{at}},
		{&n.Unanswered, `/* across homes: an issue lives with its organisation, a delivery with its receiver */ SELECT COUNT(*), COALESCE(MIN(i.answer_day), ''), COALESCE(MIN(d.issue), '') FROM bulletin_delivery d JOIN bulletin_issue i ON i.id = d.issue
			WHERE i.org = $1 AND i.state = 'published' AND d.delivered > 0 AND d.answered = 0 AND i.answer_day <> '' AND i.answer_day < $2`, []any{at, today}},
	} {
		day := ""
		if err := r.QueryRow(ctx, one.sql, one.args...).
			Scan(&one.to.N, &day, &one.to.Issue); err != nil {
			return n, err
		}
		one.to.At = endOf(day)
	}
	return n, nil
}

// endOf is when a day is over.
func endOf(day string) int64 {
	at, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return 0
	}
	return db.MS(at.AddDate(0, 0, 1)) - 1
}

// Waiting counts what an organisation received and nobody read, and the texts it is asked for.
func Waiting(ctx context.Context, r db.Reader, at id.ID) (unread, asked int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: an issue lives with its organisation */ SELECT
		(SELECT COUNT(*) FROM bulletin_delivery d WHERE d.org = $1 AND d.delivered > 0 AND d.read = 0),
		(SELECT COUNT(*) FROM bulletin_article a JOIN bulletin_issue i ON i.home = a.home AND i.id = a.issue
			WHERE a.org = $1 AND i.org <> $1 AND i.state = 'draft' AND a.state IN ('invited', 'returned'))`, at).Scan(&unread, &asked)
	return unread, asked, err
}
