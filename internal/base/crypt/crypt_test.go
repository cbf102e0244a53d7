package crypt

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const (
	her   id.ID = "321281-01jd3k8zq4w7c2xv"
	other id.ID = "321281-01jd3k8zq4w7c2xw"
)

func keys(t *testing.T, f file) *Keys {
	t.Helper()
	k, err := f.keys()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealAndOpen(t *testing.T) {
	k := keys(t, newFile())
	for _, plain := range []string{"张三", "13800001234", "𠮷", strings.Repeat("长", 4000), "\x00"} {
		sealed := k.Seal("people_person", "name", her, plain)
		if bytes.Contains(sealed, []byte(plain)) && len(plain) > 1 {
			t.Error("the field is readable in its sealed form")
		}
		got, err := k.OpenField("people_person", "name", her, sealed)
		if err != nil || got != plain {
			t.Errorf("opened %q, %v", got, err)
		}
	}
	if bytes.Equal(k.Seal("t", "c", her, "x"), k.Seal("t", "c", her, "x")) {
		t.Error("sealing twice gives the same bytes")
	}
}

func TestEmptyIsNil(t *testing.T) {
	k := keys(t, newFile())
	if k.Seal("t", "c", her, "") != nil {
		t.Error("the empty string is not nil")
	}
	if got, err := k.OpenField("t", "c", her, nil); got != "" || err != nil {
		t.Errorf("nil opens as %q, %v", got, err)
	}
}

func TestFieldsOpenOnlyInTheirPlace(t *testing.T) {
	k := keys(t, newFile())
	sealed := k.Seal("people_person", "contact", her, "13800001234")
	for name, c := range map[string]struct {
		table, column string
		id            id.ID
	}{
		"another row":    {"people_person", "contact", other},
		"another column": {"people_person", "idno", her},
		"another table":  {"org_org", "contact", her},
		"shifted border": {"people_person|contact", "", her},
	} {
		if got, err := k.OpenField(c.table, c.column, c.id, sealed); !errors.Is(err, ErrForged) || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestEveryAlteredByteIsNoticed(t *testing.T) {
	k := keys(t, newFile())
	sealed := k.Seal("t", "c", her, "13800001234")
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if got, err := k.OpenField("t", "c", her, bad); err == nil || strings.Contains(err.Error(), "138") {
			t.Errorf("byte %d: %q, %v", i, got, err)
		}
		if got, err := k.OpenField("t", "c", her, sealed[:i]); i > 0 && err == nil {
			t.Errorf("cut to %d: %q", i, got)
		}
	}
}

func TestRotation(t *testing.T) {
	f := newFile()
	old := keys(t, f)
	sealed := old.Seal("t", "c", her, "before")
	f.Keys[2], f.Current = random(), 2
	rotated := keys(t, f)
	if got, err := rotated.OpenField("t", "c", her, sealed); got != "before" || err != nil {
		t.Errorf("what the old key sealed opens as %q, %v", got, err)
	}
	fresh := rotated.Seal("t", "c", her, "after")
	if _, err := old.OpenField("t", "c", her, fresh); !errors.Is(err, ErrNoKey) {
		t.Errorf("the old keys open what the new one sealed: %v", err)
	}
	if got, err := rotated.OpenField("t", "c", her, fresh); got != "after" || err != nil {
		t.Errorf("the new key: %q, %v", got, err)
	}
	if !bytes.Equal(old.Hash("phone", "1"), rotated.Hash("phone", "1")) {
		t.Error("rotation changed the hashes by which people are found")
	}
}

func TestHash(t *testing.T) {
	k, stranger := keys(t, newFile()), keys(t, newFile())
	h := k.Hash("phone", "13800001234")
	if len(h) != 16 || !bytes.Equal(h, k.Hash("phone", "13800001234")) {
		t.Errorf("hash %x is not stable", h)
	}
	for name, o := range map[string][]byte{
		"another value":   k.Hash("phone", "13800001235"),
		"another purpose": k.Hash("idno", "13800001234"),
		"shifted border":  k.Hash("phone1", "3800001234"),
		"another key":     stranger.Hash("phone", "13800001234"),
		"derived":         k.Derive("phone", "13800001234")[:16],
	} {
		if bytes.Equal(h, o) {
			t.Errorf("%s gives the same hash", name)
		}
	}
}

func TestDerive(t *testing.T) {
	k := keys(t, newFile())
	d := k.Derive("checkin", string(her), "26381186")
	if len(d) != 32 || !bytes.Equal(d, k.Derive("checkin", string(her), "26381186")) {
		t.Error("derived bytes are not stable")
	}
	for _, parts := range [][]string{{string(her), "26381187"}, {string(her) + "2", "6381186"}, {string(her)}, {string(her), "26381186", ""}} {
		if bytes.Equal(d, k.Derive("checkin", parts...)) {
			t.Errorf("parts %q give the same bytes", parts)
		}
	}
}

func TestOpenMakesTheFileOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "city.db.keys")
	if _, err := Open(path, false); fail.Key(err) != "crypt.keys_missing" {
		t.Fatalf("no file: %v", err)
	}
	k, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, create := range []bool{true, false} {
		again, err := Open(path, create)
		if err != nil || !bytes.Equal(again.Hash("a", "b"), k.Hash("a", "b")) {
			t.Errorf("opened again with create=%v: other keys, %v", create, err)
		}
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".keys-*")); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
}

func TestManyMakersOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k")
	hashes := make([]string, 8)
	var wg sync.WaitGroup
	for i := range hashes {
		wg.Go(func() {
			k, err := Open(path, true)
			if err != nil {
				t.Error(err)
				return
			}
			hashes[i] = string(k.Hash("a", "b"))
		})
	}
	wg.Wait()
	for _, h := range hashes {
		if h != hashes[0] {
			t.Error("two processes started with different keys")
		}
	}
}

func TestOpenRefusesInWords(t *testing.T) {
	good, err := json.Marshal(newFile())
	if err != nil {
		t.Fatal(err)
	}
	short, noCurrent, future := newFile(), newFile(), newFile()
	short.Keys[1] = short.Keys[1][:16]
	noCurrent.Current = 7
	future.Version = 2
	dir := t.TempDir()
	for name, c := range map[string]struct {
		content any
		mode    os.FileMode
		key     string
	}{
		"others may read": {string(good), 0o640, "crypt.keys_exposed"},
		"empty":           {"", 0o600, "crypt.keys_damaged"},
		"cut":             {string(good[:len(good)/2]), 0o600, "crypt.keys_damaged"},
		"a short key":     {short, 0o600, "crypt.keys_damaged"},
		"no current key":  {noCurrent, 0o600, "crypt.keys_damaged"},
		"a later version": {future, 0o600, "crypt.keys_damaged"},
		"no keys at all":  {"{}", 0o600, "crypt.keys_damaged"},
	} {
		b, isText := c.content.(string)
		if !isText {
			j, _ := json.Marshal(c.content)
			b = string(j)
		}
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "_"))
		if err := os.WriteFile(path, []byte(b), c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, true); fail.Key(err) != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
		if after, _ := os.ReadFile(path); string(after) != b {
			t.Errorf("%s: the file was written over", name)
		}
	}
	if _, err := Open(filepath.Join(dir, "none", "k"), true); fail.Key(err) != "crypt.keys_unwritable" {
		t.Errorf("no directory: %v", err)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct{ dsn, given, want string }{
		{"file:/var/lib/tongxin/city.db", "", "/var/lib/tongxin/city.db.keys"},
		{"file:city.db?mode=ro", "", "city.db.keys"},
		{"file:city.db", "/etc/tongxin/keys", "/etc/tongxin/keys"},
		{"postgres://db/tongxin", "/etc/tongxin/keys", "/etc/tongxin/keys"},
	} {
		if got, err := Path(c.dsn, c.given); got != c.want || err != nil {
			t.Errorf("Path(%q, %q) = %q, %v", c.dsn, c.given, got, err)
		}
	}
	if _, err := Path("postgres://db/tongxin", ""); fail.Key(err) != "crypt.keys_path" {
		t.Errorf("PostgreSQL without a keys file: %v", err)
	}
}

func FuzzOpenField(f *testing.F) {
	fixed := file{Version: 1, Current: 1, Keys: map[uint16][]byte{1: make([]byte, keyLen)}, Index: make([]byte, keyLen), Derive: make([]byte, keyLen)}
	k, err := fixed.keys()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(k.Seal("t", "c", her, "x"))
	f.Add([]byte{1, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := k.OpenField("t", "c", other, b)
		if len(b) > 0 && err == nil {
			t.Errorf("bytes that were never sealed open as %q", got)
		}
	})
}
