package i18n

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed locales/compound_surnames.txt
var compoundSurnames string

var compound = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(compoundSurnames) {
		m[s] = true
	}
	return m
})

// MaskName leaves the surname and puts one star for the rest, however long it is: the first
// character, or two for a compound surname with something after it. A name of one
// character is a star.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	if name == "" {
		return ""
	}
	runes := []rune(name)
	switch {
	case len(runes) == 1:
		return "*"
	case len(runes) > 2 && compound()[string(runes[:2])]:
		return string(runes[:2]) + "*"
	}
	return string(runes[:1]) + "*"
}

// MaskPhone leaves the first three and the last four of a mobile number, 138****1234, the
// last four of a longer number, and nothing of a shorter one.
func MaskPhone(phone string) string {
	n := utf8.RuneCountInString(phone)
	switch {
	case phone == "":
		return ""
	case n == 11 && phone[0] == '1':
		return maskMiddle(phone, 3, 4)
	case n >= 8:
		return maskMiddle(phone, 0, 4)
	}
	return strings.Repeat("*", n)
}

// MaskID leaves the first and the last four of an identity number.
func MaskID(number string) string {
	if utf8.RuneCountInString(number) < 12 {
		return strings.Repeat("*", utf8.RuneCountInString(number))
	}
	return maskMiddle(number, 4, 4)
}

func maskMiddle(s string, head, tail int) string {
	r := []rune(s)
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}
