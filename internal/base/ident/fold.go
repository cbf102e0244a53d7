package ident

import (
	"strings"
	"unicode"
)

// Fold turns full-width letters, digits and signs into their ASCII forms and drops spaces of
// every kind and characters that cannot be seen. It is for numbers and codes, not for names.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '\uff01' && r <= '\uff5e':
			return r - 0xff01 + '!'
		case unicode.IsSpace(r) || unicode.In(r, unicode.Cf):
			return -1
		}
		return r
	}, s)
}

// Digits reports whether s is n ASCII digits.
func Digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
