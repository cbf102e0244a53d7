package people

import (
	"path/filepath"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/fail"
)

// FuzzParseQuery: whatever is looked for is one thing only, or refused at its field.
func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"", "王", "王小", "王·小", "13800000000", "＋86 138", "321281000001", "11010119900307002X", "0", "\x00", "\xff", "a b"} {
		f.Add(s)
	}
	keys, err := crypt.Open(filepath.Join(f.TempDir(), "keys"), true)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := parseQuery(keys, s)
		if err != nil {
			if p := fail.Fields(err); len(p) != 1 || p[0].Field != "q" {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if q.exact() && q.name != "" {
			t.Errorf("%q is a number and a name", s)
		}
	})
}

// FuzzTicketPhone: nobody makes the proof that a number is hers.
func FuzzTicketPhone(f *testing.F) {
	now := time.UnixMilli(1_582_870_000_000)
	keys, err := crypt.Open(filepath.Join(f.TempDir(), "keys"), true)
	if err != nil {
		f.Fatal(err)
	}
	ours := newTicket(keys, "13800000000", now)
	f.Add(ours)
	f.Add(ours[:len(ours)-1])
	f.Add("")
	f.Add("AQAB")
	f.Fuzz(func(t *testing.T, ticket string) {
		if phone, err := TicketPhone(keys, ticket, now); err == nil && ticket != ours {
			t.Errorf("%q proves %q", ticket, phone)
		}
	})
}

// FuzzBearer: of a header only the secret of a bearer is taken.
func FuzzBearer(f *testing.F) {
	for _, s := range []string{"", "Bearer x", "bearer  x ", "Basic eDp5", "Bearer", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if secret := Bearer(header); secret != "" && len(auth.HashSecret(secret)) != 32 {
			t.Errorf("%q bears %q", header, secret)
		}
	})
}
