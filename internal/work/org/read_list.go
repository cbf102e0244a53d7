package org

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
)

// Filter says which organisations a list holds: those in the tree below Under, with Direct
// those that hang right under it, and without Under all there are.
type Filter struct {
	Under  id.ID
	Direct bool
	Kind   Kind      // "": every
	Tier   Tier      // "": every
	Within area.Code // 0: anywhere
	Text   string    // part of the name, a credit code, or how an area code begins
	After  string    // where the page before ended
	Limit  int       // 50 when 0
}

// cursor is where a page of a list ended.
type cursor struct {
	At   int64 // an area code, or a moment
	Name string
	ID   id.ID
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // of a number and two strings
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err == nil && c.ID != "" {
		_, err = id.Parse(string(c.ID))
	}
	if err != nil || strings.Contains(c.Name, "\x00") {
		return cursor{}, fail.New(fail.Invalid, "org.page_unknown")
	}
	return c, nil
}

// sought is what a text may be looked for as.
type sought struct {
	like     string
	credit   string
	from, to int64 // of area codes
}

// seek reads a text that somebody looks for.
func seek(text string) (s sought) {
	line := ident.Line(text)
	s.like = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(lower(line)) + "%"
	code := ident.Fold(text)
	if n := len(code); n >= 2 && n <= 12 && ident.Digits(code, n) {
		prefix, _ := strconv.ParseInt(code, 10, 64) // at most twelve digits
		span := int64(1)
		for range 12 - n {
			span *= 10
		}
		s.from, s.to = prefix*span, (prefix+1)*span
	}
	if credit, err := ident.ParseCreditCode(text); err == nil {
		s.credit = string(credit)
	}
	return s
}

// lower is LOWER as both engines do it for ASCII.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

const listWhere = ` WHERE o.state = 'approved' AND ($2 = '' OR o.kind = $2) AND ($3 = '' OR o.tier = $3)
	AND (LOWER(o.name) LIKE $4 ESCAPE '\' OR o.area >= $5 AND o.area < $6 OR o.credit_code = $7 AND $7 <> '')
	AND o.area >= $8 AND o.area < $9`

const (
	fromAll     = ` FROM org_org o` + listWhere + ` AND $1 = ''`
	fromDirect  = ` FROM org_org o` + listWhere + ` AND o.parent = $1`
	fromBeneath = ` FROM org_org o JOIN org_position q ON q.org = $1 AND q.to_day = ''
	JOIN org_under u ON u.ancestor = q.id AND u.position = o.position AND u.depth > 0` + listWhere
	page = ` AND (o.area, o.name, o.id) > ($10, $11, $12) ORDER BY o.area, o.name, o.id LIMIT $13`

	listAll      = `SELECT ` + orgColumns + fromAll + page
	listDirect   = `SELECT ` + orgColumns + fromDirect + page
	listBeneath  = `SELECT ` + orgColumns + fromBeneath + page
	tally        = ` GROUP BY o.kind, o.tier`
	countAll     = `SELECT o.kind, o.tier, COUNT(*)` + fromAll + tally
	countDirect  = `SELECT o.kind, o.tier, COUNT(*)` + fromDirect + tally
	countBeneath = `SELECT o.kind, o.tier, COUNT(*) FROM org_position q JOIN org_under u ON u.ancestor = q.id AND u.depth > 0
	JOIN org_position p ON p.id = u.position AND p.to_day = '' JOIN org_org o ON o.id = p.org` +
		listWhere + ` AND q.org = $1 AND q.to_day = ''` + tally
)

// pick chooses the statement for what the filter ranges over.
func (f Filter) pick(all, direct, beneath string) string {
	switch {
	case f.Direct:
		return direct
	case f.Under == "":
		return all
	}
	return beneath
}

// List answers a page of organisations in the order of their places, and where the next
// page begins, "" at the end.
func List(ctx context.Context, r db.Reader, f Filter) ([]Org, string, error) {
	c, err := parseCursor(f.After)
	if err != nil {
		return nil, "", err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	args, err := f.args(ctx, r)
	if err != nil {
		return nil, "", err
	}
	rows, err := r.Query(ctx, f.pick(listAll, listDirect, listBeneath), append(args, c.At, c.Name, c.ID, f.Limit+1)...)
	orgs, err := db.Collect(rows, err, scanOrgs)
	if err != nil || len(orgs) <= f.Limit {
		return orgs, "", err
	}
	last := orgs[f.Limit-1]
	return orgs[:f.Limit], cursor{int64(last.Area), last.Name, last.ID}.String(), nil
}

// args are what the statements ask for. What hangs below an organisation lies on its ground:
// that bounds what has to be looked at.
func (f Filter) args(ctx context.Context, r db.Reader) ([]any, error) {
	s := seek(f.Text)
	lo, hi := f.Within.Range()
	if f.Under != "" {
		under, err := Get(ctx, r, f.Under)
		if err != nil {
			return nil, err
		}
		from, to := under.ground().Range()
		lo, hi = max(lo, from), min(hi, to)
	}
	return []any{f.Under, f.Kind, f.Tier, s.like, s.from, s.to, s.credit, lo, hi}, nil
}

// Tally is how many organisations of one kind and tier there are.
type Tally struct {
	Kind Kind
	Tier Tier
	N    int64
}

func scanTally(r *sql.Rows) (t Tally, err error) {
	err = r.Scan(&t.Kind, &t.Tier, &t.N)
	return t, err
}

// Count tallies by kind and tier what a filter selects, whatever kind, tier and page it asks for.
func Count(ctx context.Context, r db.Reader, f Filter) ([]Tally, error) {
	f.Kind, f.Tier = "", ""
	args, err := f.args(ctx, r)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, f.pick(countAll, countDirect, countBeneath), args...)
	return db.Collect(rows, err, scanTally)
}

// Sizes counts what hangs below each of the organisations now, at any depth; one with
// nothing below it is left out.
func Sizes(ctx context.Context, r db.Reader, orgs []Org) (map[id.ID]int64, error) {
	sizes := make(map[id.ID]int64, len(orgs))
	for len(orgs) > 0 {
		positions := make([]int64, 0, inList)
		for _, o := range orgs[:min(len(orgs), inList)] {
			positions = append(positions, o.Position)
		}
		orgs = orgs[len(positions):]
		rows, err := r.Query(ctx, `SELECT a.org, COUNT(*) FROM org_under u JOIN org_position a ON a.id = u.ancestor
			JOIN org_position p ON p.id = u.position
			WHERE u.ancestor IN (`+db.In(listed(len(positions)), 1)+`) AND u.depth > 0 AND p.to_day = '' GROUP BY a.org`, padded(positions)...)
		if _, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			var at id.ID
			var n int64
			err := r.Scan(&at, &n)
			sizes[at] = n
			return struct{}{}, err
		}); err != nil {
			return nil, err
		}
	}
	return sizes, nil
}

// CountOverdue counts the registrations under an organisation whose time to be decided is
// over, and tells since when.
func CountOverdue(ctx context.Context, r db.Reader, under id.ID, now int64) (n, oldest int64, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MIN(o.due), 0) FROM org_org o JOIN org_org a ON a.id = o.parent
		JOIN org_under u ON u.position = a.position JOIN org_org top ON top.position = u.ancestor
		WHERE top.id = $1 AND o.state = 'pending' AND o.due < $2`, under, now).Scan(&n, &oldest)
	return n, oldest, err
}

// Waiting is a registration on a reviewer's desk.
type Waiting struct {
	Org
	Under Step // what it asks to hang under
	Desk  Step // whose decision it is first
}

// Queue answers a page of the registrations that stand on an actor's desk: those that the
// organisations decide where she sits, and those from further below whose time is over at
// now. Most urgent first; after is where the page before ended, and the page's own end
// comes back, "" at the last.
func Queue(ctx context.Context, r db.Reader, actor auth.Actor, now int64, after string, limit int) ([]Waiting, string, error) {
	seats, err := Seats(ctx, r, actor, reviewing...)
	if err != nil || len(seats) == 0 {
		return nil, "", err
	}
	c, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	if len(seats) > inList {
		seats = seats[:inList]
	}
	positions, orgs := make([]int64, len(seats)), make([]id.ID, len(seats))
	for i, s := range seats {
		positions[i], orgs[i] = s.Position, s.Org
	}
	n := listed(len(seats))
	args := append(padded(positions), padded(orgs)...)
	rows, err := r.Query(ctx, `SELECT `+orgColumns+`, a.id, a.kind, a.tier, a.name, d.id, d.kind, d.tier, d.name
		FROM org_org o JOIN org_org a ON a.id = o.parent
		JOIN org_under u ON u.position = a.position AND u.ancestor IN (`+db.In(n, 1)+`)
		JOIN org_org d ON d.id = (SELECT p.org FROM org_under c JOIN org_position p ON p.id = c.ancestor
			WHERE c.position = a.position AND p.kind = 'practice' AND p.tier <> 'point' ORDER BY c.depth LIMIT 1)
		WHERE o.state = 'pending' AND (d.id IN (`+db.In(n, n+1)+`) OR o.due < `+db.In(1, 2*n+1)+`)
		AND (o.due, o.id) > (`+db.In(2, 2*n+2)+`) ORDER BY o.due, o.id LIMIT `+db.In(1, 2*n+4), append(args, now, c.At, c.ID, limit+1)...)
	all, err := db.Collect(rows, err, scanWaiting)
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	last := all[limit-1]
	return all[:limit], cursor{At: last.Due, ID: last.ID}.String(), nil
}

func scanWaiting(r *sql.Rows) (w Waiting, err error) {
	w.Org, err = scanOrg(with{r, []any{&w.Under.ID, &w.Under.Kind, &w.Under.Tier, &w.Under.Name,
		&w.Desk.ID, &w.Desk.Kind, &w.Desk.Tier, &w.Desk.Name}})
	return w, err
}

// with scans further columns behind those that are asked for.
type with struct {
	r    *sql.Rows
	more []any
}

func (w with) Scan(to ...any) error { return w.r.Scan(append(to, w.more...)...) }
