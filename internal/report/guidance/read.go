package guidance

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

const columns = `d.id, d.org, d.unit, d.desk, d.scheduled, d.title, d.indicator, d.version, d.campaign, d.service, d.from_day, d.to_day,
	d.seq, d.tree, d.seen, d.value, d.planned, d.target, d.asked, d.reply_by, d.act_by, d.peer, d.peer_value, d.peer_did, d.state, d.author,
	d.created, d.issued, d.read, d.plan, d.replied, d.did, d.acted, d.actor, d.reason, d.verdict, d.closed, d.after_to, d.after_seq, d.after_tree,
	d.after_value, d.after_planned, d.improved, d.due, d.raised, d.rev`

// scan reads a directive, and more behind it.
func (d *Directive) scan(scan func(...any) error, more ...any) error {
	f := &d.Seen
	var seen int64
	err := scan(append([]any{&d.ID, &d.Org, &d.Unit, &d.Desk, &d.Scheduled, &d.Title, &f.Indicator, &f.Version, &f.Campaign, &f.Service, &f.From, &f.To,
		&f.AsOf.Seq, &f.Tree, &seen, &f.Value, &d.Planned, &d.Target, &d.Asked, &d.ReplyBy, &d.ActBy, &d.Peer, &d.PeerValue, &d.PeerDid, &d.State, &d.Author,
		&d.Created, &d.Issued, &d.Read, &d.Plan, &d.Replied, &d.Did, &d.Acted, &d.Actor, &d.Reason, &d.Verdict, &d.Closed, &d.After.To, &d.After.Seq, &d.After.Tree,
		&d.After.Value, &d.After.Planned, &d.Improved, &d.Due, &d.Raised, &d.Rev}, more...)...)
	f.Org, f.Time = d.Unit, db.Time(seen)
	seq := f.AsOf
	f.Query = query(f.Query, d.Scheduled, f.To)
	f.AsOf = seq
	return err
}

// Get reads a directive.
func Get(ctx context.Context, r db.Reader, directive id.ID) (d Directive, err error) {
	err = d.scan(r.QueryRow(ctx, "SELECT "+columns+" FROM guidance_directive d WHERE d.home = $1 AND d.id = $2", directive.Home(), directive).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "guidance.unknown")
	}
	return d, err
}

// Open reads a directive for somebody who guides, answers, or stands above either.
func Open(ctx context.Context, r db.Reader, actor auth.Actor, directive id.ID) (d Directive, guides, answers bool, err error) {
	if d, err = Get(ctx, r, directive); err != nil {
		return d, false, false, err
	}
	if guides, err = org.Reaches(ctx, r, actor, d.Org, Guiding...); err != nil {
		return d, false, false, err
	}
	if answers, err = Answers(ctx, r, actor, d); err != nil {
		return d, guides, false, err
	}
	sees := guides
	if !sees && d.State != Draft {
		if sees, err = org.Reaches(ctx, r, actor, d.Unit); err != nil {
			return d, guides, answers, err
		}
	}
	if !sees {
		err = fail.New(fail.NotFound, "guidance.unknown")
	}
	return d, guides, answers && d.State != Draft, err
}

// Listed is a directive with the names that a list shows.
type Listed struct {
	Directive
	OrgName, UnitName string
}

// Filter narrows a list.
type Filter struct {
	Seats   []org.Seat // where the reader sits: what was sent from there or below, or to there or below
	Drafts  []org.Seat // where she guides: drafts are shown to those alone
	State   State      // "": any but withdrawn
	Overdue bool
	Now     time.Time
	Limit   int  // at most what a page shows
	Whole   bool // without a limit
}

const (
	inList = 8
	atMost = 200
)

// List lists directives, the newest first.
func List(ctx context.Context, r db.Reader, f Filter) ([]Listed, error) {
	if len(f.Seats) == 0 {
		return nil, nil
	}
	switch {
	case f.Whole:
		f.Limit = 1 << 30
	case f.Limit <= 0 || f.Limit > atMost:
		f.Limit = atMost
	}
	overdue := 0
	if f.Overdue {
		overdue = 1
	}
	args := append([]any{string(f.State), overdue, db.MS(f.Now), f.Limit}, append(places(f.Seats), places(f.Drafts)...)...)
	rows, err := r.Query(ctx, `/* across homes: what was sent down or came from above */ SELECT `+columns+`, o.name, u.name
		FROM guidance_directive d JOIN org_org o ON o.id = d.org JOIN org_org u ON u.id = d.unit
		WHERE ($1 = d.state OR $1 = '' AND d.state <> 'withdrawn')
		AND ($2 = 0 OR d.state IN ('issued', 'read') AND d.reply_by < $3 OR d.state = 'replied' AND d.act_by < $3)
		AND EXISTS (SELECT 1 FROM org_under n WHERE n.ancestor IN (`+db.In(inList, 5)+`) AND (n.position = o.position OR n.position = u.position))
		AND (d.state <> 'draft' OR EXISTS (SELECT 1 FROM org_under n WHERE n.ancestor IN (`+db.In(inList, 5+inList)+`) AND n.position = o.position))
		ORDER BY d.created DESC, d.id DESC LIMIT $4`, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (l Listed, err error) {
		return l, l.scan(r.Scan, &l.OrgName, &l.UnitName)
	})
}

// places are the positions of seats, filled up with the last.
func places(seats []org.Seat) []any {
	args := make([]any, inList)
	for i := range args {
		args[i] = int64(0)
		if len(seats) > 0 {
			args[i] = seats[min(i, len(seats)-1)].Position
		}
	}
	return args
}

// OnRow lists what came of a row of a schedule, the newest first.
func OnRow(ctx context.Context, r db.Reader, row id.ID) ([]Directive, error) {
	rows, err := r.Query(ctx, `/* across homes: a directive lives with its unit */ SELECT `+columns+` FROM guidance_directive d
		WHERE d.scheduled = $1 AND d.scheduled <> '' AND d.state <> 'withdrawn' ORDER BY d.created DESC, d.id DESC LIMIT 20`, row)
	return db.Collect(rows, err, func(r *sql.Rows) (d Directive, err error) { return d, d.scan(r.Scan) })
}

// ToUnit lists what a unit was sent, the newest first, but for drafts.
func ToUnit(ctx context.Context, r db.Reader, unit id.ID, limit int) ([]Directive, error) {
	rows, err := r.Query(ctx, `SELECT `+columns+` FROM guidance_directive d WHERE d.home = $1 AND d.unit = $2
		AND d.state NOT IN ('draft', 'withdrawn') ORDER BY d.created DESC, d.id DESC LIMIT $3`, unit.Home(), unit, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (d Directive, err error) { return d, d.scan(r.Scan) })
}

// Waits are how many directives wait for an organisation, and since when or until when the
// first of each; 0 where none does.
type Waits struct {
	Answer, AnswerBy int64 // it was sent these, and is to read or answer them
	Act, ActBy       int64 // it is doing what it planned
	Judge, Acted     int64 // it is to say whether what was done is enough
	Late, LateSince  int64 // of those that it looks after, what did not come in time
}

// Waiting counts what waits for an organisation itself.
func Waiting(ctx context.Context, r db.Reader, at id.ID, now time.Time) (w Waits, err error) {
	rows, err := r.Query(ctx, `/* across homes: what waits at one desk */ SELECT d.state, CASE WHEN d.unit = $1 THEN 1 ELSE 0 END, d.reply_by, d.act_by, d.acted
		FROM guidance_directive d WHERE d.unit = $1 AND d.state IN ('issued', 'read', 'replied')
		UNION ALL SELECT d.state, 0, d.reply_by, d.act_by, d.acted FROM guidance_directive d WHERE d.desk = $1 AND d.state IN ('issued', 'read', 'replied', 'acted')`, at)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var d Directive
		var ours int
		err = r.Scan(&d.State, &ours, &d.ReplyBy, &d.ActBy, &d.Acted)
		w.add(d, ours == 1, now)
		return none, err
	})
	return w, err
}

func (w *Waits) add(d Directive, ours bool, now time.Time) {
	count := func(n, first *int64, at int64) {
		if *n++; *first == 0 || at < *first {
			*first = at
		}
	}
	switch {
	case ours && d.State == Replied:
		count(&w.Act, &w.ActBy, d.ActBy)
	case ours:
		count(&w.Answer, &w.AnswerBy, d.ReplyBy)
	case d.State == Acted:
		count(&w.Judge, &w.Acted, d.Acted)
	case d.Overdue(now):
		count(&w.Late, &w.LateSince, d.Awaited())
	}
}

// holders lists who holds one of two roles at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID, roles []auth.Role) ([]id.ID, error) {
	first, last := string(roles[0]), string(roles[len(roles)-1])
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ($2, $3) ORDER BY p.person`, at, first, last)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (person id.ID, err error) { return person, r.Scan(&person) })
	return slices.Compact(all), err
}
