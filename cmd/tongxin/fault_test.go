package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

// rounds is how often a fault is made: make faults asks for a hundred.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TONGXIN_FAULT_ROUNDS")
	if text == "" {
		return 5 // on each engine
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// load is what several clients ask for at once, each request with a key of its own, and what they
// were answered.
type load struct {
	c              city
	secret         string
	shifts, people []id.ID

	mu       sync.Mutex
	answered map[int]int // status by number; 0: asked, and never told
	untold   int         // requests that failed, or left the outcome open
}

const (
	clients  = 8
	evening  = "2020-02-28T15:00:00+08:00"
	later    = "2020-02-28T16:00:00+08:00"
	enough   = 400 // requests of a round, if nothing happens
	patience = 20 * time.Second
)

// seeded makes a city to spoil, and a load for it.
func seeded(t *testing.T, dsn string) *load {
	t.Helper()
	c := city{dsn, filepath.Join(t.TempDir(), "keys")}
	tongxin(t, c.args("seed", "--scale", "small", "--seed", "3", "--clock", moment)...).done(t)
	l := &load{c: c, secret: strings.TrimSpace(tongxin(t, c.args("token", "--org", "320000", "--role", "admin")...).done(t).out)}
	l.shifts, l.people = c.pairs(t)
	return l
}

// again is the same load for a fresh copy of its city.
func (l *load) again(t *testing.T, name string) *load {
	t.Helper()
	to, err := db.Beside(l.c.dsn, name)
	if err == nil {
		err = db.Copy(t.Context(), l.c.dsn, to)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Remove(context.Background(), to); err != nil {
			t.Error(err)
		}
	})
	return &load{c: city{to, l.c.keys}, secret: l.secret, shifts: l.shifts, people: l.people, answered: map[int]int{}}
}

func (l *load) serve(t *testing.T, clock string) *server {
	t.Helper()
	return start(t, l.c.args("serve", "--addr", "127.0.0.1:0", "--log", "none", "--clock", clock)...)
}

// ask sends request n and remembers the answer. An answer that leaves the outcome open is none.
func (l *load) ask(s *server, n int) (told bool) {
	shift, person := l.shifts[n%len(l.shifts)], l.people[n*7%len(l.people)]
	status, err := s.signUp(l.secret, shift, person, n)
	if err != nil || status >= 500 {
		status = 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == 0 {
		l.untold++
	}
	if was := l.answered[n]; was == 0 {
		l.answered[n] = status
	}
	return status != 0
}

// acknowledged counts the requests that were accepted.
func (l *load) acknowledged() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, status := range l.answered {
		if status == http.StatusCreated {
			n++
		}
	}
	return n
}

// run has the clients ask until the server is gone or nothing is left, and calls at once when so
// many were accepted. patient clients ask again until they are told.
func (l *load) run(s *server, when int, at func(), patient bool) {
	var once sync.Once
	var all sync.WaitGroup
	for worker := range clients {
		all.Go(func() {
			for n := worker; n < enough; n += clients {
				for began := time.Now(); !l.ask(s, n); {
					if !patient || time.Since(began) > patience {
						return
					}
				}
				if l.acknowledged() >= when {
					once.Do(at)
				}
			}
		})
	}
	all.Wait()
}

// holds asks everything again with the same keys, of a server that runs: whoever was told is told
// the same, and everyone is told now. Then everything accepted is there once, and verify passes.
func (l *load) holds(t *testing.T, s *server) {
	t.Helper()
	before := map[int]int{}
	for n, status := range l.answered {
		before[n] = status
	}
	for n, was := range before {
		shift, person := l.shifts[n%len(l.shifts)], l.people[n*7%len(l.people)]
		now, err := s.signUp(l.secret, shift, person, n)
		if err != nil || now >= 500 || was == http.StatusCreated && now != was {
			t.Errorf("request %d was answered %d, and now %d, %v", n, was, now, err)
		}
		l.answered[n] = now
	}
	s.end()
	kept := map[[2]id.ID]bool{}
	for n, status := range l.answered {
		if status == http.StatusCreated {
			kept[[2]id.ID{l.shifts[n%len(l.shifts)], l.people[n*7%len(l.people)]}] = true
		}
	}
	if len(kept) < 10 {
		t.Errorf("only %d sign-ups were accepted: too few to say anything", len(kept))
	}
	l.c.kept(t, kept)
	l.c.figureHolds(t)
	if got := tongxin(t, "verify", "--db", l.c.dsn); got.code != 0 {
		t.Errorf("verify: %s", got.out)
	}
}

// figureHolds wants a figure to come out as the living facts of its kind, counted by SQL.
func (c city) figureHolds(t *testing.T) {
	t.Helper()
	d := c.open(t)
	defer d.Close()
	var want int64
	err := d.QueryRow(t.Context(), `SELECT COALESCE(SUM(f.qty), 0) FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		WHERE k.key = 'roster.signed_up' AND f.seq IS NOT NULL`).Scan(&want) // a reversal negates what it takes back
	if err != nil {
		t.Fatal(err)
	}
	var told struct{ Value int64 }
	if err := json.Unmarshal([]byte(tongxin(t, "figure", "signups", "--db", c.dsn, "--json").done(t).out), &told); err != nil {
		t.Fatal(err)
	}
	if told.Value != want || want == 0 {
		t.Errorf("%d sign-ups are told, %d are in the ledger", told.Value, want)
	}
}

// kill -9 at any moment under load.
func TestKilled(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		whole := seeded(t, dsn)
		for round := range rounds(t) {
			l := whole.again(t, fmt.Sprintf("killed%d_%d", os.Getpid(), round))
			s := l.serve(t, evening)
			l.run(s, 15+rand.IntN(60), func() { s.c.Process.Kill() }, false)
			<-s.rest
			s.c.Wait()
			s.ended = true
			l.holds(t, l.serve(t, later))
		}
	})
}

// A backup taken, a figure told and a verification made beside a server under load, and a second
// server refused: the load does not mind, and the backup is one moment of it.
func TestBesideAServer(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		l := seeded(t, dsn).again(t, fmt.Sprintf("beside%d", os.Getpid()))
		s := l.serve(t, evening)
		file := filepath.Join(t.TempDir(), "city.backup")
		l.run(s, 20, func() {
			tongxin(t, "backup", file, "--db", l.c.dsn).done(t)
			tongxin(t, "figure", "signups", "--db", l.c.dsn).done(t)
			tongxin(t, "verify", "--db", l.c.dsn).done(t)
			if got := tongxin(t, l.c.args("doctor")...); got.code > 1 || !strings.Contains(got.out, l.c.keys) { // a test's PostgreSQL keeps nothing, which is wrong
				t.Errorf("doctor: exit %d, %s%s", got.code, got.out, got.err)
			}
			if path, ok := strings.CutPrefix(l.c.dsn, "file:"); ok {
				tongxin(t, l.c.args("serve", "--addr", "127.0.0.1:0", "--clock", evening)...).refused(t, "db.locked", "file", path)
			}
		}, false)
		l.holds(t, s)
		tongxin(t, "backup", file, "--db", l.c.dsn).refused(t, "app.backup_there", "file", file)
		tongxin(t, "backup", "--check", file).done(t)
		restored := "file:" + filepath.Join(t.TempDir(), "restored.db")
		tongxin(t, "restore", file, "--db", restored, "--keys", l.c.keys).done(t)
		tongxin(t, "verify", "--db", restored).done(t)
		r := city{restored, l.c.keys}
		start(t, r.args("serve", "--addr", "127.0.0.1:0", "--clock", later)...).end()
	})
}

// PostgreSQL ends every connection, again and again, under load.
func TestBackendsTerminated(t *testing.T) {
	dsn := dbtest.DSN(t, db.Postgres)
	l := seeded(t, dsn).again(t, fmt.Sprintf("terminated%d", os.Getpid()))
	admin := dbtest.Reopen(t, dsn, db.Options{})
	name := l.c.dsn[strings.LastIndex(l.c.dsn, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	s := l.serve(t, evening)
	over, ended := make(chan struct{}), 0
	var killer sync.WaitGroup
	killer.Go(func() {
		for next := 5; ; {
			select {
			case <-over:
				return
			default:
			}
			if l.acknowledged() >= next {
				var n int
				if err := admin.QueryRow(t.Context(), `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1`, name).Scan(&n); err != nil {
					t.Error(err)
					return
				}
				ended += n
				next += 12
			}
		}
	})
	l.run(s, enough, func() {}, true)
	close(over)
	killer.Wait()
	if ended < clients {
		t.Errorf("only %d connections were ended", ended)
	}
	l.holds(t, s)
}

// PostgreSQL stops as at a crash and starts again, under load.
func TestPostgresRestarted(t *testing.T) {
	p := startPostgres(t)
	whole := seeded(t, p.dsn)
	for round := range max(1, rounds(t)/5) {
		l := whole.again(t, fmt.Sprintf("restarted%d", round))
		s := l.serve(t, evening)
		l.run(s, 10+rand.IntN(60), func() { p.restart(t) }, true)
		l.holds(t, s)
	}
}

// Two servers on one PostgreSQL, each asked to write and each telling figures: both come to the
// same, soon, and to what the command line reckons from the ledger.
func TestTwoServers(t *testing.T) {
	l := seeded(t, dbtest.DSN(t, db.Postgres)).again(t, fmt.Sprintf("two%d", os.Getpid()))
	both := []*server{l.serve(t, evening), l.serve(t, "2020-02-28T15:00:20+08:00")}
	var writing sync.WaitGroup
	for i, s := range both {
		writing.Go(func() {
			for n := i; n < 120; n += 2 {
				l.ask(s, n)
			}
		})
	}
	writing.Wait()
	for _, key := range []string{"signups", "fill_rate", "turns", "volunteers_taking_part", "minutes"} {
		told := tongxin(t, "figure", key, "--db", l.c.dsn, "--org", "320000", "--by", "org", "--json").done(t).out
		for i, s := range both {
			if got := s.figure(t, l.secret, key, seqOf(t, told)); got != timeless(told) {
				t.Errorf("server %d says\n%s\nand the ledger\n%s", i, got, timeless(told))
			}
		}
	}
	both[1].end()
	l.holds(t, both[0])
}

// figure asks, as of the fact of that number, until the server knows of it.
func (s *server) figure(t *testing.T, secret, key string, seq int64) string {
	t.Helper()
	for began := time.Now(); ; {
		r, err := http.NewRequest("GET", s.url+"/api/v1/figures/"+key+"?by=org&as-of=seq:"+strconv.FormatInt(seq, 10), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode == http.StatusOK && seqOf(t, string(body)) == seq {
			return timeless(string(body))
		}
		if time.Since(began) > patience {
			t.Fatalf("%d: %s", answer.StatusCode, body)
		}
	}
}

// seqOf is as of which fact a figure is told.
func seqOf(t *testing.T, told string) int64 {
	t.Helper()
	var f struct {
		AsOf struct{ Seq int64 } `json:"as_of"`
	}
	if err := json.Unmarshal([]byte(told), &f); err != nil {
		t.Fatal(err)
	}
	return f.AsOf.Seq
}

var momentRe = regexp.MustCompile(`"time":"[^"]*"|"\$schema":"[^"]*",?|\s`)

// timeless is a figure without the moment at which it was told.
func timeless(told string) string { return momentRe.ReplaceAllString(told, "") }
