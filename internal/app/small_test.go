package app_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/seed"
)

// smallCity is where a test has the small city in a SQLite file of its own, and its keys.
type smallCity struct {
	dsn, keys string
	accounts  []seed.Account
}

// madeOnce is the small city as bytes: it is made once for all tests of the package.
var madeOnce = sync.OnceValues(func() (made struct {
	file, keys []byte
	accounts   []seed.Account
}, err error) {
	dir, err := os.MkdirTemp("", "small")
	if err != nil {
		return made, err
	}
	defer os.RemoveAll(dir)
	path, keys := filepath.Join(dir, "small.db"), filepath.Join(dir, "keys")
	city, err := seed.Run(context.Background(), seed.Options{DSN: "file:" + path, Keys: keys, Scale: seed.Small, Seed: 2, Clock: dbtest.Start})
	if err != nil {
		return made, err
	}
	made.accounts = city.Accounts
	if made.file, err = os.ReadFile(path); err != nil {
		return made, err
	}
	made.keys, err = os.ReadFile(keys)
	return made, err
})

func newSmallCity(t *testing.T) smallCity {
	t.Helper()
	made, err := madeOnce()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path, keys := filepath.Join(dir, "small.db"), filepath.Join(dir, "keys")
	for to, what := range map[string][]byte{path: made.file, keys: made.keys} {
		if err := os.WriteFile(to, what, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return smallCity{"file:" + path, keys, made.accounts}
}

func (c smallCity) open(t *testing.T) *crypt.Keys {
	t.Helper()
	k, err := crypt.Open(c.keys, false)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
