package figure

import (
	"math/bits"
	"slices"
	"strconv"

	"tongxin/internal/base/i18n"
)

// Form is a way to say a number with another, rounder one d.
type Form string

// The forms. More and Odd, and Over and Beyond, hold alike and differ in their words.
const (
	Exact  Form = "exact"  // v = d
	More   Form = "more"   // d < v < d + the unit of d's last digit that is not zero
	Odd    Form = "odd"    // the same
	Near   Form = "near"   // 0.95 d ≤ v < d
	About  Form = "about"  // 0.95 d ≤ v ≤ 1.05 d
	Over   Form = "over"   // v > d
	Beyond Form = "beyond" // the same
)

// Forms are all forms, the most exact first.
func Forms() []Form { return []Form{Exact, More, Odd, Near, About, Over, Beyond} }

// Spoken is a number as a bulletin says it.
type Spoken struct {
	Form Form
	D    int64
}

// Holds says whether it is true of v. Nothing but zero itself is spoken of zero, and d is
// never below 1.
func (s Spoken) Holds(v int64) bool {
	switch d := s.D; {
	case s.Form == Exact:
		return v == d
	case d < 1 || v < 1:
		return false
	case s.Form == More || s.Form == Odd:
		return v > d && v-d < lastUnit(d)
	case s.Form == Near:
		return v < d && twentieths(v, 20, d, 19) >= 0
	case s.Form == About:
		return twentieths(v, 20, d, 19) >= 0 && twentieths(v, 20, d, 21) <= 0
	case s.Form == Over || s.Form == Beyond:
		return v > d
	}
	return false
}

// twentieths compares a·x with b·y without overflow.
func twentieths(a, x, b, y int64) int {
	h1, l1 := bits.Mul64(uint64(a), uint64(x))
	h2, l2 := bits.Mul64(uint64(b), uint64(y))
	switch {
	case h1 == h2 && l1 == l2:
		return 0
	case h1 > h2 || h1 == h2 && l1 > l2:
		return 1
	}
	return -1
}

// lastUnit is the unit of d's last digit that is not zero: 10 of 36,840.
func lastUnit(d int64) int64 {
	unit := int64(1)
	for d%10 == 0 {
		d, unit = d/10, unit*10
	}
	return unit
}

// Propose lists what may be said of v: the number itself, rounder ones that it is a little
// more than, and the roundest that it comes near to or is beyond. The closest first; every
// one holds.
func Propose(v int64) []Spoken {
	all := []Spoken{{Exact, v}}
	for unit := int64(10); unit <= v; unit *= 10 {
		down := v - v%unit
		some := []Spoken{{More, down}, {Odd, down}}
		if unit > v/100 { // one or two digits are left
			some = append(some, Spoken{Near, down + unit}, Spoken{About, down}, Spoken{About, down + unit}, Spoken{Over, down}, Spoken{Beyond, down})
		}
		for _, s := range some {
			if s.Holds(v) && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Text is how it is written with its measure word. A number that is whole in ten thousands is
// written so; near, about and beyond a power of ten, that is a word. What is a little more is said
// behind the place in which it is more: 290 多万, 2 万多, 54 小时多.
func (s Spoken) Text(lang, measure string) string {
	number, tail := strconv.FormatInt(s.D, 10), ""
	loose := s.Form != Exact && !s.more()
	switch {
	case lang != i18n.Chinese:
		number = i18n.Number(s.D)
	case loose && powers[s.D]:
		number = i18n.T(lang, "figure.power."+number)
		loose = false
	case s.parts():
		return i18n.T(lang, "figure.spoken.parts", "d", number, "measure", measure)
	case s.more() && s.D%10_000 == 0 && s.D%100_000 != 0:
		number = strconv.FormatInt(s.D/10_000, 10) + " " + i18n.T(lang, "figure.power.10000")
	case s.more() && s.D%10_000 != 0:
		number += " "
	case s.more():
		number, tail = strconv.FormatInt(s.D/10_000, 10)+" ", i18n.T(lang, "figure.power.10000")
	case s.D > 0 && s.D%10_000 == 0:
		number, tail = strconv.FormatInt(s.D/10_000, 10), i18n.T(lang, "figure.power.10000")
	}
	if loose {
		number = " " + number + " "
	}
	return i18n.T(lang, "figure.spoken."+string(s.Form), "d", number, "tail", tail, "measure", measure)
}

// more says whether it is a little more.
func (s Spoken) more() bool { return s.Form == More || s.Form == Odd }

// parts says whether what is more is less than one of the measure: 54 hours and some minutes.
func (s Spoken) parts() bool { return s.more() && s.D%10 != 0 }

// powers are the numbers that have a word of their own.
var powers = map[int64]bool{1e2: true, 1e3: true, 1e4: true, 1e5: true, 1e6: true, 1e7: true, 1e8: true}
