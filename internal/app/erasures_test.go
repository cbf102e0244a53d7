package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// Whoever closed an account after the backup stays closed when it is restored; everybody else is as
// in the backup, and everything verifies.
func TestRestoreReplaysErasures(t *testing.T) {
	city, dir := newSmallCity(t), t.TempDir()
	dsn, keys, file := city.dsn, city.keys, filepath.Join(dir, "backup")
	if _, err := app.Backup(t.Context(), dsn, file); err != nil {
		t.Fatal(err)
	}
	clock := dbtest.NewClock()
	a, err := app.Open(t.Context(), app.Config{DSN: dsn, Keys: keys, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	who := ids(t, a.DB, `SELECT id FROM people_person p WHERE state = 'active' AND volunteer AND guardian = '' AND birth_year < 1995
		AND NOT EXISTS (SELECT 1 FROM people_account c WHERE c.person = p.id) AND NOT EXISTS (SELECT 1 FROM people_person w WHERE w.guardian = p.id)
		AND EXISTS (SELECT 1 FROM roster_signup u WHERE u.person = p.id AND u.state = 'checked_out') ORDER BY id LIMIT 2`)
	her := who[0]
	err = a.DB.Write(t.Context(), func(tx *db.Tx) error {
		_, err := people.AskToClose(t.Context(), tx, auth.Actor{Person: her, Via: auth.Web}, her)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	clock.Add(60 * 24 * 3600 * 1e9)
	if err := a.Jobs.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	serveOnce(t, a)
	if got := stateOf(t, a.DB, her); got != people.Closed {
		t.Fatalf("she is %s", got)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	restored := "file:" + filepath.Join(dir, "restored.db")
	got, err := app.Restore(t.Context(), app.Config{DSN: restored, Keys: keys}, file, "")
	if err != nil || got.Erased != 1 {
		t.Fatalf("%d erased, %v", got.Erased, err)
	}
	d, err := app.Inspect(t.Context(), restored)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if stateOf(t, d, her) != people.Closed || stateOf(t, d, who[1]) != people.Active {
		t.Errorf("she is %s, another %s", stateOf(t, d, her), stateOf(t, d, who[1]))
	}
	checks, err := app.Verify(t.Context(), d)
	if err != nil || !app.Holds(checks) {
		t.Errorf("%v %v", checks, err)
	}
	if _, err := app.Restore(t.Context(), app.Config{DSN: restored + "2", Keys: keys}, file, filepath.Join(dir, "none")); err == nil {
		t.Error("a list that is not there was taken for an empty one")
	}
	if info, err := os.Stat(keys + ".erasures"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

// serveOnce serves, and stops.
func serveOnce(t *testing.T, a *app.App) {
	t.Helper()
	at, err := (app.Listen{Addr: "127.0.0.1:0"}).Bind()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := a.Serve(ctx, at); err != nil {
		t.Fatal(err)
	}
}

func stateOf(t *testing.T, d *db.DB, person id.ID) (s people.State) {
	t.Helper()
	if err := d.QueryRow(t.Context(), "SELECT state FROM people_person WHERE home = $1 AND id = $2", person.Home(), person).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// A crash cut the last line off: what is listed next is read all the same.
func TestACutLineSpoilsNoOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(path, []byte("\n{\"person\":\"321202-01e0vb40002vt3e3\",\"at\":1}\n{\"person\":\"3212"), 0o600); err != nil {
		t.Fatal(err)
	}
	next := people.Erasure{Person: "321202-01e0vb40002vt3e4", At: 2}
	if err := app.AppendErasures(path, []people.Erasure{next}); err != nil {
		t.Fatal(err)
	}
	all, err := app.ReadErasures(path)
	if err != nil || len(all) != 2 || all[1] != next {
		t.Errorf("%v %v", all, err)
	}
}
