package seed

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/jobs"
)

// clock stands until it is set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// world is a city while it is being made.
type world struct {
	ctx    context.Context
	app    *app.App
	jobs   *jobs.Runner
	clock  *clock
	rand   *rand.Rand
	events events
	tx     *db.Tx    // in which events happen now
	ticked time.Time // until when jobs have run

	now   time.Time // the moment it is made for
	today time.Time // its midnight

	tree   tree
	staff  staff
	folk   []*person
	at     map[string][]*person // by home
	kinds  kinds
	camps  campaigns
	texts  []text
	hero   *person
	phones int
	count  Counts
}

// tick is how often jobs get their turn while the clock walks.
const tick = 15 * time.Minute

// event is something that happens at a moment.
type event struct {
	at    time.Time
	n     int // of two at one moment the one planned first
	what  string
	alone bool // it reads figures, and so waits until what came before is committed
	run   func() error
}

// events is a heap, the soonest first.
type events struct {
	all []event
	n   int
}

func (e *events) Len() int { return len(e.all) }
func (e *events) Less(i, j int) bool {
	if !e.all[i].at.Equal(e.all[j].at) {
		return e.all[i].at.Before(e.all[j].at)
	}
	return e.all[i].n < e.all[j].n
}
func (e *events) Swap(i, j int) { e.all[i], e.all[j] = e.all[j], e.all[i] }
func (e *events) Push(x any)    { e.all = append(e.all, x.(event)) }
func (e *events) Pop() any {
	last := e.all[len(e.all)-1]
	e.all = e.all[:len(e.all)-1]
	return last
}

// plan has something happen later; what lies after the world's moment never does.
func (w *world) plan(at time.Time, what string, run func() error) {
	if now := w.clock.Now(); at.Before(now) {
		at = now
	}
	w.events.n++
	heap.Push(&w.events, event{at: at, n: w.events.n, what: what, run: run})
}

// planAlone is plan for what reads figures: it runs outside of the write of other events.
func (w *world) planAlone(at time.Time, what string, run func() error) {
	w.events.n++
	heap.Push(&w.events, event{at: at, n: w.events.n, what: what, alone: true, run: run})
}

// walk lets everything happen up to the world's moment: between two ticks in one write, each
// event at its own moment.
func (w *world) walk() error {
	for w.events.Len() > 0 && !w.events.all[0].at.After(w.now) {
		if err := w.tickTo(w.events.all[0].at); err != nil {
			return err
		}
		if w.events.all[0].alone {
			e := heap.Pop(&w.events).(event)
			w.clock.set(e.at)
			if err := e.run(); err != nil {
				return told(e.what, e.at, err)
			}
			continue
		}
		ran := false
		err := w.app.DB.Write(w.ctx, func(tx *db.Tx) error {
			if ran {
				return errAgain
			}
			ran = true
			return w.happen(tx)
		})
		if err != nil {
			return err
		}
	}
	if err := w.tickTo(w.now); err != nil {
		return err
	}
	w.clock.set(w.now)
	return w.jobs.RunDue(w.ctx)
}

// errAgain says that a write was undone and would run again, which a world cannot: what
// happened in it has been drawn by chance.
var errAgain = errors.New("seed: the database undid a write; empty it and seed again")

// mostAtOnce bounds the events of one write.
const mostAtOnce = 50

// happen runs the events up to the next tick.
func (w *world) happen(tx *db.Tx) error {
	w.tx = tx
	defer func() { w.tx = nil }()
	until := w.ticked.Add(tick)
	if until.After(w.now) {
		until = w.now
	}
	for n := 0; n < mostAtOnce && w.events.Len() > 0 && !w.events.all[0].alone && !w.events.all[0].at.After(until); n++ {
		e := heap.Pop(&w.events).(event)
		w.clock.set(e.at)
		tx.Now = e.at
		if err := e.run(); err != nil {
			return told(e.what, e.at, err)
		}
	}
	return nil
}

// told says what went wrong. What a command refuses is a mistake of the world's maker, and no
// sentence for whoever asked for a world; a full disk is one.
func told(what string, at time.Time, err error) error {
	if fail.KindOf(err) == fail.Unavailable {
		return err
	}
	return fmt.Errorf("seed: %s at %s: %v", what, at.In(i18n.Zone()).Format(time.DateTime), err)
}

// tickTo runs jobs at every tick until the moment.
func (w *world) tickTo(t time.Time) error {
	for next := w.ticked.Add(tick); !next.After(t); next = next.Add(tick) {
		w.clock.set(next)
		if err := w.jobs.RunDue(w.ctx); err != nil {
			return told("jobs", next, err)
		}
		w.ticked = next
	}
	return nil
}

// write runs commands now.
func (w *world) write(f func(tx *db.Tx) error) error {
	if w.tx != nil {
		return f(w.tx)
	}
	return w.app.DB.Write(w.ctx, f)
}

// read is the database as it is now.
func (w *world) read() db.Reader {
	if w.tx != nil {
		return w.tx
	}
	return w.app.DB
}

// day is the midnight so many days from the world's day.
func (w *world) day(n int) time.Time { return w.today.AddDate(0, 0, n) }

// chance is true so often.
func (w *world) chance(p float64) bool { return w.rand.Float64() < p }

// between is a moment from a (included) to b, on a whole minute; a where b is not later.
func (w *world) between(a, b time.Time) time.Time {
	minutes := int(b.Sub(a) / time.Minute)
	if minutes <= 0 {
		return a
	}
	return a.Add(time.Duration(w.rand.IntN(minutes)) * time.Minute)
}

// waking is between, in the hours in which people are up if there are any.
func (w *world) waking(a, b time.Time) time.Time {
	t := w.between(a, b)
	if up := awake(t); up.Before(b) {
		return up
	}
	return t
}

// minutes is a length from lo to hi.
func (w *world) minutes(lo, hi int) time.Duration {
	return time.Duration(lo+w.rand.IntN(hi-lo+1)) * time.Minute
}

// pick is one of them.
func pick[T any](w *world, all []T) T { return all[w.rand.IntN(len(all))] }
