package article

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// Listed is an article with the names that a list shows; it has no text.
type Listed struct {
	Article
	OrgName, ReviewerName string
}

var listed = strings.Replace(columns, "a.doc", "''", 1) + `, o.name, COALESCE(d.name, '')
	FROM article_article a JOIN org_org o ON o.id = a.org LEFT JOIN org_org d ON d.id = a.reviewer_org `

func scanListed(r *sql.Rows) (l Listed, err error) {
	return l, r.Scan(append(l.fields(), &l.OrgName, &l.ReviewerName)...)
}

// PageSize is how many rows a list gives.
const PageSize = 20

// Filter narrows a list. Zero values do not.
type Filter struct {
	Org      id.ID // it and what is below it
	Campaign int64 // it and what is below it
	Kind     Kind
	State    State
	After    string
	Limit    int
}

// where writes the conditions and adds their values.
func (f Filter) where(args *[]any) string {
	var w strings.Builder
	add := func(condition string, value any) {
		*args = append(*args, value)
		fmt.Fprintf(&w, condition, len(*args))
	}
	if f.Org != "" {
		add(" AND EXISTS (SELECT 1 FROM org_org z JOIN org_under n ON n.ancestor = z.position WHERE z.id = $%d AND n.position = o.position)", f.Org)
	}
	if f.Campaign != 0 {
		add(" AND EXISTS (SELECT 1 FROM campaign_under cu WHERE cu.ancestor = $%d AND cu.campaign = a.campaign)", f.Campaign)
	}
	if f.Kind != "" {
		add(" AND a.kind = $%d", string(f.Kind))
	}
	if f.State != "" {
		add(" AND a.state = $%d", string(f.State))
	}
	return w.String()
}

// Shown lists what everybody may read, the last published first, and where the next page
// begins.
func ShownTo(ctx context.Context, r db.Reader, f Filter) ([]Listed, string, error) {
	return page(ctx, r, f, "a.published", "a.version > 0 AND a.withdrawn = 0", nil)
}

// Desk lists what organisations within reach wrote, and those that were merged into one of them,
// the last edited first.
func Desk(ctx context.Context, r db.Reader, seats []org.Seat, f Filter) ([]Listed, string, error) {
	if len(seats) == 0 {
		return nil, "", nil
	}
	var args []any
	for _, s := range seats {
		args = append(args, s.Position)
	}
	within := "m.ancestor IN (" + db.In(len(args), 1) + ")"
	return page(ctx, r, f, "a.edited", "(EXISTS (SELECT 1 FROM org_under m WHERE "+within+` AND m.position = o.position) OR
		EXISTS (SELECT 1 FROM org_org h JOIN org_under m ON m.position = h.position WHERE h.id = o.successor AND `+within+"))", args)
}

// page reads a page by a moment, falling.
func page(ctx context.Context, r db.Reader, f Filter, by, which string, args []any) ([]Listed, string, error) {
	at, last, err := parseCursor(f.After)
	if err != nil {
		return nil, "", err
	}
	limit := f.Limit
	if limit <= 0 || limit > PageSize {
		limit = PageSize
	}
	which += f.where(&args)
	n := len(args)
	args = append(args, at, last, limit+1)
	rows, err := r.Query(ctx, fmt.Sprintf(`/* across homes: articles are published everywhere */ SELECT %s WHERE %s AND (%s, a.id) < ($%d, $%d)
		ORDER BY %s DESC, a.id DESC LIMIT $%d`, listed, which, by, n+1, n+2, by, n+3), args...)
	all, err := db.Collect(rows, err, scanListed)
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	all = all[:limit]
	end := all[limit-1]
	moment := end.Published
	if by == "a.edited" {
		moment = end.Edited
	}
	return all, strconv.FormatInt(moment, 10) + "." + string(end.ID), nil
}

func parseCursor(text string) (at int64, last id.ID, err error) {
	if text == "" {
		return 1 << 62, "", nil
	}
	moment, rest, _ := strings.Cut(text, ".")
	if at, err = strconv.ParseInt(moment, 10, 64); err == nil {
		last, err = id.Parse(rest)
	}
	if err != nil {
		err = fail.Field("after", "article.page_unknown")
	}
	return at, last, err
}

// Queue lists what lies on the desks of organisations, what is due first first.
func Queue(ctx context.Context, r db.Reader, desks []id.ID) ([]Listed, error) {
	if len(desks) == 0 {
		return nil, nil
	}
	which, args := onDesks(desks)
	rows, err := r.Query(ctx, `/* across homes: what is on a reviewer's desk */ SELECT `+listed+which+" ORDER BY a.due, a.id LIMIT 100", args...)
	return db.Collect(rows, err, scanListed)
}

// CountQueue counts what lies on the desks of organisations.
func CountQueue(ctx context.Context, r db.Reader, desks []id.ID) (n int, err error) {
	if len(desks) == 0 {
		return 0, nil
	}
	which, args := onDesks(desks)
	err = r.QueryRow(ctx, "/* across homes: what is on a reviewer's desk */ SELECT COUNT(*) FROM article_article a "+which, args...).Scan(&n)
	return n, err
}

// onDesks is the condition of lying on desks, or on one that was merged into one of them.
func onDesks(desks []id.ID) (string, []any) {
	args := make([]any, len(desks))
	for i, d := range desks {
		args[i] = d
	}
	in := db.In(len(args), 1)
	return "WHERE a.state = 'submitted' AND (a.reviewer_org IN (" + in + ") OR a.reviewer_org IN (SELECT g.id FROM org_org g WHERE g.successor IN (" + in + ")))", args
}
