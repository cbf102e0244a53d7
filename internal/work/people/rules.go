package people

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
)

// Ages of the law: 18 is full capacity (Civil Code), under 14 the guardian agrees a second
// time and apart (PIPL 31, rules on children's data).
const (
	adult = 18
	child = 14
)

const (
	nameMin, nameMax = 2, 40
	oldest           = 120
)

// dots are what people type between the parts of a name: all become one.
var dots = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "‐", "-", "’", "'")

// cleanName tidies a person's name: no space within a Chinese name, one within others.
func cleanName(s string) (string, error) {
	s = dots.Replace(ident.Line(s))
	if isHan(s) {
		s = strings.ReplaceAll(s, " ", "")
	}
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return "", fail.Field("name", "people.name_missing")
	case n < nameMin || n > nameMax:
		return "", fail.Field("name", "people.name_length", "min", nameMin, "max", nameMax)
	case strings.ContainsFunc(s, notOfName):
		return "", fail.Field("name", "people.name_signs")
	}
	return s, nil
}

// CheckName refuses what cannot be a person's name.
func CheckName(s string) error {
	_, err := cleanName(s)
	return err
}

func isHan(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) && r != ' ' && r != '·' })
}

func notOfName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" ·'-.", r)
}

// nameKey is a name as it is hashed: letters alone, small.
func nameKey(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ·'-.", r) {
			return -1
		}
		return r
	}, name))
}

// pairs are the neighbouring characters of a name, each pair once.
func pairs(name string) []string {
	runes := []rune(nameKey(name))
	var all []string
	seen := map[string]bool{}
	for i := 0; i+1 < len(runes); i++ {
		if p := string(runes[i : i+2]); !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}

// born is when somebody was born, as far as it is known.
type born struct {
	day  string // 2008-05-01, "" when only the year is known or nothing
	year int64  // 0 when unknown
}

var yearOnly = regexp.MustCompile(`^(19|20)\d\d$`)

// parseBirth reads a day of birth, a year, or nothing.
func parseBirth(s, today string) (born, error) {
	s = strings.NewReplacer("/", "-", ".", "-").Replace(ident.Fold(s))
	b := born{}
	switch {
	case s == "":
		return b, nil
	case yearOnly.MatchString(s):
		b.year, _ = strconv.ParseInt(s, 10, 64)
	default:
		t, err := time.Parse("2006-1-2", s)
		if err != nil {
			return b, fail.Field("birth", "people.birth_form")
		}
		b.day, b.year = t.Format(time.DateOnly), int64(t.Year())
	}
	this, _ := strconv.ParseInt(today[:4], 10, 64)
	if b.day > today || b.year > this || this-b.year > oldest {
		return born{}, fail.Field("birth", "people.birth_range")
	}
	return b, nil
}

// known reports whether anything is known of the birth.
func (b born) known() bool { return b.year != 0 }

// text is the birth as it is sealed.
func (b born) text() string {
	if b.day != "" || b.year == 0 {
		return b.day
	}
	return strconv.FormatInt(b.year, 10)
}

// adultOn is a day on which one so born is an adult: of a minor the 18th birthday, or the
// last day of that year when only the year is known; of an adult a later day that tells no
// birthday.
func (b born) adultOn(today string) string {
	if !b.known() {
		return ""
	}
	last := strconv.FormatInt(b.year+adult, 10) + "-12-31"
	if last <= today || b.day == "" {
		return last
	}
	if day, ok := ident.BirthdayOn(b.day, adult); ok && day > today {
		return day
	}
	return today
}

// minor reports whether one so born is under 18.
func (b born) minor(today string) bool { return b.known() && b.adultOn(today) > today }

// isChild reports whether one so born is under 14; of a mere year the later birthday counts.
func (b born) isChild(today string) bool {
	day := b.day
	if day == "" {
		day = strconv.FormatInt(b.year, 10) + "-12-31"
	}
	age, ok := ident.AgeOn(day, today)
	return b.known() && ok && age < child
}

// fromID is the birth that an identity number tells; the day given beside it must agree.
func (b born) fromID(c ident.Citizen) (born, error) {
	day := c.Birth()
	year, _ := strconv.ParseInt(day[:4], 10, 64)
	if b.known() && (b.year != year || b.day != "" && b.day != day) {
		return b, fail.Field("birth", "people.birth_mismatch")
	}
	return born{day, year}, nil
}
