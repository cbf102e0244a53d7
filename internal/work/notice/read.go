package notice

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

const columns = "n.id, n.person, n.kind, n.subject, n.at, n.read, n.args"

func scan(scan func(...any) error) (n Notice, err error) {
	var args string
	if err = scan(&n.ID, &n.Person, &n.Kind, &n.Subject, &n.At, &n.Read, &args); err != nil {
		return n, err
	}
	d := json.NewDecoder(strings.NewReader(args))
	d.UseNumber()
	return n, d.Decode(&n.args)
}

func get(ctx context.Context, r db.Reader, notice id.ID) (Notice, error) {
	n, err := scan(r.QueryRow(ctx, "SELECT "+columns+" FROM notice_notice n WHERE n.home = $1 AND n.id = $2", notice.Home(), notice).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "notice.unknown")
	}
	return n, err
}

// page is how many notices one page of an inbox shows.
const page = 30

// Inbox is one page of a person's notices, the latest first, for her or who acts for her;
// and the cursor of the next page, "" on the last.
func Inbox(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID, after string) ([]Notice, string, error) {
	if err := permit(ctx, r, actor, person); err != nil {
		return nil, "", err
	}
	at, last := parseCursor(after)
	rows, err := r.Query(ctx, "SELECT "+columns+` FROM notice_notice n WHERE n.home = $1 AND n.person = $2 AND (n.at < $3 OR n.at = $3 AND n.id < $4)
		ORDER BY n.at DESC, n.id DESC LIMIT $5`, person.Home(), person, at, last, page+1)
	all, err := db.Collect(rows, err, func(rows *sql.Rows) (Notice, error) { return scan(rows.Scan) })
	if err != nil || len(all) <= page {
		return all, "", err
	}
	all = all[:page]
	end := all[page-1]
	return all, cursor(end.At, end.ID), nil
}

// parseCursor reads where a page begins; what is none begins at the latest.
func parseCursor(s string) (at int64, last string) {
	const never = 1 << 62
	ms, last, _ := strings.Cut(s, ".")
	at, err := strconv.ParseInt(ms, 10, 64)
	if err == nil {
		_, err = id.Parse(last)
	}
	if err != nil {
		return never, ""
	}
	return at, last
}

// Unread counts a person's unread notices.
func Unread(ctx context.Context, r db.Reader, person id.ID) (n int, err error) {
	err = r.QueryRow(ctx, "SELECT COUNT(*) FROM notice_notice WHERE home = $1 AND person = $2 AND read = 0", person.Home(), person).Scan(&n)
	return n, err
}

// checks are what always holds: every notice is somebody's; every delivery carries a notice of
// the same person; its state, its tries and its moments fit together.
var checks = []struct{ name, query string }{
	{"notice.persons", `/* across homes: verify reads everything */ SELECT n.id, CASE WHEN p.id IS NULL THEN 1 ELSE 0 END
		FROM notice_notice n LEFT JOIN people_person p ON p.home = n.home AND p.id = n.person`},
	{"notice.deliveries", `/* across homes: verify reads everything */ SELECT d.id, CASE WHEN n.id IS NULL OR n.person <> d.person THEN 1 ELSE 0 END
		FROM notice_delivery d LEFT JOIN notice_notice n ON n.home = d.home AND n.id = d.notice`},
	{"notice.steps", `/* across homes: verify reads everything */ SELECT d.id, CASE
		WHEN d.channel NOT IN ('sms', 'wechat', 'mail', 'hook') OR d.round < 1 OR d.tries < 0 THEN 1
		WHEN d.state = 'waiting' AND d.ended = 0 AND d.why = '' THEN 0
		WHEN d.lease <> '' OR d.ended < d.queued THEN 1
		WHEN d.state = 'sent' AND d.tries > 0 AND d.reason = '' THEN 0
		WHEN d.state = 'needless' AND d.tries > 0 AND d.reason <> '' THEN 0
		WHEN d.state = 'folded' THEN 0
		WHEN d.state = 'dead' AND d.tries > 0 AND d.reason <> '' AND d.why = '' THEN 0
		WHEN d.state = 'given_up' AND d.tries > 0 AND d.reason <> '' AND d.why <> '' THEN 0
		ELSE 1 END FROM notice_delivery d`},
}

// Verify checks what always holds.
func Verify(ctx context.Context, r db.Reader) (all []ledger.Check, err error) {
	for _, one := range checks {
		c, err := verify(ctx, r, one.name, one.query)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func verify(ctx context.Context, r db.Reader, name, query string) (c ledger.Check, err error) {
	c.Name = name
	rows, err := r.Query(ctx, query)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var at string
		var broken int
		if err := rows.Scan(&at, &broken); err != nil {
			return c, err
		}
		c.Checked++
		if broken != 0 {
			c.Break(at)
		}
	}
	return c, rows.Err()
}

// Get is one notice, for its person or who acts for her.
func Get(ctx context.Context, r db.Reader, actor auth.Actor, notice id.ID) (Notice, error) {
	n, err := get(ctx, r, notice)
	if err == nil {
		err = permit(ctx, r, actor, n.Person)
	}
	return n, err
}
