package ident

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
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

// Line tidies one line that people read, a name or a title: full-width letters and digits become
// ASCII, each run of spaces one space, and what cannot be seen is dropped. Signs stay as
// they are: full-width brackets are right in Chinese.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\uff10' && r <= '\uff19', r >= '\uff21' && r <= '\uff3a', r >= '\uff41' && r <= '\uff5a':
			return r - 0xff01 + '!'
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// Lines is [Line] for a text of several lines: it keeps them, without blank ones at either end.
func Lines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = Line(l)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
