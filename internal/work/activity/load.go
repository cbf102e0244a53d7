package activity

import (
	"context"
	"fmt"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Publication is an activity whose whole way to publication is past.
type Publication struct {
	Edit
	Org       id.ID
	Posts     []PostIn
	Span      Span
	Risky     bool  // its kind of service is
	Author    id.ID // who wrote and submitted it
	Created   int64 // unix ms
	Submitted int64
	Desk      id.ID // on which it was reviewed; "" where the organiser is trusted
	Reviewer  id.ID // who approved it
	Published int64
}

// Entered is what came of a publication.
type Entered struct {
	Activity
	Posts []Post
}

// Load enters published activities with their posts as [Create], [AddPost] and the way through
// review leave them, with one entry in the audit trail for all.
func Load(ctx context.Context, tx *db.Tx, chart *org.Chart, facts *ledger.Bulk, actor auth.Actor, all []Publication) ([]Entered, error) {
	if len(all) == 0 {
		return nil, nil
	}
	if !actor.IsSystem() {
		return nil, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return nil, err
	}
	l := &loader{set: set, chart: chart, facts: facts, desks: map[id.ID][]id.ID{}, into: newTables(tx)}
	made := make([]Entered, len(all))
	for i, p := range all {
		if made[i], err = l.publish(ctx, tx, p); err != nil {
			return nil, fmt.Errorf("activity %d of the batch: %w", i+1, err)
		}
	}
	if err := l.into.flush(); err != nil {
		return nil, err
	}
	if err := notice.Load(tx, l.told); err != nil {
		return nil, err
	}
	first := made[0].ID
	return made, audit.Record(tx, actor, audit.Entry{Action: "activity.loaded", Subject: first, Org: made[0].Org, After: map[string]any{"count": len(made)}})
}

// loader is one call of Load.
type loader struct {
	set   config.Settings
	chart *org.Chart
	facts *ledger.Bulk
	desks map[id.ID][]id.ID // who decides there
	into  *tables
	told  []notice.Line
}

func (l *loader) publish(ctx context.Context, tx *db.Tx, p Publication) (Entered, error) {
	in := p.Edit.normal()
	if in.Leader == "" {
		in.Leader = p.Author
	}
	home := p.Org.Home()
	m := Entered{Activity: Activity{Edit: in, Home: home, ID: tx.NewID(home), Org: p.Org, Risky: p.Risky, State: Published, Author: p.Author,
		Submitted: p.Submitted, ReviewerOrg: p.Desk, Published: p.Published, Version: 1, Starts: p.Span.Starts, Ends: p.Span.Ends,
		Created: p.Created, Rev: int64(len(p.Posts)) + 2}}
	for _, in := range p.Posts {
		post := Post{PostIn: in.normal(), ID: tx.NewID(home), Activity: m.ID}
		m.Posts, m.Risky = append(m.Posts, post), m.Risky || in.Risky
	}
	if err := fail.Join(in.check(), complete(in, m.Posts, p.Span, p.Submitted)); err != nil {
		return m, err
	}
	if p.Desk != "" {
		m.Rev++
		if err := l.review(ctx, tx, m.Activity); err != nil {
			return m, err
		}
	}
	if err := l.into.add(m); err != nil {
		return m, err
	}
	f, err := m.factOn(l.chart, PublishedFact, db.Day(db.Time(p.Published)), p.By())
	if err == nil {
		_, err = l.facts.Post(f, p.Published, 1)
	}
	return m, err
}

// By is who published it.
func (p Publication) By() id.ID {
	if p.Desk == "" {
		return p.Author
	}
	return p.Reviewer
}

// review writes what reviewers and organisers were told.
func (l *loader) review(ctx context.Context, tx *db.Tx, a Activity) (err error) {
	who, known := l.desks[a.ReviewerOrg]
	if !known {
		if who, err = holders(ctx, tx, a.ReviewerOrg); err != nil {
			return err
		}
		l.desks[a.ReviewerOrg] = who
	}
	due := db.MS(db.Time(a.Submitted).Add(l.set.ReviewWithin))
	for _, person := range who {
		l.told = append(l.told, toReview(a, due, person))
	}
	for _, person := range organisersOf(a) {
		l.told = append(l.told, notice.Line{Person: person, Kind: "activity.approved", Subject: a.ID, At: a.Published,
			Once: "activity.approved/" + string(a.ID) + "/" + db.Stamp(db.Time(a.Published)), Args: []any{"title", a.Title}})
	}
	return nil
}

func toReview(a Activity, due int64, person id.ID) notice.Line {
	const kind = "activity.to_review"
	return notice.Line{Person: person, Kind: kind, Subject: a.ID, At: a.Submitted,
		Once: kind + "/" + string(a.ID) + "/" + db.Stamp(db.Time(due)), Args: []any{"title", a.Title, "due_at", due}}
}

// organisersOf are the author, and the leader if she is another.
func organisersOf(a Activity) []id.ID {
	if a.Leader == a.Author || a.Leader == "" {
		return []id.ID{a.Author}
	}
	return []id.ID{a.Author, a.Leader}
}

// factOn is a fact of an activity at the position that its organiser held on a day.
func (a Activity) factOn(chart *org.Chart, kind *ledger.Kind, day string, by id.ID) (ledger.Fact, error) {
	at, err := chart.On(a.Org, day)
	f := a.fact(kind, day, by)
	f.Org, f.Unit = at, at
	return f, err
}

// Held is the fact that an activity was held on a day, for roster's bulk load: what [MarkHeld]
// posts.
func Held(a Activity, chart *org.Chart, day string, by id.ID) (ledger.Fact, error) {
	return a.factOn(chart, HeldFact, day, by)
}
