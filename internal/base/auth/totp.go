package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"

	"tongxin/internal/base/ident"
)

// totpPeriod is the length of a step in seconds (RFC 6238, default X).
const totpPeriod = 30

var totpBase32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTPSecret makes the 160 bits that RFC 4226 recommends.
func NewTOTPSecret() []byte {
	b := make([]byte, 20)
	rand.Read(b)
	return b
}

// TOTPURL is what an authenticator reads from a QR code.
func TOTPURL(issuer, account string, secret []byte) string {
	q := url.Values{"secret": {totpBase32.EncodeToString(secret)}, "issuer": {issuer}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account, RawQuery: q.Encode()}
	return u.String()
}

// TOTPText is the secret for typing by hand.
func TOTPText(secret []byte) string { return totpBase32.EncodeToString(secret) }

// TOTP is the code of that secret at that moment, of so many digits (RFC 6238, SHA-1).
func TOTP(secret []byte, at time.Time, digits int) string {
	return hotp(secret, at.Unix()/totpPeriod, digits)
}

func hotp(secret []byte, step int64, digits int) string {
	h := hmac.New(sha1.New, secret)
	_ = binary.Write(h, binary.BigEndian, step)
	sum := h.Sum(nil)
	code := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, code%mod)
}

// CheckTOTP accepts the six-digit code of the current step or of one to either side, if that
// step is later than last, the step of the code that was accepted before: a code works once.
// It returns the step, which the caller stores as the next last with a guarded write
// (… SET totp_step = $step WHERE totp_step < $step).
func CheckTOTP(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	code = ident.Fold(code)
	current := now.Unix() / totpPeriod
	for s := current - 1; s <= current+1; s++ {
		if s > last && subtle.ConstantTimeCompare([]byte(hotp(secret, s, 6)), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}
