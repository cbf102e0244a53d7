package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// A city moves to the other engine and back: every table is proved by the command itself, and
// every figure and every check comes out the same.
func TestMove(t *testing.T) {
	l := seeded(t, dbtest.DSN(t, db.SQLite))
	server, back := dbtest.DSN(t, db.Postgres), "file:"+filepath.Join(t.TempDir(), "back.db")
	want := figuresOf(t, l.c.dsn)
	for _, step := range [][2]string{{l.c.dsn, server}, {server, back}} {
		tongxin(t, "move", "--from", step[0], "--to", step[1]).done(t)
		got := figuresOf(t, step[1])
		for key, answer := range want {
			if got[key] != answer {
				t.Errorf("%s is\n%s\nand was\n%s", key, got[key], answer)
			}
		}
		tongxin(t, "verify", "--db", step[1]).done(t)
	}
	if len(want) < 15 {
		t.Errorf("only %d figures", len(want))
	}
	tongxin(t, "move", "--from", back, "--to", server).refused(t, "archive.not_empty")
	tongxin(t, "move", "--from", server, "--to", back).refused(t, "app.target_there", "file", strings.TrimPrefix(back, "file:"))
	s := start(t, l.c.args("serve", "--addr", "127.0.0.1:0", "--clock", later)...)
	other := filepath.Join(t.TempDir(), "other.db")
	tongxin(t, "move", "--from", l.c.dsn, "--to", "file:"+other).refused(t, "db.locked", "file", strings.TrimPrefix(l.c.dsn, "file:"))
	if _, err := os.Stat(other); err == nil {
		t.Error("a move that was refused left a file")
	}
	s.end()
}

// figuresOf are all indicators of a database, with a split, as they are told to machines.
func figuresOf(t *testing.T, dsn string) map[string]string {
	t.Helper()
	d, err := app.Inspect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	e, err := figure.Open(t.Context(), d)
	if err == nil {
		err = e.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, i := range ledger.Indicators() {
		q, err := figure.Parse(t.Context(), d, i.Key, figure.Words{By: "org", AsOf: "2020-02-28T14:00:00+08:00"})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := e.At(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		told, err := json.Marshal(answer.Tell(i18n.Chinese))
		if err != nil {
			t.Fatal(err)
		}
		all[i.Key] = string(told)
	}
	return all
}

// What is no whole backup is refused, and leaves nothing behind.
func TestRestoreRefuses(t *testing.T) {
	dir := t.TempDir()
	file, broken := filepath.Join(dir, "city.backup"), filepath.Join(dir, "broken.backup")
	empty := "file:" + filepath.Join(dir, "empty.db")
	start(t, "serve", "--db", empty, "--addr", "127.0.0.1:0").end()
	tongxin(t, "backup", file, "--db", empty).done(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others may read it", info.Mode(), err)
	}
	write(t, broken, string(whole[:len(whole)-9]))
	target := filepath.Join(dir, "target.db")
	for name, c := range map[string]struct{ file, key string }{
		"cut":        {broken, "archive.damaged"},
		"no archive": {filepath.Join(dir, "empty.db"), "archive.damaged"},
		"not there":  {filepath.Join(dir, "none"), "app.backup_unreadable"},
	} {
		got := tongxin(t, "restore", c.file, "--db", "file:"+target)
		if want, _, _ := strings.Cut(i18n.T(i18n.Chinese, c.key, "file", c.file), "{"); got.code != 1 || !strings.Contains(got.err, strings.TrimRight(want, "（")) {
			t.Errorf("%s: exit %d, %s", name, got.code, got.err)
		}
		if _, err := os.Stat(target); err == nil {
			t.Errorf("%s: half a database is left", name)
		}
	}
	tongxin(t, "backup", "--check", broken).refused(t, "archive.damaged", "where", "end")
	tongxin(t, "restore", file, "--db", "file:"+target).done(t)
	tongxin(t, "restore", file, "--db", "file:"+target).refused(t, "app.target_there", "file", target)
	if left, _ := filepath.Glob(filepath.Join(dir, "*.part*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The doctor finds nothing in a new installation, and names what somebody spoils.
func TestDoctor(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	dsn := "file:" + path
	s := start(t, "serve", "--db", dsn, "--addr", "127.0.0.1:0")
	tongxin(t, "doctor", "--db", dsn).says(t, 0, "✓", "doctor.keys", "file", path+".keys")
	s.end()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	tongxin(t, "doctor", "--db", dsn).says(t, 1, "✗", "doctor.exposed")
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".keys", path+".lost"); err != nil {
		t.Fatal(err)
	}
	tongxin(t, "doctor", "--db", dsn).says(t, 1, "✗", "crypt.keys_missing", "path", path+".keys")
	if err := os.Rename(path+".lost", path+".keys"); err != nil {
		t.Fatal(err)
	}
	change(t, dsn, "UPDATE goose_db_version SET version_id = 20991231000000 WHERE id = (SELECT MAX(id) FROM goose_db_version)")
	got := tongxin(t, "doctor", "--db", dsn)
	if got.code != 1 || !strings.Contains(got.out, "20,991,231,000,000") && !strings.Contains(got.out, "20991231000000") {
		t.Errorf("a newer schema: exit %d, %s", got.code, got.out)
	}
}

// change alters a database behind the product's back.
func change(t *testing.T, dsn, q string) {
	t.Helper()
	d, err := db.Open(t.Context(), dsn, db.Options{Wait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(q); return err })
	if err := firstError(err, d.Close()); err != nil {
		t.Fatal(err)
	}
}

// says wants a command to end with that code and a line of that mark and sentence.
func (s said) says(t *testing.T, code int, mark, key string, args ...any) {
	t.Helper()
	want := mark + " " + i18n.T(i18n.Chinese, key, args...)
	if s.code != code || !strings.Contains(s.out, want) {
		t.Errorf("exit %d, said:\n%s%s\nwanted exit %d and:\n%s", s.code, s.out, s.err, code, want)
	}
}
