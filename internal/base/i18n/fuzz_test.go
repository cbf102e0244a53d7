package i18n_test

import (
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/i18n"
)

// FuzzMatch: whatever languages a header asks for, the answer is one of ours.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"", "en", "en-GB;q=0.9,zh-CN;q=0.8", "zh;q=NaN,en;q=1e999", "*", ";q=", strings.Repeat("en,", 1000), "\xff", "en;q=-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if got := i18n.Match(header); !slices.Contains(i18n.Languages(), got) {
			t.Errorf("%q is answered in %q", header, got)
		}
	})
}
