package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// hold keeps the only writer busy until the function it gives is called, so that a test
// can queue closures behind it.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	busy, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		done <- d.Write(context.Background(), func(tx *db.Tx) error {
			once.Do(func() { close(busy) })
			<-free
			return nil
		})
	}()
	<-busy
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// batch queues all closures behind a busy writer, so that SQLite runs them in one commit,
// and gives their errors in the same order.
func batch(t *testing.T, d *db.DB, closures ...func(tx *db.Tx) error) []error {
	t.Helper()
	release := func() {}
	if d.Engine() == db.SQLite {
		release = hold(t, d)
	}
	errs := make([]error, len(closures))
	var all sync.WaitGroup
	for i, f := range closures {
		all.Go(func() { errs[i] = d.Write(context.Background(), f) })
		for d.Engine() == db.SQLite && d.Queued() <= i {
			runtime.Gosched()
		}
	}
	release()
	all.Wait()
	return errs
}

// Failing, panicking, colliding and good closures share commits: the good ones stay, all
// of them, each with its hook, and nothing else does.
func TestMixedBatch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const n = 200
		var hooks atomic.Int64
		var closures []func(tx *db.Tx) error
		for i := range n {
			closures = append(closures, func(tx *db.Tx) error {
				tx.After(func() { hooks.Add(1) })
				name := fmt.Sprint(i)
				if i%10 == 3 {
					name = "same"
				}
				if err := put(tx, name, int64(i)); err != nil {
					return err
				}
				switch i % 10 {
				case 1:
					panic("at " + name)
				case 2:
					return fail.New(fail.Conflict, "test.refused")
				}
				return nil
			})
		}
		before := d.Commits()
		errs := batch(t, d, closures...)
		stay := 0
		for i, err := range errs {
			var p *db.Panic
			switch i % 10 {
			case 1:
				if !errors.As(err, &p) || !strings.Contains(string(p.Stack), "TestMixedBatch") {
					t.Errorf("%d: %v", i, err)
				}
			case 2:
				if fail.Key(err) != "test.refused" {
					t.Errorf("%d: %v", i, err)
				}
			case 3:
				if err != nil && !errors.Is(err, errTwice) {
					t.Errorf("%d: %v", i, err)
				}
			default:
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			}
			if err == nil {
				stay++
			}
		}
		if want := n/10*7 + 1; stay != want || count(t, d) != want || hooks.Load() != int64(want) {
			t.Errorf("%d succeeded, %d rows, %d hooks; want %d", stay, count(t, d), hooks.Load(), want)
		}
		if commits := d.Commits() - before; d.Engine() == db.SQLite && commits > 2 {
			t.Errorf("%d closures took %d commits", n, commits)
		}
	})
}

func TestBatchOfOne(t *testing.T) {
	dbtest.RunWith(t, db.Options{Batch: 1}, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var closures []func(tx *db.Tx) error
		for i := range 10 {
			closures = append(closures, func(tx *db.Tx) error {
				if err := put(tx, fmt.Sprint(i), 1); err != nil || i%2 == 0 {
					return err
				}
				return errors.New("odd")
			})
		}
		before := d.Commits()
		batch(t, d, closures...)
		if commits := d.Commits() - before; count(t, d) != 5 || commits < 5 {
			t.Errorf("%d rows, %d commits", count(t, d), commits)
		}
	})
}

// What the engine itself undoes takes the whole batch with it; played again one by one,
// everyone but the culprit stays.
func TestEngineRollsBackTheBatch(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	write(t, d, func(tx *db.Tx) error { return put(tx, "there", 1) })
	for _, culprit := range []int{0, 4, 9} {
		var runs [10]int
		var closures []func(tx *db.Tx) error
		for i := range runs {
			closures = append(closures, func(tx *db.Tx) error {
				runs[i]++
				if i == culprit {
					_, err := tx.Exec("INSERT OR ROLLBACK INTO db_counter (name, value) VALUES ('there', 1)")
					return err
				}
				return put(tx, fmt.Sprint(culprit, "/", i), 1)
			})
		}
		before := count(t, d)
		for i, err := range batch(t, d, closures...) {
			if (err != nil) != (i == culprit) {
				t.Errorf("culprit %d: %d: %v", culprit, i, err)
			}
		}
		if n := count(t, d) - before; n != 9 {
			t.Errorf("culprit %d: %d of 10 stay", culprit, n)
		}
		if culprit > 0 && runs[0] != 2 {
			t.Errorf("culprit %d: the first ran %d times", culprit, runs[0])
		}
	}
}

func TestClosureEndsItsGoroutine(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		exit := func(tx *db.Tx) error {
			if err := put(tx, "exit", 1); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		}
		var closures []func(tx *db.Tx) error
		for i := range 5 {
			closures = append(closures, func(tx *db.Tx) error { return put(tx, fmt.Sprint(i), 1) })
		}
		if d.Engine() == db.SQLite { // there it is the writer's goroutine
			closures[2] = exit
			if errs := batch(t, d, closures...); errs[2] == nil {
				t.Error("it stays")
			}
		} else {
			var done sync.WaitGroup
			done.Go(func() { _ = d.Write(context.Background(), exit) })
			done.Wait()
			closures = closures[1:]
			batch(t, d, closures...)
		}
		if n := count(t, d); n != 4 {
			t.Errorf("%d rows", n)
		}
		write(t, d, func(tx *db.Tx) error { return put(tx, "after", 1) })
	})
}

func TestCancelWhileQueued(t *testing.T) {
	dbtest.RunWith(t, db.Options{Conns: 1}, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		release := hold(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		ran, done := false, make(chan error)
		go func() { done <- d.Write(ctx, func(tx *db.Tx) error { ran = true; return put(tx, "a", 1) }) }()
		for d.Engine() == db.SQLite && d.Queued() == 0 {
			runtime.Gosched()
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) { // while the writer is still held
			t.Errorf("err = %v", err)
		}
		release()
		write(t, d, func(tx *db.Tx) error { return put(tx, "b", 1) })
		if ran || count(t, d) != 1 {
			t.Errorf("ran = %v, %d rows", ran, count(t, d))
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { ran = true; return nil }); !errors.Is(err, context.Canceled) || ran {
			t.Errorf("a Write with an ended context: %v, ran = %v", err, ran)
		}
	})
}

func TestCancelWhileRunningHarmsNobody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var closures []func(tx *db.Tx) error
		ctx, cancel := context.WithCancel(t.Context())
		for i := range 10 {
			closures = append(closures, func(tx *db.Tx) error { return put(tx, fmt.Sprint(i), 1) })
		}
		var all sync.WaitGroup
		all.Go(func() {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := put(tx, "cancelled", 1); err != nil {
					return err
				}
				cancel()
				rows, err := tx.Query(ctx, "SELECT name FROM db_counter WHERE name = $1", "cancelled")
				names, err := db.Collect(rows, err, db.Value[string])
				if err == nil && (len(names) != 1 || tx.Context().Err() != nil) {
					err = fmt.Errorf("%v, %v", names, tx.Context().Err())
				}
				return err
			})
			if err != nil {
				t.Errorf("the cancelled one, which had begun: %v", err)
			}
		})
		for i, err := range batch(t, d, closures...) {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		all.Wait()
		if n := count(t, d); n != 11 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestNestedWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		other, _ := dbtest.Open(t, d.Engine())
		ctx := t.Context()
		write(t, d, func(tx *db.Tx) error {
			inner := func(tx *db.Tx) error { return put(tx, "inner", 1) }
			if err := d.Write(ctx, inner); err == nil {
				t.Error("a captured context lets a Write nest")
			}
			done := make(chan error)
			go func() { done <- d.Write(tx.Context(), inner) }()
			if err := <-done; err == nil {
				t.Error("the closure's context lets a Write nest from another goroutine")
			}
			if err := other.Write(tx.Context(), inner); err != nil {
				t.Errorf("another database: %v", err)
			}
			return put(tx, "outer", 1)
		})
		if n := count(t, d); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestHooks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var log []string
		ctx := t.Context()
		write(t, d, func(tx *db.Tx) error {
			tx.After(func() {
				if n := count(t, d); n != 1 {
					t.Errorf("the hook sees %d rows", n)
				}
				log = append(log, "first")
			})
			tx.After(func() {
				err := d.Write(ctx, func(tx *db.Tx) error {
					tx.After(func() { log = append(log, "inner") })
					return put(tx, "from the hook", 1)
				})
				if err != nil {
					t.Error(err)
				}
				log = append(log, "second")
			})
			return put(tx, "a", 1)
		})
		if got := strings.Join(log, " "); got != "first inner second" {
			t.Errorf("hooks: %s", got)
		}
		_ = d.Write(ctx, func(tx *db.Tx) error {
			tx.After(func() { t.Error("the hook of a closure that failed ran") })
			return errTwice
		})
	})
}

// A slow hook holds its caller, not the writer.
func TestSlowHook(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		in, out, done := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			done <- d.Write(context.Background(), func(tx *db.Tx) error {
				tx.After(func() { close(in); <-out })
				return nil
			})
		}()
		<-in
		write(t, d, func(tx *db.Tx) error { return put(tx, "meanwhile", 1) })
		close(out)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestCloseWaitsForQueuedWrites(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		if d.Engine() == db.Postgres { // no queue there: a closed database refuses
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		} else {
			closeBehind(t, d)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return nil })
		if fail.Key(err) != "db.closed" {
			t.Errorf("err = %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	})
}

// closeBehind closes while ten closures wait for a busy writer; all ten must stay.
func closeBehind(t *testing.T, d *db.DB) {
	t.Helper()
	release := hold(t, d)
	var all sync.WaitGroup
	var stay atomic.Int64
	for i := range 10 {
		all.Go(func() {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				tx.After(func() { stay.Add(1) })
				return put(tx, fmt.Sprint(i), 1)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for d.Queued() < 10 {
		runtime.Gosched()
	}
	closed := make(chan error)
	go func() { closed <- d.Close() }()
	release()
	if err := <-closed; err != nil {
		t.Error(err)
	}
	all.Wait()
	if stay.Load() != 10 {
		t.Errorf("%d of 10 stay", stay.Load())
	}
}

// A rehearsal tells what would have gone wrong, and leaves nothing.
func TestDry(t *testing.T) {
	dbtest.RunWith(t, db.Options{Dry: true}, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ran := false
		write(t, d, func(tx *db.Tx) error { ran = true; return put(tx, "a", 1) })
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return errors.Join(put(tx, "a", 1), put(tx, "a", 1)) }); !errors.Is(err, errTwice) {
			t.Errorf("%v", err)
		}
		if !ran || count(t, d) != 0 {
			t.Errorf("ran %v, %d rows", ran, count(t, d))
		}
	})
}
