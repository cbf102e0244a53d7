package i18n

import (
	"strconv"
	"sync/atomic"
)

// HoursRule says how minutes become the hours that are printed. A rule is never changed:
// another way of rounding is another rule with the next number, so that whoever holds an
// old page can still be told how its hours came about.
//
// Minutes are stored and added up; only the sum is rounded, and always toward zero, because
// a record of service states no more than was given (Measures on records and certificates
// of voluntary service, Ministry of Civil Affairs order 67: true, accurate, complete).
type HoursRule struct {
	Version int
	Step    int64 // minutes: hours are printed in whole steps
}

// The rules so far.
var (
	HoursV1 = HoursRule{Version: 1, Step: 6}  // down to a tenth of an hour
	HoursV2 = HoursRule{Version: 2, Step: 30} // down to half an hour
)

var hoursRule atomic.Pointer[HoursRule]

func init() { hoursRule.Store(&HoursV1) }

// HoursRuleOf finds a rule by its number.
func HoursRuleOf(version int) (HoursRule, bool) {
	for _, r := range []HoursRule{HoursV1, HoursV2} {
		if r.Version == version {
			return r, true
		}
	}
	return HoursRule{}, false
}

// SetHoursRule chooses the rule for [Hours], once, at the start of the process.
func SetHoursRule(r HoursRule) { hoursRule.Store(&r) }

// Hours prints minutes as hours by the rule in force, without the word for hours.
func Hours(minutes int64) string { return hoursRule.Load().Print(minutes) }

// Print writes minutes as hours: 36, 1.5, 1,234.5; rounded toward zero to the rule's step.
func (r HoursRule) Print(minutes int64) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	tenths := minutes / r.Step * r.Step / 6
	switch {
	case tenths == 0:
		return "0"
	case tenths%10 == 0:
		return sign + Number(tenths/10)
	}
	return sign + Number(tenths/10) + "." + strconv.FormatInt(tenths%10, 10)
}
