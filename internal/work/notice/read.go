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
	return all, strconv.FormatInt(end.At, 10) + "." + string(end.ID), nil
}

// parseCursor reads where a page begins; what is none begins at the latest.
func parseCursor(s string) (at int64, last string) {
	const never = 1 << 62
	ms, last, _ := strings.Cut(s, ".")
	at, err := strconv.ParseInt(ms, 10, 64)
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

// Verify checks that every notice is somebody's.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	c := ledger.Check{Name: "notice.persons"}
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */ SELECT n.id, CASE WHEN p.id IS NULL THEN 1 ELSE 0 END
		FROM notice_notice n LEFT JOIN people_person p ON p.home = n.home AND p.id = n.person`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var at string
		var broken int
		if err := rows.Scan(&at, &broken); err != nil {
			return nil, err
		}
		c.Checked++
		if broken != 0 {
			c.Break(at)
		}
	}
	return []ledger.Check{c}, rows.Err()
}

// Get is one notice, for its person or who acts for her.
func Get(ctx context.Context, r db.Reader, actor auth.Actor, notice id.ID) (Notice, error) {
	n, err := get(ctx, r, notice)
	if err == nil {
		err = permit(ctx, r, actor, n.Person)
	}
	return n, err
}
