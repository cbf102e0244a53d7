package people

import (
	"context"
	"database/sql"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// What each list asks beside its scope: $1 category or 0, $2 state or ” for all but closed.
const filtered = ` (p.volunteer OR p.state = 'pending') AND ($1 = 0 OR p.category = $1)
	AND ($2 = '' AND p.state NOT IN ('closed', 'merged') OR p.state = $2)`

func (f Filter) args(more ...any) []any {
	return append([]any{f.Category, string(f.State)}, more...)
}

const wide = filtered + " AND p.home >= $3 AND p.home < $4"

func listWide(ctx context.Context, r db.Reader, s scope, f Filter) ([]Person, error) {
	low := s.low
	if f.After != "" {
		low = max(low, f.After.Home())
	}
	rows, err := r.Query(ctx, `/* across homes: an office sees the volunteers of its counties */ SELECT `+personColumns+`
		FROM people_person p WHERE`+wide+" AND p.id > $5 ORDER BY p.home, p.id LIMIT $6",
		f.args(low, s.top, string(f.After), f.Limit+1)...)
	return db.Collect(rows, err, personRow)
}

func countWide(ctx context.Context, r db.Reader, s scope, f Filter, most int) (n int, err error) {
	err = r.QueryRow(ctx, `/* across homes: an office counts the volunteers of its counties */ SELECT COUNT(*)
		FROM (SELECT 1 AS one FROM people_person p WHERE`+wide+" LIMIT $5) q", f.args(s.low, s.top, most)...).Scan(&n)
	return n, err
}

// homesAt is how many homes one statement looks through.
const homesAt = 40

// findWide looks through the homes of the scope that have volunteers, some at a time.
func findWide(ctx context.Context, r db.Reader, s scope, f Filter, q query) ([]Person, error) {
	homes, err := peopledHomes(ctx, r, s, f.After.Home())
	if err != nil {
		return nil, err
	}
	var found []Person
	for chunk := range slices.Chunk(homes, homesAt) {
		args := f.args(string(f.After), f.Limit+1-len(found), q.first, q.second)
		for i := range homesAt {
			args = append(args, chunk[min(i, len(chunk)-1)])
		}
		rows, err := r.Query(ctx, "SELECT "+personColumns+` FROM people_token_hash t CROSS JOIN people_person p
			WHERE`+filtered+` AND p.home = t.home AND p.id = t.person AND t.person > $3 AND t.hash = $5
			AND EXISTS (SELECT 1 FROM people_token_hash o WHERE o.home = t.home AND o.person = t.person AND o.hash = $6)
			AND t.home IN (`+db.In(homesAt, 7)+") ORDER BY t.home, t.person LIMIT $4", args...)
		some, err := db.Collect(rows, err, personRow)
		if err != nil {
			return nil, err
		}
		if found = append(found, some...); len(found) > f.Limit {
			break
		}
	}
	return found, nil
}

// peopledHomes are the homes of a scope in which volunteers are numbered.
func peopledHomes(ctx context.Context, r db.Reader, s scope, from string) ([]string, error) {
	rows, err := r.Query(ctx, `/* across homes: which of them have volunteers */ SELECT home FROM people_number
		WHERE home >= $1 AND home < $2 ORDER BY home`, max(s.low, from), s.top)
	return db.Collect(rows, err, db.Value[string])
}

// narrow lists whose station lies under a position ($4, in home $3), and who belongs to an
// organisation under it. CROSS JOIN keeps SQLite to that order: from the organisations to their
// people, and not through everybody of the county.
const narrow = `/* across homes: a team's members may live in several counties */
	WITH orgs AS (SELECT o.id AS org FROM org_under u JOIN org_org o ON o.position = u.position WHERE u.ancestor = $4),
	who AS (SELECT m.home AS home, m.person AS person FROM people_member m JOIN orgs ON orgs.org = m.org
		UNION SELECT s.home, s.id FROM orgs CROSS JOIN people_person s WHERE s.home = $3 AND s.station = orgs.org)`

func listNarrow(ctx context.Context, r db.Reader, s scope, f Filter, q query) ([]Person, error) {
	first, second := q.first, q.second
	if first == nil {
		first, second = []byte{}, []byte{}
	}
	rows, err := r.Query(ctx, narrow+" SELECT "+personColumns+` FROM who CROSS JOIN people_person p
		WHERE p.home = who.home AND p.id = who.person AND`+filtered+` AND p.id > $5 AND ($7 = 0 OR
			EXISTS (SELECT 1 FROM people_token_hash t WHERE t.home = p.home AND t.person = p.id AND t.hash = $8)
			AND EXISTS (SELECT 1 FROM people_token_hash t WHERE t.home = p.home AND t.person = p.id AND t.hash = $9))
		ORDER BY p.home, p.id LIMIT $6`, f.args(s.home, s.position, string(f.After), f.Limit+1, int64(len(q.first)), first, second)...)
	return db.Collect(rows, err, personRow)
}

func countNarrow(ctx context.Context, r db.Reader, s scope, f Filter, most int) (n int, err error) {
	err = r.QueryRow(ctx, narrow+` SELECT COUNT(*) FROM (SELECT 1 AS one FROM who CROSS JOIN people_person p
		WHERE p.home = who.home AND p.id = who.person AND`+filtered+" LIMIT $5) q", f.args(s.home, s.position, most)...).Scan(&n)
	return n, err
}

// candidates are the persons of a volunteer number, an identity number or a telephone.
func candidates(ctx context.Context, r db.Reader, s scope, q query) ([]id.ID, error) {
	if q.no != "" {
		rows, err := r.Query(ctx, "SELECT id FROM people_person WHERE home = $1 AND no = $2 AND no <> ''", q.no[:6], q.no)
		return db.Collect(rows, err, db.Value[id.ID])
	}
	if q.idno != nil {
		person, err := personBy(ctx, r, byIDNo, q.idno)
		if person == "" {
			return nil, err
		}
		return []id.ID{person}, err
	}
	return phoned(ctx, r, s, q)
}

// phoned are those who sign in with a number, and those of the scope who are reached by it.
func phoned(ctx context.Context, r db.Reader, s scope, q query) ([]id.ID, error) {
	low, top := s.home, s.home+"~"
	if s.wide {
		low, top = s.low, s.top
	}
	rows, err := r.Query(ctx, `/* across homes: one telephone may reach people of several counties */
		SELECT t.person FROM people_number n CROSS JOIN people_token_hash t
		WHERE n.home >= $1 AND n.home < $2 AND t.home = n.home AND t.hash = $3 ORDER BY t.person LIMIT 50`, low, top, q.contact)
	ids, err := db.Collect(rows, err, db.Value[id.ID])
	if err != nil {
		return nil, err
	}
	person, err := personBy(ctx, r, byPhone, q.phone)
	if person != "" && !slices.Contains(ids, person) {
		ids = append(ids, person)
	}
	return ids, err
}

// under says whether an organisation lies at or below a position.
func under(ctx context.Context, r db.Reader, position int64, org id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM org_under u JOIN org_org o ON o.position = u.position
		WHERE u.ancestor = $1 AND o.id = $2`, position, org).Scan(&n)
	return n > 0, err
}

// StaffMember is a person with an account, as the security administration sees her.
type StaffMember struct {
	Person      id.ID
	Name        []byte // sealed
	Login       []byte // sealed
	LockedUntil int64
	Factor      bool // has set up an authenticator
	MustChange  bool
}

const memberColumns = "p.id, p.name, a.login_ct, a.locked_until, CASE WHEN a.totp IS NULL THEN 0 ELSE 1 END, a.must_change"

func scanMember(scan func(...any) error) (m StaffMember, err error) {
	var factor int
	err = scan(&m.Person, &m.Name, &m.Login, &m.LockedUntil, &factor, &m.MustChange)
	m.Factor = factor == 1
	return m, err
}

// staffMember is one person with an account.
func staffMember(ctx context.Context, r db.Reader, person id.ID) (StaffMember, error) {
	m, err := scanMember(r.QueryRow(ctx, "SELECT "+memberColumns+` FROM people_account a JOIN people_person p ON p.home = a.home AND p.id = a.person
		WHERE a.home = $1 AND a.person = $2`, person.Home(), person).Scan)
	if db.NoRows(err) {
		err = errUnknown
	}
	return m, err
}

// staffUnder lists the accounts that hold a role under a position.
func staffUnder(ctx context.Context, r db.Reader, position int64, after id.ID, limit int) ([]StaffMember, error) {
	rows, err := r.Query(ctx, "/* across homes: an office's staff may have their homes below */ SELECT "+memberColumns+`
		FROM people_account a CROSS JOIN people_person p
		WHERE p.home = a.home AND p.id = a.person AND a.person > $2 AND EXISTS (SELECT 1 FROM people_role r JOIN org_org o ON o.id = r.org JOIN org_under u ON u.position = o.position
			WHERE r.home = a.home AND r.person = a.person AND u.ancestor = $1)
		ORDER BY a.home, a.person LIMIT $3`, position, after, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (StaffMember, error) { return scanMember(rows.Scan) })
}
