package report

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

const dutyColumns = "d.id, d.org, d.campaign, d.name, d.under, d.types, d.every, d.from_day, d.to_day, d.grace, d.clock, d.state, d.author, d.created, d.rev"

func scanDuty(scan func(...any) error) (d Duty, err error) {
	var types, state string
	err = scan(&d.ID, &d.Org, &d.Campaign, &d.Name, &d.Under, &types, &d.Every, &d.From, &d.To, &d.Grace, &d.Clock, &state, &d.Author, &d.Created, &d.Rev)
	for _, t := range strings.Fields(types) {
		d.Types = append(d.Types, org.Type(t))
	}
	d.Closed = state == "closed"
	return d, err
}

// GetDuty reads a duty.
func GetDuty(ctx context.Context, r db.Reader, duty id.ID) (Duty, error) {
	d, err := scanDuty(r.QueryRow(ctx, "SELECT "+dutyColumns+" FROM report_duty d WHERE d.home = $1 AND d.id = $2", duty.Home(), duty).Scan)
	return d, known(err)
}

func known(err error) error {
	if db.NoRows(err) {
		return fail.New(fail.NotFound, "report.unknown")
	}
	return err
}

// Duties lists the duties of the organisations where somebody sits or below, open ones first.
func Duties(ctx context.Context, r db.Reader, seats []org.Seat) ([]Duty, error) {
	rows, err := r.Query(ctx, `/* across homes: whoever sits above sees what is set below */ SELECT `+dutyColumns+` FROM report_duty d
		WHERE EXISTS (SELECT 1 FROM org_org o JOIN org_under u ON u.position = o.position WHERE o.id = d.org AND u.ancestor IN (`+db.In(inList, 1)+`))
		ORDER BY d.state DESC, d.created DESC, d.id LIMIT `+limit, positions(seats)...)
	return db.Collect(rows, err, func(r *sql.Rows) (Duty, error) { return scanDuty(r.Scan) })
}

const (
	inList = 8
	limit  = "200"
)

// positions are where somebody sits, filled up to the length of a list.
func positions(seats []org.Seat) []any {
	args := make([]any, inList)
	for i := range args {
		args[i] = int64(-1)
		if len(seats) > 0 {
			args[i] = seats[min(i, len(seats)-1)].Position
		}
	}
	return args
}

const periodColumns = "p.id, p.duty, p.from_day, p.to_day, p.due, p.opened"

func scanPeriod(scan func(...any) error) (p Period, err error) {
	return p, scan(&p.ID, &p.Duty, &p.From, &p.To, &p.Due, &p.Opened)
}

func getPeriod(ctx context.Context, r db.Reader, period id.ID) (Period, error) {
	p, err := scanPeriod(r.QueryRow(ctx, "SELECT "+periodColumns+" FROM report_period p WHERE p.home = $1 AND p.id = $2", period.Home(), period).Scan)
	return p, known(err)
}

// Periods lists the periods of a duty, the latest first.
func Periods(ctx context.Context, r db.Reader, duty id.ID) ([]Period, error) {
	rows, err := r.Query(ctx, "SELECT "+periodColumns+" FROM report_period p WHERE p.home = $1 AND p.duty = $2 ORDER BY p.to_day DESC LIMIT "+limit, duty.Home(), duty)
	return db.Collect(rows, err, func(r *sql.Rows) (Period, error) { return scanPeriod(r.Scan) })
}

const owedColumns = "w.id, w.period, w.org, w.from_day, w.to_day, w.due, w.campaign, w.nil_at, w.said_by, w.reminded"

func scanOwed(scan func(...any) error, more ...any) (o Owed, err error) {
	return o, scan(append([]any{&o.ID, &o.Period, &o.Org, &o.From, &o.To, &o.Due, &o.Campaign, &o.Nothing, &o.SaidBy, &o.Reminded}, more...)...)
}

// GetOwed reads what an organisation owes.
func GetOwed(ctx context.Context, r db.Reader, due id.ID) (Owed, error) {
	o, err := scanOwed(r.QueryRow(ctx, "SELECT "+owedColumns+" FROM report_due w WHERE w.home = $1 AND w.id = $2", due.Home(), due).Scan)
	return o, known(err)
}

// Asked is what an organisation owes, as a list shows it.
type Asked struct {
	Owed
	OrgName  string
	Type     org.Type
	DutyName string
	Duty     id.ID
	Written  bool // a report that is not decided yet waits for the tier above
}

const askedFrom = `, o.name, o.kind, o.tier, d.name, d.id, EXISTS (SELECT 1 FROM report_report t WHERE t.org = w.org AND t.state = 'submitted'
		AND t.to_day >= w.from_day AND t.to_day <= w.to_day)
	FROM report_due w JOIN report_period p ON p.home = SUBSTR(w.period, 1, 6) AND p.id = w.period JOIN report_duty d ON d.home = p.home AND d.id = p.duty
	JOIN org_org o ON o.id = w.org `

func scanAsked(r *sql.Rows) (a Asked, err error) {
	var kind org.Kind
	var tier org.Tier
	a.Owed, err = scanOwed(r.Scan, &a.OrgName, &kind, &tier, &a.DutyName, &a.Duty, &a.Written)
	a.Type = org.TypeOf(kind, tier)
	return a, err
}

// OwedBy lists what the organisations owe where somebody holds a role, the latest first: those
// themselves, not what is below them.
func OwedBy(ctx context.Context, r db.Reader, orgs []id.ID, since string) ([]Asked, error) {
	args := []any{since}
	for i := range inList {
		at := id.ID("")
		if len(orgs) > 0 {
			at = orgs[min(i, len(orgs)-1)]
		}
		args = append(args, at)
	}
	rows, err := r.Query(ctx, `/* across homes: a duty may be set elsewhere */ SELECT `+owedColumns+askedFrom+
		`WHERE w.to_day >= $1 AND w.org IN (`+db.In(inList, 2)+`) ORDER BY w.to_day DESC, w.id LIMIT `+limit, args...)
	return db.Collect(rows, err, scanAsked)
}

// OwedFor lists what is owed for a period by whoever is at or below one of the seats, in the
// order of places and names.
func OwedFor(ctx context.Context, r db.Reader, period id.ID, seats []org.Seat) ([]Asked, error) {
	rows, err := r.Query(ctx, `/* across homes: units of every home report */ SELECT `+owedColumns+askedFrom+
		`WHERE w.period = $9 AND EXISTS (SELECT 1 FROM org_under u WHERE u.position = o.position AND u.ancestor IN (`+db.In(inList, 1)+`))
		ORDER BY o.area, o.name, o.id`, append(positions(seats), period)...)
	return db.Collect(rows, err, scanAsked)
}

const reportColumns = `t.id, t.org, t.key, t.campaign, t.from_day, t.to_day, t.number, t.note, t.state, t.author, t.submitted, t.reviewer, t.decided,
	t.reason, t.corrects, t.rev`

func scanReport(scan func(...any) error, more ...any) (p Report, err error) {
	return p, scan(append([]any{&p.ID, &p.Org, &p.Key, &p.Campaign, &p.From, &p.To, &p.Number, &p.Note, &p.State, &p.Author, &p.Submitted,
		&p.Reviewer, &p.Decided, &p.Reason, &p.Corrects, &p.Rev}, more...)...)
}

// Get reads a report.
func Get(ctx context.Context, r db.Reader, report id.ID) (Report, error) {
	p, err := scanReport(r.QueryRow(ctx, "SELECT "+reportColumns+" FROM report_report t WHERE t.home = $1 AND t.id = $2", report.Home(), report).Scan)
	return p, known(err)
}

// Seen reads a report for staff who reach its organisation.
func Seen(ctx context.Context, r db.Reader, actor auth.Actor, report id.ID) (Report, error) {
	p, err := Get(ctx, r, report)
	if err != nil {
		return p, err
	}
	ok, err := org.Reaches(ctx, r, actor, p.Org)
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "report.unknown")
	}
	return p, err
}

// SeenDuty reads a duty for staff of its organisation or above, or of one that is to report.
func SeenDuty(ctx context.Context, r db.Reader, actor auth.Actor, duty id.ID) (Duty, error) {
	d, err := GetDuty(ctx, r, duty)
	if err != nil {
		return d, err
	}
	ok, err := org.Reaches(ctx, r, actor, d.Org)
	if err != nil || ok {
		return d, err
	}
	seats, err := org.Seats(ctx, r, actor)
	for _, s := range seats {
		in, err := org.Under(ctx, r, d.Under, s.Org)
		if err != nil || in {
			return d, err
		}
	}
	return d, orElse(err, fail.New(fail.NotFound, "report.unknown"))
}

// correcting counts the corrections of a report that wait.
func correcting(ctx context.Context, r db.Reader, report id.ID) (n int, err error) {
	err = r.QueryRow(ctx, "SELECT COUNT(*) FROM report_report WHERE home = $1 AND corrects = $2 AND state IN ('submitted', 'returned')", report.Home(), report).Scan(&n)
	return n, err
}

// Listed is a report with the name of its organisation.
type Listed struct {
	Report
	OrgName string
}

func scanListed(r *sql.Rows) (l Listed, err error) {
	l.Report, err = scanReport(r.Scan, &l.OrgName)
	return l, err
}

const listedFrom = ", o.name FROM report_report t JOIN org_org o ON o.id = t.org "

// Written lists the reports of the organisations at and below the seats, the latest first.
func Written(ctx context.Context, r db.Reader, seats []org.Seat) ([]Listed, error) {
	rows, err := r.Query(ctx, `/* across homes: whoever sits above sees what is reported below */ SELECT `+reportColumns+listedFrom+
		`WHERE EXISTS (SELECT 1 FROM org_under u WHERE u.position = o.position AND u.ancestor IN (`+db.In(inList, 1)+`))
		ORDER BY t.submitted DESC, t.id DESC LIMIT `+limit, positions(seats)...)
	return db.Collect(rows, err, scanListed)
}

// waiting says in SQL which reports wait for somebody who sits at one of the positions: those
// from below, and at the top or in an office its own that another wrote.
const waiting = `WHERE t.state = 'submitted' AND t.author <> $9 AND EXISTS (SELECT 1 FROM org_under u WHERE u.position = o.position
	AND u.ancestor IN ($1, $2, $3, $4, $5, $6, $7, $8) AND (u.depth > 0 OR o.tier = 'office' OR o.parent = '')) `

// Queue lists the reports that wait for a reviewer, the oldest first.
func Queue(ctx context.Context, r db.Reader, seats []org.Seat, reviewer id.ID) ([]Listed, error) {
	rows, err := r.Query(ctx, `/* across homes: what is reported below */ SELECT `+reportColumns+listedFrom+waiting+`ORDER BY t.submitted, t.id LIMIT `+limit,
		append(positions(seats), reviewer)...)
	return db.Collect(rows, err, scanListed)
}

// CountQueue counts them.
func CountQueue(ctx context.Context, r db.Reader, seats []org.Seat, reviewer id.ID) (n int, err error) {
	err = r.QueryRow(ctx, `/* across homes: what is reported below */ SELECT COUNT(*) FROM report_report t JOIN org_org o ON o.id = t.org `+waiting,
		append(positions(seats), reviewer)...).Scan(&n)
	return n, err
}

// Attached is the attachment of a report without its content; no name where there is none.
func Attached(ctx context.Context, r db.Reader, report id.ID) (f File, size int64, err error) {
	err = r.QueryRow(ctx, "SELECT name, kind, size FROM report_file WHERE home = $1 AND report = $2", report.Home(), report).Scan(&f.Name, &f.Kind, &size)
	if db.NoRows(err) {
		err = nil
	}
	return f, size, err
}

// Attachment reads the attachment of a report.
func Attachment(ctx context.Context, r db.Reader, report id.ID) (f File, err error) {
	err = r.QueryRow(ctx, "SELECT name, kind, content FROM report_file WHERE home = $1 AND report = $2", report.Home(), report).Scan(&f.Name, &f.Kind, &f.Content)
	return f, known(err)
}

// holders lists who holds one of two roles at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID, one, other auth.Role) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ($2, $3) ORDER BY p.person`, at, one, other)
	return db.Collect(rows, err, db.Value[id.ID])
}
