package org

import (
	"context"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// reviewing are the roles that decide on what comes from below.
var reviewing = []auth.Role{auth.Admin, auth.Reviewer}

// Reaches says whether the actor holds one of the roles at the target or above it in the
// tree as it is now; without roles, whether she holds any that works at the desk. A target
// that is not in the tree yet is reached through the organisation that it registers under, one
// that was merged through its successor too.
// The product itself reaches everything.
func Reaches(ctx context.Context, r db.Reader, actor auth.Actor, target id.ID, roles ...auth.Role) (bool, error) {
	o, err := Get(ctx, r, target)
	if err != nil {
		return false, err
	}
	return reaches(ctx, r, actor, o, roles...)
}

func reaches(ctx context.Context, r db.Reader, actor auth.Actor, o Org, roles ...auth.Role) (bool, error) {
	if actor.IsSystem() {
		return true, nil
	}
	chain, err := chainOf(ctx, r, o)
	if err != nil {
		return false, err
	}
	in := slices.ContainsFunc(chain, func(l link) bool { return l.alive && holds(actor, l.org, roles) })
	if !in && o.State == Merged { // what it did is its successor's to look after
		return Reaches(ctx, r, actor, o.Successor, roles...)
	}
	return in, nil
}

// holds says whether the actor has one of the roles, or without roles any desk role, at
// that very organisation.
func holds(actor auth.Actor, at id.ID, roles []auth.Role) bool {
	return slices.ContainsFunc(actor.Grants, func(g auth.Grant) bool {
		return g.Org == at && (slices.Contains(roles, g.Role) || len(roles) == 0 && g.Role.Staff())
	})
}

// Permit refuses an actor who holds none of the roles at the target or above it.
func Permit(ctx context.Context, r db.Reader, actor auth.Actor, target id.ID, roles ...auth.Role) error {
	ok, err := Reaches(ctx, r, actor, target, roles...)
	if err == nil && !ok {
		err = fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return err
}

// permitOver is Permit for what only the tier above may do to an organisation; at the top
// its own staff may.
func permitOver(ctx context.Context, r db.Reader, actor auth.Actor, o Org, roles ...auth.Role) error {
	if o.Parent != "" {
		return Permit(ctx, r, actor, o.Parent, roles...)
	}
	return Permit(ctx, r, actor, o.ID, roles...)
}

// SecondPerson refuses an actor who may not be the second person on what author did at the
// target: the author herself, whoever is not of a higher tier, and the product itself. At
// the top and in an office another named administrator or reviewer of the same one will do. Where
// the target was merged it is seen from who stands for it.
func SecondPerson(ctx context.Context, r db.Reader, actor auth.Actor, author id.ID, target id.ID) error {
	if actor.Person == author {
		return fail.New(fail.Forbidden, "org.own_work")
	}
	o, err := Standing(ctx, r, target)
	if err != nil {
		return err
	}
	chain, err := chainOf(ctx, r, o)
	if err != nil {
		return err
	}
	same := o.Tier == Office || o.Parent == ""
	if !slices.ContainsFunc(chain, func(l link) bool {
		return l.alive && (l.org != o.ID || same) && holds(actor, l.org, reviewing)
	}) {
		return fail.New(fail.Forbidden, "org.second_person")
	}
	return nil
}

// Above answers the nearest office, centre, institute or station above an organisation: the
// one that reviews what it does. There is none above the top.
func Above(ctx context.Context, r db.Reader, org id.ID) (id.ID, error) {
	o, err := Get(ctx, r, org)
	if err != nil {
		return "", err
	}
	return above(ctx, r, o)
}

func above(ctx context.Context, r db.Reader, o Org) (id.ID, error) {
	chain, err := chainOf(ctx, r, o)
	if err != nil {
		return "", err
	}
	for _, l := range chain {
		if l.org != o.ID && l.kind == Practice && l.tier != Point {
			return l.org, nil
		}
	}
	return "", nil
}

// Seat is a place from which an actor reaches down: an organisation where she holds a role
// and below no other such.
type Seat struct {
	Org      id.ID
	Position int64
}

// Seats are the places from which the actor reaches down with one of the roles, or without
// roles with any that works at the desk: a list is scoped by joining org_under on one of
// their positions as ancestor. None of them lies below another.
func Seats(ctx context.Context, r db.Reader, actor auth.Actor, roles ...auth.Role) ([]Seat, error) {
	var seats []Seat
	for _, g := range actor.Grants {
		if !holds(actor, g.Org, roles) || slices.ContainsFunc(seats, func(s Seat) bool { return s.Org == g.Org }) {
			continue
		}
		o, err := Get(ctx, r, g.Org)
		if fail.KindOf(err) == fail.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		chain, err := chainOf(ctx, r, o)
		if err != nil {
			return nil, err
		}
		lower := slices.ContainsFunc(chain, func(l link) bool { return l.org != o.ID && l.alive && holds(actor, l.org, roles) })
		if o.Alive() && !lower {
			seats = append(seats, Seat{o.ID, o.Position})
		}
	}
	return seats, nil
}
