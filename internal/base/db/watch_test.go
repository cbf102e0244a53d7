package db_test

import (
	"errors"
	"slices"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// A watch is told what was committed, before the Write returns, and nothing of what was undone.
func TestWatch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		w, other := d.Watch("thing", "jobs_job"), d.Watch("other")
		if all, _ := w.Changes(); !all {
			t.Fatal("a copy that was never read is not old")
		}
		other.Changes()
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			tx.Touch("thing", "a")
			tx.Touch("thing", "b")
			tx.Touch("thing", "a")
			return nil
		})
		undone := errors.New("undone")
		if err := d.Write(t.Context(), func(tx *db.Tx) error { tx.Touch("thing", "c"); return undone }); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		all, keys := w.Changes()
		if slices.Sort(keys); all || !slices.Equal(keys, []string{"a", "b"}) {
			t.Errorf("changed: %v, all %v", keys, all)
		}
		if _, keys := other.Changes(); len(keys) > 0 {
			t.Errorf("told of another topic: %v", keys)
		}
		if all, keys := w.Changes(); all || len(keys) > 0 {
			t.Errorf("told twice: %v, all %v", keys, all)
		}
		write(func(tx *db.Tx) error { _, err := tx.Next("any"); return err })
		if all, _ := w.Changes(); all {
			t.Error("told of a table that nobody watches")
		}
		for _, q := range []string{"DELETE FROM jobs_job", "/* across homes: a test */\n\tUPDATE jobs_job SET home = home"} {
			write(func(tx *db.Tx) error { _, err := tx.Exec(q); return err })
			if all, _ := w.Changes(); !all {
				t.Errorf("not told of %s", q)
			}
		}
	})
}

// A memo reads once, and again after a commit to what it watches; what was read while something was
// committed is not kept.
func TestMemo(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		m := db.Memo[string, int]{Watch: d.Watch("", "db_counter"), Keep: func(n int) bool { return n < 100 }}
		reads := 0
		want := func(n, read int) {
			t.Helper()
			got, err := m.Get("all", func() (int, error) { reads++; return n, nil })
			if err != nil || got != n || reads != read {
				t.Errorf("%d after %d reads: %v", got, reads, err)
			}
		}
		next := func() {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Next("any"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		want(1, 1)
		want(1, 1)
		next()
		want(2, 2)
		next()
		if _, err := m.Get("all", func() (int, error) {
			next()
			_, err := m.Get("all", func() (int, error) { return 4, nil })
			return 3, err
		}); err != nil {
			t.Fatal(err)
		}
		want(4, 2)
		next()
		want(100, 3)
		want(100, 4)
	})
}
