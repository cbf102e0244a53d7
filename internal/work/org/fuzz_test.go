package org

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tongxin/internal/base/id"
)

// FuzzParseCursor: where a page begins is read or refused, and what is read is text that a database takes.
func FuzzParseCursor(f *testing.F) {
	for _, c := range []cursor{{}, {321281_000_000, "x", "321281-0000000000000000"}, {-1, "\x00", "x"}, {1, "", "\x00"}} {
		f.Add(c.String())
	}
	f.Add("e30")
	f.Add("%")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err != nil {
			return
		}
		if !utf8.ValidString(c.Name) || strings.Contains(c.Name, "\x00") {
			t.Errorf("%q is read as %+v", s, c)
		}
		if _, err := id.Parse(string(c.ID)); err != nil && c.ID != "" {
			t.Errorf("%q is read as %+v", s, c)
		}
	})
}
