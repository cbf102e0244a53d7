package org

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// Registered is an organisation's approval. It is never reversed: one that is closed or
// merged later stays counted.
var Registered = ledger.Define("org.registered", "org", ledger.PerSubject)

// postRegistered posts the fact of an approval at the position that it gave.
func postRegistered(tx *db.Tx, actor auth.Actor, o Org) error {
	return ledger.Post(tx, ledger.Fact{
		Kind: Registered, Day: db.Day(tx.Now), Org: o.Position, Unit: o.Position, Area: int64(o.Area),
		Subject: o.ID, Qty: 1, Grade: ledger.Recorded, By: actor.Person,
	})
}
