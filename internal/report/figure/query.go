package figure

import (
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// Query asks for a figure: an indicator, the scope to which it is applied, and the moment as
// of which it is told. What is empty is not asked for.
type Query struct {
	Indicator string
	Org       id.ID     // what was organised at or below it, wherever it stood then
	Unit      id.ID     // whom they served for: it or one below it
	Area      area.Code // where
	Campaign  int64     // it or one below it
	Service   int64
	Category  int64
	Person    id.ID
	Subject   id.ID
	Callup    id.ID  // what that call-up brought or did
	From, To  string // days, both included
	AsOf      AsOf
	Since     AsOf // what is new since then: the figure less what it was
	By        By
	Facts     bool // its entries are facts even where different things are counted: what stands behind one of them
}

// AsOf is a moment in the life of the ledger: after the fact of a number, or at a time. The
// zero value is now.
type AsOf struct {
	Seq  int64
	Time time.Time
}

// By says into what a figure is split.
type By string

// The splits.
const (
	Whole      By = ""
	ByOrg      By = "org"      // the organisation itself and those right below it
	ByUnit     By = "unit"     // whom they served for
	ByArea     By = "area"     // the divisions right below the area, or below the organisation's
	ByDay      By = "day"      //
	ByWeek     By = "week"     // from Monday, by its day
	ByCategory By = "category" // of the volunteer
	ByService  By = "service"  // the kind of service
)

// Splits are all splits.
func Splits() []By { return []By{ByOrg, ByUnit, ByArea, ByDay, ByWeek, ByCategory, ByService} }

// Answer is a figure. Value is in the indicator's base unit. Entries is how many things it
// opens to: facts, persons, subjects or organisations; the value itself, unless quantities
// are summed up or divided.
type Answer struct {
	Indicator *ledger.Indicator
	Value     int64
	Seq       int64     // the last fact that counts
	Time      time.Time // as of when
	Entries   int64
	Gone      int64 // of what is new since a moment: so many of the entries counted then and do no more
	Splits    []Split
	Overlap   int64    // by how much the splits of different things add up to more than there are
	Parts     []Answer // of a ratio: what is divided and by what; of what is new: the figure and what it was
}

// Split is the figure of a part. Key is an id, a division's code, a day, or the number of a
// kind of service or category, 0 for none.
type Split struct {
	Key, Name string
	Value     int64
}

// Name is the indicator's name for people.
func Name(lang string, i *ledger.Indicator) string { return i18n.T(lang, "figure.name."+i.Key) }

// Basis says in a sentence what exactly an indicator counts.
func Basis(lang string, i *ledger.Indicator) string { return i18n.T(lang, "figure.basis."+i.Key) }

// Unit is the measure word of an indicator.
func Unit(lang string, i *ledger.Indicator) string { return i18n.T(lang, "figure.unit."+i.Unit) }

// indicator finds what is asked for.
func (q Query) indicator() (*ledger.Indicator, error) {
	i := ledger.IndicatorOf(q.Indicator)
	if i == nil {
		return nil, fail.New(fail.NotFound, "figure.unknown")
	}
	return i, nil
}

// days are the bounds as days since 1970.
func (q Query) days() (from, to int32, err error) {
	from, to = 0, 1<<30
	if q.From != "" {
		if from, err = dayNumber(q.From); err != nil {
			return 0, 0, fail.At("from", err)
		}
	}
	if q.To != "" {
		if to, err = dayNumber(q.To); err != nil {
			return 0, 0, fail.At("to", err)
		}
	}
	if from > to {
		return 0, 0, fail.Field("to", "figure.days_order")
	}
	return from, to, nil
}

func dayNumber(day string) (int32, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, fail.New(fail.Invalid, "figure.day_form")
	}
	return int32(t.Unix() / 86400), nil
}

func dayOf(n int32) string { return time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly) }

// firstOf is the first day of a month, as days since 1970.
func firstOf(month int) int32 {
	return int32(time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
