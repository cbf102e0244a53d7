package ident

import (
	"strings"

	"tongxin/internal/base/fail"
)

// CreditCode is a checked unified social credit code of 18 characters.
type CreditCode string

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // without I O S V Z

// ParseCreditCode checks a code by GB 32100-2015: 18 characters of its alphabet, six digits
// of division in the third to eighth place, and the check character (weights 3^i mod 31).
// The organisation code within it has a check character too (GB 11714); it is not required
// here, for the outer one already catches every mistyped and every exchanged character.
func ParseCreditCode(s string) (CreditCode, error) {
	s = strings.ToUpper(Fold(s))
	if len(s) != 18 || !Digits(s[2:8], 6) {
		return "", fail.New(fail.Invalid, "ident.credit_form")
	}
	sum, weight := 0, 1
	for _, c := range []byte(s[:17]) {
		v := strings.IndexByte(creditAlphabet, c)
		if v < 0 {
			return "", fail.New(fail.Invalid, "ident.credit_form")
		}
		sum, weight = sum+v*weight, weight*3%31
	}
	if s[17] != creditAlphabet[(31-sum%31)%31] {
		return "", fail.New(fail.Invalid, "ident.credit_check")
	}
	return CreditCode(s), nil
}
