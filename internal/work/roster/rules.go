package roster

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/work/people"
)

// eligible says in words why a volunteer may not take a post of the shift, nil
// if she may. Age is taken on the shift's day.
//
// Minors never take risky posts, whoever asks (江苏省志愿服务条例; STANDARDS §6).
func eligible(s *Shift, who people.Standing) error {
	switch {
	case !who.Volunteer || who.State != "active":
		return fail.New(fail.Conflict, "roster.not_active")
	case s.Risky && who.MinorOn(s.Day):
		return fail.New(fail.Forbidden, "roster.minor_risky")
	case who.MinorOn(s.Day) && !who.MinorConsent:
		return fail.New(fail.Conflict, "roster.minor_consent")
	}
	age, known := who.AgeOn(s.Day)
	if !known && (s.Risky || s.MinAge > 0 || s.MaxAge > 0) {
		return fail.New(fail.Conflict, "roster.age_unknown")
	}
	if s.MinAge > 0 && int64(age) < s.MinAge {
		return fail.New(fail.Conflict, "roster.too_young", "n", s.MinAge)
	}
	if s.MaxAge > 0 && int64(age) > s.MaxAge {
		return fail.New(fail.Conflict, "roster.too_old", "n", s.MaxAge)
	}
	if s.Skill != 0 && !who.HasSkill(s.Skill) {
		return fail.New(fail.Conflict, "roster.skill_missing")
	}
	return nil
}

// overlaps says whether two spans share more than the grace.
func overlaps(aStarts, aEnds, bStarts, bEnds int64, grace time.Duration) bool {
	return min(aEnds, bEnds)-max(aStarts, bStarts) > grace.Milliseconds()
}

// served is the whole minutes between arrival and departure, floored, counted
// from `early` before the start at the earliest.
func served(s Shift, arrived, departed int64, early time.Duration) int64 {
	from := max(arrived, s.Starts-early.Milliseconds())
	return max(0, departed-from) / time.Minute.Milliseconds()
}

// codeSteps is how many codes back are still taken: what was read out a while
// ago to someone slow must work.
const codeSteps = 3

// code is the six digits of a step, from the shift's secret.
func code(secret []byte, step int64) string {
	mac := hmac.New(sha256.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[:4])%1_000_000)
}

// CodeAt is the code shown at a moment and when the next one comes; each is
// shown for `shown`.
func CodeAt(secret []byte, now time.Time, shown time.Duration) (digits string, next time.Time) {
	step := now.UnixMilli() / shown.Milliseconds()
	return code(secret, step), time.UnixMilli((step + 1) * shown.Milliseconds())
}

// codeHolds says whether the digits are one of the last codes.
func codeHolds(secret []byte, digits string, now time.Time, shown time.Duration) bool {
	step := now.UnixMilli() / shown.Milliseconds()
	ok := 0
	for i := range int64(codeSteps) {
		ok |= subtle.ConstantTimeCompare([]byte(code(secret, step-i)), []byte(digits))
	}
	return ok == 1
}
