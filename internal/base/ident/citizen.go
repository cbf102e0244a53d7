package ident

import (
	"strings"
	"time"

	"tongxin/internal/base/fail"
)

// Citizen is a checked 18-character identity number, its last character a digit or X.
type Citizen string

// Sexes as GB/T 2261.1-2003 codes them.
const (
	Male   = 1
	Female = 2
)

// provinces are the first two digits that GB 11643 and GB/T 2260 know, and 81, 82 and 83 of
// the residence permits for people of Hong Kong, Macao and Taiwan, which are built alike.
// The other four digits of the division are not checked: divisions change, numbers do not.
const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

var citizenWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseCitizen checks an identity number by GB 11643-1999: length, province, a real day of
// birth not after today (as 2020-02-28), and the check character. The old numbers of 15
// digits, void since 2013, are refused with that reason.
func ParseCitizen(s, today string) (Citizen, error) {
	s = strings.ToUpper(Fold(s))
	switch {
	case Digits(s, 15):
		return "", fail.New(fail.Invalid, "ident.citizen_fifteen")
	case len(s) != 18 || !Digits(s[:17], 17):
		return "", fail.New(fail.Invalid, "ident.citizen_form")
	case !strings.Contains(provinces, " "+s[:2]+" "):
		return "", fail.New(fail.Invalid, "ident.citizen_province")
	}
	c := Citizen(s)
	if _, err := time.Parse(time.DateOnly, c.Birth()); err != nil || c.Birth() > today {
		return "", fail.New(fail.Invalid, "ident.citizen_birth")
	}
	if s[17] != citizenCheck(s) {
		return "", fail.New(fail.Invalid, "ident.citizen_check")
	}
	return c, nil
}

func citizenCheck(s string) byte {
	sum := 0
	for i, w := range citizenWeights {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// Birth is the day of birth, as 1949-12-31.
func (c Citizen) Birth() string { return string(c[6:10] + "-" + c[10:12] + "-" + c[12:14]) }

// Sex is [Male] when the seventeenth digit is odd, else [Female].
func (c Citizen) Sex() int {
	if (c[16]-'0')%2 == 1 {
		return Male
	}
	return Female
}

// AgeOn counts whole years from a day of birth to another day, both as 2020-02-28: the
// birthday itself counts (Civil Code; one born on 29 February is a year older on 1 March of
// common years). It is negative before birth; ok is false when one of them is not a day.
func AgeOn(birth, day string) (age int, ok bool) {
	b, err1 := time.Parse(time.DateOnly, birth)
	d, err2 := time.Parse(time.DateOnly, day)
	if err1 != nil || err2 != nil {
		return 0, false
	}
	age = d.Year() - b.Year()
	if day[5:] < birth[5:] {
		age--
	}
	return age, true
}

// BirthdayOn is the day on which one born on birth becomes that many years old.
func BirthdayOn(birth string, years int) (day string, ok bool) {
	b, err := time.Parse(time.DateOnly, birth)
	if err != nil {
		return "", false
	}
	return b.AddDate(years, 0, 0).Format(time.DateOnly), true
}
