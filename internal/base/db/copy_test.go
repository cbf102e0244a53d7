package db_test

import (
	"os"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

func TestCopyIsADatabaseOfItsOwn(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			from := dbtest.DSN(t, e)
			d, err := db.Open(t.Context(), from, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			write(t, d, func(tx *db.Tx) error { return put(tx, "here", 1) })
			to, err := db.Beside(from, "tongxin_test_copy_"+strings.ToLower(strings.NewReplacer("/", "_").Replace(t.Name())))
			if err != nil {
				t.Fatal(err)
			}
			if e == db.Postgres { // it copies what nobody uses
				if err := db.Copy(t.Context(), from, to); fail.Key(err) != "db.in_use" {
					t.Errorf("copied while in use: %v", err)
				}
				d.Close()
			}
			if err := db.Copy(t.Context(), from, to); err != nil {
				t.Fatal(err)
			}
			d.Close()
			copied := dbtest.Reopen(t, to, db.Options{})
			write(t, copied, func(tx *db.Tx) error { return put(tx, "there", 2) })
			if n := count(t, copied); n != 2 {
				t.Errorf("%d rows in the copy", n)
			}
			copied.Close()
			original := dbtest.Reopen(t, from, db.Options{})
			if n := count(t, original); n != 1 {
				t.Errorf("%d rows in the original", n)
			}
			if err := db.Remove(t.Context(), to); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Open(t.Context(), to, db.Options{ReadOnly: true}); err == nil {
				t.Error("the copy is still there")
			}
		})
	}
}

func TestCopyRefusesInWords(t *testing.T) {
	dir := t.TempDir()
	for from, key := range map[string]string{
		"file:" + dir + "/none.db":     "db.missing",
		"postgres://127.0.0.1:1/none":  "db.unreachable",
		"postgres://%zz/%zz?sslmode=x": "db.dsn",
	} {
		if err := db.Copy(t.Context(), from, from); fail.Key(err) != key {
			t.Errorf("%s: %v", from, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
