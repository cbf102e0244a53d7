package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// open opens an installation whose clock is the test's.
func open(t *testing.T, dsn string, c *dbtest.Clock) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{DSN: dsn, Keys: filepath.Join(t.TempDir(), "keys"), Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// A full disk is said in words, keeps nothing of what was refused and all that was answered,
// and is over once there is room again.
func TestFullDisk(t *testing.T) {
	city := newSmallCity(t)
	a, err := app.Open(t.Context(), app.Config{DSN: city.dsn, Keys: city.keys, Now: dbtest.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	secret, err := a.Token(t.Context(), "320000", "admin", "test")
	if err != nil {
		t.Fatal(err)
	}
	ask := asker{t, a.Handler(), secret}
	shifts := ids(t, a.DB, `SELECT id FROM roster_shift WHERE state = 'open' AND taken < places AND starts > 1582900000000 ORDER BY id`)
	folk := ids(t, a.DB, `SELECT id FROM people_person WHERE state = 'active' AND volunteer AND guardian = '' AND birth_year < 1995 ORDER BY id`)
	grow(t, a.DB, 4)
	kept, full := map[[2]id.ID]bool{}, false
	for i := 0; i < len(folk) && !full; i++ {
		pair := [2]id.ID{shifts[i%len(shifts)], folk[i]}
		switch status, code := ask.signUp(pair); {
		case status == http.StatusCreated:
			kept[pair] = true
		case status == http.StatusServiceUnavailable && code == "db.full":
			full = true
		case status == http.StatusServiceUnavailable:
			t.Fatalf("a full disk is told as %s", code)
		}
	}
	if !full || len(kept) == 0 {
		t.Fatalf("the disk was full: %v, after %d sign-ups", full, len(kept))
	}
	for pair := range kept {
		if n := len(ids(t, a.DB, `SELECT id FROM roster_signup WHERE shift = '`+string(pair[0])+`' AND person = '`+string(pair[1])+`'`)); n != 1 {
			t.Errorf("an acknowledged sign-up is there %d times", n)
		}
	}
	grow(t, a.DB, 1<<20)
	more := 0
	for i := range folk {
		if status, _ := ask.signUp([2]id.ID{shifts[(i+1)%len(shifts)], folk[i]}); status == http.StatusCreated {
			more++
		}
	}
	if more == 0 {
		t.Error("nothing can be written although there is room again")
	}
	if checks, err := app.Verify(t.Context(), a.DB); err != nil || !app.Holds(checks) {
		t.Errorf("after the disk was full: %+v, %v", checks, err)
	}
}

// grow lets the file have so many pages more than it has.
func grow(t *testing.T, d *db.DB, by int) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var pages int
		if err := tx.QueryRow(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages+by)).Scan(&pages)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ids(t *testing.T, r db.Reader, q string) []id.ID {
	t.Helper()
	rows, err := r.Query(t.Context(), q)
	all, err := db.Collect(rows, err, db.Value[id.ID])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// asker asks the API as a machine.
type asker struct {
	t      *testing.T
	site   http.Handler
	secret string
}

// signUp asks for a place for somebody, and gives the status and the refusal's code.
func (a asker) signUp(pair [2]id.ID) (int, string) {
	a.t.Helper()
	body := fmt.Sprintf(`{"volunteer":%q}`, pair[1])
	r := httptest.NewRequest("POST", "/api/v1/shifts/"+string(pair[0])+"/signups", bytes.NewBufferString(body))
	r.Header.Set("Authorization", "Bearer "+a.secret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.site.ServeHTTP(w, r)
	var problem struct{ Code string }
	if w.Code >= 400 {
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
			a.t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	return w.Code, problem.Code
}

// An installation opens again at the time at which it stood, and not before its books.
func TestClockGoesOn(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		clock, keys := dbtest.NewClock(), filepath.Join(t.TempDir(), "keys")
		a, err := app.Open(t.Context(), app.Config{DSN: dsn, Keys: keys, Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		plant(t, a.DB)
		if err := firstOf(a.Seal(t.Context()), a.Close()); err != nil {
			t.Fatal(err)
		}
		again, err := app.Open(t.Context(), app.Config{DSN: dsn, Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		if off := again.DB.Now().Sub(clock.Now()); off < 0 || off > 5*time.Minute {
			t.Errorf("its clock went on %v from where it stood", off)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
		clock.Add(-time.Hour)
		_, err = app.Open(t.Context(), app.Config{DSN: dsn, Keys: keys, Now: clock.Now})
		if fail.Key(err) != "clock.behind" || fail.KindOf(err) != fail.Unavailable {
			t.Errorf("a clock behind the books: %v", err)
		}
	})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func plant(t *testing.T, d *db.DB) (tree orgtest.Tree) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		tree, err = orgtest.Plant(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestFindOrg(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		a := open(t, dsn, dbtest.NewClock())
		tree := plant(t, a.DB)
		err := a.DB.Write(t.Context(), func(tx *db.Tx) error {
			for _, parent := range []id.ID{tree.Center, tree.Foreign} {
				if _, err := org.Found(t.Context(), tx, auth.System, org.In{Kind: org.Team, Name: "same name", Parent: parent}); err != nil {
					return err
				}
			}
			point := org.In{Kind: org.Practice, Tier: org.Point, Name: "point", Area: area.Code(orgtest.StationArea), Parent: tree.Station}
			_, err := org.Found(t.Context(), tx, auth.System, point)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			s    string
			want id.ID
			key  string
		}{
			{"321200", tree.City, ""},
			{"321281000000", tree.Center, ""},
			{"３２１２８１００１００１", tree.Station, ""}, // and not the point that stands there, too
			{"team", tree.Team, ""},
			{string(tree.Sibling), tree.Sibling, ""},
			{"same name", "", "app.org_ambiguous"},
			{"330000", "", "app.org_unknown"},
			{"nobody", "", "app.org_unknown"},
			{"321281-0000000000000000", "", "org.unknown"},
		} {
			o, err := app.FindOrg(t.Context(), a.DB, c.s)
			if o.ID != c.want && c.key == "" || fail.Key(err) != c.key {
				t.Errorf("%s: %s, %v", c.s, o.ID, err)
			}
		}
	})
}
