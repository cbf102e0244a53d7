package crypt

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

func save(t *testing.T, path string, f file) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAttach(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ctx, dir := t.Context(), t.TempDir()
		own, foreign := filepath.Join(dir, "own"), filepath.Join(dir, "foreign")
		k, err := Attach(ctx, d, own)
		if err != nil {
			t.Fatalf("a new database: %v", err)
		}
		again, err := Attach(ctx, d, own)
		if err != nil || !bytes.Equal(again.Hash("a", "b"), k.Hash("a", "b")) {
			t.Errorf("a second start: %v", err)
		}
		if _, err := Attach(ctx, d, foreign); fail.Key(err) != "crypt.keys_missing" {
			t.Errorf("keys gone: %v", err)
		}
		if _, err := os.Stat(foreign); err == nil {
			t.Error("keys gone, and others were made in their place")
		}
		save(t, foreign, newFile())
		if _, err := Attach(ctx, d, foreign); fail.Key(err) != "crypt.keys_wrong" {
			t.Errorf("keys of another database: %v", err)
		}
		other, err := Open(foreign, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Check(ctx, d, foreign); fail.Key(err) != "crypt.keys_wrong" {
			t.Errorf("a reader with keys of another database: %v", err)
		}
		if err := k.Check(ctx, d, own); err != nil {
			t.Errorf("a reader with the right keys: %v", err)
		}
	})
}

func TestAttachRemembersAddedKeys(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		path := filepath.Join(t.TempDir(), "keys")
		f := newFile()
		save(t, path, f)
		for range 2 {
			if _, err := Attach(t.Context(), d, path); err != nil {
				t.Fatal(err)
			}
		}
		f.Keys[2], f.Current = random(), 2
		save(t, path, f)
		if _, err := Attach(t.Context(), d, path); err != nil {
			t.Fatalf("a key added: %v", err)
		}
		f.Keys[2] = random()
		save(t, path, f)
		if _, err := Attach(t.Context(), d, path); fail.Key(err) != "crypt.keys_wrong" {
			t.Errorf("the second key exchanged: %v", err)
		}
		delete(f.Keys, 2)
		f.Current = 1
		save(t, path, f)
		if _, err := Attach(t.Context(), d, path); fail.Key(err) != "crypt.keys_wrong" {
			t.Errorf("the second key dropped: %v", err)
		}
	})
}

// Two processes may come to one new database with two keys files, each having seen none.
func TestTheFirstKeysWin(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		first, second := keys(t, newFile()), keys(t, newFile())
		if err := first.Check(t.Context(), d, "f"); err != nil {
			t.Errorf("a database without keys: %v", err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return first.remember(tx, "f") }); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return second.remember(tx, "s") })
		if fail.Key(err) != "crypt.keys_wrong" {
			t.Errorf("the second: %v", err)
		}
		if err := first.Check(t.Context(), d, "f"); err != nil {
			t.Errorf("the first: %v", err)
		}
	})
}
