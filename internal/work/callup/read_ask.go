package callup

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const askColumns = `k.id, k.callup, k.receipt, k.n, k.person, k.unit, k.shift, k.asked, k.answer, k.answered, k.offered, k.rev`

func scanAsk(scan func(...any) error, more ...any) (a Ask, err error) {
	err = scan(append([]any{&a.ID, &a.CallUp, &a.Receipt, &a.Line, &a.Person, &a.Unit, &a.Shift, &a.Asked, &a.Answer, &a.Answered, &a.Offered, &a.Rev}, more...)...)
	return a, err
}

// AskOf reads what somebody was asked about a call-up, or came to it with.
func AskOf(ctx context.Context, r db.Reader, callup, person id.ID) (Ask, error) {
	a, err := scanAsk(r.QueryRow(ctx, `/* across homes: a question to a record that was merged stays in its home */ SELECT `+askColumns+` FROM callup_ask k
		WHERE k.callup = $1 AND k.person = $2 ORDER BY k.id LIMIT 1`, callup, person).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "callup.not_asked")
	}
	return a, err
}

// askByID reads a question.
func askByID(ctx context.Context, r db.Reader, ask id.ID) (Ask, error) {
	return scanAsk(r.QueryRow(ctx, "SELECT "+askColumns+" FROM callup_ask k WHERE k.home = $1 AND k.id = $2", ask.Home(), ask).Scan)
}

// asksOf are some questions to a record that count.
func asksOf(ctx context.Context, r db.Reader, person id.ID, limit int) ([]Ask, error) {
	rows, err := r.Query(ctx, `/* across homes: a question to a record that was merged stays in its home */ SELECT `+askColumns+` FROM callup_ask k
		WHERE k.person = $1 AND k.answer <> 'merged' ORDER BY k.id LIMIT $2`, person, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (Ask, error) { return scanAsk(r.Scan) })
}

// Hers is a question to somebody, with its call-up.
type Hers struct {
	Ask
	CallUp CallUp
}

// Mine lists what somebody was asked about call-ups that are open, or said yes to while they
// last: unanswered ones first, the latest first.
func Mine(ctx context.Context, r db.Reader, person id.ID, now int64, limit int) ([]Hers, error) {
	rows, err := r.Query(ctx, `/* across homes: a call-up lives with its issuer */ SELECT `+askColumns+` FROM callup_ask k
		JOIN callup_callup c ON c.home = SUBSTR(k.callup, 1, 6) AND c.id = k.callup
		WHERE k.person = $1 AND c.state = 'issued' AND c.until > $2 AND (k.asked > 0 OR k.answer <> '')
		ORDER BY CASE WHEN k.answer = '' THEN 0 WHEN k.offered > 0 AND k.answer = 'yes' THEN 1 ELSE 2 END, k.asked DESC, k.id LIMIT $3`,
		person, now, limit)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (h Hers, err error) {
		h.Ask, err = scanAsk(r.Scan)
		return h, err
	})
	for i := range all {
		if err != nil {
			return nil, err
		}
		all[i].CallUp, err = Get(ctx, r, all[i].Ask.CallUp)
	}
	return all, err
}

// Nevers are the kinds of service of which somebody is not to be asked any more.
func Nevers(ctx context.Context, r db.Reader, person id.ID) ([]int64, error) {
	rows, err := r.Query(ctx, "SELECT v.service FROM callup_never v WHERE v.home = $1 AND v.person = $2 ORDER BY v.service", person.Home(), person)
	return db.Collect(rows, err, db.Value[int64])
}

// held are the states of a sign-up that fill a place, as SQL reads them.
const held = "('applied', 'offered', 'accepted', 'checked_in', 'checked_out', 'unclosed', 'settled', 'no_show')"

// taken counts, line by line, who is on a shift through a receiver.
func taken(ctx context.Context, r db.Reader, receipt id.ID, lines int) (Quotas, error) {
	q := make(Quotas, lines)
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ SELECT k.n, COUNT(*) FROM callup_ask k
		JOIN roster_signup u ON u.home = SUBSTR(k.shift, 1, 6) AND u.shift = k.shift AND k.person IN (u.person, u.came_from) AND u.callup = k.callup
		WHERE k.receipt = $1 AND k.answer = 'yes' AND u.state IN `+held+` GROUP BY k.n`, receipt)
	_, err = db.Collect(rows, err, into(q))
	return q, err
}

// outstanding counts, line by line, who was asked by a receiver since a moment and has not
// answered.
func outstanding(ctx context.Context, r db.Reader, receipt id.ID, since int64, lines int) (Quotas, error) {
	q := make(Quotas, lines)
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ SELECT k.n, COUNT(*) FROM callup_ask k
		WHERE k.receipt = $1 AND k.answer = '' AND k.asked > $2 GROUP BY k.n`, receipt, since)
	_, err = db.Collect(rows, err, into(q))
	return q, err
}

// offer is a place that was offered to one who waited.
type offer struct {
	line  int64
	shift id.ID
}

// offers are those of a receiver since a moment that nobody has taken up yet.
func offers(ctx context.Context, r db.Reader, receipt id.ID, since int64) ([]offer, error) {
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ SELECT k.n, k.shift FROM callup_ask k
		WHERE k.receipt = $1 AND k.answer = 'yes' AND k.offered > $2`, receipt, since)
	return db.Collect(rows, err, func(r *sql.Rows) (o offer, err error) {
		err = r.Scan(&o.line, &o.shift)
		return o, err
	})
}

func into(q Quotas) func(*sql.Rows) (struct{}, error) {
	return func(r *sql.Rows) (none struct{}, err error) {
		var n, count int64
		if err = r.Scan(&n, &count); err == nil && n >= 1 && n <= int64(len(q)) {
			q[n-1] = count
		}
		return none, err
	}
}

// Told is how a call-up stands among volunteers.
type Told struct {
	Asked, Yes, No, Waiting, Enrolled int64
}

// ToldOf counts the answers to a call-up.
func ToldOf(ctx context.Context, r db.Reader, callup id.ID) (t Told, err error) {
	err = r.QueryRow(ctx, `/* across homes: volunteers live in theirs */ SELECT COUNT(CASE WHEN k.asked > 0 AND k.answer <> 'merged' THEN 1 END), COUNT(CASE WHEN k.answer = 'yes' THEN 1 END),
		COUNT(CASE WHEN k.answer IN ('no', 'never') THEN 1 END), COUNT(CASE WHEN k.answer = 'yes' AND k.shift = '' THEN 1 END)
		FROM callup_ask k WHERE k.callup = $1`, callup).Scan(&t.Asked, &t.Yes, &t.No, &t.Waiting)
	if err != nil {
		return t, err
	}
	err = r.QueryRow(ctx, `/* across homes: volunteers serve anywhere */ SELECT COUNT(DISTINCT u.person) FROM roster_signup u
		WHERE u.callup = $1 AND u.callup <> '' AND u.state IN `+held, callup).Scan(&t.Enrolled)
	return t, err
}

// Before tells how many wait before somebody for a place of the same receiver.
func Before(ctx context.Context, r db.Reader, a Ask) (n int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: volunteers live in theirs */ SELECT COUNT(*) FROM callup_ask k WHERE k.receipt = $1 AND k.answer = 'yes' AND k.shift = ''
		AND (k.answered < $2 OR k.answered = $2 AND k.id < $3)`, a.Receipt, a.Answered, a.ID).Scan(&n)
	return n, err
}

// waiting are those who wait for a place of a receiver behind one of them, in the order in which they said yes.
func waiting(ctx context.Context, r db.Reader, receipt id.ID, behind place, limit int) ([]Ask, error) {
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ SELECT `+askColumns+` FROM callup_ask k
		WHERE k.receipt = $1 AND k.answer = 'yes' AND k.shift = '' AND (k.answered > $2 OR k.answered = $2 AND k.id > $3)
		ORDER BY k.answered, k.id LIMIT $4`, receipt, behind.At, behind.ID, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (Ask, error) { return scanAsk(r.Scan) })
}

// concerned are the next people after one who said yes to a call-up.
func concerned(ctx context.Context, r db.Reader, callup, after id.ID, limit int) ([]Ask, error) {
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ SELECT `+askColumns+` FROM callup_ask k
		WHERE k.callup = $1 AND k.answer = 'yes' AND k.id > $2 ORDER BY k.id LIMIT $3`, callup, after, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (Ask, error) { return scanAsk(r.Scan) })
}

// hundredth is when the hundredth person came to be on a shift through a call-up; 0 while there
// are fewer.
func hundredth(ctx context.Context, r db.Reader, callup id.ID) (at int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: volunteers serve anywhere */ SELECT MIN(u.accepted) FROM roster_signup u
		WHERE u.callup = $1 AND u.callup <> '' AND u.accepted > 0 AND u.state IN `+held+` GROUP BY u.person ORDER BY MIN(u.accepted) LIMIT 1 OFFSET 99`, callup).Scan(&at)
	if db.NoRows(err) {
		return 0, nil
	}
	return at, err
}

// pool are the volunteers of an organisation and what lies below it: of its stations, its
// members, and for a centre those of its county without a station. What lies below another
// receiver of the call-up is that one's. $1 organisation, $2 call-up.
const pool = `SELECT q.home, q.id FROM place g JOIN people_person q ON q.home = g.home AND q.station = g.id
	UNION SELECT m.home, m.person FROM place g JOIN people_member m ON m.org = g.id
	UNION SELECT q.home, q.id FROM place g JOIN people_person q ON g.tier = 'center' AND q.home = g.home AND q.station = ''`

const places = `place AS (SELECT o.home, o.id, o.tier FROM org_org top JOIN org_under u ON u.ancestor = top.position
	JOIN org_org o ON o.position = u.position WHERE top.id = $1 AND NOT EXISTS (SELECT 1 FROM org_under n JOIN org_org b ON b.position = n.ancestor
		JOIN callup_receipt t ON t.home = b.home AND t.callup = $2 AND t.org = b.id AND t.delivered > 0 WHERE n.position = u.position AND n.depth < u.depth))`

// fitting selects those of a pool who may be asked: $3 kind of service, $4 category or 0, $5
// skill or 0, $6 a day on which they are grown up.
const fitting = ` FROM (` + pool + `) h JOIN people_person p ON p.home = h.home AND p.id = h.id
	WHERE p.state = 'active' AND p.volunteer AND p.merged_into = '' AND (p.adult_on = '' OR p.adult_on <= $6) AND ($4 = 0 OR p.category = $4)
	AND ($5 = 0 OR EXISTS (SELECT 1 FROM people_has_skill s WHERE s.home = p.home AND s.person = p.id AND s.skill = $5))
	AND NOT EXISTS (SELECT 1 FROM callup_never v WHERE v.home = p.home AND v.person = p.id AND v.service = $3)
	AND NOT EXISTS (SELECT 1 FROM callup_ask k WHERE k.callup = $2 AND k.person = p.id)
	AND NOT EXISTS (SELECT 1 FROM roster_ask k WHERE k.person = p.id AND k.answer = 'never' AND k.service = $3 AND $3 <> 0)`

// candidates are those of a receiver who fit a line: who was asked longest ago first, among
// equals who lives nearest to a place, behind those whom this round has passed by.
func candidates(ctx context.Context, r db.Reader, c CallUp, at id.ID, l Line, day string, area int64, passed int64, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: volunteers live in theirs */ WITH `+places+` SELECT p.id,
		COALESCE((SELECT MAX(k.asked) FROM callup_ask k WHERE k.person = p.id), 0) AS lately`+fitting+`
		ORDER BY lately, CASE WHEN p.area = $7 THEN 0 WHEN p.area / 1000 = $7 / 1000 THEN 1 WHEN p.area / 1000000 = $7 / 1000000 THEN 2 ELSE 3 END, p.id LIMIT $8 OFFSET $9`,
		at, c.ID, c.Service, l.Category, l.Skill, day, area, limit, passed)
	return db.Collect(rows, err, func(r *sql.Rows) (person id.ID, err error) {
		var lately int64
		err = r.Scan(&person, &lately)
		return person, err
	})
}

// passedBy is how many candidates of a line this round has passed by.
func passedBy(ctx context.Context, r db.Reader, receipt id.ID, n int64) (passed int64, err error) {
	err = r.QueryRow(ctx, "SELECT passed FROM callup_quota WHERE home = $1 AND receipt = $2 AND n = $3", receipt.Home(), receipt, n).Scan(&passed)
	return passed, err
}

// fit counts whom a receiver could ask for a line.
func fit(ctx context.Context, r db.Reader, c CallUp, at id.ID, l Line, day string) (n int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: volunteers live in theirs */ WITH `+places+` SELECT COUNT(*)`+fitting,
		at, c.ID, c.Service, l.Category, l.Skill, day).Scan(&n)
	return n, err
}

// WithSkill counts the volunteers with a skill at and below an organisation who fit a line.
func WithSkill(ctx context.Context, r db.Reader, c CallUp, at id.ID, l Line, day string) (int64, error) {
	return fit(ctx, r, c, at, l, day)
}
