package org

import (
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
