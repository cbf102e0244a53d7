package config

import (
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/i18n"
)

// Settings are the numbers in force. The zero value is of no use: take [Defaults] or [Load].
type Settings struct {
	// Zone is where days begin and end, and how moments are shown. Source: issue.
	Zone string
	// HoursRule is the version of the rule that rounds printed hours. The guides print hours
	// to one decimal or in halves (Measures on records and certificates of voluntary service,
	// MCA order 67, wording not seen): rule 1 and rule 2 of package i18n.
	HoursRule int64
	// SmallCell is the least number of persons that a public figure shows; smaller cells are
	// merged. Source: issue; the usual threshold of official statistics.
	SmallCell int64
	// FilingICP and FilingPolice are the site's registration numbers in the footer.
	FilingICP, FilingPolice string

	// CertificateEnds is how long before a certificate ends its bearer is told, and who plans her
	// shifts sees it.
	CertificateEnds time.Duration

	// CheckInOpens is how long before its start a shift may be checked in to; minutes count
	// from then at the earliest. Source: FIGURES.
	CheckInOpens time.Duration
	// CheckInCode is how long a check-in code is shown before the next. Ours.
	CheckInCode time.Duration
	// GuessTries and GuessWindow bound how many wrong check-in codes a person may give. Ours.
	GuessTries  int64
	GuessWindow time.Duration
	// OverlapGrace is by how much two shifts of one volunteer may overlap before they
	// exclude one another. Ours.
	OverlapGrace time.Duration
	// WithdrawBefore is how long before the start a volunteer may still withdraw by herself;
	// later she asks the leader (Regulations on Voluntary Service, article 22: in time).
	// The number is ours.
	WithdrawBefore time.Duration
	// OfferFor is how long a place offered from the waiting list is held for an answer. Ours.
	OfferFor time.Duration
	// CloseAfter is how long after a shift's end check-out stays possible; then what is
	// still open is closed at the shift's end. Ours.
	CloseAfter time.Duration
	// LongDay is the time served in one day from which it is listed as an anomaly. Source: issue.
	LongDay time.Duration
	// ToldLate is how long after she left hours may be told before they are listed as an anomaly. Ours.
	ToldLate time.Duration
	// MinutePeople is from how many people that one person enters in one minute, and DevicePeople
	// from how many that check in on one device on one day, they are listed. Ours.
	MinutePeople, DevicePeople int64
	// Holidays are the public holidays and WorkingDays the days of a weekend that are worked for
	// them, as days and spans of days. Source: the State Council's notices (for 2020, with
	// the Spring Festival's extension, and for 2026).
	Holidays, WorkingDays []string

	// ReviewWithin is how long a reviewer has for an activity or an organisation before it
	// rises to the tier above. Ours.
	ReviewWithin time.Duration
	// RiskyServices are the slugs of the kinds of service that are dangerous from the start:
	// no minor serves in them and no unit is exempt from their review (Jiangsu regulations on
	// voluntary service, 2021: minors never in rescue or dangerous work). Source of the
	// three: issue.
	RiskyServices []string

	// Behind is by how many percent of its plan a unit is behind before it is named, and Quiet
	// how long nothing is counted for it before it is. Ours.
	Behind int64
	Quiet  time.Duration
	// RaiseAfter is how long an overdue directive waits at a tier before it rises to the next. Ours.
	RaiseAfter time.Duration

	// CallWave is how long a call-up waits for the answers of those who were asked before it asks
	// more, and CallRemind how long a unit may be silent about one before it is reminded, and
	// again before that rises a tier. Ours.
	CallWave, CallRemind time.Duration

	// CodeFor, CodeTries, CodeEvery and CodeDaily bound one-time codes: valid for, wrong
	// tries, one in, and so many a day for a number. Source: issue.
	CodeFor   time.Duration
	CodeTries int64
	CodeEvery time.Duration
	// CodeSender is how many codes an address of the network may ask for in a day.
	CodeSender int64
	CodeDaily  int64
	// StaffSecondFactor asks staff for a second factor, set up at the first sign-in (issue;
	// GB/T 22239-2019 level 3: two factors, one of them cryptographic). A demonstration
	// starts without.
	StaffSecondFactor bool
	// LockAfter failed sign-ins lock an account for LockFor (GB/T 22239-2019 level 3,
	// identity authentication; text not seen).
	LockAfter int64
	LockFor   time.Duration
	// PasswordLength and PasswordClasses are what a password must have; the classified
	// protection scheme's list says 8 and 3 of 4 (GB/T 22239-2019, text not seen), we ask 10.
	PasswordLength, PasswordClasses int64
	// PasswordFor is how long a password of staff may be kept (same list).
	PasswordFor time.Duration
	// StaffIdle and AdminIdle end a session of staff, and of the three administrators, after
	// that long without a request (same list); StaffSession ends it in any case (ours).
	StaffIdle, AdminIdle, StaffSession time.Duration
	// VolunteerIdle and VolunteerSession do the same for volunteers, on their own phones. Ours.
	VolunteerIdle, VolunteerSession time.Duration
	// TokenFor is how long a machine's token is valid. Ours.
	TokenFor time.Duration
	// DoubtAfter is after how long without signing in a number must prove that it is still
	// hers; DoubtTries how many wrong answers it has in a day. Source: issue.
	DoubtAfter time.Duration
	DoubtTries int64
	// CloseWait is how long the closing of an account can be taken back. GB/T 35273: at most 15 days.
	CloseWait time.Duration
	// ExportsDaily is how often a day a person may take her own data along. Ours.
	ExportsDaily int64
	// RevealFor is how long a masked field stays open to who gave a purpose. Ours.
	RevealFor time.Duration

	// QuietFrom and QuietTo bound the night, in minutes after midnight, in which no message is
	// sent unless it is urgent. Ours.
	QuietFrom, QuietTo time.Duration
	// Debounce is how long what is not urgent waits, so that several changes of one thing become
	// one message; NoticeTries how often a message is tried before a person must look. Ours.
	Debounce    time.Duration
	NoticeTries int64
	// RemindDay and RemindSoon are how long before a shift those on it are reminded; 0: not. Source: issue.
	RemindDay, RemindSoon time.Duration
	// NoticeSite is where people find this installation, for the link in messages; "": none.
	NoticeSite string

	// RecordsFor is how long records of service are kept after the last (GB/T 40143-2021,
	// 5.2.2: at least ten years).
	RecordsFor time.Duration
	// LogsFor is how long logs of access are kept (Cybersecurity Law, article 21: at least
	// six months; text not seen).
	LogsFor time.Duration
	// IdempotencyFor is how long the answers to keys of idempotency are kept. Source: issue.
	IdempotencyFor time.Duration
}

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// Defaults are the settings of an installation that has changed none.
func Defaults() Settings {
	return Settings{
		Zone: i18n.DefaultZone, HoursRule: 1, SmallCell: 5,

		CheckInOpens: 30 * time.Minute, CheckInCode: 30 * time.Second,
		GuessTries: 10, GuessWindow: 10 * time.Minute,
		OverlapGrace: 15 * time.Minute, WithdrawBefore: 2 * time.Hour, OfferFor: 30 * time.Minute, CloseAfter: time.Hour,
		LongDay: 12 * time.Hour, ToldLate: 48 * time.Hour, MinutePeople: 10, DevicePeople: 4,
		CertificateEnds: 30 * day,
		Holidays: []string{"2020-01-01", "2020-01-24..2020-02-02", "2020-04-04..2020-04-06", "2020-05-01..2020-05-05", "2020-06-25..2020-06-27",
			"2020-10-01..2020-10-08", "2026-01-01..2026-01-03", "2026-02-15..2026-02-23", "2026-04-04..2026-04-06", "2026-05-01..2026-05-05",
			"2026-06-19..2026-06-21", "2026-09-25..2026-09-27", "2026-10-01..2026-10-07"},
		WorkingDays: []string{"2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10",
			"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"},

		ReviewWithin:  24 * time.Hour,
		RiskyServices: []string{"checkpoint_duty", "temperature_check", "isolated_visit"},

		Behind: 5, Quiet: 3 * day, RaiseAfter: day,
		CallWave: 30 * time.Minute, CallRemind: 2 * time.Hour,

		CodeFor: 5 * time.Minute, CodeTries: 5, CodeEvery: time.Minute, CodeDaily: 10, CodeSender: 200,
		StaffSecondFactor: true, LockAfter: 5, LockFor: 30 * time.Minute,
		PasswordLength: 10, PasswordClasses: 3, PasswordFor: 90 * day,
		StaffIdle: 30 * time.Minute, AdminIdle: 15 * time.Minute, StaffSession: 12 * time.Hour,
		VolunteerIdle: 30 * day, VolunteerSession: 180 * day, TokenFor: year,
		DoubtAfter: 90 * day, DoubtTries: 5, CloseWait: 7 * day, ExportsDaily: 5,
		RevealFor: 30 * time.Minute,

		QuietFrom: 22 * time.Hour, QuietTo: 7 * time.Hour, Debounce: 2 * time.Minute, NoticeTries: 8,
		RemindDay: day, RemindSoon: 2 * time.Hour,

		RecordsFor: 10 * year, LogsFor: 183 * day, IdempotencyFor: 7 * day,
	}
}

// Policy is what a new password must be.
func (s Settings) Policy() auth.Policy {
	return auth.Policy{MinLength: int(s.PasswordLength), MinClasses: int(s.PasswordClasses)}
}

// Location is the time zone of [Settings.Zone].
func (s Settings) Location() *time.Location {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		return i18n.Zone() // Load and Save let no unknown zone through
	}
	return loc
}

// Apply makes moments and hours be written as these settings say, in the whole process.
func (s Settings) Apply() {
	i18n.SetZone(s.Location())
	if r, ok := i18n.HoursRuleOf(int(s.HoursRule)); ok {
		i18n.SetHoursRule(r)
	}
}

// Holiday says whether a day is a public holiday.
func (s Settings) Holiday(day string) bool { return among(day, s.Holidays) }

// Worked says whether a day of a weekend is worked for a holiday.
func (s Settings) Worked(day string) bool { return among(day, s.WorkingDays) }

func among(day string, spans []string) bool {
	return slices.ContainsFunc(spans, func(span string) bool {
		from, to, spans := strings.Cut(span, "..")
		return day == from || spans && from < day && day <= to
	})
}
