package crypt

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"

	"tongxin/internal/base/fail"
)

// suiteEd25519 stands in front of signatures and of the keys that prove them, so that another
// suite can join.
const suiteEd25519 = 1

// Sign signs a text, a suite byte in front. A keys file of before signatures has no key for
// it: that is refused in words (crypt.no_signing_key), and [AddSigner] makes one.
func (k *Keys) Sign(text []byte) ([]byte, error) {
	if k == nil || k.signer == nil {
		return nil, fail.New(fail.Unavailable, "crypt.no_signing_key")
	}
	return append([]byte{suiteEd25519}, ed25519.Sign(k.signer, text)...), nil
}

// Signs says whether there is a key to sign with.
func (k *Keys) Signs() bool { return k != nil && k.signer != nil }

// Verifier is the key with which what was signed is proved, a suite byte in front.
func (k *Keys) Verifier() []byte {
	if !k.Signs() {
		return nil
	}
	return append([]byte{suiteEd25519}, k.signer.Public().(ed25519.PublicKey)...)
}

// Verify says whether a signature is of that text, by the key that proves it.
func Verify(verifier, text, signature []byte) bool {
	return len(verifier) == 1+ed25519.PublicKeySize && verifier[0] == suiteEd25519 &&
		len(signature) == 1+ed25519.SignatureSize && signature[0] == suiteEd25519 &&
		ed25519.Verify(verifier[1:], text, signature[1:])
}

// AddSigner puts a signing key into a keys file that has none.
func AddSigner(path string) error {
	k, err := Open(path, false)
	if err != nil || k.Signs() {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fail.Wrap(err, fail.Unavailable, "crypt.keys_unreadable", "path", path)
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return fail.New(fail.Unavailable, "crypt.keys_damaged", "path", path)
	}
	f.Sign = random()
	next := filepath.Join(filepath.Dir(path), ".keys-next")
	if err := write(next, f); err != nil {
		return fail.Wrap(err, fail.Unavailable, "crypt.keys_unwritable", "path", path)
	}
	return os.Rename(next, path)
}
