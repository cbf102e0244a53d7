package experience

import (
	"testing"

	"tongxin/internal/base/id"
)

// FuzzParseCursor: where a page of the library begins is read or refused.
func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "1582870000000.321281-0000000000000000", "3.", ".x", "99999999999999999999.x", "1.\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, last, err := parseCursor(s)
		if err != nil || s == "" {
			return
		}
		if _, err := id.Parse(string(last)); err != nil {
			t.Errorf("%q is read as %q", s, last)
		}
	})
}
