package config

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
)

// Unit is what a setting's value is counted in; "text", "list" and "switch" are not counted.
type Unit string

// The units.
const (
	Count   Unit = "count"
	Seconds Unit = "seconds"
	Minutes Unit = "minutes"
	Hours   Unit = "hours"
	Days    Unit = "days"
	Text    Unit = "text"
	List    Unit = "list"   // slugs, separated by commas
	Dates   Unit = "dates"  // days and spans of days, separated by commas
	Switch  Unit = "switch" // true or false
)

var lengths = map[Unit]time.Duration{Seconds: time.Second, Minutes: time.Minute, Hours: time.Hour, Days: day}

// Definition says what a setting is called, in what it is counted, and within which bounds.
type Definition struct {
	Key      string
	Unit     Unit
	Min, Max int64 // of counted ones

	field func(*Settings) any // *int64, *time.Duration, *string, *[]string or *bool
	check func(string) bool   // of a text, or of each item of a list
}

var slug = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

func knownZone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "" && s != "Local"
}

func siteAddress(s string) bool {
	u, err := url.Parse(s)
	return s == "" || err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && u.RawQuery == "" && len(s) <= 200
}

func shortLine(s string) bool {
	return utf8.RuneCountInString(s) <= 60 && !strings.ContainsAny(s, "\r\n\x00")
}

// knownDays says whether an item is a day or a span of days, 2026-10-01..2026-10-07.
func knownDays(s string) bool {
	from, to, spans := strings.Cut(s, "..")
	if !spans {
		to = from
	}
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	return errA == nil && errB == nil && !b.Before(a) && b.Sub(a) <= year
}

var definitions = []Definition{
	{"site.zone", Text, 0, 0, func(s *Settings) any { return &s.Zone }, knownZone},
	{"site.hours_rule", Count, 1, 2, func(s *Settings) any { return &s.HoursRule }, nil},
	{"site.small_cell", Count, 2, 100, func(s *Settings) any { return &s.SmallCell }, nil},
	{"site.filing_icp", Text, 0, 0, func(s *Settings) any { return &s.FilingICP }, shortLine},
	{"site.filing_police", Text, 0, 0, func(s *Settings) any { return &s.FilingPolice }, shortLine},

	{"roster.checkin_opens", Minutes, 0, 120, func(s *Settings) any { return &s.CheckInOpens }, nil},
	{"roster.checkin_code", Seconds, 15, 600, func(s *Settings) any { return &s.CheckInCode }, nil},
	{"roster.guess_tries", Count, 3, 100, func(s *Settings) any { return &s.GuessTries }, nil},
	{"roster.guess_window", Minutes, 1, 120, func(s *Settings) any { return &s.GuessWindow }, nil},
	{"roster.overlap_grace", Minutes, 0, 120, func(s *Settings) any { return &s.OverlapGrace }, nil},
	{"roster.withdraw_before", Minutes, 0, 7 * 24 * 60, func(s *Settings) any { return &s.WithdrawBefore }, nil},
	{"roster.offer_for", Minutes, 5, 2 * 24 * 60, func(s *Settings) any { return &s.OfferFor }, nil},
	{"roster.close_after", Minutes, 5, 12 * 60, func(s *Settings) any { return &s.CloseAfter }, nil},
	{"roster.long_day", Hours, 1, 24, func(s *Settings) any { return &s.LongDay }, nil},
	{"roster.told_late", Hours, 0, 30 * 24, func(s *Settings) any { return &s.ToldLate }, nil},
	{"roster.minute_people", Count, 2, 1000, func(s *Settings) any { return &s.MinutePeople }, nil},
	{"roster.device_people", Count, 2, 1000, func(s *Settings) any { return &s.DevicePeople }, nil},
	{"roster.certificate_ends", Days, 1, 365, func(s *Settings) any { return &s.CertificateEnds }, nil},
	{"roster.holidays", Dates, 0, 0, func(s *Settings) any { return &s.Holidays }, knownDays},
	{"roster.working_days", Dates, 0, 0, func(s *Settings) any { return &s.WorkingDays }, knownDays},

	{"activity.review_within", Hours, 1, 30 * 24, func(s *Settings) any { return &s.ReviewWithin }, nil},
	{"activity.risky_services", List, 0, 0, func(s *Settings) any { return &s.RiskyServices }, slug.MatchString},

	{"progress.behind", Count, 1, 100, func(s *Settings) any { return &s.Behind }, nil},
	{"progress.quiet", Days, 1, 90, func(s *Settings) any { return &s.Quiet }, nil},
	{"guidance.raise_after", Hours, 1, 30 * 24, func(s *Settings) any { return &s.RaiseAfter }, nil},

	{"callup.wave", Minutes, 1, 24 * 60, func(s *Settings) any { return &s.CallWave }, nil},
	{"callup.remind_after", Minutes, 5, 7 * 24 * 60, func(s *Settings) any { return &s.CallRemind }, nil},

	{"people.code_for", Minutes, 1, 30, func(s *Settings) any { return &s.CodeFor }, nil},
	{"people.code_tries", Count, 1, 10, func(s *Settings) any { return &s.CodeTries }, nil},
	{"people.code_sender", Count, 10, 100_000, func(s *Settings) any { return &s.CodeSender }, nil},
	{"people.code_every", Seconds, 10, 3600, func(s *Settings) any { return &s.CodeEvery }, nil},
	{"people.code_daily", Count, 1, 100, func(s *Settings) any { return &s.CodeDaily }, nil},
	{"people.staff_second_factor", Switch, 0, 0, func(s *Settings) any { return &s.StaffSecondFactor }, nil},
	{"people.lock_after", Count, 1, 20, func(s *Settings) any { return &s.LockAfter }, nil},
	{"people.lock_for", Minutes, 1, 24 * 60, func(s *Settings) any { return &s.LockFor }, nil},
	{"people.password_length", Count, 8, 64, func(s *Settings) any { return &s.PasswordLength }, nil},
	{"people.password_classes", Count, 1, 4, func(s *Settings) any { return &s.PasswordClasses }, nil},
	{"people.password_for", Days, 1, 3650, func(s *Settings) any { return &s.PasswordFor }, nil},
	{"people.staff_idle", Minutes, 1, 24 * 60, func(s *Settings) any { return &s.StaffIdle }, nil},
	{"people.admin_idle", Minutes, 1, 24 * 60, func(s *Settings) any { return &s.AdminIdle }, nil},
	{"people.staff_session", Hours, 1, 7 * 24, func(s *Settings) any { return &s.StaffSession }, nil},
	{"people.volunteer_idle", Days, 1, 365, func(s *Settings) any { return &s.VolunteerIdle }, nil},
	{"people.volunteer_session", Days, 1, 730, func(s *Settings) any { return &s.VolunteerSession }, nil},
	{"people.token_for", Days, 1, 3650, func(s *Settings) any { return &s.TokenFor }, nil},
	{"people.doubt_after", Days, 7, 730, func(s *Settings) any { return &s.DoubtAfter }, nil},
	{"people.doubt_tries", Count, 1, 20, func(s *Settings) any { return &s.DoubtTries }, nil},
	{"people.close_wait", Days, 0, 15, func(s *Settings) any { return &s.CloseWait }, nil},
	{"people.exports_daily", Count, 1, 50, func(s *Settings) any { return &s.ExportsDaily }, nil},
	{"people.reveal_for", Minutes, 1, 24 * 60, func(s *Settings) any { return &s.RevealFor }, nil},

	{"notice.quiet_from", Minutes, 0, 24 * 60, func(s *Settings) any { return &s.QuietFrom }, nil},
	{"notice.quiet_to", Minutes, 0, 24 * 60, func(s *Settings) any { return &s.QuietTo }, nil},
	{"notice.debounce", Minutes, 0, 60, func(s *Settings) any { return &s.Debounce }, nil},
	{"notice.tries", Count, 1, 20, func(s *Settings) any { return &s.NoticeTries }, nil},
	{"notice.remind_day", Hours, 0, 72, func(s *Settings) any { return &s.RemindDay }, nil},
	{"notice.remind_soon", Hours, 0, 12, func(s *Settings) any { return &s.RemindSoon }, nil},
	{"notice.site", Text, 0, 0, func(s *Settings) any { return &s.NoticeSite }, siteAddress},

	{"retention.records", Days, 3650, 36500, func(s *Settings) any { return &s.RecordsFor }, nil},
	{"retention.logs", Days, 183, 3650, func(s *Settings) any { return &s.LogsFor }, nil},
	{"retention.idempotency", Days, 7, 90, func(s *Settings) any { return &s.IdempotencyFor }, nil},
}

// Label is the message key of the setting's label.
func (d Definition) Label() string { return "config.label." + d.Key }

// Word is the message key of the unit's word.
func (u Unit) Word() string { return "config.unit." + string(u) }

// Definitions are all settings in the order in which a page lists them.
func Definitions() []Definition { return slices.Clone(definitions) }

// DefinitionOf finds one by its key.
func DefinitionOf(key string) (Definition, bool) {
	i := slices.IndexFunc(definitions, func(d Definition) bool { return d.Key == key })
	if i < 0 {
		return Definition{}, false
	}
	return definitions[i], true
}

// Value is the setting as it is stored and as a form shows it.
func (d Definition) Value(s Settings) string {
	switch p := d.field(&s).(type) {
	case *int64:
		return strconv.FormatInt(*p, 10)
	case *time.Duration:
		return strconv.FormatInt(int64(*p/lengths[d.Unit]), 10)
	case *string:
		return *p
	case *[]string:
		return strings.Join(*p, ",")
	case *bool:
		return strconv.FormatBool(*p)
	}
	panic("config: no such kind of field: " + d.Key)
}

// set reads value into the settings, or refuses it at the field of the setting's key.
func (d Definition) set(s *Settings, value string) error {
	switch p := d.field(s).(type) {
	case *int64:
		n, err := d.number(value)
		if err == nil {
			*p = n
		}
		return err
	case *time.Duration:
		n, err := d.number(value)
		if err == nil {
			*p = time.Duration(n) * lengths[d.Unit]
		}
		return err
	case *string:
		value = strings.TrimSpace(value)
		if !d.check(value) {
			return fail.Field(d.Key, "config.text")
		}
		*p = value
	case *[]string:
		items, err := d.items(value)
		if err == nil {
			*p = items
		}
		return err
	case *bool:
		on, err := strconv.ParseBool(ident.Fold(value))
		if err != nil {
			return fail.Field(d.Key, "config.switch")
		}
		*p = on
	}
	return nil
}

func (d Definition) number(value string) (int64, error) {
	n, err := strconv.ParseInt(ident.Fold(value), 10, 64)
	if err != nil || n < d.Min || n > d.Max {
		return 0, fail.Field(d.Key, "config.range", "min", d.Min, "max", d.Max)
	}
	return n, nil
}

func (d Definition) items(value string) ([]string, error) {
	items := []string{}
	for item := range strings.SplitSeq(ident.Fold(value), ",") {
		switch {
		case item == "" || slices.Contains(items, item):
		case !d.check(item):
			if d.Unit == Dates {
				return nil, fail.Field(d.Key, "config.dates")
			}
			return nil, fail.Field(d.Key, "config.list")
		default:
			items = append(items, item)
		}
	}
	return items, nil
}
