package crypt

import (
	"path/filepath"
	"testing"

	"tongxin/internal/base/fail"
)

// What is signed is proved by its key alone; a file without one says so, and gets one that the
// rest of the file does not notice.
func TestSigning(t *testing.T) {
	f := newFile()
	k := keys(t, f)
	text := []byte("what was published")
	signature, err := k.Sign(text)
	if err != nil || signature[0] != suiteEd25519 || !Verify(k.Verifier(), text, signature) {
		t.Fatalf("signed as %x: %v", signature, err)
	}
	other := keys(t, newFile())
	spoilt := append([]byte{2}, signature[1:]...)
	for name, ok := range map[string]bool{
		"another text":       Verify(k.Verifier(), text[1:], signature),
		"another key":        Verify(other.Verifier(), text, signature),
		"another suite":      Verify(k.Verifier(), text, spoilt),
		"no signature":       Verify(k.Verifier(), text, nil),
		"no key":             Verify(nil, text, signature),
		"a signature cut":    Verify(k.Verifier(), text, signature[:40]),
		"a key of a suite 2": Verify(append([]byte{2}, k.Verifier()[1:]...), text, signature),
	} {
		if ok {
			t.Errorf("%s is taken", name)
		}
	}
	f.Sign = nil
	before := keys(t, f)
	if _, err := before.Sign(text); fail.Key(err) != "crypt.no_signing_key" || before.Signs() || before.Verifier() != nil {
		t.Errorf("without a key: %v", err)
	}
	path := filepath.Join(t.TempDir(), "keys")
	save(t, path, f)
	for range 2 {
		if err := AddSigner(path); err != nil {
			t.Fatal(err)
		}
	}
	after, err := Open(path, false)
	if err != nil || !after.Signs() || string(after.Hash("a", "b")) != string(before.Hash("a", "b")) {
		t.Errorf("with one added: %v", err)
	}
	f.Sign = []byte("short")
	save(t, path+"2", f)
	if _, err := Open(path+"2", false); fail.Key(err) != "crypt.keys_damaged" {
		t.Errorf("with half a key: %v", err)
	}
}
