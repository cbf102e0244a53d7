package report

import (
	"context"
	"slices"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// Due falls due when a period opens, once for each organisation; its quantity is the days of
// the period, the last of which is the fact's, so that the ledger alone knows what it asks
// for. Nil says that an organisation had nothing in that period.
var (
	Due = ledger.Define("report.due", "day", ledger.PerSubject)
	Nil = ledger.Define("report.nil", "org", ledger.PerSubject)
)

// Declared is an indicator whose number units report. To add one: a line below and its words
// (fact.report.KEY, figure.name.KEY, figure.basis.KEY) in the locale files.
type Declared struct {
	Key  string
	Kind *ledger.Kind
	*ledger.Indicator
}

var declared = []Declared{
	declare("banquets_cancelled", ledger.Define("report.banquets_cancelled", "activity", ledger.PerSubject)),
	declare("plays", ledger.Define("report.plays", "play", ledger.PerSubject)),
	declare("live_audience", ledger.Define("report.live_audience", "turn", ledger.PerSubject)),
	declare("audience", ledger.Define("report.audience", "turn", ledger.PerSubject)),
}

func declare(key string, kind *ledger.Kind) Declared {
	return Declared{key, kind, ledger.Indicate(ledger.Indicator{Key: key, Unit: kind.Unit, Measure: ledger.Sum, Kinds: []*ledger.Kind{kind}})}
}

// AllDeclared lists the declared indicators.
func AllDeclared() []Declared { return slices.Clone(declared) }

// declaredOf finds a declared indicator.
func declaredOf(key string) (Declared, bool) {
	i := slices.IndexFunc(declared, func(d Declared) bool { return d.Key == key })
	if i < 0 {
		return Declared{}, false
	}
	return declared[i], true
}

// The indicators over duties. What was reported is reckoned from the acts in the ledger.
var (
	ReportsDue     = over("reports_due", "")
	ReportsMade    = over("reports_made", ledger.Done)
	ReportsMissing = over("reports_missing", ledger.Missed)
	Completeness   = ledger.Indicate(ledger.Indicator{Key: "report_completeness", Unit: "ratio", Measure: ledger.Ratio,
		Over: ReportsMade, Under: ReportsDue, Scale: 10_000})
)

func over(key string, duty ledger.Duty) *ledger.Indicator {
	return ledger.Indicate(ledger.Indicator{Key: key, Unit: "item", Measure: ledger.Facts, Kinds: []*ledger.Kind{Due}, Duty: duty})
}

// done are kinds of facts that happen to a unit: they are no act of its own, and no report.
var done = []string{"org.registered", "people.registered", "report.due", "report.nil", "guidance.issued", "guidance.overdue", "guidance.closed", "guidance.improved"}

// IsAct says whether a fact of a kind is an act of the organisation that it names. report.nil
// is none: it answers for its own period alone.
func IsAct(kind string) bool {
	return !slices.Contains(done, kind) && !strings.HasPrefix(kind, "callup.") // papers that were passed on
}

// postDue posts that a report falls due for an organisation.
func postDue(ctx context.Context, tx *db.Tx, o Owed, at place) error {
	f, err := dueFact(ctx, tx, o, at)
	if err != nil {
		return err
	}
	return ledger.Post(tx, f)
}

func dueFact(ctx context.Context, tx *db.Tx, o Owed, at place) (ledger.Fact, error) {
	position, err := org.PositionOn(ctx, tx, o.Org, o.To)
	return ledger.Fact{Kind: Due, Day: o.To, Org: position, Unit: position, Area: at.area, Campaign: o.Campaign,
		Subject: o.ID, Qty: days(o.From, o.To), Grade: ledger.Recorded, By: auth.SystemID}, err
}

// nilFact is that an organisation had nothing in a period.
func nilFact(ctx context.Context, tx *db.Tx, o Owed, by id.ID) (ledger.Fact, error) {
	at, err := org.Get(ctx, tx, o.Org)
	if err != nil {
		return ledger.Fact{}, err
	}
	position, err := org.PositionOn(ctx, tx, o.Org, o.To)
	return ledger.Fact{Kind: Nil, Day: o.To, Org: position, Unit: position, Area: int64(at.Area), Campaign: o.Campaign,
		Subject: o.ID, Qty: 1, Grade: ledger.Declared, By: by}, err
}

// postTotal posts the number of an accepted report.
func postTotal(ctx context.Context, tx *db.Tx, actor auth.Actor, p Report) error {
	at, err := org.Get(ctx, tx, p.Org)
	if err != nil {
		return err
	}
	position, err := org.PositionOn(ctx, tx, p.Org, p.To)
	if err != nil {
		return err
	}
	d, _ := declaredOf(p.Key)
	return ledger.Post(tx, ledger.Fact{Kind: d.Kind, Day: p.To, Org: position, Unit: position, Area: int64(at.Area), Campaign: p.Campaign,
		Subject: p.ID, Qty: p.Number, Grade: ledger.Declared, By: actor.Person})
}
