package area

import (
	"fmt"
	"strconv"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// Code is a 12-digit statistical code; 0 is the whole country.
type Code int64

// Level is how deep a division lies.
type Level int

// The levels.
const (
	Country Level = iota
	Province
	City
	County
	Township
	Village
)

// spans are how many codes a division of each level covers.
var spans = [...]Code{Country: 1e12, Province: 1e10, City: 1e8, County: 1e6, Township: 1e3, Village: 1}

// Parse reads a code as people write it: 12 digits, or 2, 4, 6 or 9 for a province, city,
// county or township, full-width digits too. It says nothing about whether there is such a
// division: see [Lookup] and [Get].
func Parse(s string) (Code, error) {
	s = ident.Fold(s)
	switch len(s) {
	case 2, 4, 6, 9, 12:
	default:
		return 0, fail.New(fail.Invalid, "area.code_form")
	}
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, fail.New(fail.Invalid, "area.code_form")
	}
	c := Code(n)
	for range 12 - len(s) {
		c *= 10
	}
	if !c.wellFormed() {
		return 0, fail.New(fail.Invalid, "area.code_form")
	}
	return c, nil
}

// wellFormed: a province, and nothing below a part that is zero, but a township straight
// below a city.
func (c Code) wellFormed() bool {
	city, township, village := c/1e8%100, c/1e3%1000, c%1000
	return c >= 11e10 && c < 90e10 && (city > 0 || c%1e10 == 0) && (township > 0 || village == 0)
}

// Level is how deep the code lies.
func (c Code) Level() Level {
	for l := Country; l < Village; l++ {
		if c%spans[l] == 0 {
			return l
		}
	}
	return Village
}

// Parent is the code above; 0 above a province.
func (c Code) Parent() Code {
	for l := Township; l >= Country; l-- {
		if up := c - c%spans[l]; up != c {
			return up
		}
	}
	return 0
}

// Line is the way down from the province to the code, both included; empty for the country.
func (c Code) Line() []Code {
	if c == 0 {
		return nil
	}
	return append(c.Parent().Line(), c)
}

// Range is what lies under the code, itself included: lo <= code < hi.
func (c Code) Range() (lo, hi Code) { return c, c + spans[c.Level()] }

// Contains reports whether other is the code or under it.
func (c Code) Contains(other Code) bool {
	lo, hi := c.Range()
	return lo <= other && other < hi
}

// At is the code's ancestor of that level, or itself; 0 when it lies higher.
func (c Code) At(l Level) Code {
	up := c - c%spans[l]
	if up.Level() != l {
		return 0
	}
	return up
}

// Home is the home of what an organisation of this area owns.
func (c Code) Home() string { return id.HomeOf(int64(c)) }

// String writes all twelve digits.
func (c Code) String() string { return fmt.Sprintf("%012d", int64(c)) }

// Statistical reports whether the code is of a county, or under one, that only statistics
// know.
func (c Code) Statistical() bool { n := c / 1e6 % 100; return n >= 71 && n <= 79 }

// Kind is the kind of a division, which its digits tell.
type Kind string

// The kinds. The ranges are those of the statistical divisions' coding rules, checked on all
// 23,563 rows of Jiangsu (STANDARDS, divisions).
const (
	KindCountry       Kind = "country"
	KindProvince      Kind = "province"
	KindCity          Kind = "city"
	KindCounty        Kind = "county"
	KindStreet        Kind = "street"         // 001-099
	KindTown          Kind = "town"           // 100-199
	KindRuralTownship Kind = "rural_township" // 200-399
	KindZone          Kind = "zone"           // 400 on: farms, development zones
	KindCommunity     Kind = "community"      // 001-199: residents' committee
	KindVillage       Kind = "village"        // 200-399: villagers' committee
	KindSite          Kind = "site"           // 400 on: like a village
)

// Label is the message key of the kind's name.
func (k Kind) Label() string { return "area.kind." + string(k) }

// Kind tells the kind of the division.
func (c Code) Kind() Kind {
	switch c.Level() {
	case Township:
		return byNumber(c/1e3%1000, [4]Kind{KindStreet, KindTown, KindRuralTownship, KindZone})
	case Village:
		return byNumber(c%1000, [4]Kind{KindCommunity, KindCommunity, KindVillage, KindSite})
	}
	return [...]Kind{KindCountry, KindProvince, KindCity, KindCounty}[c.Level()]
}

func byNumber(n Code, kinds [4]Kind) Kind {
	switch {
	case n < 100:
		return kinds[0]
	case n < 200:
		return kinds[1]
	case n < 400:
		return kinds[2]
	}
	return kinds[3]
}

// Rural reports whether people there live in the country rather than in a town, where the
// code tells: streets and residents' committees are urban, rural townships and villagers'
// committees rural, everything else is not told.
func (c Code) Rural() (rural, told bool) {
	switch c.Kind() {
	case KindStreet, KindCommunity:
		return false, true
	case KindRuralTownship, KindVillage:
		return true, true
	}
	return false, false
}

// Area is a division.
type Area struct {
	Code Code
	Name string
}
