package intake

import (
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/sheet"
)

// Heads are the names of the columns of a kind of list, as its template has them: a list that
// is taken out in them can be brought again.
func Heads(k Kind, lang string) []string {
	var heads []string
	for _, c := range lists[k].columns {
		heads = append(heads, Heading(k, c.key, lang))
	}
	return heads
}

// Line is a row of such a list, of what its columns hold.
func Line(k Kind, values map[string]string) []sheet.Cell {
	var cells []sheet.Cell
	for _, c := range lists[k].columns {
		switch v := values[c.key]; {
		case v != "" && c.as == asDay:
			cells = append(cells, sheet.Day(v))
		default:
			cells = append(cells, sheet.Text(v))
		}
	}
	return cells
}

// ToldReason is the reason of told hours as a list has it: none where the list had none.
func ToldReason(reason string) string {
	for _, lang := range i18n.Languages() {
		if reason == i18n.T(lang, "intake.told_reason") {
			return ""
		}
	}
	return reason
}
