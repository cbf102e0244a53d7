package i18n

import (
	"strconv"
	"strings"
	"time"
)

// Number writes n with thousands separators: 36,840.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, c := range []byte(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(c)
	}
	return sign + b.String()
}

// Clock writes the time of day: 14:26.
func Clock(t time.Time) string { return t.In(Zone()).Format("15:04") }

// ClockSeconds writes the time of day to the second.
func ClockSeconds(t time.Time) string { return t.In(Zone()).Format(time.TimeOnly) }

// Stamp writes a moment to the second, the same in every language: 2020-02-28 14:26:08.
func Stamp(t time.Time) string { return t.In(Zone()).Format("2006-01-02 15:04:05") }

// Day writes month and day.
func Day(lang string, t time.Time) string {
	t = t.In(Zone())
	return T(lang, "format.day", "d", t.Day(), "m", month(lang, t))
}

// Date writes year, month and day.
func Date(lang string, t time.Time) string {
	t = t.In(Zone())
	return T(lang, "format.date", "y", strconv.Itoa(t.Year()), "m", month(lang, t), "d", t.Day())
}

// DayOf writes a stored day, as 2020-02-28, like [Date]; what is not a day comes back as it is.
func DayOf(lang, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone())
	if err != nil {
		return day
	}
	return Date(lang, t)
}

// Weekday writes the short name of the day of the week.
func Weekday(lang string, t time.Time) string {
	return T(lang, "format.weekday."+strconv.Itoa(int(t.In(Zone()).Weekday())))
}

// DayWeek writes month, day and day of the week.
func DayWeek(lang string, t time.Time) string {
	return T(lang, "format.day_week", "day", Day(lang, t), "weekday", Weekday(lang, t))
}

// DayTime writes month, day, day of the week and time of day.
func DayTime(lang string, t time.Time) string { return DayWeek(lang, t) + " " + Clock(t) }

// DayNear writes the day as one would say it at now: today, tomorrow, yesterday, the day of
// the week for the six days after, month and day otherwise.
func DayNear(lang string, now, t time.Time) string {
	switch n := daysBetween(now, t); {
	case n >= -1 && n <= 1:
		return T(lang, "format.near."+[]string{"yesterday", "today", "tomorrow"}[n+1])
	case n > 1 && n < 7:
		return Weekday(lang, t)
	}
	return Day(lang, t)
}

// Span writes from and to as times of day: 08:00 – 14:00. Over midnight the second says that
// it is the next day; midnight itself is 24:00; an end further away carries its day.
func Span(lang string, from, to time.Time) string {
	return Clock(from) + " – " + until(lang, from, to)
}

// DaySpan is [Span] with the day, and its day of the week, in front.
func DaySpan(lang string, from, to time.Time) string {
	return DayWeek(lang, from) + " " + Span(lang, from, to)
}

// NearSpan is [Span] with the day as [DayNear] says it in front.
func NearSpan(lang string, now, from, to time.Time) string {
	return DayNear(lang, now, from) + " " + Span(lang, from, to)
}

func until(lang string, from, to time.Time) string {
	switch daysBetween(from, to) {
	case 0:
		return Clock(to)
	case 1:
		if Clock(to) == "00:00" {
			return "24:00"
		}
		return T(lang, "format.next_day", "clock", Clock(to))
	}
	return Day(lang, to) + " " + Clock(to)
}

func month(lang string, t time.Time) string {
	return T(lang, "format.month."+strconv.Itoa(int(t.Month())))
}

// daysBetween counts midnights from a to b.
func daysBetween(a, b time.Time) int {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(Zone()).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}

// Left says how long is left until a deadline, or by how much it has passed. It never
// promises more than there is: whole minutes below an hour, whole hours below two days,
// whole days beyond.
func Left(lang string, now, deadline time.Time) string {
	d := deadline.Sub(now)
	if d <= 0 {
		return T(lang, "format.overdue", "length", roughly(lang, -d))
	}
	return T(lang, "format.left", "length", roughly(lang, d))
}

// Ago says how long ago something was; the future counts as just now.
func Ago(lang string, now, t time.Time) string {
	d := now.Sub(t)
	if d < time.Minute {
		return T(lang, "format.just_now")
	}
	return T(lang, "format.ago", "length", roughly(lang, d))
}

func roughly(lang string, d time.Duration) string {
	switch {
	case d < time.Minute:
		return T(lang, "format.under_a_minute")
	case d < time.Hour:
		return T(lang, "format.minutes", "n", int64(d/time.Minute))
	case d < 48*time.Hour:
		return T(lang, "format.hours", "n", int64(d/time.Hour))
	}
	return T(lang, "format.days", "n", int64(d/(24*time.Hour)))
}

// Length writes minutes exactly, as hours and minutes.
func Length(lang string, minutes int64) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return T(lang, "format.minutes", "n", m)
	case m == 0:
		return T(lang, "format.hours", "n", h)
	}
	return T(lang, "format.hours", "n", h) + " " + T(lang, "format.minutes_short", "n", m)
}
