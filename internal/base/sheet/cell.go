package sheet

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tongxin/internal/base/ident"
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	KindEmpty Kind = iota
	KindText
	KindNumber
	KindDay    // its text is 2020-02-28
	KindMoment // its text is 2020-02-28 08:30
	KindClock  // its text is 08:30
)

// Cell is one cell as people read it.
type Cell struct {
	Text  string
	Kind  Kind
	Fault string // message key of why the text cannot be trusted; empty: it can

	mac bool // its serial numbers count from 1904
}

// Text is a cell to write, as text whatever it looks like.
func Text(s string) Cell { return Cell{Text: s, Kind: KindText} }

// Texts are cells to write, each as text.
func Texts(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i] = Text(t)
	}
	return cells
}

// Whole is a number to write.
func Whole[N ~int | ~int64](n N) Cell {
	return Cell{Text: strconv.FormatInt(int64(n), 10), Kind: KindNumber}
}

// Decimal is a number to write with that many places.
func Decimal(f float64, places int) Cell {
	return Cell{Text: strconv.FormatFloat(f, 'f', places, 64), Kind: KindNumber}
}

// Day is a day to write, given as 2020-02-28; empty gives an empty cell.
func Day(day string) Cell { return filled(day, KindDay) }

// Moment is a moment to write, to the minute, given in the zone in which it is to be read.
func Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{Text: t.Format(momentLayout), Kind: KindMoment}
}

const (
	momentLayout = "2006-01-02 15:04"
	clockLayout  = "15:04"
)

func filled(text string, k Kind) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Text: text, Kind: k}
}

// Empty reports whether nothing stands in the cell.
func (c Cell) Empty() bool { return c.Fault == "" && strings.TrimSpace(c.Text) == "" }

// Line is the text in one tidy line.
func (c Cell) Line() string { return ident.Line(c.Text) }

// Code is the text as a number or code is spelled: half width, without spaces.
func (c Cell) Code() string { return ident.Fold(c.Text) }

// Name is the text as a person's name: no spaces between Chinese characters, however the
// name was spread to fill its column.
func (c Cell) Name() string {
	name := ident.Line(c.Text)
	if strings.IndexFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) < 0 {
		return name
	}
	return strings.ReplaceAll(name, " ", "")
}

// Whole is the whole number in the cell; thousands may be divided by commas.
func (c Cell) Whole() (int64, bool) {
	s := strings.ReplaceAll(c.Code(), ",", "")
	s = strings.TrimSuffix(s, ".0")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && c.Fault == ""
}

// Chinese marks of dates and hours: year, month, day (two words), hour (two words), minute,
// morning, afternoon, evening.
const (
	markYear, markMonth = "\u5e74", "\u6708"
	markDay             = "[\u65e5\u53f7]"
	markHour            = "[\u65f6\u70b9]"
	markMinute          = "\u5206"
	markHalf            = "\u534a"
	markMorning         = "\u4e0a\u5348"
	markAfternoon       = "\u4e0b\u5348"
	markEvening         = "\u665a\u4e0a"
)

var (
	daySpelled   = regexp.MustCompile(`^(\d{4})(?:-|/|\.|` + markYear + `)(\d{1,2})(?:-|/|\.|` + markMonth + `)(\d{1,2})` + markDay + `?$`)
	dayRun       = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	daySerial    = regexp.MustCompile(`^\d{5}(?:\.0+)?$`)
	momentSplit  = regexp.MustCompile(`^(.*?(?:` + markDay + `|[ T]))\s*(\d{1,2}(?::|\x{ff1a}|` + markHour + `).*)$`)
	clockSpelled = regexp.MustCompile(`^(` + markMorning + `|` + markAfternoon + `|` + markEvening + `)?(\d{1,2})(?::|` + markHour + `)(?:(\d{1,2})` + markMinute + `?|(` + markHalf + `))?(?::(\d{2}))?$`)
)

// Day is the day in the cell, as 2020-02-28. It is read in the spellings of offices:
// 2020-02-28, 2020/2/28, 2020.2.28, with the Chinese marks of year, month and day, 20200228,
// the serial number of a spreadsheet; a time of midnight behind it is dropped.
func (c Cell) Day() (string, bool) {
	if c.Fault != "" {
		return "", false
	}
	s := ident.Line(c.Text)
	if m := momentSplit.FindStringSubmatch(s); m != nil {
		if minutes, ok := clock(m[2]); !ok || minutes != 0 {
			return "", false
		}
		s = strings.TrimRight(m[1], " T")
	}
	return c.day(ident.Fold(s))
}

func (c Cell) day(s string) (string, bool) {
	m := daySpelled.FindStringSubmatch(s)
	if m == nil {
		m = dayRun.FindStringSubmatch(s)
	}
	switch {
	case m != nil:
		y, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		day := fmt.Sprintf("%04d-%02d-%02d", y, month, d)
		_, err := time.Parse(time.DateOnly, day)
		return day, err == nil
	case daySerial.MatchString(s):
		n, _ := strconv.ParseFloat(s, 64)
		return fromSerial(n, c.mac).Format(time.DateOnly), true
	}
	return "", false
}

// Clock is the time of day in the cell, in minutes from midnight: 8:30, with the Chinese
// marks of hour and minute or of the half of the day, or a spreadsheet's part of a day.
// 24:00 is the end of the day.
func (c Cell) Clock() (minutes int, ok bool) {
	s := c.Code()
	if c.Fault != "" || s == "" {
		return 0, false
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && c.Kind == KindNumber && f >= 0 && f <= 1 {
		return int(math.Round(f * 24 * 60)), true
	}
	return clock(s)
}

func clock(s string) (minutes int, ok bool) {
	m := clockSpelled.FindStringSubmatch(ident.Fold(s))
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[2])
	minute, _ := strconv.Atoi(m[3])
	if m[4] != "" {
		minute = 30
	}
	if (m[1] == markAfternoon || m[1] == markEvening) && hour < 12 {
		hour += 12
	}
	total := hour*60 + minute
	return total, minute < 60 && total <= 24*60
}

// fromSerial is the day and time of a spreadsheet's serial number. Serials of 1900 count a
// 29 February that was not; from March on that is made up for by an earlier day zero.
func fromSerial(n float64, mac bool) time.Time {
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if mac {
		zero = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(n)
	minutes := math.Round((n - days) * 24 * 60)
	return zero.AddDate(0, 0, int(days)).Add(time.Duration(minutes) * time.Minute)
}

// serial is the reverse, for days from 1 March 1900 on.
func serial(t time.Time) float64 {
	zero := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	return math.Round(t.Sub(zero).Minutes()) / (24 * 60)
}

// exponent is a number as a spreadsheet shows it when it is too long for its column.
var exponent = regexp.MustCompile(`^-?(\d)(?:\.(\d+))?[eE]\+(\d{1,3})$`)

// mostExact is the first whole number that a spreadsheet cannot keep to the last digit: it
// holds fifteen.
const mostExact = 1e15

// number makes a cell of a number as it is stored in a workbook.
func number(raw string) Cell {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return Cell{Text: raw, Kind: KindText}
	}
	c := Cell{Text: strconv.FormatFloat(f, 'f', -1, 64), Kind: KindNumber}
	if math.Abs(f) >= mostExact {
		c.Text, c.Fault = raw, "sheet.lost_digits"
	}
	return c
}

// spelled makes a cell of a text: a number written with an exponent lost its digits when the
// exponent asks for more than are there.
func spelled(text string) Cell {
	if text == "" {
		return Cell{}
	}
	c := Cell{Text: text, Kind: KindText}
	if strings.ContainsAny(text, "eE\uff25\uff45") {
		if m := exponent.FindStringSubmatch(ident.Fold(text)); m != nil {
			if e, _ := strconv.Atoi(m[3]); e > len(m[2]) && e >= 4 {
				c.Fault = "sheet.lost_digits"
			}
		}
	}
	return c
}
