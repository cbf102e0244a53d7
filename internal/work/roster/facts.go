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

// The indicators over who came and who was expected.
var (
	OrgsTakingPart = ledger.Indicate(ledger.Indicator{Key: "orgs_taking_part", Unit: "org", Measure: ledger.Orgs,
		Kinds: []*ledger.Kind{Arrived}, UnitKinds: org.Serving()})
	VolunteersTakingPart = ledger.Indicate(ledger.Indicator{Key: "volunteers_taking_part", Unit: "person", Measure: ledger.Persons,
		Kinds: []*ledger.Kind{Arrived}})
	Turns = ledger.Indicate(ledger.Indicator{Key: "turns", Unit: "turn", Measure: ledger.Facts, Kinds: []*ledger.Kind{Arrived}})

	MinutesServed    = minutesOf("minutes")
	MinutesRecorded  = minutesOf("minutes_recorded", ledger.Recorded)
	MinutesConfirmed = minutesOf("minutes_confirmed", ledger.Confirmed)
	MinutesDeclared  = minutesOf("minutes_declared", ledger.Declared)

	Signups        = ledger.Indicate(ledger.Indicator{Key: "signups", Unit: "turn", Measure: ledger.Facts, Kinds: []*ledger.Kind{SignedUp}})
	PlacesOffered  = ledger.Indicate(ledger.Indicator{Key: "places", Unit: "turn", Measure: ledger.Sum, Kinds: []*ledger.Kind{Places}})
	FillRate       = ledger.Indicate(ledger.Indicator{Key: "fill_rate", Unit: "ratio", Measure: ledger.Ratio, Over: Signups, Under: PlacesOffered, Scale: 10_000})
	NoShows        = ledger.Indicate(ledger.Indicator{Key: "no_shows", Unit: "turn", Measure: ledger.Facts, Kinds: []*ledger.Kind{Absent}})
	NoShowRate     = ledger.Indicate(ledger.Indicator{Key: "no_show_rate", Unit: "ratio", Measure: ledger.Ratio, Over: NoShows, Under: Signups, Scale: 10_000})
	ShiftsFilled   = ledger.Indicate(ledger.Indicator{Key: "shifts_filled", Unit: "session", Measure: ledger.Facts, Kinds: []*ledger.Kind{Filled}})
	FillingMinutes = ledger.Indicate(ledger.Indicator{Key: "filling_minutes", Unit: "minute", Measure: ledger.Sum, Kinds: []*ledger.Kind{Filled}})
	TimeToFull     = ledger.Indicate(ledger.Indicator{Key: "time_to_full", Unit: "minute", Measure: ledger.Ratio, Over: FillingMinutes, Under: ShiftsFilled, Scale: 1})
)

// minutesOf declares minutes of service, of some grades only where some are named.
func minutesOf(key string, grades ...ledger.Grade) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: "minute", Measure: ledger.Sum, Kinds: []*ledger.Kind{Minutes}, Grades: grades})
}

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
