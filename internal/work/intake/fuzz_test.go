package intake

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tongxin/internal/base/sheet"
)

// FuzzRead: whatever a cell holds, in whichever column of whichever list, it is read as text that can be kept, or has a fault at the column.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"x", "１３８ 0000 0000", "3.2E+17", "11010119900307002X", "2020/2/30", "43889", "二月三日", "14:30", "下午2点", "-1", "1e9", "321281000000", "\x00", "\xff", "\u202e王", strings.Repeat("长", 9000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for kind, l := range lists {
			for _, c := range l.columns {
				b := &Body{Cells: map[string]string{}, Values: map[string]string{}}
				b.read(c, sheet.Text(text), "2020-02-28")
				for col, v := range b.Values {
					if col != c.key || utf8.ValidString(text) && !utf8.ValidString(v) {
						t.Errorf("%s, %s: %q is read as %q in %s", kind, c.key, text, v, col)
					}
				}
				for _, fault := range b.Faults {
					if fault.Col != c.key || fault.Key == "" {
						t.Errorf("%s, %s: %q has a fault %+v", kind, c.key, text, fault)
					}
				}
			}
		}
	})
}

// FuzzParseKind: a kind of list is one of ours.
func FuzzParseKind(f *testing.F) {
	for _, k := range Kinds() {
		f.Add(string(k))
	}
	f.Add("../orgs")
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := ParseKind(s); err == nil && lists[k].columns == nil {
			t.Errorf("%q is %q", s, k)
		}
	})
}
