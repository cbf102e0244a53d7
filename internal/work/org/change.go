package org

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/search"
	"tongxin/internal/work/area"
)

// standing reads an organisation that is in the tree now.
func standing(ctx context.Context, r db.Reader, org id.ID) (Org, error) {
	o, err := Get(ctx, r, org)
	if err == nil && !o.Alive() {
		err = fail.New(fail.Conflict, "org.not_open")
	}
	return o, err
}

// over reads an organisation in the tree over which the actor is an administrator.
func over(ctx context.Context, r db.Reader, actor auth.Actor, org id.ID) (Org, error) {
	o, err := Get(ctx, r, org)
	if err != nil {
		return o, err
	}
	if err := permitOver(ctx, r, actor, o, auth.Admin); err != nil {
		return o, err
	}
	return standing(ctx, r, org)
}

// Rename gives an organisation another name. It stays where it is, so it keeps its
// position, and facts their place; the old name stays in the audit trail. Rev is what the
// person saw.
func Rename(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID, rev int64, name string) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	o := old
	if o.Name, err = checkName(name); err != nil {
		return err
	}
	if o.Name == old.Name {
		return fail.Field("name", "org.name_same")
	}
	if err := clash(ctx, tx, o); err != nil {
		return err
	}
	old.Rev = rev
	if err := rename(tx, old, o.Name); err != nil {
		return err
	}
	if err := search.Put(tx, o.text()); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.renamed", Subject: o.ID, Org: o.ID, Before: record(old), After: record(o)})
}

// Details is what an organisation says about itself. An empty Phone leaves the stored one.
type Details struct {
	CreditCode, Address, About, Phone string
}

// Describe changes what an organisation says about itself; its own administrators may. Rev
// is what the person saw.
func Describe(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, org id.ID, rev int64, d Details) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	if err := Permit(ctx, tx, actor, org, auth.Admin); err != nil {
		return err
	}
	old, err := standing(ctx, tx, org)
	if err != nil {
		return err
	}
	o := old
	var credit error
	o.Rev, o.Address, o.About = rev, ident.Line(d.Address), ident.Lines(d.About)
	o.CreditCode, credit = checkCredit(d.CreditCode)
	phone, wrong := checkPhone(d.Phone, false)
	if err := fail.Join(credit, checkLength("address", o.Address, addressMax), checkLength("about", o.About, aboutMax), wrong); err != nil {
		return err
	}
	if err := clash(ctx, tx, o); err != nil {
		return err
	}
	if phone != "" {
		o.Contact = sealContact(keys, o.ID, phone)
	}
	if err := describe(tx, o); err != nil {
		return err
	}
	if err := search.Put(tx, o.text()); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.described", Subject: o.ID, Org: o.ID, Before: record(old), After: record(o)})
}

// Contact opens the telephone number of the person to ask, for a stated purpose. It is
// written down who looked, and why.
func Contact(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, org id.ID, purpose string) (string, error) {
	o, err := Get(ctx, tx, org)
	if err != nil {
		return "", err
	}
	if err := Permit(ctx, tx, actor, org, reviewing...); err != nil {
		return "", err
	}
	if purpose = ident.Line(purpose); len([]rune(purpose)) < reasonMin || len([]rune(purpose)) > reasonMax {
		return "", fail.Field("purpose", "org.purpose_missing", "max", reasonMax)
	}
	phone, err := keys.OpenField("org_org", "contact", o.ID, o.Contact)
	if err != nil {
		return "", err
	}
	return phone, audit.Record(tx, actor, audit.Entry{
		Action: "org.contact_read", Subject: o.ID, Org: o.ID, After: map[string]string{"purpose": purpose},
	})
}

// Move hangs an organisation, with all below it, under another: each gets a new position
// from today on, and what was done before stays where it was done. An administrator of
// both the old place and the new one may. Offices, centres, institutes, stations and points
// stand where they stand: the new parent's place must hold theirs, a station's its county
// only, for villages change their township. The other kinds go along: one whose place lies
// outside the new parent's takes that.
func Move(ctx context.Context, tx *db.Tx, actor auth.Actor, org, parent id.ID) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	to, err := Get(ctx, tx, parent)
	if err != nil {
		return err
	}
	if err := Permit(ctx, tx, actor, parent, auth.Admin); err != nil {
		return err
	}
	o, all, err := moving(ctx, tx, old, to)
	if err != nil {
		return err
	}
	if err := hang(tx, old, parent); err != nil {
		return err
	}
	if err := reopen(ctx, tx, all, to); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.moved", Subject: o.ID, Org: o.ID, Before: record(old), After: record(o)})
}

// moving checks a move and answers the organisation as it will be, with its branch.
func moving(ctx context.Context, r db.Reader, old, to Org) (Org, []Org, error) {
	all, err := branch(ctx, r, old)
	if err != nil {
		return old, nil, err
	}
	for _, below := range all {
		if below.ID == to.ID {
			return old, nil, fail.Field("parent", "org.move_into_itself")
		}
	}
	o := old
	o.Parent = to.ID
	if old.Parent == to.ID {
		return o, nil, fail.Field("parent", "org.move_nowhere")
	}
	all[0].Parent = to.ID
	o.Area = o.along(to.Area)
	if err := fail.Join(checkHangs(o.Kind, o.Tier, to), checkStands(o.Kind, o.Tier, o.Area, to), clash(ctx, r, o)); err != nil {
		return o, nil, err
	}
	return o, all, nil
}

// reopen ends the positions of a branch, parents first, and opens others for it under to.
func reopen(ctx context.Context, tx *db.Tx, all []Org, to Org) error {
	day := db.Day(tx.Now)
	above, err := aboveOf(ctx, tx, to.Position)
	if err != nil {
		return err
	}
	if err := leave(tx, all[0].Position, day); err != nil {
		return err
	}
	type spot struct {
		area  area.Code
		above []int64
	}
	spots := map[id.ID]spot{to.ID: {to.Area, above}}
	opened := make([]opening, len(all))
	for i, o := range all {
		at := spots[o.Parent]
		o.Area = o.along(at.area)
		if o.Position, err = tx.Next("org_position"); err != nil {
			return err
		}
		opened[i] = opening{placeOf(o, at.above[0], day), at.above}
		spots[o.ID] = spot{o.Area, append([]int64{o.Position}, at.above...)}
	}
	if err := open(tx, opened); err != nil {
		return err
	}
	return settle(tx, opened[0].ID)
}

// Trust lets the ordinary activities of an organisation go without review, or ends that;
// the tier above decides. Risky ones are always reviewed.
func Trust(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID, trusted bool) error {
	o, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	if o.Trusted == trusted {
		return nil
	}
	if err := trust(tx, o, trusted); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.trusted", Subject: o.ID, Org: o.ID,
		Before: map[string]bool{"trusted": !trusted}, After: map[string]bool{"trusted": trusted}})
}

// Close ends an organisation under which nothing hangs any more. What it did stays counted,
// its last position remains its place.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID, reason string) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := over(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	o := old
	if o.Reason, err = checkReason(reason); err != nil {
		return err
	}
	n, err := children(ctx, tx, o)
	if err != nil {
		return err
	}
	if n > 0 {
		return fail.New(fail.Conflict, "org.has_children", "n", n)
	}
	if err := end(tx, old, o.Reason); err != nil {
		return err
	}
	o.State = Closed
	return audit.Record(tx, actor, audit.Entry{Action: "org.closed", Subject: o.ID, Org: o.ID, Before: record(old), After: record(o)})
}
