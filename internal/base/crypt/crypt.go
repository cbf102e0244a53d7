package crypt

import (
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"tongxin/internal/base/id"
)

const (
	suiteAESGCM = 1
	headLen     = 3 // suite and key id
	nonceLen    = 12
	tagLen      = 16
	keyLen      = 32
	hashLen     = 16
)

// ErrForged says that a sealed field was altered, cut, or belongs to another row or column.
var ErrForged = errors.New("crypt: a sealed field does not open")

// ErrNoKey says that a field was sealed with a key, or a suite, that the keys file lacks.
var ErrNoKey = errors.New("crypt: the key of a sealed field is missing")

// Keys seal, open and hash. They are safe for use by several goroutines.
type Keys struct {
	current uint16
	sealing map[uint16]cipher.AEAD
	index   []byte
	derive  []byte
	signer  ed25519.PrivateKey // nil: the file has none

	fingerprints map[string]string // by key number, "index", "derive" and "sign"
}

// Seal encrypts a field of the record id, to be stored in that table and column. The empty
// string gives nil.
func (k *Keys) Seal(table, column string, id id.ID, plain string) []byte {
	if plain == "" {
		return nil
	}
	out := make([]byte, headLen+nonceLen, headLen+nonceLen+len(plain)+tagLen)
	out[0] = suiteAESGCM
	binary.BigEndian.PutUint16(out[1:], k.current)
	nonce := out[headLen:]
	rand.Read(nonce)
	return k.sealing[k.current].Seal(out, nonce, []byte(plain), bound(out[:headLen], table, column, id))
}

// OpenField decrypts what [Keys.Seal] made for the same table, column and record. Nil gives
// the empty string. The error is [ErrForged] or [ErrNoKey] and holds nothing of the field.
func (k *Keys) OpenField(table, column string, id id.ID, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	if len(sealed) < headLen+nonceLen+tagLen {
		return "", fmt.Errorf("%w: %s.%s of %s is cut", ErrForged, table, column, id)
	}
	number := binary.BigEndian.Uint16(sealed[1:])
	key, ok := k.sealing[number]
	if sealed[0] != suiteAESGCM || !ok {
		return "", fmt.Errorf("%w: suite %d, key %d, %s.%s of %s", ErrNoKey, sealed[0], number, table, column, id)
	}
	nonce, body := sealed[headLen:headLen+nonceLen], sealed[headLen+nonceLen:]
	plain, err := key.Open(nil, nonce, body, bound(sealed[:headLen], table, column, id))
	if err != nil {
		return "", fmt.Errorf("%w: %s.%s of %s", ErrForged, table, column, id)
	}
	return string(plain), nil
}

// bound is what is authenticated beside the field itself.
func bound(head []byte, table, column string, id id.ID) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%s", head, table, column, id)
}

// Hash is the keyed hash by which a value of that purpose ("phone", "idno", …) is found. Give
// the value in one spelling: the caller strips spaces and full-width digits first.
func (k *Keys) Hash(purpose, value string) []byte {
	return mac(k.index, purpose, value)[:hashLen]
}

// Derive makes 32 bytes that depend on the keys, the purpose and every part, and on how the
// parts are divided.
func (k *Keys) Derive(purpose string, parts ...string) []byte {
	return mac(k.derive, append([]string{purpose}, parts...)...)
}

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}
