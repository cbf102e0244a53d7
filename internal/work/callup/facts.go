package callup

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// The kinds that this package posts: at the place of who issues, receives, or is asked.
var (
	AppealedFact     = ledger.Define("callup.appealed", "item", ledger.PerSubject)
	IssuedFact       = ledger.Define("callup.issued", "item", ledger.PerSubject)
	DeliveredFact    = ledger.Define("callup.delivered", "item", ledger.PerSubject)
	ReadFact         = ledger.Define("callup.read", "item", ledger.PerSubject)
	AcknowledgedFact = ledger.Define("callup.acknowledged", "person", ledger.PerSubject) // its quantity: how many it can send
	ForwardedFact    = ledger.Define("callup.forwarded", "item", ledger.PerSubject)
	ReportedFact     = ledger.Define("callup.reported", "item", ledger.PerSubject)
	AskedFact        = ledger.Define("callup.asked", "person", ledger.PerPerson)
	AnsweredFact     = ledger.Define("callup.answered", "person", ledger.PerPerson)
	HundredFact      = ledger.Define("callup.hundred", "minute", ledger.PerSubject) // its quantity: minutes since the issue

	DrillIssuedFact       = ledger.Define("callup.drill_issued", "item", ledger.PerSubject)
	DrillDeliveredFact    = ledger.Define("callup.drill_delivered", "item", ledger.PerSubject)
	DrillReadFact         = ledger.Define("callup.drill_read", "item", ledger.PerSubject)
	DrillAcknowledgedFact = ledger.Define("callup.drill_acknowledged", "person", ledger.PerSubject)
	DrillForwardedFact    = ledger.Define("callup.drill_forwarded", "item", ledger.PerSubject)
	DrillReportedFact     = ledger.Define("callup.drill_reported", "item", ledger.PerSubject)
)

// The indicators over call-ups.
var (
	Appeals        = count("appeals_published", "item", AppealedFact)
	CallsIssued    = count("callups_issued", "item", IssuedFact)
	Delivered      = count("callup_delivered", "item", DeliveredFact)
	HaveRead       = count("callup_read", "item", ReadFact)
	Acknowledged   = count("callup_acknowledged", "item", AcknowledgedFact)
	Forwarded      = count("callup_forwarded", "item", ForwardedFact)
	Reported       = count("callup_reported", "item", ReportedFact)
	Asked          = count("callup_asked", "turn", AskedFact)
	Answered       = count("callup_answered", "turn", AnsweredFact)
	Promised       = ledger.Indicate(ledger.Indicator{Key: "callup_promised", Unit: "person", Measure: ledger.Sum, Kinds: []*ledger.Kind{AcknowledgedFact}})
	Enrolled       = ledger.Indicate(ledger.Indicator{Key: "callup_enrolled", Unit: "person", Measure: ledger.Persons, Kinds: []*ledger.Kind{roster.SignedUp}, Called: true})
	EnrolledTurns  = ledger.Indicate(ledger.Indicator{Key: "callup_signups", Unit: "turn", Measure: ledger.Facts, Kinds: []*ledger.Kind{roster.SignedUp}, Called: true})
	Served         = ledger.Indicate(ledger.Indicator{Key: "callup_served", Unit: "person", Measure: ledger.Persons, Kinds: []*ledger.Kind{roster.Arrived}, Called: true})
	Acknowledging  = share("callup_acknowledge_rate", Acknowledged, Delivered)
	Answering      = share("callup_answer_rate", Answered, Asked)
	Share          = share("callup_share", EnrolledTurns, roster.Signups)
	hundredMinutes = ledger.Indicate(ledger.Indicator{Key: "callup_hundred_minutes", Unit: "minute", Measure: ledger.Sum, Kinds: []*ledger.Kind{HundredFact}})
	Hundreds       = count("callup_hundreds", "item", HundredFact)
	FirstHundred   = ledger.Indicate(ledger.Indicator{Key: "callup_first_hundred", Unit: "minute", Measure: ledger.Ratio, Over: hundredMinutes, Under: Hundreds, Scale: 1})

	DrillDelivered    = count("callup_drill_delivered", "item", DrillDeliveredFact)
	DrillRead         = count("callup_drill_read", "item", DrillReadFact)
	DrillAcknowledged = count("callup_drill_acknowledged", "item", DrillAcknowledgedFact)
	DrillForwarded    = count("callup_drill_forwarded", "item", DrillForwardedFact)
	DrillReported     = count("callup_drill_reported", "item", DrillReportedFact)
)

func count(key, unit string, kind *ledger.Kind) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: unit, Measure: ledger.Facts, Kinds: []*ledger.Kind{kind}})
}

func share(key string, over, under *ledger.Indicator) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: "ratio", Measure: ledger.Ratio, Over: over, Under: under, Scale: 10_000})
}

// step is one of the steps of a cascade: its kind, and the kind of a drill.
type step struct{ real, drill *ledger.Kind }

var (
	stepIssued       = step{IssuedFact, DrillIssuedFact}
	stepDelivered    = step{DeliveredFact, DrillDeliveredFact}
	stepRead         = step{ReadFact, DrillReadFact}
	stepAcknowledged = step{AcknowledgedFact, DrillAcknowledgedFact}
	stepForwarded    = step{ForwardedFact, DrillForwardedFact}
	stepReported     = step{ReportedFact, DrillReportedFact}
)

// of is the kind of the step for a call-up.
func (s step) of(c CallUp) *ledger.Kind {
	if c.Drill {
		return s.drill
	}
	return s.real
}

// fact is a fact of a call-up at the place of an organisation now.
func (c CallUp) fact(ctx context.Context, tx *db.Tx, kind *ledger.Kind, at, subject id.ID, qty int64, by id.ID) (ledger.Fact, error) {
	o, err := org.Get(ctx, tx, at)
	if err != nil {
		return ledger.Fact{}, err
	}
	day := db.Day(tx.Now)
	position, err := org.PositionOn(ctx, tx, at, day)
	return ledger.Fact{Kind: kind, Day: day, Org: position, Unit: position, Area: int64(o.Area), Campaign: c.Campaign, Service: c.Service,
		Callup: c.ID, Subject: subject, Qty: qty, Grade: ledger.Recorded, By: by}, err
}

func (c CallUp) post(ctx context.Context, tx *db.Tx, actor auth.Actor, kind *ledger.Kind, at, subject id.ID, qty int64) error {
	f, err := c.fact(ctx, tx, kind, at, subject, qty, actor.Person)
	if err != nil {
		return err
	}
	return ledger.Post(tx, f)
}

// postOn posts a fact of one question to a volunteer.
func (c CallUp) postOn(ctx context.Context, tx *db.Tx, kind *ledger.Kind, a Ask, category int64, by id.ID) error {
	f, err := c.fact(ctx, tx, kind, a.Unit, a.ID, 1, by)
	if err != nil {
		return err
	}
	f.Person, f.Category = a.Person, category
	return ledger.Post(tx, f)
}
