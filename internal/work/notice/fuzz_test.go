package notice

import (
	"testing"

	"tongxin/internal/base/id"
)

// FuzzParseCursor: where a page of an inbox begins is a notice's place, or the latest.
func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "1582870000000.321281-0000000000000000", "1.", ".x", "-9223372036854775808.\x00", "1.\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, last := parseCursor(s)
		if _, err := id.Parse(last); err != nil && (at != 1<<62 || last != "") {
			t.Errorf("%q is read as %d, %q", s, at, last)
		}
	})
}
