package report

import (
	"bytes"
	"strings"
	"testing"

	"tongxin/internal/base/fail"
)

// FuzzParseNumber: a number as people type it is read within the bounds, or refused in words.
func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"", "0", "12,345", "１２３", "1.2万", "0.00001万", "-1", "1e9", "..", "万", "999999999999999999999", "00000000000000000000012"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err == nil && (n < 1 || n > Most) || err != nil && fail.KindOf(err) != fail.Invalid {
			t.Errorf("%q: %d, %v", s, n, err)
		}
	})
}

// FuzzNewFile: an attachment is of a kind that may be, under a name without a path, or refused at its field.
func FuzzNewFile(f *testing.F) {
	f.Add("list.xlsx", []byte("PK\x03\x04"))
	f.Add("../x", []byte("%PDF-1.4"))
	f.Add("a\x00\u202e.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"))
	f.Add("", []byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		got, err := NewFile(name, content)
		if err != nil {
			if p := fail.Fields(err); len(p) != 1 || p[0].Field != "file" {
				t.Errorf("%v", err)
			}
			return
		}
		if endings[got.Kind] == "" || !strings.HasSuffix(got.Name, endings[got.Kind]) || strings.ContainsAny(got.Name, "/\\\"<>\x00\r\n") || !bytes.Equal(got.Content, content) {
			t.Errorf("%q is kept as %q, %s", name, got.Name, got.Kind)
		}
	})
}
