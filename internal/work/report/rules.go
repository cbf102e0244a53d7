package report

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/org"
)

const (
	// Most is the largest number that one report may hold: beyond it somebody has slipped.
	Most       = 1_000_000_000
	maxNote    = 500
	minReason  = 2
	maxReason  = 200
	maxDays    = 366
	maxGrace   = 30
	maxName    = 40
	daysBehind = 366 // a duty may begin so long ago
)

// ParseNumber reads a number as people type it: full-width digits, separators, and 万 for ten
// thousand (its key in the locale files is report.ten_thousand).
func ParseNumber(text string) (int64, error) {
	s := strings.ReplaceAll(ident.Fold(text), ",", "")
	digits, places := s, 0
	if rest, ok := strings.CutSuffix(s, i18n.T(i18n.Chinese, "report.ten_thousand")); ok {
		digits, places = rest, 4
	}
	whole, part, _ := strings.Cut(digits, ".")
	if strings.HasPrefix(whole, "-") {
		return 0, fail.New(fail.Invalid, "report.number_negative")
	}
	part = strings.TrimRight(part, "0")
	if !allDigits(whole) || part != "" && !allDigits(part) {
		return 0, fail.New(fail.Invalid, "report.number_form")
	}
	if len(part) > places {
		return 0, fail.New(fail.Invalid, "report.number_whole")
	}
	n, err := strconv.ParseInt(strings.TrimLeft(whole, "0")+part+strings.Repeat("0", places-len(part)), 10, 64)
	switch {
	case err != nil && strings.Trim(whole+part, "0") == "", err == nil && n == 0:
		return 0, fail.New(fail.Invalid, "report.number_nothing")
	case err != nil || n > Most:
		return 0, fail.New(fail.Invalid, "report.number_large", "most", Most)
	}
	return n, nil
}

func allDigits(s string) bool { return s != "" && ident.Digits(s, len(s)) }

// check says what is wrong with a report, each thing at its field.
func (in In) check(today string) (number int64, err error) {
	number, wrong := ParseNumber(in.Number)
	errs := []error{fail.At("number", wrong)}
	if _, ok := declaredOf(in.Key); !ok {
		errs = append(errs, fail.Field("key", "report.key_unknown"))
	}
	errs = append(errs, checkDays(in.From, in.To))
	if in.To > today {
		errs = append(errs, fail.Field("to", "report.day_ahead"))
	}
	if utf8.RuneCountInString(in.Note) > maxNote {
		errs = append(errs, fail.Field("note", "report.note_long", "max", maxNote))
	}
	return number, fail.Join(errs...)
}

func checkDays(from, to string) error {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return fail.Field("from", "report.day_form")
	}
	last, err := time.Parse(time.DateOnly, to)
	switch {
	case err != nil:
		return fail.Field("to", "report.day_form")
	case last.Before(first):
		return fail.Field("to", "report.days_order")
	case days(from, to) > maxDays:
		return fail.Field("to", "report.days_long", "max", maxDays)
	}
	return nil
}

func checkReason(reason string) error {
	if n := utf8.RuneCountInString(reason); n < minReason || n > maxReason {
		return fail.Field("reason", "report.reason_length", "min", minReason, "max", maxReason)
	}
	return nil
}

// days is how many days there are from one to another, both included.
func days(from, to string) int64 {
	a, err1 := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int64(b.Sub(a)/(24*time.Hour)) + 1
}

// check says what is wrong with a duty, each thing at its field.
func (d Duty) check(now time.Time) error {
	var errs []error
	if n := utf8.RuneCountInString(d.Name); n < 2 || n > maxName {
		errs = append(errs, fail.Field("name", "report.name_length", "min", 2, "max", maxName))
	}
	if len(d.Types) == 0 || slices.ContainsFunc(d.Types, func(t org.Type) bool { return !slices.Contains(org.Types(), t) }) {
		errs = append(errs, fail.Field("types", "report.types_none"))
	}
	if !slices.Contains(Rhythms(), d.Every) {
		errs = append(errs, fail.Field("every", "web.form.choose"))
	}
	from, err := time.Parse(time.DateOnly, d.From)
	switch {
	case err != nil:
		errs = append(errs, fail.Field("from", "report.day_form"))
	case now.Sub(from) > daysBehind*24*time.Hour || from.Sub(now) > daysBehind*24*time.Hour:
		errs = append(errs, fail.Field("from", "report.from_far"))
	}
	switch {
	case d.To == "" && d.Every == Once:
		errs = append(errs, fail.Field("to", "report.once_to"))
	case d.To != "" && err == nil && d.Every == Once:
		errs = append(errs, checkDays(d.From, d.To))
	case d.To != "" && d.To < d.From:
		errs = append(errs, fail.Field("to", "report.days_order"))
	}
	if _, err := time.Parse("15:04", d.Clock); err != nil {
		errs = append(errs, fail.Field("clock", "web.form.clock"))
	}
	if d.Grace < 0 || d.Grace > maxGrace {
		errs = append(errs, fail.Field("grace", "report.grace", "max", maxGrace))
	}
	return fail.Join(errs...)
}

// period is the turn of a duty that begins on a day; false where the duty is over by then.
func (d Duty) period(from string) (p Period, ok bool) {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil || d.To != "" && from > d.To || d.Every == Once && from != d.From {
		return Period{}, false
	}
	last := first
	switch d.Every {
	case Weekly:
		last = first.AddDate(0, 0, (7-int(first.Weekday()))%7)
	case Monthly:
		last = time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, time.UTC)
	}
	p = Period{Duty: d.ID, From: from, To: last.Format(time.DateOnly)}
	if d.Every == Once || d.To != "" && p.To > d.To {
		p.To = d.To
	}
	due := moment(p.To, d.Clock).AddDate(0, 0, int(d.Grace))
	p.Due = due.UnixMilli()
	return p, true
}

// after is the day on which the turn after a period begins.
func (p Period) after() string {
	last, _ := time.Parse(time.DateOnly, p.To)
	return last.AddDate(0, 0, 1).Format(time.DateOnly)
}

// opens is when a period opens: as its last day begins.
func (p Period) opens() time.Time { return moment(p.To, "00:00") }

// moment is an hour of a day in the product's zone.
func moment(day, clock string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly+" 15:04", day+" "+clock, i18n.Zone())
	return t
}
