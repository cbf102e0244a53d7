package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// raise is a statement that the server refuses with that code.
func raise(code string) string {
	return "DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''" + code + "''; END'"
}

const hangUp = "SELECT pg_terminate_backend(pg_backend_pid())"

// What another transaction was in the way of, and what the connection was lost for before
// its commit, runs again; its hook runs once.
func TestRunsAgain(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	for i, statement := range []string{raise("40001"), raise("40P01"), raise("57P01"), hangUp} {
		runs, hooks := 0, 0
		write(t, d, func(tx *db.Tx) error {
			runs++
			tx.After(func() { hooks++ })
			if err := put(tx, fmt.Sprint(i), int64(i)); err != nil {
				return err
			}
			if runs < 3 {
				_, err := tx.Exec(statement)
				return err
			}
			return nil
		})
		if runs != 3 || hooks != 1 {
			t.Errorf("%s: %d runs, %d hooks", statement, runs, hooks)
		}
	}
	if n := count(t, d); n != 4 {
		t.Errorf("%d rows", n)
	}
}

// A closure that hides why it failed runs again all the same.
func TestRunsAgainWhateverItSays(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	runs := 0
	write(t, d, func(tx *db.Tx) error {
		if runs++; runs == 1 {
			_, _ = tx.Exec(hangUp)
			return fail.New(fail.Internal, "test.something")
		}
		return put(tx, "a", 1)
	})
	if runs != 2 || count(t, d) != 1 {
		t.Errorf("%d runs, %d rows", runs, count(t, d))
	}
}

func TestGivesUpInTheEnd(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	for code, want := range map[string]struct {
		runs int
		key  string
	}{
		"40001": {db.MostTries, "db.busy"},
		"53100": {1, "db.full"},
		"25006": {1, "db.read_only"},
		"22012": {1, ""},
	} {
		runs := 0
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			runs++
			_, err := tx.Exec(raise(code))
			return err
		})
		if err == nil || fail.Key(err) != want.key || runs != want.runs {
			t.Errorf("%s: %v after %d runs", code, err, runs)
		}
	}
}

func TestCancelBetweenRuns(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Write(ctx, func(tx *db.Tx) error {
		cancel()
		_, err := tx.Exec(raise("40001"))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// The server was restarted: the connections in the pool are dead, and nobody notices.
func TestDeadConnections(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			if err := d.Write(context.Background(), func(tx *db.Tx) error { return put(tx, fmt.Sprint(i), 1) }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	write(t, d, func(tx *db.Tx) error {
		rows, err := tx.Query(tx.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		_, err = db.Collect(rows, err, db.Value[bool])
		return err
	})
	for i := range 8 {
		write(t, d, func(tx *db.Tx) error { return put(tx, fmt.Sprint("after ", i), 1) })
	}
}

// The connection is lost in the commit itself: nobody can say whether it was kept, so it
// does not run again, and the caller is told.
func TestLostInTheCommit(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	for _, q := range []string{
		"CREATE FUNCTION hang_up() RETURNS trigger AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END' LANGUAGE plpgsql",
		`CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON db_counter DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW WHEN (NEW.name = 'cursed') EXECUTE FUNCTION hang_up()`,
	} {
		write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(q); return err })
	}
	runs := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		runs++
		tx.After(func() { t.Error("the hook ran") })
		return put(tx, "cursed", 1)
	})
	if fail.Key(err) != "db.unknown" || fail.KindOf(err) != fail.Unavailable || runs != 1 {
		t.Errorf("%v after %d runs", err, runs)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "a", 1) })
}

// A deferred check that fails in the commit is an error like any other.
func TestRefusedInTheCommit(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE u (n BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED)")
		return err
	})
	runs := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		runs++
		_, err := tx.Exec("INSERT INTO u (n) VALUES (1), (1)")
		return err
	})
	if err == nil || fail.KindOf(err) != fail.Internal || runs != 1 {
		t.Errorf("%v after %d runs", err, runs)
	}
}

func TestAfterCommit(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		again bool
		key   string
	}{
		{"serialization", &pgconn.PgError{Code: "40001", SeverityUnlocalized: "ERROR"}, true, ""},
		{"a constraint", &pgconn.PgError{Code: "23505", SeverityUnlocalized: "ERROR"}, false, ""},
		{"shut down", &pgconn.PgError{Code: "57P01", SeverityUnlocalized: "FATAL"}, false, "db.unknown"},
		{"rolled back", pgx.ErrTxCommitRollback, false, ""},
		{"lost", io.ErrUnexpectedEOF, false, "db.unknown"},
	} {
		again, err := db.AfterCommit(c.err)
		if again != c.again || fail.Key(err) != c.key || !errors.Is(err, c.err) {
			t.Errorf("%s: again = %v, %v", c.name, again, err)
		}
	}
}

// Two transactions lock two rows in opposite orders; the server ends one, which runs again.
func TestDeadlock(t *testing.T) {
	d, _ := dbtest.Open(t, db.Postgres)
	write(t, d, func(tx *db.Tx) error { return errors.Join(put(tx, "a", 0), put(tx, "b", 0)) })
	var all, both sync.WaitGroup
	both.Add(2)
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		var first sync.Once
		all.Go(func() {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				for _, name := range order {
					if _, err := tx.Exec("UPDATE db_counter SET value = value + 1 WHERE name = $1", name); err != nil {
						return err
					}
					first.Do(func() { both.Done(); both.Wait() })
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var sum int
	if err := d.QueryRow(t.Context(), "SELECT SUM(value) FROM db_counter").Scan(&sum); err != nil || sum != 4 {
		t.Errorf("sum = %d, %v", sum, err)
	}
}
