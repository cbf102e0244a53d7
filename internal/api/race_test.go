package api_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// atOnce is how many requests of a race are under way.
const atOnce = 64

// race sends n requests, atOnce at a time, and gives the answers in their order.
func race(n int, send func(i int) answer) []answer {
	out, next := make([]answer, n), make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for i := range next {
				out[i] = send(i)
			}
		})
	}
	all.Wait()
	return out
}

// tally counts answers by state or code.
func tally(all []answer) map[string]int {
	out := map[string]int{}
	for _, a := range all {
		out[a.field("state")+a.field("code")]++
	}
	return out
}

// as sends a sign-up by the bearer of a session.
func (w *world) as(secret string, shift id.ID, key string) answer {
	w.t.Helper()
	a, err := w.send(w.t.Context(), nobody, post, "/api/v1/shifts/"+string(shift)+"/signups", "",
		"Cookie", page.SessionCookie+"="+secret, idemKey, key)
	if err != nil {
		w.t.Error(err)
	}
	return a
}

func (w *world) get(shift id.ID) roster.Shift {
	w.t.Helper()
	s, err := roster.Get(w.t.Context(), w.d, shift)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// verified fails the test where anything of the rosters is broken.
func (w *world) verified() {
	w.t.Helper()
	checks, err := roster.Verify(w.t.Context(), w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 {
			w.t.Errorf("verify %s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
		}
	}
}

func TestFiveHundredRaceForTwentyPlaces(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		hard := w.shift("hard", activity.Edit{}, activity.PostIn{Places: 20}, w.tomorrow(0))
		soft := w.shift("soft", activity.Edit{Waitlist: true}, activity.PostIn{Places: 20}, w.tomorrow(10))
		secrets, _ := w.crowd(500)
		got := tally(race(len(secrets), func(i int) answer { return w.as(secrets[i], hard, "hard") }))
		if got["accepted"] != 20 || got["roster.full"] != 480 {
			t.Errorf("without a waiting list: %v", got)
		}
		got = tally(race(len(secrets), func(i int) answer { return w.as(secrets[i], soft, "soft") }))
		if got["accepted"] != 20 || got["waitlisted"] != 480 {
			t.Errorf("with a waiting list: %v", got)
		}
		if h, s := w.get(hard), w.get(soft); h.Taken != 20 || s.Taken != 20 || s.Waiting != 480 {
			t.Errorf("taken %d, %d, waiting %d", h.Taken, s.Taken, s.Waiting)
		}
		w.verified()
	})
}

// A bad connection: everybody sends her request four times at once, and of some of them
// nobody waits for the answer. Whoever asks once more learns what became of it.
func TestAStormOfRetries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const people, places, times = 150, 100, 4
		w := begin(t, d, c)
		shift := w.shift("storm", activity.Edit{}, activity.PostIn{Places: places}, w.tomorrow(0))
		secrets, who := w.crowd(people)
		key := func(i int) string { return fmt.Sprintf("storm-%d", i) }
		storm := race(times*people, func(n int) answer {
			i := n / times
			if n%times == i%times {
				w.hangUp(secrets[i], shift, key(i))
				return answer{}
			}
			return w.as(secrets[i], shift, key(i))
		})
		accepted := 0
		for i, last := range race(people, func(i int) answer { return w.as(secrets[i], shift, key(i)) }) {
			if last.status == http.StatusCreated {
				accepted++
			}
			for _, a := range storm[times*i : times*(i+1)] {
				if a.status == http.StatusCreated && (last.status != a.status || last.field("id") != a.field("id")) {
					t.Errorf("told %s, then %d %s", a.body, last.status, last.body)
				}
			}
			if u, err := roster.SignupOf(t.Context(), d, shift, who[i]); (err == nil) != (last.status == http.StatusCreated) ||
				err == nil && string(u.ID) != last.field("id") {
				t.Errorf("%d %s, and in the book: %v %v", last.status, last.body, u, err)
			}
		}
		all, err := roster.SignupsOf(t.Context(), d, shift)
		if err != nil || len(all) != places || accepted != places || w.get(shift).Taken != places {
			t.Errorf("%d accepted, %d in the book, %d seats taken, %v", accepted, len(all), w.get(shift).Taken, err)
		}
		w.verified()
	})
}

// hangUp sends a sign-up and closes the connection without reading the answer.
func (w *world) hangUp(secret string, shift id.ID, key string) {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Error(err)
		return
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /api/v1/shifts/%s/signups HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nCookie: %s=%s\r\nIdempotency-Key: %s\r\n\r\n",
		shift, page.SessionCookie, secret, key)
	if err != nil {
		w.t.Error(err)
	}
}

// Two shifts of two counties at the same hour, asked for by everybody at once: nobody ever
// stands on both.
func TestNobodyStandsInTwoCountiesAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		const races = 1000
		w := begin(t, d, c)
		here := w.shift("here", activity.Edit{}, activity.PostIn{Places: races}, w.tomorrow(0))
		there := w.shift("there", activity.Edit{}, activity.PostIn{Places: races}, w.tomorrow(1), w.ForeignTeam)
		secrets, _ := w.crowd(races)
		got := tally(race(2*races, func(i int) answer {
			return w.as(secrets[i/2], []id.ID{here, there}[i%2], fmt.Sprintf("race-%d", i))
		}))
		if got["accepted"] != races || got["roster.overlap"] != races {
			t.Errorf("%v", got)
		}
		if a, b := w.get(here).Taken, w.get(there).Taken; a+b != races {
			t.Errorf("%d + %d seats", a, b)
		}
		w.verified()
	})
}
