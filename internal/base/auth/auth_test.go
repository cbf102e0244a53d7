package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const (
	station id.ID = "321281-01jd3k8zq4w7c2xv"
	centre  id.ID = "321281-01jd3k8zq4w7c2xw"
)

func TestRoles(t *testing.T) {
	for _, r := range Roles() {
		if got, err := ParseRole(string(r)); got != r || err != nil {
			t.Errorf("ParseRole(%s) = %s, %v", r, got, err)
		}
		if want := r != Volunteer && r != Guardian; r.Staff() != want {
			t.Errorf("%s.Staff() = %v", r, r.Staff())
		}
	}
	for _, s := range []string{"", "Admin", "root", "admin "} {
		if r, err := ParseRole(s); fail.Key(err) != "auth.role_unknown" || r != "" {
			t.Errorf("ParseRole(%q) = %q, %v", s, r, err)
		}
	}
	if Role("").Staff() {
		t.Error("no role is staff")
	}
}

func TestActor(t *testing.T) {
	a := Actor{Person: station, Grants: []Grant{{station, Leader}, {centre, Admin}, {station, Admin}, {centre, Admin}}}
	if !a.Has(Auditor, Leader) || a.Has(Auditor) || a.Has() {
		t.Error("Has")
	}
	if !a.HasAt(station, Leader) || a.HasAt(centre, Leader) || a.HasAt("", Leader) {
		t.Error("HasAt")
	}
	if got := fmt.Sprint(a.Orgs(Admin)); got != fmt.Sprint([]id.ID{centre, station}) {
		t.Errorf("Orgs = %s", got)
	}
	if !a.Staff() || !a.SignedIn() || a.IsSystem() {
		t.Error("staff who signed in")
	}
	if v := (Actor{Person: station, Grants: []Grant{{station, Volunteer}}}); v.Staff() {
		t.Error("a volunteer is staff")
	}
	if nobody := (Actor{}); nobody.SignedIn() || nobody.IsSystem() || nobody.Has(Roles()...) {
		t.Error("nobody is somebody")
	}
	if _, err := id.Parse(string(SystemID)); err != nil || !System.IsSystem() || System.Staff() {
		t.Errorf("the system's actor: %v", err)
	}
}

func TestExclusive(t *testing.T) {
	for _, held := range Roles() {
		for _, role := range Roles() {
			three := map[Role]bool{SystemAdmin: true, SecurityAdmin: true, Auditor: true}
			want := three[held] && three[role] && held != role
			if err := Exclusive([]Grant{{station, Volunteer}, {station, held}}, role); (fail.Key(err) == "auth.roles_exclude") != want {
				t.Errorf("%s beside %s: %v", role, held, err)
			}
		}
	}
}

func TestPasswords(t *testing.T) {
	ctx := t.Context()
	stored, err := HashPassword(ctx, "correct horse 电池")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") || Outdated(stored) {
		t.Errorf("stored as %s", stored)
	}
	again, err := HashPassword(ctx, "correct horse 电池")
	if err != nil || again == stored {
		t.Error("two hashes of one password are equal")
	}
	for password, want := range map[string]bool{"correct horse 电池": true, "correct horse 电": false, "": false, "Correct horse 电池": false} {
		if ok, err := CheckPassword(ctx, stored, password); ok != want || err != nil {
			t.Errorf("CheckPassword(%q) = %v, %v", password, ok, err)
		}
	}
	if ok, err := CheckPassword(ctx, "", ""); ok || err != nil {
		t.Errorf("an account that does not exist: %v, %v", ok, err)
	}
}

// The reference implementation of argon2 prints this for "password" and "somesalt".
func TestAgainstReferenceVector(t *testing.T) {
	want, err := hex.DecodeString("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")
	if err != nil {
		t.Fatal(err)
	}
	b := base64.RawStdEncoding
	stored := "$argon2id$v=19$m=65536,t=2,p=1$" + b.EncodeToString([]byte("somesalt")) + "$" + b.EncodeToString(want)
	if ok, err := CheckPassword(t.Context(), stored, "password"); !ok || err != nil {
		t.Errorf("the reference vector does not check: %v, %v", ok, err)
	}
	if !Outdated(stored) {
		t.Error("another cost is not noticed")
	}
}

func TestBadHashesAreErrors(t *testing.T) {
	good, err := HashPassword(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=99999999", 1), strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "p=1", "p=0", 1), good[:len(good)-4], good + "!", strings.Replace(good, "m=", "", 1),
	} {
		if ok, err := CheckPassword(t.Context(), s, "x"); ok || err == nil {
			t.Errorf("%q: %v, %v", s, ok, err)
		}
		if !Outdated(s) {
			t.Errorf("%q is taken for current", s)
		}
	}
}

func TestHashingIsBounded(t *testing.T) {
	if cap(hashing) != runtime.GOMAXPROCS(0) {
		t.Errorf("%d hashes at once", cap(hashing))
	}
	for range cap(hashing) {
		hashing <- struct{}{}
	}
	defer func() {
		for range cap(hashing) {
			<-hashing
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := HashPassword(ctx, "x"); fail.Key(err) != "auth.busy" || fail.KindOf(err) != fail.Unavailable {
		t.Errorf("while all are busy: %v", err)
	}
}

func TestPolicy(t *testing.T) {
	p := Policy{MinLength: 10, MinClasses: 3}
	for password, key := range map[string]string{
		"Tongxin-2020": "", "热心服务 Abc1x": "", "abcd-12345": "",
		"Ab1-efghi": "auth.password_short", "": "auth.password_short", "同心同心同心同心同": "auth.password_short",
		"abcdefghijk": "auth.password_simple", "abcdefghij1": "auth.password_simple",
		"xx-Zhang.San-1": "auth.password_login", "Aa1Aa1Aa1Aa1": "auth.password_repeats",
		strings.Repeat("Abcdef1-", 40): "auth.password_long",
	} {
		err := p.Check(password, "zhang.san")
		if fail.Key(err) != key {
			t.Errorf("%q: %v, want %q", password, err, key)
		}
		if f := fail.Fields(err); err != nil && (len(f) != 1 || f[0].Field != "password") {
			t.Errorf("%q: not at the field: %v", password, f)
		}
	}
}

func TestRandomPassword(t *testing.T) {
	p, seen := Policy{MinLength: 10, MinClasses: 4}, map[string]bool{}
	for range 2000 {
		s := RandomPassword()
		if err := p.Check(s, ""); err != nil || len(s) != 19 || strings.ContainsAny(s, "0oO1iIl2zZ5sS8bBuvmn") {
			t.Fatalf("%q: %v", s, err)
		}
		if seen[s] {
			t.Fatalf("%q twice", s)
		}
		seen[s] = true
	}
}

func TestSecrets(t *testing.T) {
	plain, hash := NewSecret()
	other, _ := NewSecret()
	if b, err := base64.RawURLEncoding.DecodeString(plain); err != nil || len(b) != 32 {
		t.Errorf("secret %q holds %d bytes, %v", plain, len(b), err)
	}
	if plain == other || !bytes.Equal(hash, HashSecret(plain)) || bytes.Equal(hash, HashSecret(other)) || len(hash) != 32 {
		t.Error("hash of a secret")
	}
}

func TestCode6(t *testing.T) {
	first := map[byte]int{}
	for range 2000 {
		c := Code6()
		if len(c) != 6 || strings.Trim(c, "0123456789") != "" {
			t.Fatalf("code %q", c)
		}
		first[c[0]]++
	}
	if len(first) != 10 { // fails by chance once in 10^90
		t.Errorf("codes begin with %d different digits", len(first))
	}
}

// The vectors of RFC 6238, appendix B, SHA-1.
func TestTOTPVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := TOTP(secret, time.Unix(at, 0), 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
		if got := TOTP(secret, time.Unix(at, 0), 6); got != want[2:] {
			t.Errorf("six digits at %d: %s, want %s", at, got, want[2:])
		}
	}
}

func TestCheckTOTP(t *testing.T) {
	secret := NewTOTPSecret()
	now := time.Date(2020, 2, 28, 14, 26, 10, 0, time.FixedZone("", 8*3600))
	step := now.Unix() / 30
	for off := int64(-3); off <= 3; off++ {
		got, ok := CheckTOTP(secret, hotp(secret, step+off, 6), now, 0)
		want := off >= -1 && off <= 1
		if ok != want || ok && got != step+off {
			t.Errorf("%d steps off: %d, %v", off, got, ok)
		}
	}
	code := TOTP(secret, now, 6)
	used, ok := CheckTOTP(secret, " "+code[:3]+" "+code[3:], now, step-1)
	if !ok || used != step {
		t.Errorf("with spaces: %d, %v", used, ok)
	}
	if _, ok := CheckTOTP(secret, code, now, used); ok {
		t.Error("a code works twice")
	}
	if _, ok := CheckTOTP(secret, hotp(secret, step-1, 6), now, used); ok {
		t.Error("an earlier code works after a later one")
	}
	for _, bad := range []string{"", "00000", code + "0", "abcdef"} {
		if _, ok := CheckTOTP(secret, bad, now, 0); ok {
			t.Errorf("%q is accepted", bad)
		}
	}
	if _, ok := CheckTOTP(NewTOTPSecret(), code, now, 0); ok {
		t.Error("another secret accepts the code")
	}
}

func TestTOTPURL(t *testing.T) {
	u, err := url.Parse(TOTPURL("同心", "zhang san", []byte("12345678901234567890")))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/同心:zhang san" {
		t.Errorf("%v, %v", u, err)
	}
	if q := u.Query(); q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || q.Get("issuer") != "同心" {
		t.Errorf("query %v", q)
	}
	if TOTPText([]byte("12345678901234567890")) != u.Query().Get("secret") {
		t.Error("the text differs from the QR code")
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, sum, err := parsePHC(s)
		if err == nil && (c.memory > 256*1024 || c.passes < 1 || c.threads < 1 || len(salt) < 8 || len(sum) != sumLen) {
			t.Errorf("%q parsed as %+v", s, c)
		}
	})
}
