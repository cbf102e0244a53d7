package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

const county id.ID = "321281-01jd3k8zq4w7c2xv"

func add(t *testing.T, d *db.DB, all ...jobs.Job) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, j := range all {
			if err := jobs.Add(tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func runDue(t *testing.T, r *jobs.Runner) {
	t.Helper()
	if err := r.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func counts(t *testing.T, d *db.DB) jobs.Counts {
	t.Helper()
	c, err := jobs.Count(t.Context(), d, d.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// diary is a handler that writes down the keys of the jobs it does.
type diary struct {
	mu   sync.Mutex
	keys []string
}

func (y *diary) handle(_ context.Context, tx *db.Tx, j jobs.Job) error {
	tx.After(func() {
		y.mu.Lock()
		defer y.mu.Unlock()
		y.keys = append(y.keys, j.Key)
	})
	return nil
}

func (y *diary) String() string {
	y.mu.Lock()
	defer y.mu.Unlock()
	return strings.Join(y.keys, " ")
}

func TestDueJobsRunInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		r := jobs.NewRunner(d)
		r.Handle("test", y.handle)
		now := c.Now()
		add(t, d,
			jobs.Job{Kind: "test", Key: "late", At: now.Add(time.Hour)},
			jobs.Job{Kind: "test", Key: "second"},
			jobs.Job{Kind: "test", Key: "first", At: now.Add(-time.Hour)},
			jobs.Job{Kind: "test", Key: "third", Ref: county})
		if got := counts(t, d); got != (jobs.Counts{Waiting: 4, Due: 3, Late: time.Hour}) {
			t.Errorf("counts = %+v", got)
		}
		runDue(t, r)
		if y.String() != "first second third" {
			t.Errorf("ran %s", &y)
		}
		c.Add(time.Hour)
		runDue(t, r)
		runDue(t, r)
		if y.String() != "first second third late" || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("ran %s, left %+v", &y, counts(t, d))
		}
	})
}

func TestArgsComeBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		type args struct {
			Person id.ID
			N      int64
		}
		in, out := args{county, 1 << 60}, args{}
		var ref id.ID
		r := jobs.NewRunner(d)
		r.Handle("test", func(_ context.Context, _ *db.Tx, j jobs.Job) error {
			ref = j.Ref
			return j.Into(&out)
		})
		add(t, d, jobs.Job{Kind: "test", Ref: county, Args: in})
		runDue(t, r)
		if in != out || ref != county {
			t.Errorf("in %v, out %v, ref %s", in, out, ref)
		}
		if err := (jobs.Job{Kind: "test", Args: in}).Into(&out); err == nil {
			t.Error("Into works on a job that is not from the table")
		}
	})
}

// What a handler writes and the end of its job are one.
func TestHandlerFails(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		fails := true
		boom := errors.New("boom")
		var tries []int
		r := jobs.NewRunner(d)
		r.Handle("test", func(_ context.Context, tx *db.Tx, j jobs.Job) error {
			tries = append(slices.DeleteFunc(tries, func(n int) bool { return n == j.Tries }), j.Tries)
			if _, err := tx.Next("done"); err != nil {
				return err
			}
			if fails {
				return boom
			}
			return nil
		})
		add(t, d, jobs.Job{Kind: "test"})
		if err := r.RunDue(t.Context()); !errors.Is(err, boom) {
			t.Errorf("err = %v", err)
		}
		c.Add(9 * time.Second)
		runDue(t, r) // not yet
		c.Add(time.Second)
		if err := r.RunDue(t.Context()); !errors.Is(err, boom) {
			t.Errorf("err = %v", err)
		}
		c.Add(19 * time.Second)
		runDue(t, r)
		c.Add(time.Second)
		fails = false
		runDue(t, r)
		var done int
		if err := d.QueryRow(t.Context(), "SELECT value FROM db_counter WHERE name = 'done'").Scan(&done); err != nil || done != 1 {
			t.Errorf("done %d times, %v", done, err)
		}
		if !slices.Equal(tries, []int{1, 2, 3}) || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("tries %v, left %+v", tries, counts(t, d))
		}
	})
}

func TestDeadAndBack(t *testing.T) {
	ways := map[string]func(tx *db.Tx, job id.ID) error{
		"Retry": func(tx *db.Tx, job id.ID) error {
			ok, err := jobs.Retry(tx, job)
			if !ok {
				return errors.New("not found")
			}
			return err
		},
		"Add": func(tx *db.Tx, _ id.ID) error { return jobs.Add(tx, jobs.Job{Kind: "test", Key: "k"}) },
		"Move": func(tx *db.Tx, _ id.ID) error {
			_, err := jobs.Move(tx, "", "k", tx.Now)
			return err
		},
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		for name, bringBack := range ways {
			runs, well := 0, false
			var last id.ID
			r := jobs.NewRunner(d)
			r.Handle("test", func(_ context.Context, _ *db.Tx, j jobs.Job) error {
				last = j.ID
				if well {
					return nil
				}
				runs = j.Tries
				panic("unwell")
			})
			add(t, d, jobs.Job{Kind: "test", Key: "k"})
			for range jobs.MostTries + 5 {
				err := r.RunDue(t.Context())
				if err != nil && !strings.Contains(err.Error(), "unwell") {
					t.Fatal(err)
				}
				c.Add(2 * time.Hour)
			}
			if runs != jobs.MostTries || counts(t, d) != (jobs.Counts{Dead: 1}) {
				t.Errorf("%s: %d runs, %+v", name, runs, counts(t, d))
			}
			well = true
			runDue(t, r) // dead stays dead
			if counts(t, d).Dead != 1 {
				t.Errorf("%s: %+v", name, counts(t, d))
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return bringBack(tx, last) }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			runDue(t, r)
			if counts(t, d) != (jobs.Counts{}) {
				t.Errorf("%s: %+v", name, counts(t, d))
			}
		}
	})
}

func TestNobodyHandles(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		add(t, d, jobs.Job{Kind: "unknown"})
		if err := jobs.NewRunner(d).RunDue(t.Context()); err == nil {
			t.Error("no error")
		}
		if counts(t, d).Waiting != 1 {
			t.Errorf("%+v", counts(t, d))
		}
	})
}

func TestKeyIsUniqueWhileItWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		r := jobs.NewRunner(d)
		r.Handle("test", y.handle)
		at := func(after time.Duration) jobs.Job {
			return jobs.Job{Kind: "test", Key: "k", Ref: county, At: c.Now().Add(after)}
		}
		add(t, d, at(time.Hour), at(time.Minute), at(2*time.Hour))
		add(t, d, jobs.Job{Kind: "test", Key: "k"}) // of another home
		add(t, d, jobs.Job{Kind: "test"}, jobs.Job{Kind: "test"})
		if n := counts(t, d).Waiting; n != 4 {
			t.Errorf("%d wait", n)
		}
		runDue(t, r)
		c.Add(time.Minute) // the earliest time holds
		runDue(t, r)
		if y.String() != "k   k" || counts(t, d).Waiting != 0 {
			t.Errorf("ran %q, %+v", y.String(), counts(t, d))
		}
		add(t, d, at(0)) // gone, so it may come again
		runDue(t, r)
		if y.String() != "k   k k" {
			t.Errorf("ran %q", y.String())
		}
	})
}

func TestMoveAndCancel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		r := jobs.NewRunner(d)
		r.Handle("test", y.handle)
		add(t, d, jobs.Job{Kind: "test", Key: "moved", Ref: county}, jobs.Job{Kind: "test", Key: "cancelled", Ref: county})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, want := range []struct {
				ref id.ID
				key string
				ok  bool
			}{{county, "moved", true}, {county, "none", false}, {"", "moved", false}} {
				if ok, err := jobs.Move(tx, want.ref, want.key, tx.Now.Add(time.Hour)); err != nil || ok != want.ok {
					t.Errorf("Move %v: %v, %v", want, ok, err)
				}
			}
			if ok, err := jobs.Cancel(tx, county, "cancelled"); err != nil || !ok {
				t.Errorf("Cancel: %v, %v", ok, err)
			}
			if ok, err := jobs.Cancel(tx, county, "cancelled"); err != nil || ok {
				t.Errorf("Cancel again: %v, %v", ok, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		runDue(t, r)
		if y.String() != "" {
			t.Errorf("ran %s", &y)
		}
		c.Add(time.Hour)
		runDue(t, r)
		if y.String() != "moved" {
			t.Errorf("ran %s", &y)
		}
	})
}

func TestAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var parts int64
		r := jobs.NewRunner(d)
		r.Handle("test", func(_ context.Context, tx *db.Tx, j jobs.Job) (err error) {
			if parts, err = tx.Next("parts"); err == nil && parts < 25 {
				err = fmt.Errorf("part %d: %w", parts, jobs.Again)
			}
			if j.Tries != 1 {
				t.Errorf("try %d", j.Tries)
			}
			return err
		})
		add(t, d, jobs.Job{Kind: "test", Key: "k"})
		runDue(t, r)
		if parts != 25 || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("%d parts, %+v", parts, counts(t, d))
		}
	})
}

func TestEvery(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		r, other := jobs.NewRunner(d), jobs.NewRunner(d)
		r.Every("daily", 24*time.Hour, y.handle)
		other.Every("daily", 24*time.Hour, y.handle)
		for range 3 * 24 {
			c.Add(time.Hour)
			runDue(t, r)
			runDue(t, other)
		}
		if y.String() != "daily daily" || counts(t, d).Waiting != 1 {
			t.Errorf("ran %q, %+v", y.String(), counts(t, d))
		}
	})
}

func TestOutside(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var log []string
		r := jobs.NewRunner(d)
		r.Outside("test", func(ctx context.Context, j jobs.Job) error {
			log = append(log, fmt.Sprint(j.Key, j.Tries))
			switch {
			case j.Key == "once": // what it does and the end of the job are one
				return d.Write(ctx, func(tx *db.Tx) error { return jobs.Done(tx, j) })
			case j.Tries == 1 && j.Key == "panics":
				panic("at the network")
			case j.Tries == 1:
				return errors.New("the network")
			}
			return nil
		})
		add(t, d, jobs.Job{Kind: "test", Key: "once"}, jobs.Job{Kind: "test", Key: "fails"}, jobs.Job{Kind: "test", Key: "panics"})
		if err := r.RunDue(t.Context()); err == nil || strings.Count(err.Error(), "the network") != 2 {
			t.Errorf("err = %v", err)
		}
		c.Add(time.Minute)
		runDue(t, r)
		if got := strings.Join(log, " "); got != "once1 fails1 panics1 fails2 panics2" || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("ran %s, %+v", got, counts(t, d))
		}
	})
}

// A worker that dies leaves its jobs leased; when the lease ends another does them, and
// the first, come back from the dead, does them no more.
func TestLeaseRunsOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		first := jobs.NewRunner(d)
		first.Outside("test", func(ctx context.Context, j jobs.Job) error {
			other := jobs.NewRunner(d)
			other.Handle("test", y.handle)
			add(t, d, jobs.Job{Kind: "test", Key: "k2"})
			runDue(t, other) // k is still leased
			if y.String() != "k2" {
				t.Errorf("ran %s", &y)
			}
			c.Add(jobs.Lease)
			runDue(t, other)
			return errors.New("too late to matter")
		})
		add(t, d, jobs.Job{Kind: "test", Key: "k"})
		if err := first.RunDue(t.Context()); err == nil {
			t.Error("no error")
		}
		if y.String() != "k2 k" || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("ran %q, %+v", y.String(), counts(t, d))
		}
	})
}

// A job that takes its process along each time is buried, not run for ever.
func TestProcessDiesEachTime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var y diary
		add(t, d, jobs.Job{Kind: "test", Key: "k"})
		for range jobs.MostTries { // claimed and never heard of again
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec("UPDATE jobs_job SET lease = 'gone', until = $1, tries = tries + 1", db.MS(tx.Now.Add(jobs.Lease)))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			c.Add(jobs.Lease)
		}
		r := jobs.NewRunner(d)
		r.Handle("test", y.handle)
		if err := r.RunDue(t.Context()); err == nil || y.String() != "" {
			t.Errorf("%v, ran %q", err, y.String())
		}
		if got := counts(t, d); got != (jobs.Counts{Dead: 1}) {
			t.Errorf("%+v", got)
		}
	})
}

// Several runners at work on many jobs do each once.
func TestRunnersShareTheWork(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const n = 300
		var y diary
		var all []jobs.Job
		for i := range n {
			all = append(all, jobs.Job{Kind: "test", Key: fmt.Sprint(i)})
		}
		ctx, stop := context.WithCancel(t.Context())
		var waits []func()
		done := make(chan struct{}, n)
		for range 3 {
			r := jobs.NewRunner(d)
			r.Handle("test", func(ctx context.Context, tx *db.Tx, j jobs.Job) error {
				tx.After(func() { done <- struct{}{} })
				return y.handle(ctx, tx, j)
			})
			waits = append(waits, r.Start(ctx))
		}
		add(t, d, all...)
		for range n {
			<-done
		}
		stop()
		for _, wait := range waits {
			wait()
		}
		if got := strings.Fields(y.String()); len(got) != n || len(slices.Compact(slices.Sorted(slices.Values(got)))) != n {
			t.Errorf("%d runs", len(got))
		}
		if counts(t, d) != (jobs.Counts{}) {
			t.Errorf("%+v", counts(t, d))
		}
	})
}

// A commit wakes the runner at once, and a stop lets what runs come to its end.
func TestStartAndStop(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		in, out := make(chan struct{}), make(chan struct{})
		ended := false
		r := jobs.NewRunner(d)
		r.Outside("test", func(ctx context.Context, j jobs.Job) error {
			close(in)
			<-out
			ended = ctx.Err() == nil
			return ctx.Err()
		})
		ctx, stop := context.WithCancel(t.Context())
		wait := r.Start(ctx)
		add(t, d, jobs.Job{Kind: "test"})
		<-in
		stop()
		close(out)
		wait()
		if !ended || counts(t, d) != (jobs.Counts{}) {
			t.Errorf("ended = %v, %+v", ended, counts(t, d))
		}
	})
}

// Somebody adds to a key while its job runs: the state she wrote is either seen by that
// run or met by another one.
func TestNothingIsMissed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const writers, each = 4, 25
		seen := int64(0)
		var mu sync.Mutex
		done := make(chan struct{}, 1)
		r := jobs.NewRunner(d)
		r.Handle("test", func(_ context.Context, tx *db.Tx, _ jobs.Job) error {
			var n int64
			err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM config_setting").Scan(&n)
			tx.After(func() {
				mu.Lock()
				defer mu.Unlock()
				if seen = max(seen, n); seen == writers*each {
					done <- struct{}{}
				}
			})
			return err
		})
		ctx, stop := context.WithCancel(t.Context())
		wait := r.Start(ctx)
		for w := range writers {
			go func() {
				for i := range each {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						_, err := tx.Exec("INSERT INTO config_setting (id, value) VALUES ($1, '')", fmt.Sprint(w, "/", i))
						if err != nil {
							return err
						}
						return jobs.Add(tx, jobs.Job{Kind: "test", Key: "look"})
					})
					if err != nil {
						t.Error(err)
					}
				}
			}()
		}
		<-done
		stop()
		wait()
	})
}
