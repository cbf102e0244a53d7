package ident

import (
	"regexp"
	"strings"

	"tongxin/internal/base/fail"
)

var (
	mobile   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^0[1-9]\d{1,2}[2-9]\d{6,7}$`)
	hotline  = regexp.MustCompile(`^(12\d{3}|9\d{4,5}|400\d{7}|800\d{7})$`)
)

var phoneSigns = strings.NewReplacer("-", "", "(", "", ")", "", ".", "", "\u2010", "", "\u2013", "", "\u2014", "")

// Mobile checks a mobile number of the mainland, with or without +86, and gives its eleven
// digits. Such a number can receive a one-time code.
func Mobile(s string) (string, error) {
	if s = foldPhone(s); !mobile.MatchString(s) {
		return "", fail.New(fail.Invalid, "ident.mobile")
	}
	return s, nil
}

// Phone checks a number by which somebody can be reached: a mobile number, a landline with
// its area code, or a hotline. It gives the digits alone.
func Phone(s string) (string, error) {
	s = foldPhone(s)
	if !mobile.MatchString(s) && !landline.MatchString(s) && !hotline.MatchString(s) {
		return "", fail.New(fail.Invalid, "ident.phone")
	}
	return s, nil
}

func foldPhone(s string) string {
	s = phoneSigns.Replace(Fold(s))
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && mobile.MatchString(rest) {
			return rest
		}
	}
	return s
}
