package search

import (
	"testing"

	"tongxin/internal/base/id"
)

// FuzzParseCursor: where a page of what was found begins is read or refused.
func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "3.321281-0000000000000000", "3.", ".321281-0000000000000000", "99999999999999999999.x", "1.\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err != nil || s == "" {
			return
		}
		if _, err := id.Parse(string(c.id)); err != nil {
			t.Errorf("%q is read as %+v", s, c)
		}
	})
}
