package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"tongxin/internal/base/fail"
)

// cost is what one hash takes: OWASP's second recommendation for argon2id.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

var standard = cost{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltLen = 16
	sumLen  = 32
)

// hashing bounds how many hashes run at once, and so the memory they take.
var hashing = make(chan struct{}, runtime.GOMAXPROCS(0))

// ErrHash says that a stored password hash cannot be read.
var ErrHash = errors.New("auth: a password hash is not in the form expected")

// HashPassword makes the PHC string that is stored. It waits its turn; when ctx ends first
// the answer is that too many sign in just now.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	sum, err := standard.hash(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		standard.memory, standard.passes, standard.threads, b.EncodeToString(salt), b.EncodeToString(sum)), nil
}

// CheckPassword compares a password with a stored hash. For an account that does not exist
// pass the empty string: it takes as long and is false, so that time tells nothing.
func CheckPassword(ctx context.Context, stored, password string) (bool, error) {
	if stored == "" {
		_, err := standard.hash(ctx, password, make([]byte, saltLen))
		return false, err
	}
	c, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	got, err := c.hash(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

// Outdated reports whether a stored hash was made with another cost than new ones are, so
// that it can be made anew when its owner next signs in.
func Outdated(stored string) bool {
	c, _, _, err := parsePHC(stored)
	return err != nil || c != standard
}

func (c cost) hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, fail.Wrap(ctx.Err(), fail.Unavailable, "auth.busy")
	}
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, sumLen), nil
}

func parsePHC(s string) (c cost, salt, sum []byte, err error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, ErrHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return c, nil, nil, ErrHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(part[5])
	sane := c.memory <= 256*1024 && c.passes >= 1 && c.passes <= 16 && c.threads >= 1
	if err1 != nil || err2 != nil || !sane || len(sum) != sumLen || len(salt) < 8 {
		return c, nil, nil, ErrHash
	}
	return c, salt, sum, nil
}

// Policy is what a new password must be. Its numbers are settings, for GB/T 22239-2019 asks
// for complexity without our having read its text (STANDARDS, classified protection).
type Policy struct {
	MinLength  int // characters
	MinClasses int // of: small letters, capitals, digits, everything else
}

const maxPassword = 256 // bytes; longer ones only cost time

// Check refuses a new password at the field "password". It must not contain the sign-in name
// or be one character or one run over and over.
func (p Policy) Check(password, login string) error {
	const field = "password"
	low := strings.ToLower(password)
	switch {
	case utf8.RuneCountInString(password) < p.MinLength:
		return fail.Field(field, "auth.password_short", "min", p.MinLength)
	case len(password) > maxPassword:
		return fail.Field(field, "auth.password_long")
	case classes(password) < p.MinClasses:
		return fail.Field(field, "auth.password_simple", "classes", p.MinClasses)
	case len(login) >= 3 && strings.Contains(low, strings.ToLower(login)):
		return fail.Field(field, "auth.password_login")
	case distinct(low) < 5:
		return fail.Field(field, "auth.password_repeats")
	}
	return nil
}

func classes(s string) int {
	var seen [4]bool
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			seen[0] = true
		case unicode.IsUpper(r):
			seen[1] = true
		case unicode.IsDigit(r):
			seen[2] = true
		default:
			seen[3] = true
		}
	}
	n := 0
	for _, s := range seen {
		if s {
			n++
		}
	}
	return n
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// readable leaves out characters that are taken for one another when read aloud or from
// paper: 0 o, 1 i l, 2 z, 5 s, 8 b, u v, m n.
const readable = "acdefghjkpqrtwxy34679"

// RandomPassword makes a password that can be read from a screen and typed on a telephone,
// as "Kp4x-wt7a-r9hc-6dye": 70 bits, and all four classes of [Policy].
func RandomPassword() string {
	for {
		b := make([]byte, 0, 19)
		for i := range 16 {
			if i > 0 && i%4 == 0 {
				b = append(b, '-')
			}
			b = append(b, readable[below(len(readable))])
		}
		b[0] = byte(unicode.ToUpper(rune(b[0])))
		if s := string(b); classes(s) == 4 {
			return s
		}
	}
}
