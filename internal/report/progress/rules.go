package progress

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
)

// State says whether a schedule is still followed.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Schedule is what an organisation and those below it are to reach by when.
type Schedule struct {
	ID       id.ID
	Org      id.ID
	Campaign int64 // 0: whatever is done counts
	Name     string
	State    State
	Author   id.ID
	Created  int64
	Rev      int64
}

// Item is a column of a schedule: an indicator, or a milestone where there is none.
type Item struct {
	ID        id.ID
	Schedule  id.ID
	Place     int64
	Name      string
	Indicator string
	Service   int64 // the kind of service that counts; 0: any
	Whole     bool  // counted from the beginning, not from the row's first day
}

// Milestone says whether the item is reached or not, and nothing between.
func (i Item) Milestone() bool { return i.Indicator == "" }

// Counts is its indicator; nil of a milestone.
func (i Item) Counts() *ledger.Indicator { return ledger.IndicatorOf(i.Indicator) }

// ratio says whether the item is a share or an average, which does not add up over days.
func (i Item) ratio() bool { c := i.Counts(); return c != nil && c.Measure == ledger.Ratio }

// Row is one unit's part of an item.
type Row struct {
	ID        id.ID
	Schedule  id.ID
	Item      id.ID
	Org       id.ID
	From, Due string
	Target    int64
	Curve     Curve
	Reached   string // the day of a milestone
	Note      string
	Rev       int64
}

// Point is how much of a target, in percent, should be there at the end of a day.
type Point struct {
	Day     string
	Percent int64
}

// Curve is a plan by days; an empty one goes evenly.
type Curve []Point

// String is the curve as it is typed and kept: "2020-02-10 40,2020-02-20 75".
func (c Curve) String() string {
	parts := make([]string, len(c))
	for i, p := range c {
		parts[i] = p.Day + " " + strconv.FormatInt(p.Percent, 10)
	}
	return strings.Join(parts, ",")
}

// ParseCurve reads points, each a day and a percentage, separated by commas or lines. They
// lie within the days of the row and never fall.
func ParseCurve(text, from, due string) (Curve, error) {
	var c Curve
	for piece := range strings.FieldsFuncSeq(ident.Fold(spaced(text)), func(r rune) bool { return r == ',' }) {
		day, share, _ := strings.Cut(strings.TrimSpace(piece), "_")
		n, err := strconv.ParseInt(strings.Trim(share, "_%"), 10, 64)
		if _, bad := time.Parse(time.DateOnly, day); bad != nil || err != nil || n < 0 || n > 100 {
			return nil, fail.Field("curve", "progress.curve_form")
		}
		c = append(c, Point{day, n})
	}
	slices.SortFunc(c, func(a, b Point) int { return strings.Compare(a.Day, b.Day) })
	for i, p := range c {
		if p.Day < from || p.Day >= due || i > 0 && (p.Day == c[i-1].Day || p.Percent < c[i-1].Percent) {
			return nil, fail.Field("curve", "progress.curve_order", "from", from, "due", due)
		}
	}
	return c, nil
}

// spaced makes one comma of every line end and mark between points, and an underscore of the
// space within one, which folding would drop.
func spaced(text string) string {
	text = strings.NewReplacer("\r", "", "\n", ",", "\uff0c", ",", "\u3001", ",", ";", ",", "\uff1b", ",", "\u3000", " ", "\t", " ", ":", " ", "\uff1a", " ").Replace(text)
	var pieces []string
	for p := range strings.SplitSeq(text, ",") {
		if f := strings.Fields(p); len(f) > 0 {
			pieces = append(pieces, strings.Join(f, "_"))
		}
	}
	return strings.Join(pieces, ",")
}

// number is a day as days since 1970; days that come here were read before.
func number(day string) int64 {
	t, _ := time.Parse(time.DateOnly, day)
	return t.Unix() / 86400
}

func dayOf(n int64) string { return time.Unix(n*86400, 0).UTC().Format(time.DateOnly) }

// Planned is what should be there at the end of a day.
func (r Row) Planned(i Item, day string) int64 {
	d, from, due := number(day), number(r.From), number(r.Due)
	switch {
	case d < from:
		return 0
	case d >= due || i.ratio():
		return r.Target
	}
	low, high := from-1, due
	var lowShare, highShare int64 = 0, 100
	for _, p := range r.Curve {
		n := number(p.Day)
		if n > d {
			high, highShare = n, p.Percent
			break
		}
		low, lowShare = n, p.Percent
	}
	return r.Target * (lowShare*(high-low) + (highShare-lowShare)*(d-low)) / (100 * (high - low))
}

// window is over how many days at most the last pace is taken.
const window = 7

// back is how many days before a day the pace is taken from.
func (r Row) back(day string) int64 { return min(window, max(1, number(day)-number(r.From)+1)) }

// forecast is what the due day will see if the last days go on: actual is what there is at the
// end of the day, earlier what there was so many days before.
func forecast(actual, earlier, days, left int64) int64 {
	if left <= 0 {
		return actual
	}
	return actual + floorDiv((actual-earlier)*left, days)
}

// floorDiv rounds down, below zero too: corrections may take figures back.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

// arrival is in how many days the target is reached at the pace of the last ones; false if
// never.
func arrival(actual, earlier, days, target int64) (int64, bool) {
	switch rise := actual - earlier; {
	case actual >= target:
		return 0, true
	case rise <= 0:
		return 0, false
	default:
		return ((target-actual)*days + rise - 1) / rise, true
	}
}

const (
	minName, maxName = 2, 40
	maxNote          = 200
	maxTarget        = 1_000_000_000_000
	maxDays          = 3660
)

// In is what is typed about a schedule.
type In struct {
	Name     string
	Campaign int64
}

func checkName(field, name string) error {
	if n := utf8.RuneCountInString(name); n < minName || n > maxName {
		return fail.Field(field, "progress.name_length", "min", minName, "max", maxName)
	}
	return nil
}

// RowIn is what is typed about a row. The item is found by its name; the first row that names
// it makes it.
type RowIn struct {
	Org       id.ID
	Item      string
	Indicator string // empty: a milestone
	Service   int64
	Whole     bool
	From, Due string
	Target    int64 // in the indicator's base unit; of a milestone 1, whatever is said
	Curve     string
}

// Typed is a number in an indicator's base unit, of one as people type it: shares in percent,
// time in hours, money in yuan.
func Typed(indicator string, n int64) int64 {
	switch i := ledger.IndicatorOf(indicator); {
	case i == nil:
		return n
	case i.Unit == "ratio" || i.Unit == "fen":
		return n * 100
	case i.Unit == "minute":
		return n * 60
	}
	return n
}

// normal is the input as it is kept.
func (in RowIn) normal() RowIn {
	in.Item, in.From, in.Due = ident.Line(in.Item), ident.Fold(in.From), ident.Fold(in.Due)
	if in.Indicator == "" {
		in.Target, in.Curve, in.Service, in.Whole = 1, "", 0, false
	}
	return in
}

// check says what is wrong with the input itself, each thing at its field.
func (in RowIn) check() (Curve, error) {
	errs := []error{checkName("item", in.Item), checkSpan(in.From, in.Due)}
	if in.Org == "" {
		errs = append(errs, fail.Field("org", "progress.org_missing"))
	}
	if in.Indicator != "" && ledger.IndicatorOf(in.Indicator) == nil {
		errs = append(errs, fail.Field("indicator", "figure.unknown"))
	}
	if in.Target < 1 || in.Target > maxTarget {
		errs = append(errs, fail.Field("target", "progress.target", "max", int64(maxTarget)))
	}
	if err := fail.Join(errs...); err != nil {
		return nil, err
	}
	return ParseCurve(in.Curve, in.From, in.Due)
}

func checkSpan(from, due string) error {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return fail.Field("from", "progress.from_day")
	}
	last, err := time.Parse(time.DateOnly, due)
	switch {
	case err != nil:
		return fail.Field("due", "progress.due_day")
	case last.Before(first):
		return fail.Field("due", "progress.due_before")
	case last.Sub(first) > maxDays*24*time.Hour:
		return fail.Field("due", "progress.too_long")
	}
	return nil
}
