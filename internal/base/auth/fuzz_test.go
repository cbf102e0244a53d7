package auth

import (
	"slices"
	"testing"
)

// FuzzParseRole: a role is one of the vocabulary's.
func FuzzParseRole(f *testing.F) {
	for _, r := range Roles() {
		f.Add(string(r))
	}
	f.Add("root")
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ParseRole(s); err == nil && !slices.Contains(Roles(), r) {
			t.Errorf("%q is the role %q", s, r)
		}
	})
}
