package ledger

import (
	"slices"
	"strings"
)

// Measure says what an indicator counts in the living facts that it selects.
type Measure string

// The measures. A Ratio divides one indicator by another.
const (
	Sum      Measure = "sum"      // of their quantities
	Facts    Measure = "facts"    // how many there are
	Persons  Measure = "persons"  // different persons
	Subjects Measure = "subjects" // different subjects
	Orgs     Measure = "orgs"     // different organisations served for
	Ratio    Measure = "ratio"
)

// Duty narrows an indicator over what falls due to what was done, or was not:
// a fact that falls due stands for as many days as its quantity says, up to its own, and it is
// done when its organisation acted on one of them, or said that there was nothing.
type Duty string

// The two sides of a duty; "" is both.
const (
	Done   Duty = "done"
	Missed Duty = "missed"
)

// Indicator is a named definition over facts. Its name and its basis (what exactly is
// counted) are the message keys "figure.name."+key and "figure.basis."+key. An area declares
// its own in its facts.go, with [Indicate]; what is computed from them is package figure's.
type Indicator struct {
	Key     string
	Version int    // another way of counting is the next version; a published figure says which
	Unit    string // person turn household activity session org team minute fen item issue play ratio
	Measure Measure

	Kinds     []*Kind  // of the facts
	Grades    []Grade  // only these; none: any
	UnitKinds []string // only facts whose unit is an organisation of one of these kinds; none: any
	Called    bool     // only facts that a call-up brought
	Duty      Duty     // of what falls due, only this side; "": any fact

	Over, Under *Indicator // a ratio is Over divided by Under
	Scale       int64      // and multiplied by this: 10,000 for a share, 1 for an average
}

var indicators = map[string]*Indicator{}

// Indicate declares an indicator.
func Indicate(i Indicator) *Indicator {
	if indicators[i.Key] != nil {
		panic("ledger: indicator " + i.Key + " is declared twice")
	}
	if i.Version == 0 {
		i.Version = 1
	}
	if (i.Measure == Ratio) != (i.Over != nil && i.Under != nil && i.Scale > 0) || (i.Measure == Ratio) == (len(i.Kinds) > 0) {
		panic("ledger: indicator " + i.Key + " counts facts or is a ratio of two indicators")
	}
	indicators[i.Key] = &i
	return &i
}

// IndicatorOf finds an indicator by its key; nil if nobody declared it.
func IndicatorOf(key string) *Indicator { return indicators[key] }

// Indicators lists all by key.
func Indicators() []*Indicator {
	all := make([]*Indicator, 0, len(indicators))
	for _, i := range indicators {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b *Indicator) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// Distinct says whether the indicator counts different things, so that the figures of parts
// may add up to more than the figure of the whole.
func (i *Indicator) Distinct() bool {
	return i.Measure == Persons || i.Measure == Subjects || i.Measure == Orgs
}
