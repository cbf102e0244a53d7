package org

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// mostPending is how many registrations one person may have waiting at a time.
const mostPending = 10

// Register asks that a unit, department, organisation or team hang under another. Anyone
// who is signed in may. The one that asked for the same thing twice gets the first answer.
func Register(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in In) (id.ID, error) {
	if err := mayRegister(actor); err != nil {
		return "", err
	}
	if _, err := turn(tx); err != nil {
		return "", err
	}
	o, phone, err := proposal(ctx, tx, in)
	if err != nil {
		return "", err
	}
	o.Registrant, o.Contact = actor.Person, sealContact(keys, o.ID, phone)
	waiting, err := waitingOf(ctx, tx, actor.Person)
	if err != nil {
		return "", err
	}
	for _, w := range waiting {
		if w.Parent == o.Parent && w.Kind == o.Kind && w.Name == o.Name {
			return w.ID, nil
		}
	}
	if len(waiting) >= mostPending {
		return "", fail.New(fail.TooMany, "org.too_many_pending", "max", mostPending)
	}
	if err := clash(ctx, tx, o); err != nil {
		return "", err
	}
	if _, err := insertOrgs(tx, []Org{o}); err != nil {
		return "", err
	}
	return o.ID, audit.Record(tx, actor, audit.Entry{Action: "org.registered", Subject: o.ID, Org: o.Parent, After: record(o)})
}

func mayRegister(actor auth.Actor) error {
	if !actor.SignedIn() || actor.IsSystem() {
		return fail.New(fail.Forbidden, "org.register_signed_in")
	}
	return nil
}

// proposal checks a registration and makes a pending organisation of it, whose review has
// so long from now. The number of the person to ask comes beside it, not sealed yet.
func proposal(ctx context.Context, tx *db.Tx, in In) (o Org, phone string, err error) {
	var parent Org
	if in.Parent != "" {
		if parent, err = Get(ctx, tx, in.Parent); err != nil {
			return o, "", err
		}
	}
	var kind error
	if in.Kind == Practice {
		kind = fail.Field("kind", "org.register_practice")
	}
	phone, wrong := checkPhone(in.Phone, true)
	o, err = fresh(ctx, tx, in, parent)
	if err := fail.Join(kind, err, wrong); err != nil {
		return o, "", err
	}
	set, err := config.Load(ctx, tx)
	o.State, o.Due = Pending, db.MS(tx.Now.Add(set.ReviewWithin))
	return o, phone, err
}

func sealContact(keys *crypt.Keys, org id.ID, phone string) []byte {
	return keys.Seal("org_org", "contact", org, phone)
}

// Resubmit puts a returned registration before the reviewers again, as it is in now. Rev is
// what the person saw.
func Resubmit(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, org id.ID, rev int64, in In) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := Own(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	if old.State != Returned {
		return fail.New(fail.Conflict, "org.not_returned")
	}
	o, phone, err := proposal(ctx, tx, in)
	if err != nil {
		return err
	}
	o.ID, o.Home, o.Rev, o.Registrant, o.Created = old.ID, old.Home, rev, old.Registrant, old.Created
	o.Contact = sealContact(keys, o.ID, phone)
	if err := clash(ctx, tx, o); err != nil {
		return err
	}
	if err := resubmit(tx, o); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.resubmitted", Subject: o.ID, Org: o.Parent, Before: record(old), After: record(o)})
}

// Withdraw takes a registration back that is not decided, or was returned.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID) error {
	o, err := Own(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	if o.State != Pending && o.State != Returned {
		return fail.New(fail.Conflict, "org.not_pending")
	}
	if err := end(tx, o, o.Reason); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.withdrawn", Subject: o.ID, Org: o.Parent, Before: record(o)})
}

// Own reads an organisation that the actor registered herself; to others it is unknown.
func Own(ctx context.Context, r db.Reader, actor auth.Actor, org id.ID) (Org, error) {
	o, err := Get(ctx, r, org)
	if err == nil && (o.Registrant == "" || o.Registrant != actor.Person) {
		err = fail.New(fail.NotFound, "org.unknown")
	}
	return o, err
}

// OwnContact opens the number of the person to ask for the one who gave it.
func OwnContact(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, org id.ID) (string, error) {
	o, err := Own(ctx, r, actor, org)
	if err != nil {
		return "", err
	}
	return keys.OpenField("org_org", "contact", o.ID, o.Contact)
}

// Approve takes a registration into the tree: it gets its position, and counts from now on.
// The tier above it decides, and never who registered it.
func Approve(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID) error {
	if _, err := turn(tx); err != nil {
		return err
	}
	old, err := forReview(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	parent, err := Get(ctx, tx, old.Parent)
	if err != nil {
		return err
	}
	if !parent.Alive() {
		return fail.New(fail.Conflict, "org.parent_not_open")
	}
	above, err := aboveOf(ctx, tx, parent.Position)
	if err != nil {
		return err
	}
	o := old
	if o.Position, err = tx.Next("org_position"); err != nil {
		return err
	}
	o.State, o.Reason, o.Approved = Approved, "", db.MS(tx.Now)
	o.Area = o.along(parent.Area) // the parent may have moved since
	if err := decide(tx, o); err != nil {
		return err
	}
	if err := open(tx, []opening{{placeOf(o, parent.Position, db.Day(tx.Now)), above}}); err != nil {
		return err
	}
	if err := take(tx, o); err != nil {
		return err
	}
	if err := findable(tx, []Org{o}); err != nil {
		return err
	}
	if err := postRegistered(tx, actor, o); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.approved", Subject: o.ID, Org: o.ID, Before: record(old), After: record(o)})
}

// Return gives a registration back to who made it, with the reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, org id.ID, reason string) error {
	old, err := forReview(ctx, tx, actor, org)
	if err != nil {
		return err
	}
	o := old
	o.State = Returned
	if o.Reason, err = checkReason(reason); err != nil {
		return err
	}
	if err := decide(tx, o); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "org.returned", Subject: o.ID, Org: o.Parent, Before: record(old), After: record(o)})
}

// MayDecide refuses an actor to whom Approve and Return would be refused.
func MayDecide(ctx context.Context, r db.Reader, actor auth.Actor, org id.ID) error {
	_, err := forReview(ctx, r, actor, org)
	return err
}

// forReview reads a pending registration that the actor may decide on.
func forReview(ctx context.Context, r db.Reader, actor auth.Actor, org id.ID) (Org, error) {
	o, err := Get(ctx, r, org)
	if err != nil {
		return o, err
	}
	at, err := above(ctx, r, o)
	if err != nil {
		return o, err
	}
	if err := Permit(ctx, r, actor, at, reviewing...); err != nil {
		return o, err
	}
	switch {
	case o.State != Pending:
		return o, fail.New(fail.Conflict, "org.not_pending")
	case o.Registrant == actor.Person:
		return o, fail.New(fail.Forbidden, "org.own_work")
	}
	return o, nil
}
