package org

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// Chart is where organisations stand, for those who write in bulk and would otherwise ask
// for every row. It is as of when it was read.
type Chart struct {
	held  map[id.ID][]Position // oldest first
	areas map[id.ID]area.Code
}

// ReadChart reads all positions.
func ReadChart(ctx context.Context, r db.Reader) (*Chart, error) {
	all, err := everyPosition(ctx, r)
	c := &Chart{map[id.ID][]Position{}, map[id.ID]area.Code{}}
	for _, p := range all {
		c.held[p.Org] = append(c.held[p.Org], Position{ID: p.ID, From: p.From})
		c.areas[p.Org] = p.Area
	}
	return c, err
}

// On is [PositionOn].
func (c *Chart) On(org id.ID, day string) (int64, error) {
	p, ok := on(c.held[org], day)
	if !ok {
		return 0, fail.New(fail.Conflict, "org.not_open")
	}
	return p.ID, nil
}

// Now is the position that an organisation holds, and its place.
func (c *Chart) Now(org id.ID) (position int64, at area.Code) {
	if held := c.held[org]; len(held) > 0 {
		position = held[len(held)-1].ID
	}
	return position, c.areas[org]
}

// Approval is a registration that was approved, both in the past.
type Approval struct {
	In
	Registrant id.ID
	Registered int64 // unix ms
	Reviewer   id.ID
	Approved   int64 // unix ms
}

// Load enters approved registrations as [Register] and [Approve] leave them, in the order of
// their approvals, with one entry in the audit trail for all.
func Load(ctx context.Context, tx *db.Tx, keys *crypt.Keys, facts *ledger.Bulk, actor auth.Actor, all []Approval) ([]id.ID, error) {
	if len(all) == 0 {
		return nil, nil
	}
	if !actor.IsSystem() {
		return nil, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	f := founding{actor: actor, parents: map[id.ID]roost{}, many: true}
	if _, err := turn(tx); err != nil {
		return nil, err
	}
	for i, a := range all {
		if err := f.load(ctx, tx, keys, facts, a); err != nil {
			return nil, f.at(i, err)
		}
	}
	if err := insertApproved(tx, f.orgs); err != nil {
		return nil, err
	}
	if err := open(tx, f.open); err != nil {
		return nil, err
	}
	if err := findable(tx, f.orgs); err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(f.orgs))
	for i, o := range f.orgs {
		ids[i] = o.ID
	}
	return ids, audit.Record(tx, actor, audit.Entry{Action: "org.loaded", Subject: ids[0], Org: ids[0], After: map[string]any{"count": len(ids)}})
}

// load prepares one approval and posts its fact.
func (f *founding) load(ctx context.Context, tx *db.Tx, keys *crypt.Keys, facts *ledger.Bulk, a Approval) error {
	parent, err := f.parent(ctx, tx, a.Parent)
	if err != nil {
		return err
	}
	o, err := fresh(ctx, tx, a.In, parent.Org)
	if err != nil {
		return err
	}
	phone, err := checkPhone(a.Phone, true)
	if err != nil {
		return err
	}
	if o.Position, err = tx.Next("org_position"); err != nil {
		return err
	}
	o.State, o.Registrant, o.Contact = Approved, a.Registrant, sealContact(keys, o.ID, phone)
	o.Created, o.Approved, o.Rev = a.Registered, a.Approved, 2
	day := db.Day(db.Time(a.Approved))
	f.orgs = append(f.orgs, o)
	f.open = append(f.open, opening{placeOf(o, parent.Position, day), parent.above})
	_, err = facts.Post(registered(o, day, a.Reviewer), a.Approved, 1)
	return err
}
