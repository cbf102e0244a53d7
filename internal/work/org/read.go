package org

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
)

// PositionOn answers the position that an organisation held on a day: before its first the
// first, after its closing the last. One that was never approved has none.
func PositionOn(ctx context.Context, r db.Reader, org id.ID, day string) (int64, error) {
	all, err := held(ctx, r, org)
	if err != nil {
		return 0, err
	}
	p, ok := on(all, day)
	if !ok {
		if _, err := Get(ctx, r, org); err != nil {
			return 0, err
		}
		return 0, fail.New(fail.Conflict, "org.not_open")
	}
	return p.ID, nil
}

// held is [Positions] with no more than the days from which they were held: every sign-up
// and arrival asks for it.
func held(ctx context.Context, r db.Reader, org id.ID) ([]Position, error) {
	rows, err := r.Query(ctx, "SELECT id, from_day FROM org_position WHERE org = $1 ORDER BY id", org)
	return db.Collect(rows, err, func(r *sql.Rows) (p Position, err error) {
		err = r.Scan(&p.ID, &p.From)
		return p, err
	})
}

// Stands says whether an organisation is part of the tree now.
func Stands(ctx context.Context, r db.Reader, org id.ID) (bool, error) {
	o, err := Get(ctx, r, org)
	return o.Alive(), err
}

// Under says whether an organisation stands at or below another in the tree as it is now.
func Under(ctx context.Context, r db.Reader, above, org id.ID) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `SELECT COUNT(*) FROM org_org a JOIN org_under u ON u.ancestor = a.position
		JOIN org_org o ON o.position = u.position WHERE a.id = $1 AND o.id = $2`, above, org).Scan(&n)
	return n > 0, err
}

// Step is an organisation on a path down the tree.
type Step struct {
	ID   id.ID
	Kind Kind
	Tier Tier
	Name string
}

// Type is what people call it.
func (s Step) Type() Type { return TypeOf(s.Kind, s.Tier) }

// Path leads from the top down to an organisation, itself included.
func Path(ctx context.Context, r db.Reader, org id.ID) ([]Step, error) {
	o, err := Get(ctx, r, org)
	if err != nil {
		return nil, err
	}
	chain, err := chainOf(ctx, r, o)
	if err != nil {
		return nil, err
	}
	path := make([]Step, 0, len(chain)+1)
	for i := len(chain) - 1; i >= 0; i-- {
		path = append(path, Step{chain[i].org, chain[i].kind, chain[i].tier, chain[i].name})
	}
	if o.Position == 0 {
		path = append(path, Step{o.ID, o.Kind, o.Tier, o.Name})
	}
	return path, nil
}

// Standing is the organisation that stands for one now: itself, or the last of those into which it
// was merged.
func Standing(ctx context.Context, r db.Reader, org id.ID) (Org, error) {
	for {
		o, err := Get(ctx, r, org)
		if err != nil || o.State != Merged {
			return o, err
		}
		org = o.Successor
	}
}

// Stay is a position with the name that the organisation above had there.
type Stay struct {
	Position
	Above string
}

// History lists where an organisation stood, latest first.
func History(ctx context.Context, r db.Reader, org id.ID) ([]Stay, error) {
	rows, err := r.Query(ctx, `SELECT p.id, p.org, p.parent, p.kind, p.tier, p.name, p.area, p.from_day, p.to_day, COALESCE(a.name, '')
		FROM org_position p LEFT JOIN org_position a ON a.id = p.parent WHERE p.org = $1 ORDER BY p.id DESC`, org)
	return db.Collect(rows, err, func(r *sql.Rows) (s Stay, err error) {
		err = r.Scan(&s.ID, &s.Org, &s.Parent, &s.Kind, &s.Tier, &s.Name, &s.Area, &s.From, &s.To, &s.Above)
		return s, err
	})
}

// ByArea lists the offices, centres, institutes, stations and points that stand at exactly
// that place.
func ByArea(ctx context.Context, r db.Reader, at area.Code) ([]Org, error) {
	return db.Remember(r, "org", at, func() ([]Org, error) {
		rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.area = $1 AND o.kind = 'practice' AND o.state = 'approved' ORDER BY o.id`, at)
		return db.Collect(rows, err, scanOrgs)
	})
}

// MovedHere are the divisions of institutes and stations that stand below an organisation now,
// and outside its own division: what changed hands without a new code.
func MovedHere(ctx context.Context, r db.Reader, o Org) ([]area.Code, error) {
	low, top := o.Area.Range()
	rows, err := r.Query(ctx, `SELECT o.area FROM org_under u JOIN org_org o ON o.position = u.position
		WHERE u.ancestor = $1 AND o.kind = 'practice' AND o.tier IN ('institute', 'station') AND o.state = 'approved'
		AND (o.area < $2 OR o.area >= $3) ORDER BY o.area`, o.Position, low, top)
	return db.Collect(rows, err, db.Value[area.Code])
}

// ByName lists the organisations in the tree with exactly that name.
func ByName(ctx context.Context, r db.Reader, name string) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.name = $1 AND o.state = 'approved' ORDER BY o.id`, name)
	return db.Collect(rows, err, scanOrgs)
}

// Former lists the organisations that have left the tree with exactly that name.
func Former(ctx context.Context, r db.Reader, name string) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.name = $1 AND o.state IN ('merged', 'closed') ORDER BY o.id`, name)
	return db.Collect(rows, err, scanOrgs)
}

// Mine lists what a person registered, newest first.
func Mine(ctx context.Context, r db.Reader, person id.ID) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.registered_by = $1 AND o.registered_by <> '' ORDER BY o.created DESC, o.id DESC`, person)
	return db.Collect(rows, err, scanOrgs)
}

// waitingOf lists a person's registrations that are not decided yet.
func waitingOf(ctx context.Context, r db.Reader, person id.ID) ([]Org, error) {
	rows, err := r.Query(ctx, `SELECT `+orgColumns+` FROM org_org o WHERE o.registered_by = $1 AND o.registered_by <> '' AND o.state = 'pending'`, person)
	return db.Collect(rows, err, scanOrgs)
}

// Names answers the names of organisations; an unknown one has none.
func Names(ctx context.Context, r db.Reader, orgs []id.ID) (map[id.ID]string, error) {
	names := make(map[id.ID]string, len(orgs))
	for len(orgs) > 0 {
		some := orgs[:min(len(orgs), inList)]
		orgs = orgs[len(some):]
		rows, err := r.Query(ctx, `SELECT id, name FROM org_org WHERE id IN (`+db.In(listed(len(some)), 1)+`)`, padded(some)...)
		if _, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			var at id.ID
			var name string
			err := r.Scan(&at, &name)
			names[at] = name
			return struct{}{}, err
		}); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// inList is how many values a list in a statement has at most, and inShort in a short one, which
// most are: fewer are filled up with the last, so that there are few statements to prepare.
const (
	inList  = 50
	inShort = 4
)

// listed is the length of a list that holds so many.
func listed(n int) int {
	if n <= inShort {
		return inShort
	}
	return inList
}

func padded[T any](values []T) []any {
	args := make([]any, listed(len(values)))
	for i := range args {
		args[i] = values[min(i, len(values)-1)]
	}
	return args
}
