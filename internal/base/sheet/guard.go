package sheet

import "strings"

// Guard puts an apostrophe before a text that a spreadsheet would take for a formula: one
// that begins, after spaces and apostrophes, with an equals, plus, minus or at sign of either
// width.
func Guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// Unguard takes away what [Guard] put there.
func Unguard(s string) string {
	if strings.HasPrefix(s, "'") && formula(s) {
		return s[1:]
	}
	return s
}

func formula(s string) bool {
	for _, r := range s {
		switch r {
		case '\'', ' ', '\t', '\r', '\n', '\u00a0', '\u3000', '\ufeff':
		case '=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20':
			return true
		default:
			return false
		}
	}
	return false
}
