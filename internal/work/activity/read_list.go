package activity

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Listed is an activity with the names that a list shows.
type Listed struct {
	Activity
	OrgName      string
	ServiceName  string
	ReviewerName string // of the organisation on whose desk it is
}

const listed = columns + `, o.name, s.name, COALESCE(d.name, '')
	FROM activity_activity a JOIN org_org o ON o.id = a.org JOIN activity_service s ON s.id = a.service
	LEFT JOIN org_org d ON d.id = a.reviewer_org `

func scanListed(r *sql.Rows) (l Listed, err error) {
	return l, r.Scan(append(l.Activity.fields(), &l.OrgName, &l.ServiceName, &l.ReviewerName)...)
}

// PageSize is how many rows a list gives unless it is asked for fewer.
const PageSize = 30

// Filter narrows a list. Zero values do not.
type Filter struct {
	Area     area.Code // where it takes place: there or below
	Service  int64
	Campaign int64 // it or what is below it
	Text     string
	From, To int64 // it runs at some time between these moments, in unix ms
	Limit    int   // at most PageSize
	Oldest   bool  // Within begins with the oldest
}

func (f Filter) limit() int {
	if f.Limit <= 0 || f.Limit > PageSize {
		return PageSize
	}
	return f.Limit
}

// words is a statement that is put together: only the conditions that are asked for stand in
// it, so that the planner sees what there is to see.
type words struct {
	text []byte
	args []any
}

// add writes a piece; each $ that no number follows becomes the next parameter.
func (w *words) add(piece string, args ...any) {
	w.args = append(w.args, args...)
	n := len(w.args) - len(args)
	for i, c := range []byte(piece) {
		w.text = append(w.text, c)
		if c == '$' && (i+1 == len(piece) || piece[i+1] < '0' || piece[i+1] > '9') {
			n++
			w.text = strconv.AppendInt(w.text, int64(n), 10)
		}
	}
}

// in writes a list of parameters.
func (w *words) in(values []any) {
	w.add("(" + db.In(len(values), len(w.args)+1) + ")")
	w.args = append(w.args, values...)
}

// narrow writes the conditions of a filter on an activity a.
func (w *words) narrow(f Filter) {
	if f.Area != 0 {
		low, high := bounds(f.Area)
		w.add(" AND a.area >= $ AND a.area < $", low, high)
	}
	if f.Service != 0 {
		w.add(" AND a.service = $", f.Service)
	}
	if f.Campaign != 0 {
		w.add(" AND EXISTS (SELECT 1 FROM campaign_under cu WHERE cu.ancestor = $ AND cu.campaign = a.campaign)", f.Campaign)
	}
	if text := pattern(f.Text); text != "" {
		w.add(` AND LOWER(a.title) LIKE $ ESCAPE '\'`, text)
	}
	if f.From != 0 {
		w.add(" AND a.ends > $", f.From)
	}
	if f.To != 0 {
		w.add(" AND a.starts < $", f.To)
	}
}

// bounds are the first code of a division and the first after it.
func bounds(at area.Code) (low, high int64) {
	lo, hi := at.Range()
	return int64(lo), int64(hi)
}

// pattern is a LIKE pattern for what contains a text.
func pattern(text string) string {
	text = strings.ToLower(ident.Line(text))
	if text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// cursor is where a page ends: a moment and an id, as "1582870000000.321281-…".
func cursor(at int64, last id.ID) string { return strconv.FormatInt(at, 10) + "." + string(last) }

// from reads a cursor; what is none begins at the beginning, which is before or
// after every moment as the list runs.
func from(after string, beginning int64) (int64, string) {
	at, last, _ := strings.Cut(after, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	if err == nil {
		_, err = id.Parse(last)
	}
	if err != nil {
		return beginning, ""
	}
	return n, last
}

// page cuts one row more than was asked for off the end, and says where to go on.
func page(rows []Listed, limit int, moment func(Listed) int64) ([]Listed, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	last := rows[limit-1]
	return rows[:limit], cursor(moment(last), last.ID)
}

// open begins a statement on what is published and not over.
func open(now time.Time, f Filter, selected string) (w words) {
	w.add(selected+" WHERE a.state = 'published' AND a.ends > $", max(f.From, db.MS(now)))
	f.From = 0
	w.narrow(f)
	return w
}

// Open lists published activities that are not over, the first to begin first.
// after is what the page before answered, empty for the first.
func Open(ctx context.Context, r db.Reader, now time.Time, f Filter, after string) ([]Listed, string, error) {
	at, last := from(after, -1)
	w := open(now, f, "/* across homes: what is open anywhere in a division */ SELECT "+listed)
	w.add(" AND (a.starts > $ OR (a.starts = $ AND a.id > $)) ORDER BY a.starts, a.id LIMIT $", at, at, last, f.limit()+1)
	rows, err := r.Query(ctx, string(w.text), w.args...)
	all, err := db.Collect(rows, err, scanListed)
	all, next := page(all, f.limit(), func(l Listed) int64 { return l.Starts })
	return all, next, err
}

// CountOpen counts what Open lists.
func CountOpen(ctx context.Context, r db.Reader, now time.Time, f Filter) (n int, err error) {
	w := open(now, f, "/* across homes: what is open anywhere in a division */ SELECT COUNT(*) FROM activity_activity a")
	err = r.QueryRow(ctx, string(w.text), w.args...).Scan(&n)
	return n, err
}

const (
	organised = `/* across homes: what staff see below their seats */ SELECT a.home, a.id, a.created, a.state
		FROM org_under n JOIN org_position p ON p.id = n.position JOIN org_org w ON w.id = p.org AND w.position = p.id
		JOIN activity_activity a ON a.org = w.id WHERE n.ancestor IN `
	supported = ` UNION ALL SELECT DISTINCT a.home, a.id, a.created, a.state
		FROM org_under n JOIN org_position p ON p.id = n.position JOIN org_org w ON w.id = p.org AND w.position = p.id
		JOIN activity_coorg c ON c.org = w.id JOIN activity_activity a ON a.home = c.home AND a.id = c.activity WHERE n.ancestor IN `
	otherwise = ` AND NOT EXISTS (SELECT 1 FROM org_under n JOIN org_org w ON w.position = n.position WHERE w.id = a.org AND n.ancestor IN `
)

// below writes a list m of what the organisations at and below the seats organise, and of
// what they do beside another. It starts from the organisations, so that a station's list
// does not read a city's.
func (w *words) below(seats []org.Seat, f Filter) {
	positions := make([]any, len(seats))
	for i, s := range seats {
		positions[i] = s.Position
	}
	w.add("(" + organised)
	w.in(positions)
	w.narrow(f)
	w.add(supported)
	w.in(positions)
	w.narrow(f)
	w.add(otherwise)
	w.in(positions)
	w.add(")) m")
}

// Within lists the activities of the organisations at and below the seats, and
// those in which they are co-organisers, the newest first unless the filter says otherwise.
func Within(ctx context.Context, r db.Reader, seats []org.Seat, state State, f Filter, after string) ([]Listed, string, error) {
	if len(seats) == 0 {
		return nil, "", nil
	}
	beyond, order, beginning := "<", " DESC", int64(1<<62)
	if f.Oldest {
		beyond, order, beginning = ">", "", -1
	}
	at, last := from(after, beginning)
	var w words
	w.add("WITH top AS (SELECT m.home, m.id FROM ")
	w.below(seats, f)
	w.add(" WHERE (m.created "+beyond+" $ OR (m.created = $ AND m.id "+beyond+" $))", at, at, last)
	if state != "" {
		w.add(" AND m.state = $", string(state))
	}
	w.add(" ORDER BY m.created"+order+", m.id"+order+" LIMIT $)", f.limit()+1)
	w.add(" /* across homes: what staff see below their seats */ SELECT " + listed + "JOIN top t ON t.home = a.home AND t.id = a.id ORDER BY a.created" + order + ", a.id" + order)
	rows, err := r.Query(ctx, string(w.text), w.args...)
	all, err := db.Collect(rows, err, scanListed)
	all, next := page(all, f.limit(), func(l Listed) int64 { return l.Created })
	return all, next, err
}

// Counts counts what Within lists, by state.
func Counts(ctx context.Context, r db.Reader, seats []org.Seat, f Filter) (map[State]int, error) {
	counts := map[State]int{}
	if len(seats) == 0 {
		return counts, nil
	}
	var w words
	w.add("/* across homes: what staff see below their seats */ SELECT m.state, COUNT(*) FROM ")
	w.below(seats, f)
	w.add(" GROUP BY m.state")
	rows, err := r.Query(ctx, string(w.text), w.args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (n int, err error) {
		var s State
		err = r.Scan(&s, &n)
		counts[s] = n
		return n, err
	})
	return counts, err
}

// Desk is what of the submissions a reviewer looks at.
type Desk string

// Mine are those on the desks of her organisations, Raised those of them that
// came up from below, Overdue every one below her that is late, on whatever desk.
const (
	Mine    Desk = "mine"
	Raised  Desk = "raised"
	Overdue Desk = "overdue"
)

// Desks lists the views in the order of the page.
func Desks() []Desk { return []Desk{Mine, Raised, Overdue} }

// queue reads the parameters $1 to $3 and, from $4, the organisations.
func queue(orgs []id.ID) string {
	return ` WHERE a.state = 'submitted' AND a.due <= $1 AND a.raised >= $2
		AND EXISTS (SELECT 1 FROM org_org w JOIN org_under n ON n.position = w.position JOIN org_org z ON z.position = n.ancestor
			WHERE w.id = a.reviewer_org AND n.depth <= $3 AND z.id IN (` + db.In(len(orgs), 4) + `)) `
}

func (d Desk) args(now time.Time, orgs []id.ID) []any {
	due, raised, depth := int64(1<<62), 0, 0
	switch d {
	case Overdue:
		due, depth = db.MS(now), 100
	case Raised:
		raised = 1
	}
	args := []any{due, raised, depth}
	for _, o := range orgs {
		args = append(args, string(o))
	}
	return args
}

// Queue lists submissions for somebody who reviews at the organisations, the one
// that is due first first.
func Queue(ctx context.Context, r db.Reader, now time.Time, orgs []id.ID, d Desk, after string) ([]Listed, string, error) {
	if len(orgs) == 0 {
		return nil, "", nil
	}
	at, last := from(after, -1)
	n := len(orgs) + 4
	args := append(d.args(now, orgs), at, last, PageSize+1)
	rows, err := r.Query(ctx, "/* across homes: what is on a reviewer's desk */ SELECT "+listed+queue(orgs)+
		"AND (a.due > "+db.In(1, n)+" OR (a.due = "+db.In(1, n)+" AND a.id > "+db.In(1, n+1)+")) ORDER BY a.due, a.id LIMIT "+db.In(1, n+2),
		args...)
	all, err := db.Collect(rows, err, scanListed)
	all, next := page(all, PageSize, func(l Listed) int64 { return l.Due })
	return all, next, err
}

// CountQueue counts what Queue lists.
func CountQueue(ctx context.Context, r db.Reader, now time.Time, orgs []id.ID, d Desk) (n int, err error) {
	if len(orgs) == 0 {
		return 0, nil
	}
	err = r.QueryRow(ctx, `/* across homes: what is on a reviewer's desk */
		SELECT COUNT(*) FROM activity_activity a`+queue(orgs), d.args(now, orgs)...).Scan(&n)
	return n, err
}

// Tally is how much is open in a county.
type Tally struct {
	Area area.Code
	N    int64
}

// Counties lists the counties in which something is open, and how much. What a city
// organises for all of itself stands under the city's own code.
func Counties(ctx context.Context, r db.Reader, now time.Time) ([]Tally, error) {
	rows, err := r.Query(ctx, `/* across homes: what is open anywhere */
		SELECT a.area / 1000000 * 1000000, COUNT(*) FROM activity_activity a WHERE a.state = 'published' AND a.ends > $1
		GROUP BY a.area / 1000000 * 1000000 ORDER BY a.area / 1000000 * 1000000`, db.MS(now))
	return db.Collect(rows, err, func(r *sql.Rows) (t Tally, err error) { return t, r.Scan(&t.Area, &t.N) })
}
