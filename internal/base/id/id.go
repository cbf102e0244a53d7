package id

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"

	"tongxin/internal/base/fail"
)

// ID names one record. The zero value names none.
type ID string

const (
	alphabet  = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford: without i, l, o, u
	homeLen   = 6
	timeLen   = 10 // 50 bits of milliseconds: until the year 37648
	randLen   = 6  // 30 bits
	idLen     = homeLen + 1 + timeLen + randLen
	maxMS     = 1<<(5*timeLen) - 1
	maxRandom = 1<<(5*randLen) - 1
)

// Operator is the home of records that belong to nobody's area: the operator's own.
const Operator = "000000"

// values maps a byte to its five bits, or 0xff.
var values = func() (v [256]byte) {
	for i := range v {
		v[i] = 0xff
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = byte(i)
	}
	return v
}()

// Home is the first six digits of the owning organisation's area code; empty for an id
// that is too short to have one.
func (i ID) Home() string {
	if len(i) < homeLen {
		return ""
	}
	return string(i[:homeLen])
}

// Time is the moment at which the id was made, to the millisecond; the zero time for what
// is not an id.
func (i ID) Time() time.Time {
	if _, err := Parse(string(i)); err != nil {
		return time.Time{}
	}
	var ms int64
	for _, c := range []byte(i[homeLen+1 : homeLen+1+timeLen]) {
		ms = ms<<5 | int64(values[c])
	}
	return time.UnixMilli(ms)
}

// Parse accepts exactly what [New] makes and nothing else: no upper case, no spaces, no
// other spelling of the same bits. The error is NotFound, for such a record cannot exist.
func Parse(s string) (ID, error) {
	if len(s) != idLen || s[homeLen] != '-' || !ValidHome(s[:homeLen]) {
		return "", malformed()
	}
	for _, c := range []byte(s[homeLen+1:]) {
		if values[c] == 0xff {
			return "", malformed()
		}
	}
	return ID(s), nil
}

func malformed() error { return fail.New(fail.NotFound, "id.unknown") }

// ValidHome reports whether s is six ASCII digits.
func ValidHome(s string) bool {
	if len(s) != homeLen {
		return false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// HomeOf gives the home of an organisation from its 12-digit area code: its first six
// digits, which are the county for a county and all below it (321281), the city's own
// code for a city's office and units (321200), the province's (320000), and [Operator]
// for code 0.
func HomeOf(areaCode int64) string {
	return fmt.Sprintf("%06d", areaCode/1_000_000)
}

// New makes an id of that home and moment. It panics when home is not six digits or when
// random cannot be read: both are mistakes of the program, not of its input.
func New(home string, at time.Time, random io.Reader) ID {
	return compose(home, at.UnixMilli(), draw(random))
}

// Source makes ids that rise: each sorts after the one before it, within a millisecond and
// when the clock steps back too. It may be used from several goroutines.
type Source struct {
	Random io.Reader

	mu     sync.Mutex
	ms     int64
	random uint32
}

// New makes the next id of that home at that moment.
func (s *Source) New(home string, at time.Time) ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch ms := at.UnixMilli(); {
	case ms > s.ms:
		s.ms, s.random = ms, draw(s.Random)
	case s.random == maxRandom:
		s.ms, s.random = s.ms+1, draw(s.Random)
	default:
		s.random++
	}
	return compose(home, s.ms, s.random)
}

func draw(random io.Reader) uint32 {
	var b [4]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		panic(fmt.Errorf("id: no randomness: %w", err))
	}
	return binary.BigEndian.Uint32(b[:]) & maxRandom
}

func compose(home string, ms int64, random uint32) ID {
	if !ValidHome(home) {
		panic("id: a home is six digits")
	}
	b := make([]byte, 0, idLen)
	b = append(b, home...)
	b = append(b, '-')
	b = digits(b, uint64(min(max(ms, 0), maxMS)), timeLen)
	b = digits(b, uint64(random), randLen)
	return ID(b)
}

func digits(b []byte, v uint64, n int) []byte {
	for i := n - 1; i >= 0; i-- {
		b = append(b, alphabet[v>>(5*i)&31])
	}
	return b
}
