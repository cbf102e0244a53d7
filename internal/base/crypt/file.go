package crypt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tongxin/internal/base/fail"
)

// file is the keys file; []byte is base64 in JSON.
type file struct {
	Version int               `json:"version"`
	Current uint16            `json:"current"`
	Keys    map[uint16][]byte `json:"keys"`
	Index   []byte            `json:"index"`
	Derive  []byte            `json:"derive"`
	Sign    []byte            `json:"sign,omitempty"` // the seed of the key that signs; files of before have none
}

// Path is where the keys of a database live: where the operator says, else beside a SQLite
// file, as PATH.keys. A PostgreSQL database has no such place.
func Path(dsn, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	path, ok := strings.CutPrefix(dsn, "file:")
	if !ok {
		return "", fail.New(fail.Invalid, "crypt.keys_path")
	}
	path, _, _ = strings.Cut(path, "?")
	return path + ".keys", nil
}

// Open reads the keys file. With create it makes one first where there is none; it never
// writes over a file. Every error is a refusal that tells an operator what to do.
func Open(path string, create bool) (*Keys, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		if err := write(path, newFile()); err != nil {
			return nil, fail.Wrap(err, fail.Unavailable, "crypt.keys_unwritable", "path", path)
		}
		info, err = os.Stat(path)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fail.Wrap(err, fail.Unavailable, "crypt.keys_missing", "path", path)
	case err != nil:
		return nil, fail.Wrap(err, fail.Unavailable, "crypt.keys_unreadable", "path", path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fail.New(fail.Unavailable, "crypt.keys_exposed", "path", path)
	}
	return read(path)
}

func read(path string) (*Keys, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fail.Wrap(err, fail.Unavailable, "crypt.keys_unreadable", "path", path)
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		// The cause may quote what it could not read, so it is dropped.
		return nil, fail.New(fail.Unavailable, "crypt.keys_damaged", "path", path)
	}
	k, err := f.keys()
	if err != nil {
		return nil, fail.Wrap(err, fail.Unavailable, "crypt.keys_damaged", "path", path)
	}
	return k, nil
}

func newFile() file {
	return file{Version: 1, Current: 1, Keys: map[uint16][]byte{1: random()}, Index: random(), Derive: random(), Sign: random()}
}

func random() []byte {
	b := make([]byte, keyLen)
	rand.Read(b)
	return b
}

func (f file) keys() (*Keys, error) {
	if f.Version != 1 {
		return nil, fmt.Errorf("crypt: keys file of version %d", f.Version)
	}
	if len(f.Index) != keyLen || len(f.Derive) != keyLen || f.Keys[f.Current] == nil {
		return nil, errors.New("crypt: a key is missing")
	}
	k := &Keys{current: f.Current, index: f.Index, derive: f.Derive, sealing: map[uint16]cipher.AEAD{}}
	k.fingerprints = map[string]string{"index": fingerprint(f.Index), "derive": fingerprint(f.Derive)}
	if len(f.Sign) > 0 {
		if len(f.Sign) != ed25519.SeedSize {
			return nil, errors.New("crypt: the signing key is cut")
		}
		k.signer, k.fingerprints["sign"] = ed25519.NewKeyFromSeed(f.Sign), fingerprint(f.Sign)
	}
	for number, key := range f.Keys {
		if len(key) != keyLen {
			return nil, fmt.Errorf("crypt: key %d is not %d bytes", number, keyLen)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		k.sealing[number] = aead
		k.fingerprints[strconv.Itoa(int(number))] = fingerprint(key)
	}
	return k, nil
}

// fingerprint tells keys apart without telling anything of them.
func fingerprint(key []byte) string { return hex.EncodeToString(mac(key, "tongxin key check")[:8]) }

// write makes the file complete or not at all: a temporary file, synced, then linked to its
// name, which fails when the name is taken. Whoever comes second uses what the first made.
func write(path string, f file) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".keys-*") // O_EXCL, mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(append(b, '\n'))
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
