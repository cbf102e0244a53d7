package figure

import (
	"strconv"

	"tongxin/internal/base/i18n"
)

// Screen writes a value as people read it, with its measure word: hours for minutes, yuan for
// fen, percent for ten-thousandths. Only here is anything rounded.
func Screen(lang, unit string, n int64) (number, word string) {
	switch unit {
	case "minute":
		return i18n.Hours(n), i18n.T(lang, "figure.unit.hour")
	case "fen":
		return i18n.Number(n/100) + hundredths(n), i18n.T(lang, "figure.unit.yuan")
	case "ratio":
		return i18n.Number(n/100) + "." + two(n) + "%", ""
	}
	return i18n.Number(n), i18n.T(lang, "figure.unit."+unit)
}

func hundredths(n int64) string {
	if n%100 == 0 {
		return ""
	}
	return "." + two(n)
}

// two are the last two digits of a number.
func two(n int64) string {
	if n < 0 {
		n = -n
	}
	return strconv.FormatInt(n/10%10, 10) + strconv.FormatInt(n%10, 10)
}
