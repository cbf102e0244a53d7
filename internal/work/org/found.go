package org

import (
	"context"
	"fmt"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// Batch is the most organisations that FoundMany takes at once, so that it leaves the
// writer soon to others.
const Batch = 500

// Found makes an approved organisation below one that the actor administers. An office
// at the top is founded by the product itself, while it is set up.
func Found(ctx context.Context, tx *db.Tx, actor auth.Actor, in In) (id.ID, error) {
	o, err := found(ctx, tx, actor, in)
	if err != nil {
		return "", err
	}
	return o.ID, audit.Record(tx, actor, audit.Entry{Action: "org.founded", Subject: o.ID, Org: o.ID, After: record(o)})
}

// FoundStep is [Found] without its line in the audit trail: a step for imports, which write
// one line for all.
func FoundStep(ctx context.Context, tx *db.Tx, actor auth.Actor, in In) (id.ID, error) {
	o, err := found(ctx, tx, actor, in)
	return o.ID, err
}

func found(ctx context.Context, tx *db.Tx, actor auth.Actor, in In) (Org, error) {
	f := founding{actor: actor, parents: map[id.ID]roost{}}
	if err := f.run(ctx, tx, []In{in}); err != nil {
		return Org{}, err
	}
	return f.orgs[0], nil
}

// UnfoundStep takes back the founding of an organisation that was a mistake, a step for the
// undoing of imports: it is closed and no longer counts. Nothing may hang under it; whether
// anybody has begun to work with it is for the caller to ask.
func UnfoundStep(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID, reason string) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	o, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	n, err := children(ctx, tx, o)
	if err == nil && n > 0 {
		err = fail.New(fail.Conflict, "org.has_children", "n", n)
	}
	if err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, Registered, o.ID, "", "", actor.Person); err != nil {
		return err
	}
	if err := end(tx, o, reason); err != nil {
		return err
	}
	return unapprove(tx, o.ID)
}

// FoundMany is Found for up to [Batch] organisations at once: the same rows, one entry in
// the audit trail for all. Parents must stand already. One that is refused refuses all.
func FoundMany(ctx context.Context, tx *db.Tx, actor auth.Actor, ins []In) ([]id.ID, error) {
	switch {
	case len(ins) > Batch:
		return nil, fail.New(fail.TooMany, "org.batch_large", "max", Batch)
	case len(ins) == 0:
		return nil, nil
	}
	f := founding{actor: actor, parents: map[id.ID]roost{}, many: true}
	if err := f.run(ctx, tx, ins); err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(f.orgs))
	for i, o := range f.orgs {
		ids[i] = o.ID
	}
	return ids, audit.Record(tx, actor, audit.Entry{
		Action: "org.founded_many", Subject: ids[0], Org: ids[0], After: map[string]any{"count": len(ids), "orgs": ids},
	})
}

// founding is one call of Found or FoundMany.
type founding struct {
	actor   auth.Actor
	parents map[id.ID]roost
	many    bool
	orgs    []Org
	open    []opening
}

// roost is an organisation under which others are founded, and its position with those
// above it, nearest first.
type roost struct {
	Org
	above []int64
}

func (f *founding) run(ctx context.Context, tx *db.Tx, ins []In) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	for i, in := range ins {
		if err := f.prepare(ctx, tx, in); err != nil {
			return f.at(i, err)
		}
	}
	if err := f.insert(ctx, tx); err != nil {
		return err
	}
	if err := open(tx, f.open); err != nil {
		return err
	}
	if err := findable(tx, f.orgs); err != nil {
		return err
	}
	for _, o := range f.orgs {
		if err := postRegistered(tx, f.actor, o); err != nil {
			return err
		}
	}
	return nil
}

// at says which of many an error is about.
func (f *founding) at(i int, err error) error {
	if f.many {
		return fmt.Errorf("organisation %d of the batch: %w", i+1, err)
	}
	return err
}

// prepare checks one and gives it its id and position.
func (f *founding) prepare(ctx context.Context, tx *db.Tx, in In) error {
	parent, err := f.parent(ctx, tx, in.Parent)
	if err != nil {
		return err
	}
	o, err := fresh(ctx, tx, in, parent.Org)
	if err != nil {
		return err
	}
	if o.Position, err = tx.Next("org_position"); err != nil {
		return err
	}
	o.State, o.Approved = Approved, o.Created
	f.orgs = append(f.orgs, o)
	f.open = append(f.open, opening{placeOf(o, parent.Position, db.Day(tx.Now)), parent.above})
	return nil
}

// parent reads whom to found under, once, and whether the actor may.
func (f *founding) parent(ctx context.Context, tx *db.Tx, at id.ID) (roost, error) {
	if p, ok := f.parents[at]; ok || at == "" {
		if at == "" && !f.actor.IsSystem() {
			return roost{}, fail.New(fail.Forbidden, "org.out_of_reach")
		}
		return p, nil
	}
	o, err := Get(ctx, tx, at)
	if err != nil {
		return roost{}, err
	}
	if err := Permit(ctx, tx, f.actor, at, auth.Admin); err != nil {
		return roost{}, err
	}
	above, err := aboveOf(ctx, tx, o.Position)
	f.parents[at] = roost{o, above}
	return f.parents[at], err
}

func (f *founding) insert(ctx context.Context, tx *db.Tx) error {
	n, err := insertOrgs(tx, f.orgs)
	if err != nil || n == int64(len(f.orgs)) {
		return err
	}
	for i, o := range f.orgs {
		if err := clash(ctx, tx, o); err != nil {
			return f.at(i, err)
		}
	}
	return fail.New(fail.Conflict, "org.changed_meanwhile")
}

// fresh checks what was asked for and makes an organisation of it that has no state yet.
func fresh(ctx context.Context, tx *db.Tx, in In, parent Org) (Org, error) {
	in, err := in.check(ctx, tx, parent)
	if err != nil {
		return Org{}, err
	}
	home := in.Area.Home()
	return Org{
		ID: tx.NewID(home), Home: home, Kind: in.Kind, Tier: in.Tier, Name: in.Name, Area: in.Area, Parent: parent.ID,
		CreditCode: in.CreditCode, Address: in.Address, About: in.About, Created: db.MS(tx.Now), Rev: 1,
	}, nil
}

// check tidies what was asked for and refuses what is wrong with it, in itself, under that
// parent and at that place.
func (in In) check(ctx context.Context, r db.Reader, parent Org) (In, error) {
	in, wrong := in.tidy()
	if in.Area == 0 && in.Kind != Practice {
		in.Area = parent.Area
	}
	place := checkArea(ctx, r, in.Area)
	if place == nil {
		place = checkPlace(in.Kind, in.Tier, in.Area, parent)
	}
	return in, fail.Join(wrong, checkHangs(in.Kind, in.Tier, parent), place)
}

// checkArea refuses a division that is missing or not known.
func checkArea(ctx context.Context, r db.Reader, at area.Code) error {
	if at == 0 {
		return fail.Field("area", "org.area_missing")
	}
	_, err := area.Get(ctx, r, at)
	if fail.KindOf(err) == fail.NotFound {
		return fail.Field("area", "org.area_unknown")
	}
	return err
}

func placeOf(o Org, parent int64, day string) Position {
	return Position{ID: o.Position, Org: o.ID, Parent: parent, Kind: o.Kind, Tier: o.Tier, Name: o.Name, Area: o.Area, From: day}
}

// written is what the audit trail keeps of an organisation.
type written struct {
	Kind    Kind      `json:"kind"`
	Tier    Tier      `json:"tier,omitempty"`
	Name    string    `json:"name"`
	Area    area.Code `json:"area"`
	Parent  id.ID     `json:"parent,omitempty"`
	Credit  string    `json:"credit_code,omitempty"`
	Address string    `json:"address,omitempty"`
	About   string    `json:"about,omitempty"`
	Contact []byte    `json:"contact,omitempty"` // ciphertext
	State   State     `json:"state"`
	Reason  string    `json:"reason,omitempty"`
}

func record(o Org) written {
	return written{o.Kind, o.Tier, o.Name, o.Area, o.Parent, o.CreditCode, o.Address, o.About, o.Contact, o.State, o.Reason}
}
