package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"tongxin/internal/base/db"
)

// Again is what a handler returns that has done a part: what it wrote stays and the job
// comes once more, at once. Imports and fan-outs keep the writer free that way.
//
//lint:ignore ST1012 it asks for another turn and reports no failure: return jobs.Again
var Again = errors.New("jobs: a part is done")

// Handler does a job, in one transaction with its removal.
type Handler func(ctx context.Context, tx *db.Tx, j Job) error

// Runner runs jobs of one database. Give it its handlers before it starts.
type Runner struct {
	d        *db.DB
	who      string
	handlers map[string]Handler
	outside  map[string]func(ctx context.Context, j Job) error
	periods  map[string]time.Duration
	wake     chan struct{}
	running  sync.WaitGroup
}

// atOnce is how many jobs a runner runs at a time.
const atOnce = 16

// NewRunner makes a runner; what it claims is its own until its lease runs out.
func NewRunner(d *db.DB) *Runner {
	return &Runner{
		d: d, who: rand.Text(), handlers: map[string]Handler{}, periods: map[string]time.Duration{},
		outside: map[string]func(context.Context, Job) error{}, wake: make(chan struct{}, 1),
	}
}

// Handle says who does jobs of a kind.
func (r *Runner) Handle(kind string, h Handler) { r.handlers[kind] = h }

// Outside says who does jobs of a kind that reach out of the process: no transaction is
// open, ctx ends with the lease, and the job may be done twice when the process dies in
// between. What must happen once calls [Done] in a Write of its own.
func (r *Runner) Outside(kind string, f func(ctx context.Context, j Job) error) { r.outside[kind] = f }

// Every has h run once in each period, on one runner of all that share the database.
func (r *Runner) Every(kind string, period time.Duration, h Handler) {
	r.periods[kind] = period
	r.Handle(kind, func(ctx context.Context, tx *db.Tx, j Job) error {
		if err := h(ctx, tx, j); err != nil {
			return err
		}
		return Add(tx, Job{Kind: kind, Key: kind, At: tx.Now.Add(period)})
	})
}

// plan sees to it that every periodic job waits: one that does keeps its time.
func (r *Runner) plan(ctx context.Context) error {
	kinds := slices.Sorted(maps.Keys(r.periods))
	if len(kinds) == 0 {
		return nil
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		for _, kind := range kinds {
			if err := Add(tx, Job{Kind: kind, Key: kind, At: tx.Now.Add(r.periods[kind])}); err != nil {
				return err
			}
		}
		return nil
	})
}

// RunDue runs, one after the other, what is due now and what that makes due now, until
// nothing is. It gives the errors of the handlers; their jobs wait as they would anyway.
func (r *Runner) RunDue(ctx context.Context) error {
	if err := r.plan(ctx); err != nil {
		return err
	}
	var failed []error
	for {
		jobs, err := r.claim(ctx, atOnce)
		if err != nil || len(jobs) == 0 {
			return errors.Join(append(failed, err)...)
		}
		for _, j := range jobs {
			if err := r.run(ctx, j); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", j.Kind, err))
			}
		}
	}
}

// Start runs jobs until ctx ends: those added by this process at once, others within a
// second. wait returns when the last one that was running then is finished.
func (r *Runner) Start(ctx context.Context) (wait func()) {
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		defer r.running.Wait()
		watch(r.wake)
		defer unwatch(r.wake)
		r.loop(ctx)
	}()
	return func() { <-stopped }
}

func (r *Runner) loop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	slots := make(chan struct{}, atOnce)
	planned := false
	for ctx.Err() == nil {
		if !planned {
			planned = r.log(r.plan(ctx))
		}
		more := planned && r.round(ctx, slots)
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-r.wake:
		}
	}
}

// round claims as many due jobs as there are free slots and starts them. It answers
// whether more may be due and can be started.
func (r *Runner) round(ctx context.Context, slots chan struct{}) bool {
	free := cap(slots) - len(slots)
	if free == 0 {
		return false
	}
	jobs, err := r.claim(ctx, free)
	r.log(err)
	for _, j := range jobs {
		slots <- struct{}{}
		r.running.Go(func() {
			if err := r.run(context.WithoutCancel(ctx), j); err != nil {
				slog.Warn("job failed", "kind", j.Kind, "id", j.ID, "try", j.Tries, "error", err)
			}
			<-slots
			signal(r.wake)
		})
	}
	return len(jobs) == free
}

func (r *Runner) log(err error) (ok bool) {
	if err != nil && !errors.Is(err, context.Canceled) {
		slog.Error("jobs", "error", err)
	}
	return err == nil
}

// claim takes up to n due jobs, the longest due first.
func (r *Runner) claim(ctx context.Context, n int) (jobs []Job, err error) {
	var due bool
	now := db.MS(r.d.Now())
	err = r.d.QueryRow(ctx, `/* across homes: a runner does every home's jobs */ SELECT EXISTS
		(SELECT 1 FROM jobs_job WHERE state = 'waiting' AND at <= $1 AND until <= $1)`, now).Scan(&due)
	if err != nil || !due {
		return nil, err
	}
	// MATERIALIZED: without it PostgreSQL may run the inner query more than once, and
	// claim more than n.
	q := `/* across homes: a runner does every home's jobs */ WITH picked AS MATERIALIZED (SELECT home, id FROM jobs_job
			WHERE state = 'waiting' AND at <= $1 AND until <= $1 ORDER BY at, id LIMIT $2` + skipLocked[r.d.Engine()] + `)
		UPDATE jobs_job SET lease = $3, until = $4, tries = tries + 1 WHERE (home, id) IN (SELECT home, id FROM picked)
		RETURNING id, kind, COALESCE(key, ''), ref, args, at, tries`
	err = r.d.Write(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(tx.Context(), q, db.MS(tx.Now), n, r.who, db.MS(tx.Now.Add(Lease)))
		jobs, err = db.Collect(rows, err, r.scan)
		return err
	})
	slices.SortFunc(jobs, func(a, b Job) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return jobs, err
}

var skipLocked = map[db.Engine]string{db.Postgres: " FOR UPDATE SKIP LOCKED"}

func (r *Runner) scan(rows *sql.Rows) (Job, error) {
	j := Job{lease: r.who}
	var args string
	var at int64
	err := rows.Scan(&j.ID, &j.Kind, &j.Key, &j.Ref, &args, &at, &j.Tries)
	j.Args, j.At = json.RawMessage(args), db.Time(at)
	return j, err
}

// errLost says that a job is no longer this worker's.
var errLost = errors.New("jobs: the lease is lost")

// Done takes a job away in a Write of an Outside handler's own, so that what that Write
// does happens once. It fails when the job is no longer this worker's to do.
func Done(tx *db.Tx, j Job) error {
	n, err := tx.Exec("DELETE FROM jobs_job WHERE home = $1 AND id = $2 AND lease = $3", j.ID.Home(), j.ID, j.lease)
	if err == nil && n == 0 {
		err = errLost
	}
	return err
}

// run does one job and puts it aside for later when that fails.
func (r *Runner) run(ctx context.Context, j Job) error {
	err := r.do(ctx, j)
	if err == nil || errors.Is(err, errLost) {
		return nil // lost: another worker has it, or somebody moved or cancelled it
	}
	state := "waiting"
	if j.Tries >= MostTries {
		state = "dead"
	}
	text := err.Error()
	if len(text) > 500 {
		text = strings.ToValidUTF8(text[:500], "")
	}
	return errors.Join(err, r.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE jobs_job SET at = $1, lease = '', until = 0, state = $2, error = $3
			WHERE home = $4 AND id = $5 AND lease = $6`,
			db.MS(tx.Now.Add(backOff(j.Tries))), state, text, j.ID.Home(), j.ID, j.lease)
		return err
	}))
}

// backOff is how long a job waits after its nth try failed: 10 s, 20 s, 40 s … an hour.
func backOff(n int) time.Duration { return min(10*time.Second<<(n-1), time.Hour) }

func (r *Runner) do(ctx context.Context, j Job) error {
	if j.Tries > MostTries { // never failed, but never came back: it takes the process along
		return errors.New("jobs: the process ended each time")
	}
	if f := r.outside[j.Kind]; f != nil {
		if err := r.reach(ctx, j, f); err != nil {
			return err
		}
		return r.d.Write(ctx, func(tx *db.Tx) error { return Done(tx, j) })
	}
	h := r.handlers[j.Kind]
	if h == nil {
		return errors.New("jobs: nobody handles " + j.Kind)
	}
	return r.d.Write(ctx, func(tx *db.Tx) error {
		// First, so that whoever adds to its key meanwhile leaves a new job.
		if err := Done(tx, j); err != nil {
			return err
		}
		err := h(tx.Context(), tx, j)
		if errors.Is(err, Again) {
			j.At = tx.Now
			return insert(tx, j)
		}
		return err
	})
}

// reach runs an outside handler until the lease ends.
func (r *Runner) reach(ctx context.Context, j Job, f func(context.Context, Job) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, Lease)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return f(ctx, j)
}

// Runners of this process that run; a commit that leaves a due job wakes them all. One
// woken for another database's job just looks and finds nothing.
var (
	watching   = map[chan struct{}]bool{}
	watchingMu sync.Mutex
)

func watch(c chan struct{}) {
	watchingMu.Lock()
	defer watchingMu.Unlock()
	watching[c] = true
}

func unwatch(c chan struct{}) {
	watchingMu.Lock()
	defer watchingMu.Unlock()
	delete(watching, c)
}

func wakeAll() {
	watchingMu.Lock()
	defer watchingMu.Unlock()
	for c := range watching {
		signal(c)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
