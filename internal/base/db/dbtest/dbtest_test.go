package dbtest_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// mark writes into the database and reads what is there.
func mark(t *testing.T, d *db.DB, name string) []string {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO db_counter (name, value) VALUES ($1, 1)", name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := d.Query(t.Context(), "SELECT name FROM db_counter ORDER BY name")
	names, err := db.Collect(rows, err, db.Value[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestEachTestHasItsOwn(t *testing.T) {
	var ran []string
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		ran = append(ran, string(d.Engine()))
		other, _ := dbtest.Open(t, d.Engine())
		if got := mark(t, d, "here"); !slices.Equal(got, []string{"here"}) {
			t.Errorf("%v", got)
		}
		if got := mark(t, other, "there"); !slices.Equal(got, []string{"there"}) {
			t.Errorf("%v", got)
		}
	})
	if !slices.Equal(ran, []string{"sqlite", "postgres"}) {
		t.Errorf("ran on %v", ran)
	}
}

func TestParallel(t *testing.T) {
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for _, e := range dbtest.Engines {
				d, _ := dbtest.Open(t, e)
				if got := mark(t, d, "one"); !slices.Equal(got, []string{"one"}) {
					t.Errorf("%s: %v", e, got)
				}
			}
		})
	}
}

func TestReopen(t *testing.T) {
	for _, e := range dbtest.Engines {
		dsn := dbtest.DSN(t, e)
		first := dbtest.Reopen(t, dsn, db.Options{})
		mark(t, first, "a")
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if got := mark(t, dbtest.Reopen(t, dsn, db.Options{}), "b"); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("%s: %v", e, got)
		}
	}
}

func TestClock(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		for _, step := range []func(){func() {}, func() { c.Add(time.Minute) }, func() { c.Set(dbtest.Start.AddDate(1, 0, 0)) }} {
			step()
			if !d.Now().Equal(c.Now()) {
				t.Errorf("database %v, clock %v", d.Now(), c.Now())
			}
		}
	})
}

// Without PostgreSQL a test fails and says what to do; it does not pass by.
func TestWithoutPostgres(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestEachTestHasItsOwn$", "-test.v")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, dbtest.Variable+"=")
	}), dbtest.Variable+"=")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "make test") || !strings.Contains(string(out), "--- PASS: TestEachTestHasItsOwn/sqlite") {
		t.Errorf("%v\n%s", err, out)
	}
}
