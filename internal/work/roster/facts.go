package roster

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The kinds that this package posts (FIGURES, "The facts of the first areas").
var (
	Places   = ledger.Define("roster.places", "turn", ledger.PerSubject)
	SignedUp = ledger.Define("roster.signed_up", "turn", ledger.PerPerson)
	Filled   = ledger.Define("roster.filled", "minute", ledger.PerSubject)
	Arrived  = ledger.Define("roster.arrived", "turn", ledger.PerPerson)
	Minutes  = ledger.Define("roster.minutes", "minute", ledger.PerPerson)
	Absent   = ledger.Define("roster.no_show", "turn", ledger.PerPerson)
)

// fact is the shift's part of a fact: where and when it counts. Without a
// person the unit is the organiser.
func (s Shift) fact(tx *db.Tx, kind *ledger.Kind, qty int64, by id.ID) (ledger.Fact, error) {
	at, err := org.PositionOn(tx.Context(), tx, s.Activity.Org, s.Day)
	return ledger.Fact{
		Kind: kind, Day: s.Day, Org: at, Unit: at, Area: int64(s.Activity.Area), Campaign: s.Activity.Campaign,
		Service: s.Activity.Service, Subject: s.ID, Qty: qty, By: by,
	}, err
}

// post writes a fact of the shift as a whole.
func (s Shift) post(tx *db.Tx, kind *ledger.Kind, qty int64, by id.ID) error {
	f, err := s.fact(tx, kind, qty, by)
	if err != nil {
		return err
	}
	return ledger.Post(tx, f)
}

// postFor writes a fact of one person on the shift.
func (s Shift) postFor(tx *db.Tx, u Signup, kind *ledger.Kind, qty int64, grade ledger.Grade, by id.ID) error {
	f, err := s.fact(tx, kind, qty, by)
	if err != nil {
		return err
	}
	if u.Unit != "" {
		if f.Unit, err = org.PositionOn(tx.Context(), tx, u.Unit, s.Day); err != nil {
			return err
		}
	}
	f.Person, f.Category, f.Callup, f.Grade = u.Person, u.Category, u.Callup, grade
	return ledger.Post(tx, f)
}

// reverseFor takes back a fact of one person on the shift, if one lives.
func (s Shift) reverseFor(tx *db.Tx, person id.ID, kind *ledger.Kind, by id.ID) error {
	_, err := ledger.Reverse(tx, kind, s.ID, person, s.Day, by)
	return err
}
