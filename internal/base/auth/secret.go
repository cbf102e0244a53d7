package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
)

// NewSecret makes 256 random bits for a session or a machine's token: plain is given out
// once, hash is stored.
func NewSecret() (plain string, hash []byte) {
	b := make([]byte, 32)
	rand.Read(b)
	plain = base64.RawURLEncoding.EncodeToString(b)
	return plain, HashSecret(plain)
}

// HashSecret is what [NewSecret] stores of a plain secret.
func HashSecret(plain string) []byte {
	sum := sha256.Sum256([]byte(plain))
	return sum[:]
}

// Code6 makes a one-time code of six digits, every one as likely. Store its keyed hash.
func Code6() string { return fmt.Sprintf("%06d", below(1_000_000)) }

// below draws evenly from 0 … n-1.
func below(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return int(v.Int64())
}
