package org

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Registered is an organisation's approval. It is never reversed: one that is closed or
// merged later stays counted.
var Registered = ledger.Define("org.registered", "org", ledger.PerSubject)

// postRegistered posts the fact of an approval at the position that it gave.
func postRegistered(tx *db.Tx, actor auth.Actor, o Org) error {
	return ledger.Post(tx, registered(o, db.Day(tx.Now), actor.Person))
}

func registered(o Org, day string, by id.ID) ledger.Fact {
	return ledger.Fact{
		Kind: Registered, Day: day, Org: o.Position, Unit: o.Position, Area: int64(o.Area),
		Subject: o.ID, Qty: 1, Grade: ledger.Recorded, By: by,
	}
}

// The indicators over registrations. Those who serve in their own name are organizations and
// teams; the others are the practice tree, units and departments.
var (
	OrgsRegistered = ledger.Indicate(ledger.Indicator{Key: "orgs_registered", Unit: "org", Measure: ledger.Subjects,
		Kinds: []*ledger.Kind{Registered}})
	TeamsRegistered = ledger.Indicate(ledger.Indicator{Key: "teams_registered", Unit: "org", Measure: ledger.Subjects,
		Kinds: []*ledger.Kind{Registered}, UnitKinds: Serving()})
)

// Serving are the kinds of organisation that take part in an activity in their own name.
func Serving() []string { return []string{string(Organization), string(Team)} }
