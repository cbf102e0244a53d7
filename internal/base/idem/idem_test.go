package idem_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/idem"
	"tongxin/internal/base/jobs"
)

const (
	home          = "321281"
	wang    id.ID = "321281-01jd3k8zq4w7c2xv"
	liu     id.ID = "321281-01jd3k8zq4w7c2xw"
	created       = 201
)

type answer struct {
	status   int
	ref      string
	replayed bool
}

// send does what a handler does: act counts up and answers the number as the ref.
func send(ctx context.Context, d *db.DB, home string, actor id.ID, key, request string, fails error) (a answer, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		status, ref, replayed, err := idem.Once(tx, home, actor, key, []byte(request), func() (int, string, error) {
			n, err := tx.Next("acts")
			if err == nil {
				err = fails
			}
			return created, fmt.Sprint(n), err
		})
		a = answer{status, ref, replayed}
		return err
	})
	return a, err
}

func rows(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM idem_key").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOnce(t *testing.T) {
	refused := fail.New(fail.Conflict, "test.full")
	steps := []struct {
		name, home string
		actor      id.ID
		key, body  string
		fails      error
		want       answer
		err        string
	}{
		{"first", home, wang, "k", "a", nil, answer{created, "1", false}, ""},
		{"repeat", home, wang, "k", "a", nil, answer{created, "1", true}, ""},
		{"a repeat does not act, so it cannot fail", home, wang, "k", "a", refused, answer{created, "1", true}, ""},
		{"other request", home, wang, "k", "b", nil, answer{}, "idempotency.mismatch"},
		{"other key", home, wang, "k2", "a", nil, answer{created, "2", false}, ""},
		{"other actor", home, liu, "k", "b", nil, answer{created, "3", false}, ""},
		{"other home", "321283", wang, "k", "b", nil, answer{created, "4", false}, ""},
		{"fails", home, wang, "k3", "a", refused, answer{}, "test.full"},
		{"after a failure the key is free", home, wang, "k3", "b", nil, answer{created, "5", false}, ""},
		{"no key", home, wang, "", "a", nil, answer{created, "6", false}, ""},
		{"no key again", home, wang, "", "a", nil, answer{created, "7", false}, ""},
		{"long key", home, wang, strings.Repeat("键", 85), "a", nil, answer{created, "8", false}, ""},
		{"too long a key", home, wang, strings.Repeat("键", 86), "a", nil, answer{}, "idempotency.key"},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		for _, s := range steps {
			got, err := send(t.Context(), d, s.home, s.actor, s.key, s.body, s.fails)
			if got != s.want || fail.Key(err) != s.err {
				t.Errorf("%s: %+v, %v", s.name, got, err)
			}
		}
		if n := rows(t, d); n != 6 {
			t.Errorf("%d rows", n)
		}
	})
}

// One request sent many times at once acts once, and everyone gets its answer. The first
// one fails: whoever comes next acts.
func TestRepeatsAtOnce(t *testing.T) {
	dbtest.RunWith(t, db.Options{Conns: 20}, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const n = 40
		var (
			mu      sync.Mutex
			all     sync.WaitGroup
			acted   int
			refused int
			fails   = errors.New("the first fails")
		)
		for range n {
			all.Go(func() {
				mu.Lock()
				mine := fails
				fails = nil
				mu.Unlock()
				got, err := send(context.Background(), d, home, wang, "k", "a", mine)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err != nil && err == mine:
					refused++
				case err != nil || got.status != created || got.ref != "1":
					t.Errorf("%+v, %v", got, err)
				case !got.replayed:
					acted++
				}
			})
		}
		all.Wait()
		if acted != 1 || refused > 1 || rows(t, d) != 1 {
			t.Errorf("acted %d times, refused %d, %d rows", acted, refused, rows(t, d))
		}
	})
}

// A repeat that comes while the first runs waits for it.
func TestRepeatWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		in, out, first := make(chan struct{}), make(chan struct{}), make(chan error)
		var once sync.Once
		go func() {
			first <- d.Write(context.Background(), func(tx *db.Tx) error {
				_, _, _, err := idem.Once(tx, home, wang, "k", nil, func() (int, string, error) {
					once.Do(func() { close(in) })
					<-out
					return created, "slow", nil
				})
				return err
			})
		}()
		<-in
		second := make(chan answer)
		go func() {
			got, err := send(context.Background(), d, home, wang, "k", "", nil)
			if err != nil {
				t.Error(err)
			}
			second <- got
		}()
		for waiting := d.Engine() == db.SQLite; !waiting; { // until it meets the first
			if err := d.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case got := <-second:
			t.Errorf("answered %+v while the first ran", got)
		case out <- struct{}{}:
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if got := <-second; got != (answer{created, "slow", true}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestPurge(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		r := jobs.NewRunner(d)
		idem.Schedule(r)
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 1201 { // more than one transaction of the purge
				_, _, _, err := idem.Once(tx, home, wang, fmt.Sprint("old", i), nil, func() (int, string, error) { return created, "", nil })
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c.Add(time.Hour)
		if _, err := send(t.Context(), d, home, wang, "young", "a", nil); err != nil {
			t.Fatal(err)
		}
		c.Add(idem.Kept - time.Hour)
		if err := r.RunDue(t.Context()); err != nil || rows(t, d) != 1202 {
			t.Errorf("%v, %d rows: a key went before its time", err, rows(t, d))
		}
		c.Add(time.Hour)
		if err := r.RunDue(t.Context()); err != nil || rows(t, d) != 1 {
			t.Errorf("%v, %d rows", err, rows(t, d))
		}
		got, err := send(t.Context(), d, home, wang, "young", "a", nil)
		if err != nil || !got.replayed {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
