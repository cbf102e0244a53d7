package org

import (
	"slices"

	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
)

// Kind says what an organisation is.
type Kind string

// The kinds. A practice organisation is one of the tree of offices, centres, institutes,
// stations and points; the others register under it.
const (
	Practice     Kind = "practice"
	Unit         Kind = "unit"
	Department   Kind = "department"
	Organization Kind = "organization"
	Team         Kind = "team"
)

// Kinds are all kinds, practice organisations first.
func Kinds() []Kind { return []Kind{Practice, Unit, Department, Organization, Team} }

// Tier is the place of a practice organisation in its tree; the other kinds have none.
type Tier string

// The tiers, from the top down. An office is a province's or a city's.
const (
	Office    Tier = "office"
	Center    Tier = "center"
	Institute Tier = "institute"
	Station   Tier = "station"
	Point     Tier = "point"
)

// Tiers are all tiers from the top down.
func Tiers() []Tier { return []Tier{Office, Center, Institute, Station, Point} }

// Type is kind and tier in one word, as people name them: the tier of a practice
// organisation, the kind of every other.
type Type string

// TypeOf joins a kind and a tier.
func TypeOf(k Kind, t Tier) Type {
	if k == Practice {
		return Type(t)
	}
	return Type(k)
}

// Types are all types, from the top of the tree down.
func Types() []Type {
	var all []Type
	for _, t := range Tiers() {
		all = append(all, Type(t))
	}
	for _, k := range Kinds()[1:] {
		all = append(all, Type(k))
	}
	return all
}

// Parts are the kind and the tier of a type; of an unknown one there are none.
func (t Type) Parts() (Kind, Tier) {
	switch {
	case slices.Contains(Tiers(), Tier(t)):
		return Practice, Tier(t)
	case slices.Contains(Kinds()[1:], Kind(t)):
		return Kind(t), ""
	}
	return "", ""
}

// Label is the message key of the type's short name, for lists among its like.
func (t Type) Label() string { return "org.type." + string(t) }

// Full is the message key of the type's full name, where it stands alone.
func (t Type) Full() string { return "org.type_full." + string(t) }

// State is where an organisation stands.
type State string

// The states, as drawn in the package's comment.
const (
	Pending  State = "pending"
	Approved State = "approved"
	Returned State = "returned"
	Merged   State = "merged"
	Closed   State = "closed"
)

// Org is an organisation as it is now.
type Org struct {
	ID         id.ID
	Home       string
	Kind       Kind
	Tier       Tier
	Name       string
	Area       area.Code
	Position   int64 // the last it held; 0 before its approval
	Parent     id.ID
	CreditCode string
	Address    string
	About      string
	Contact    []byte // sealed telephone number of the person to ask
	State      State
	Reason     string // of the return, or of the closing
	Trusted    bool   // its ordinary activities need no review
	Successor  id.ID
	Registrant id.ID // who registered it; empty where staff founded it
	Created    int64 // ms
	Due        int64 // ms; by when its registration is to be reviewed
	Approved   int64 // ms
	Rev        int64
}

// Type is what people call it.
func (o Org) Type() Type { return TypeOf(o.Kind, o.Tier) }

// Alive says whether the organisation is part of the tree now.
func (o Org) Alive() bool { return o.State == Approved }

// In is what founding or registering an organisation asks for.
type In struct {
	Kind       Kind
	Tier       Tier
	Name       string
	Area       area.Code // 0: its parent's, where it is no practice organisation
	Parent     id.ID
	CreditCode string
	Address    string
	About      string
	Phone      string // of the person to ask; only a registration carries one
}
