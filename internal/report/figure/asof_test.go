package figure_test

import (
	"testing"

	"tongxin/internal/report/figure"
)

// Whatever is written for a moment is read or refused, and what is read is a moment or a number of a fact.
func FuzzParseAsOf(f *testing.F) {
	for _, s := range []string{"", "2020-02-28", "2020-02-28T14:26:00+08:00", "seq:12", "seq:-1", "seq:9223372036854775808", "２０２０-02-28", "0000-00-00", "now"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := figure.ParseAsOf(s)
		if err == nil && at.Seq != 0 && !at.Time.IsZero() {
			t.Errorf("%q is both a number and a moment: %+v", s, at)
		}
	})
}
