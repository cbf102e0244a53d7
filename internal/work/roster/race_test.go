package roster

import (
	"context"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// race runs f for each of n at once and counts what came back by error key, ""
// for none.
func race(n int, f func(i int) error) map[string]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	start, out := make(chan struct{}), map[string]int{}
	for i := range n {
		all.Go(func() {
			<-start
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			out[fail.Key(err)]++
		})
	}
	close(start)
	all.Wait()
	return out
}

func TestFiveHundredRaceForTwentyPlaces(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s, racers := w.shift(plan{places: 20, noWaitlist: true}), w.crowd(500)
		got := race(len(racers), func(i int) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := SignUp(tx.Context(), tx, racers[i], Request{Shift: s.ID})
				return err
			})
		})
		if got[""] != 20 || got["roster.full"] != 480 {
			t.Errorf("%v", got)
		}
		w.seats(s, 20, 0, 0)
		w.facts(s, SignedUp, 20, 20)
		w.facts(s, Filled, 1, 0)
		w.verified()
	})
}

// One volunteer and two shifts of two counties at the same hour: whatever
// races, she is never on both.
func TestOneVolunteerIsNeverOnTwoPostsAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		at := c.Now().Truncate(time.Hour).Add(30 * time.Hour)
		here, there := w.shift(plan{places: 2000, starts: at}), w.shift(plan{places: 2000, of: w.ForeignTeam, starts: at.Add(time.Hour)})
		racers := w.crowd(1000)
		got := race(2*len(racers), func(i int) error {
			to := []id.ID{here.ID, there.ID}[i%2]
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := SignUp(tx.Context(), tx, racers[i/2], Request{Shift: to})
				return err
			})
		})
		if got[""] != 1000 || got["roster.overlap"] != 1000 {
			t.Errorf("%v", got)
		}
		if a, b := w.get(here.ID).Taken, w.get(there.ID).Taken; a+b != 1000 {
			t.Errorf("%d + %d seats", a, b)
		}
		w.verified()
	})
}

// A storm of everything that moves seats at once leaves the counts, the facts
// and the people in step.
func TestAStormOfWithdrawalsAndPromotions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 5, standbys: 3})
		racers := w.crowd(40)
		for round := range 3 {
			race(4*len(racers), func(i int) error {
				who := racers[i/4]
				return d.Write(context.Background(), func(tx *db.Tx) error {
					ctx := tx.Context()
					switch (i + round) % 4 {
					case 0:
						_, err := SignUp(ctx, tx, who, Request{Shift: s.ID})
						return err
					case 1:
						_, err := SignUp(ctx, tx, who, Request{Shift: s.ID, Place: Standby})
						return err
					case 2:
						_, err := Confirm(ctx, tx, who, s.ID, who.Person)
						return err
					default:
						_, err := Withdraw(ctx, tx, who, s.ID, who.Person, "")
						return err
					}
				})
			})
			c.Add(31 * time.Minute)
			w.jobs()
			w.verified()
		}
	})
}

// The same person at the same shift many times at once is on it once.
func TestDoublePostsCountOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s, ann := w.shift(plan{places: 20}), w.crowd(1)[0]
		got := race(50, func(int) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := SignUp(tx.Context(), tx, ann, Request{Shift: s.ID})
				return err
			})
		})
		if got[""] != 1 || got["roster.already_signed"] != 49 {
			t.Errorf("%v", got)
		}
		w.seats(s, 1, 0, 0)
		c.Set(s.Starting())
		got = race(20, func(i int) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := CheckInBy(tx.Context(), tx, []auth.Actor{w.leader, w.station}[i%2], s.ID, ann.Person)
				return err
			})
		})
		w.facts(s, Arrived, 1, 1)
		if got[""] == 0 || got[""]+got["roster.changed_meanwhile"] != 20 {
			t.Errorf("%v", got)
		}
		w.verified()
	})
}
