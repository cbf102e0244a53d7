package people

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// Registered: a volunteer's account is active. Once a person, for good: closing an account
// takes nothing back.
var Registered = ledger.Define("people.registered", "person", ledger.PerPerson)

// postRegistered counts a new volunteer at the unit that is hers by default.
func postRegistered(ctx context.Context, tx *db.Tx, actor auth.Actor, p Standing) error {
	unit, err := DefaultUnit(ctx, tx, p)
	if err != nil {
		return err
	}
	at, err := org.Get(ctx, tx, unit)
	if err != nil {
		return err
	}
	f := registered(p, db.Day(tx.Now), actor.Person)
	f.Org, f.Unit, f.Area = at.Position, at.Position, int64(at.Area)
	return ledger.Post(tx, f)
}

// registered is the fact of a new volunteer, but for where it counts.
func registered(p Standing, day string, by id.ID) ledger.Fact {
	return ledger.Fact{Kind: Registered, Day: day, Category: p.Category, Subject: p.ID, Person: p.ID, Qty: 1, By: by}
}

// VolunteersRegistered counts accounts that became active.
var VolunteersRegistered = ledger.Indicate(ledger.Indicator{Key: "volunteers_registered", Unit: "person", Measure: ledger.Persons,
	Kinds: []*ledger.Kind{Registered}})
