package live

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
)

// scene is a ledger that one process writes, and a hub in another process that only reads.
type scene struct {
	t    *testing.T
	d    *db.DB // of the process that writes
	tree orgtest.Tree
	e    *figure.Engine
	h    *Hub
}

func onScene(t *testing.T, body func(s *scene)) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		clock := dbtest.NewClock()
		s := &scene{t: t, d: dbtest.Reopen(t, dsn, db.Options{Now: clock.Now})}
		s.write(func(ctx context.Context, tx *db.Tx) (err error) {
			s.tree, err = orgtest.Plant(ctx, tx)
			return err
		})
		s.seal()
		var err error
		if s.e, err = figure.Open(t.Context(), dbtest.Reopen(t, dsn, db.Options{Now: clock.Now, ReadOnly: true})); err != nil {
			t.Fatal(err)
		}
		if err := s.e.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		var following sync.WaitGroup
		following.Go(func() { s.e.Run(ctx) })
		s.h = New(s.e)
		defer func() {
			s.h.Close()
			stop()
			following.Wait()
		}()
		body(s)
	})
}

func (s *scene) write(f func(ctx context.Context, tx *db.Tx) error) {
	s.t.Helper()
	if err := s.d.Write(s.t.Context(), func(tx *db.Tx) error { return f(tx.Context(), tx) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) seal() {
	s.t.Helper()
	if _, err := ledger.Book().Seal(s.t.Context(), s.d, "test"); err != nil {
		s.t.Fatal(err)
	}
}

// arrive posts that somebody came.
func (s *scene) arrive() {
	s.t.Helper()
	s.write(func(ctx context.Context, tx *db.Tx) error {
		at, err := org.PositionOn(ctx, tx, s.tree.Station, db.Day(tx.Now))
		if err != nil {
			return err
		}
		who := tx.NewID("321281")
		return ledger.Post(tx, ledger.Fact{Kind: roster.Arrived, Day: db.Day(tx.Now), Org: at, Unit: at, Area: int64(orgtest.StationArea),
			Subject: tx.NewID("321281"), Person: who, Qty: 1, By: who})
	})
	s.seal()
}

// turns are two parts of a page: how many came, and one that never changes.
func (s *scene) turns(ctx context.Context) (Parts, error) {
	a, err := s.e.At(ctx, figure.Query{Indicator: "turns", Org: s.tree.City})
	return Parts{"turns": strconv.FormatInt(a.Value, 10), "still": "still"}, err
}

func (s *scene) watch(key, seen string) *Watch {
	s.t.Helper()
	w, err := s.h.Watch(key, seen, s.turns)
	if err != nil {
		s.t.Fatal(err)
	}
	return w
}

// next is what changed, which must come within a second.
func (s *scene) next(w *Watch) Update {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
	defer cancel()
	u, err := w.Next(ctx)
	if err != nil {
		s.t.Fatalf("nothing came within a second: %v", err)
	}
	return u
}

func (s *scene) is(u Update, want Parts) {
	s.t.Helper()
	if fmt.Sprint(u.Parts) != fmt.Sprint(want) {
		s.t.Errorf("told %v, want %v", u.Parts, want)
	}
}

func TestACommitIsToldWithinASecond(t *testing.T) {
	onScene(t, func(s *scene) {
		w := s.watch("a", "")
		defer w.Close()
		s.is(s.next(w), Parts{"turns": "0", "still": "still"})
		s.arrive()
		s.is(s.next(w), Parts{"turns": "1"})
		s.arrive()
		s.is(s.next(w), Parts{"turns": "2"})
	})
}

func TestComingBackGetsWhatWasMissed(t *testing.T) {
	onScene(t, func(s *scene) {
		stays, leaves := s.watch("a", ""), s.watch("a", "")
		defer stays.Close()
		s.next(stays)
		seen := s.next(leaves).Round
		leaves.Close()
		leaves.Close() // twice is once
		s.arrive()
		s.is(s.next(stays), Parts{"turns": "1"})
		back := s.watch("a", seen)
		defer back.Close()
		s.is(s.next(back), Parts{"turns": "1"})
		for _, strange := range []string{"", "x", "x.1", seen + "9x", "." + seen} { // of another topic, or of nothing
			w := s.watch("a", strange)
			if u := s.next(w); u.Parts["turns"] != "1" {
				t.Errorf("who comes back with %q is told %v", strange, u.Parts)
			}
			w.Close()
		}
	})
}

func TestASlowPageGetsTheLatestOnce(t *testing.T) {
	onScene(t, func(s *scene) {
		slow, quick := s.watch("a", ""), s.watch("a", "")
		defer slow.Close()
		defer quick.Close()
		s.next(slow)
		s.next(quick)
		for n := 1; n <= 3; n++ {
			s.arrive()
			for s.next(quick).Parts["turns"] != strconv.Itoa(n) {
				t.Log("between two")
			}
		}
		s.is(s.next(slow), Parts{"turns": "3"})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if u, err := slow.Next(ctx); !errors.Is(err, context.DeadlineExceeded) || len(u.Parts) > 0 || u.Round == "" {
			t.Errorf("told again: %v %v", u, err)
		}
	})
}

func TestWhoWatchesTheSameSharesTheReckoning(t *testing.T) {
	onScene(t, func(s *scene) {
		var reckoned atomic.Int64
		source := func(ctx context.Context) (Parts, error) {
			reckoned.Add(1)
			return s.turns(ctx)
		}
		for range 50 {
			w, err := s.h.Watch("a", "", source)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			s.next(w)
		}
		if n := reckoned.Load(); n > 5 { // one, and as many as the quarters of a second that the machine took
			t.Errorf("reckoned %d times for fifty pages", n)
		}
	})
}

func TestAFailingPageIsTriedAgain(t *testing.T) {
	onScene(t, func(s *scene) {
		var tries atomic.Int64
		w, err := s.h.Watch("a", "", func(ctx context.Context) (Parts, error) {
			switch tries.Add(1) {
			case 1:
				return nil, fail.New(fail.Unavailable, "figure.loading", "percent", 0)
			case 2:
				panic("a page that cannot be drawn")
			}
			return s.turns(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if u, err := w.Next(ctx); err != nil || u.Parts["turns"] != "0" {
			t.Errorf("%v %v", u, err)
		}
	})
}

func TestNothingIsLeftRunning(t *testing.T) {
	onScene(t, func(s *scene) {
		before := runtime.NumGoroutine()
		var all []*Watch
		for n := range 40 {
			w := s.watch("page "+strconv.Itoa(n%20), "")
			s.next(w)
			all = append(all, w)
		}
		for _, w := range all[:20] {
			w.Close()
		}
		if n := s.h.Watches(); n != 20 {
			t.Errorf("%d pages are watched, not 20", n)
		}
		done := make(chan error)
		go func() {
			_, err := all[39].Next(context.Background())
			done <- err
		}()
		s.h.Close()
		if err := <-done; fail.Key(err) != "live.full" {
			t.Errorf("a watch of a closed hub ends with %v", err)
		}
		for _, w := range all {
			w.Close()
		}
		if n := s.h.Watches(); n != 0 {
			t.Errorf("%d pages are still watched", n)
		}
		if len(s.h.topics) > 0 {
			t.Errorf("%d topics are left", len(s.h.topics))
		}
		if _, err := s.h.Watch("a", "", s.turns); fail.Key(err) != "live.full" {
			t.Errorf("a closed hub takes a watch: %v", err)
		}
		if n := runtime.NumGoroutine(); n > before+5 { // drivers keep some of their own
			t.Errorf("%d goroutines, before %d", n, before)
		}
	})
}
