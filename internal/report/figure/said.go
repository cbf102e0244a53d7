package figure

import (
	"math"
	"strings"

	"tongxin/internal/base/i18n"
)

// Scale is how many of an indicator's base unit make one of what documents say of it: 60
// minutes an hour, 100 fen a yuan.
func Scale(unit string) int64 {
	switch unit {
	case "minute":
		return 60
	case "fen":
		return 100
	}
	return 1
}

// HoldsOf says whether what is spoken is true of a value in an indicator's base unit. D is in
// what documents say: hours of minutes, yuan of fen.
func (s Spoken) HoldsOf(unit string, v int64) bool {
	scale := Scale(unit)
	switch d := s.D; {
	case scale == 1:
		return s.Holds(v)
	case d < 0 || d > math.MaxInt64/scale:
		return false
	case s.Form == More || s.Form == Odd:
		last := lastUnit(max(d, 1))
		return d >= 1 && v > d*scale && v-d*scale < last*scale
	}
	return Spoken{s.Form, s.D * scale}.Holds(v)
}

// Plain is a value said to the last digit; where it is not whole in what documents say, as a
// little more than it is.
func Plain(unit string, v int64) Spoken {
	scale := Scale(unit)
	if v%scale == 0 {
		return Spoken{Exact, v / scale}
	}
	return spokenOr(Spoken{More, v / scale}, unit, v)
}

// Round is a value said as offices say it: below a hundred to the last digit, near the next
// round number where that is close, else by its first two digits.
func Round(unit string, v int64) Spoken {
	whole := v / Scale(unit)
	if whole < 100 {
		return Plain(unit, v)
	}
	unitOf := int64(1)
	for whole/unitOf >= 10 {
		unitOf *= 10
	}
	if near := (Spoken{Near, whole - whole%unitOf + unitOf}); near.HoldsOf(unit, v) {
		return near
	}
	down := whole - whole%(unitOf/10)
	if down*Scale(unit) == v {
		return Spoken{Exact, down}
	}
	return spokenOr(Spoken{Odd, down}, unit, v)
}

// spokenOr is what is spoken if it holds, else that it is beyond.
func spokenOr(s Spoken, unit string, v int64) Spoken {
	if s.HoldsOf(unit, v) {
		return s
	}
	if over := (Spoken{Over, s.D}); over.HoldsOf(unit, v) {
		return over
	}
	return Spoken{Exact, v / Scale(unit)}
}

// Print is how a document writes it: as [Spoken.Text], without spaces between Chinese
// characters and digits.
func (s Spoken) Print(lang, measure string) string {
	text := s.Text(lang, measure)
	if lang == i18n.Chinese {
		text = strings.ReplaceAll(text, " ", "")
	}
	return text
}

// Say is how a document writes what is spoken of an indicator's unit: a ratio in percent, the
// rest as [Spoken.Print].
func (s Spoken) Say(lang, unit, measure string) string {
	if unit == "ratio" {
		text, _ := Screen(lang, unit, s.D)
		return text
	}
	return s.Print(lang, measure)
}

// ProposeOf lists what may be said of a value in an indicator's base unit: of a ratio, and of
// nothing, the number itself.
func ProposeOf(unit string, v int64) (all []Spoken) {
	if unit == "ratio" {
		return []Spoken{{Exact, v}}
	}
	for _, s := range Propose(v / Scale(unit)) {
		if s.HoldsOf(unit, v) && (v > 0 || s.Form == Exact) {
			all = append(all, s)
		}
	}
	return all
}
