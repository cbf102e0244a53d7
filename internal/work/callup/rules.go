package callup

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// MostLines is how many lines a call-up has at most, MostPlaces how many people one calls up.
const (
	MostLines    = 6
	MostPlaces   = 1_000_000
	longest      = 90 * 24 * time.Hour
	mostTitle    = 60
	mostText     = 5000
	mostReceived = 500 // receivers of one sender
)

// In is what is typed about a call-up.
type In struct {
	Title    string
	Text     string
	Appeal   id.ID
	Service  int64
	Campaign int64
	Drill    bool
	AnswerBy time.Time
	Until    time.Time
	Most     int64
	Lines    []Line
}

// tidy cleans what is typed, and numbers the lines.
func (in *In) tidy() {
	in.Title, in.Text = ident.Line(in.Title), ident.Lines(in.Text)
	for i := range in.Lines {
		in.Lines[i].N, in.Lines[i].Day = int64(i+1), ident.Fold(in.Lines[i].Day)
	}
}

// check refuses what cannot be sent out at a moment.
func (in In) check(now time.Time) error {
	errs := []error{between("title", in.Title, 2, mostTitle), between("text", in.Text, 5, mostText)}
	switch {
	case in.AnswerBy.IsZero():
		errs = append(errs, fail.Field("answer_by", "callup.when_missing"))
	case !in.AnswerBy.After(now):
		errs = append(errs, fail.Field("answer_by", "callup.past", "now_at", i18n.Clock(now)))
	}
	switch {
	case in.Until.IsZero():
		errs = append(errs, fail.Field("until", "callup.when_missing"))
	case !in.Until.After(now):
		errs = append(errs, fail.Field("until", "callup.past", "now_at", i18n.Clock(now)))
	case in.Until.Before(in.AnswerBy):
		errs = append(errs, fail.Field("until", "callup.until_first"))
	case in.Until.Sub(now) > longest:
		errs = append(errs, fail.Field("until", "callup.until_far", "days", int64(longest.Hours()/24)))
	}
	if in.Most < 0 || in.Most > MostPlaces {
		errs = append(errs, fail.Field("most", "callup.number", "max", int64(MostPlaces)))
	}
	if len(in.Lines) == 0 {
		errs = append(errs, fail.Field("places_1", "callup.no_lines"))
	}
	if len(in.Lines) > MostLines {
		return fail.New(fail.Invalid, "callup.many_lines", "max", MostLines)
	}
	for _, l := range in.Lines {
		errs = append(errs, l.check(now))
	}
	return fail.Join(errs...)
}

func (l Line) check(now time.Time) error {
	var errs []error
	if l.Places < 1 || l.Places > MostPlaces {
		errs = append(errs, fail.Field(fmt.Sprintf("places_%d", l.N), "callup.places", "max", int64(MostPlaces)))
	}
	if l.Day != "" {
		if _, err := time.Parse(time.DateOnly, l.Day); err != nil {
			errs = append(errs, fail.Field(fmt.Sprintf("day_%d", l.N), "web.form.day"))
		} else if l.Day < db.Day(now) {
			errs = append(errs, fail.Field(fmt.Sprintf("day_%d", l.N), "callup.day_past"))
		}
	}
	return fail.Join(errs...)
}

func between(field, text string, least, most int) error {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0:
		return fail.Field(field, "callup.missing")
	case n < least || n > most:
		return fail.Field(field, "callup.length", "min", least, "max", most)
	}
	return nil
}

// Receiver is who is to receive a call-up, and how many are asked of it, line by line.
type Receiver struct {
	Org   id.ID
	Quota Quotas
}

// QuotaField is the name of the field for a receiver's quota of a line, from 1.
func QuotaField(at id.ID, line int64) string { return fmt.Sprintf("q_%s_%d", at, line) }

// checkQuotas refuses quotas that are no numbers of people or that add up to more than there
// is to hand out.
func checkQuotas(all []Receiver, whole Quotas) error {
	var errs []error
	for n := range whole {
		sum := int64(0)
		for _, r := range all {
			if len(r.Quota) != len(whole) {
				return fail.New(fail.Invalid, "callup.quota_lines")
			}
			if q := r.Quota[n]; q < 0 || q > MostPlaces {
				errs = append(errs, fail.Field(QuotaField(r.Org, int64(n+1)), "callup.quota", "max", int64(MostPlaces)))
			} else {
				sum += q
			}
		}
		if sum > whole[n] {
			last := all[len(all)-1].Org
			errs = append(errs, fail.Field(QuotaField(last, int64(n+1)), "callup.quota_over", "line", n+1, "sum", sum, "of", whole[n], "over", sum-whole[n]))
		}
	}
	return fail.Join(errs...)
}

// checkAble refuses what cannot be what a unit can send.
func checkAble(able, quota Quotas) error {
	if len(able) != len(quota) {
		return fail.New(fail.Invalid, "callup.quota_lines")
	}
	var errs []error
	for n, v := range able {
		if v < 0 || v > MostPlaces {
			errs = append(errs, fail.Field(fmt.Sprintf("able_%d", n+1), "callup.quota", "max", int64(MostPlaces)))
		}
	}
	return fail.Join(errs...)
}

// reasonFor refuses an end without a reason.
func reasonFor(reason string) (string, error) {
	reason = strings.TrimSpace(ident.Lines(reason))
	return reason, between("reason", reason, 2, 500)
}
