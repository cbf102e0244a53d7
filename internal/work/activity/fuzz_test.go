package activity

import (
	"testing"

	"tongxin/internal/base/id"
)

// FuzzFrom: where a page of activities begins is an activity's place, or the beginning.
func FuzzFrom(f *testing.F) {
	for _, s := range []string{"", "1582870000000.321281-0000000000000000", "1.", ".x", "-9223372036854775808.\x00", "1.\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, last := from(s, 7)
		if _, err := id.Parse(last); err != nil && (at != 7 || last != "") {
			t.Errorf("%q is read as %d, %q", s, at, last)
		}
	})
}

// FuzzPattern: what is looked for by a part of a title holds no sign of a pattern but the outer two.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"", "100%", "a_b", `\`, `\%`, "％＿＼", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := pattern(s)
		if p == "" {
			return
		}
		inner := p[1 : len(p)-1]
		for i := 0; i < len(inner); i++ {
			switch inner[i] {
			case '\\':
				i++ // and what it guards
			case '%', '_':
				t.Errorf("%q gives the pattern %q", s, p)
			}
		}
	})
}
