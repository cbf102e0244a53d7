package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/bench"
)

// moment is when the city of these tests is made for.
const moment = "2020-02-28T14:26:00+08:00"

// city is a seeded database with its keys.
type city struct {
	dsn, keys string
}

func (c city) args(command string, more ...string) []string {
	return append([]string{command, "--db", c.dsn, "--keys", c.keys}, more...)
}

// One city on each engine, and what an operator does with it.
func TestCity(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		c := city{dsn, filepath.Join(t.TempDir(), "keys")}
		made := tongxin(t, c.args("seed", "--scale", "small", "--seed", "3", "--clock", moment)...).done(t)
		if !strings.Contains(made.out, "anquan") {
			t.Errorf("seed tells nobody who can sign in: %s", made.out)
		}
		tongxin(t, c.args("seed", "--clock", moment)...).refused(t, "seed.not_empty")
		t.Run("verify", c.verifies)
		t.Run("keys", c.wantsItsKeys)
		t.Run("clock", c.wantsItsTime)
		t.Run("token", c.makesTokens)
		t.Run("pages", c.showsPages)
		t.Run("search", c.searches)
		t.Run("stop", c.stops)
		t.Run("corruption", c.findsCorruption)
	})
}

// verifies: the answer for machines has exactly the shape that is promised.
func (c city) verifies(t *testing.T) {
	got := tongxin(t, "verify", "--db", c.dsn, "--json").done(t)
	var loose map[string]any
	if err := json.Unmarshal([]byte(got.out), &loose); err != nil {
		t.Fatal(err)
	}
	checks, _ := loose["checks"].([]any)
	if loose["ok"] != true || len(loose) != 2 || len(checks) < 20 {
		t.Fatalf("verify --json prints %s", got.out)
	}
	for _, one := range checks {
		check, _ := one.(map[string]any)
		_, named := check["name"].(string)
		_, counted := check["checked"].(float64)
		ids, listed := check["ids"].([]any)
		if len(check) != 4 || !named || !counted || !listed || check["broken"] != 0.0 || len(ids) != 0 {
			t.Errorf("a check prints %v", one)
		}
	}
	plain := tongxin(t, "verify", "--db", c.dsn).done(t)
	if !strings.Contains(plain.out, i18n.T(i18n.Chinese, "cmd.verify.holds", "n", len(checks))) {
		t.Errorf("verify prints %s", plain.out)
	}
}

// showsPages: every sort of page is answered without a mistake, before and while people sign up, and
// the answer for machines says what it took. How long it took is not for a test.
func (c city) showsPages(t *testing.T) {
	got := tongxin(t, "bench", "pages", "--db", c.dsn, "--keys", c.keys, "--clients", "4", "--seconds", "0.2", "--soak", "1", "--json").done(t)
	var r bench.Pages
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Start <= 0 || r.Roster < 20 || r.Orgs < 100 || len(r.Pages) != 7 || r.Memory.Resident <= 0 || r.Memory.Model <= 0 || r.Memory.Files <= 0 {
		t.Errorf("bench pages tells %s", got.out)
	}
	for _, p := range r.Pages {
		if p.Errors != 0 || p.Rate <= 0 || p.P99 < p.P50 || p.KB <= 0 {
			t.Errorf("%+v", p)
		}
	}
	if s := r.Soak; s == nil || s.Errors != 0 || !s.VerifyOK || s.Answered <= 0 || len(s.Samples) != 5 {
		t.Errorf("%+v", s)
	}
}

// searches: every sort of question is answered without a mistake.
func (c city) searches(t *testing.T) {
	got := tongxin(t, "bench", "search", "--db", c.dsn, "--keys", c.keys, "--clients", "4", "--seconds", "0.2", "--json").done(t)
	var r bench.Pages
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Pages) != 8 || r.Pages[1].Name != "search" {
		t.Errorf("bench search tells %s", got.out)
	}
	for _, p := range r.Pages {
		if p.Errors != 0 || p.Rate <= 0 || p.P99 < p.P50 || p.KB <= 0 {
			t.Errorf("%+v", p)
		}
	}
}

// wantsItsKeys: without its keys, or with another's, it does not start, and says why.
func (c city) wantsItsKeys(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other")
	serve := func(keys string) said {
		return tongxin(t, "serve", "--db", c.dsn, "--keys", keys, "--addr", "127.0.0.1:0", "--clock", moment)
	}
	serve(other).refused(t, "crypt.keys_missing", "path", other)
	if _, err := os.Stat(other); err == nil {
		t.Error("new keys were made for a database that has its own")
	}
	tongxin(t, "serve", "--db", "file:"+filepath.Join(t.TempDir(), "b.db"), "--keys", other, "--addr", "127.0.0.1:0", "--clock", "never").refused(t, "config.clock")
	start(t, "serve", "--db", "file:"+filepath.Join(t.TempDir(), "c.db"), "--keys", other, "--addr", "127.0.0.1:0").end()
	serve(other).refused(t, "crypt.keys_wrong", "path", other)
	write(t, other, "{}")
	serve(other).refused(t, "crypt.keys_damaged", "path", other)
	if err := os.Chmod(c.keys, 0o644); err != nil {
		t.Fatal(err)
	}
	serve(c.keys).refused(t, "crypt.keys_exposed", "path", c.keys)
	if err := os.Chmod(c.keys, 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantsItsTime: a clock behind the last entry of the books is refused in words.
func (c city) wantsItsTime(t *testing.T) {
	got := tongxin(t, c.args("serve", "--addr", "127.0.0.1:0", "--clock", "2020-02-28T09:00:00+08:00")...)
	if got.code != 1 || !strings.Contains(got.err, "2020-02-28T14:2") || !strings.Contains(got.err, "2020-02-28T09:00:00+08:00") || strings.Contains(got.err, "clock.behind") {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}

func (c city) makesTokens(t *testing.T) {
	tongxin(t, c.args("token", "--org", "城东街道新时代文明实践所", "--role", "leader")...).done(t)
	secret := strings.TrimSpace(tongxin(t, c.args("token", "--org", "320000", "--role", "admin")...).done(t).out)
	s := start(t, c.args("serve", "--addr", "127.0.0.1:0", "--log", "json", "--clock", "2020-02-28T14:40:00+08:00")...)
	for bearer, want := range map[string]int{secret: http.StatusOK, "guessed": http.StatusUnauthorized} {
		r, err := http.NewRequest("GET", s.url+"/api/v1/volunteers", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+bearer)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("a token gets %d, not %d", answer.StatusCode, want)
		}
	}
	if strings.HasPrefix(c.dsn, "file:") {
		tongxin(t, c.args("token", "--org", "320000", "--role", "admin")...).refused(t, "cmd.beside")
	}
	s.end()
	if log := s.errs.String(); strings.Contains(log, secret) || !strings.Contains(log, `"route":"GET /api/v1/volunteers"`) {
		t.Errorf("the log has the secret, or not the request: %s", log)
	}
}

// stops: a stop in the middle of writes loses nothing that was acknowledged, and does nothing
// twice.
func (c city) stops(t *testing.T) {
	secret := strings.TrimSpace(tongxin(t, c.args("token", "--org", "320000", "--role", "admin")...).done(t).out)
	shifts, people := c.pairs(t)
	s := start(t, c.args("serve", "--addr", "127.0.0.1:0", "--log", "none", "--clock", "2020-02-28T15:00:00+08:00")...)
	var (
		mu    sync.Mutex
		kept  = map[[2]id.ID]bool{} // shift and person of each sign-up that was acknowledged
		began = make(chan bool, 9)
		all   sync.WaitGroup
	)
	for worker := range 8 {
		all.Go(func() {
			defer func() { began <- false }()
			for n := worker; n < len(shifts)*len(people); n += 8 {
				shift, person := shifts[n%len(shifts)], people[n/len(shifts)]
				status, err := s.signUp(secret, shift, person, n)
				if err != nil || status == http.StatusServiceUnavailable {
					return // it has stopped
				}
				if status != http.StatusCreated {
					continue
				}
				mu.Lock()
				kept[[2]id.ID{shift, person}] = true
				if len(kept) == 24 {
					began <- true
				}
				mu.Unlock()
			}
		})
	}
	if !<-began {
		t.Fatalf("only %d sign-ups were acknowledged", len(kept))
	}
	got := s.stop(syscall.SIGTERM)
	all.Wait()
	got.done(t)
	c.kept(t, kept)
	if got := tongxin(t, "verify", "--db", c.dsn); got.code != 0 {
		t.Errorf("after the stop: %s", got.out)
	}
}

// signUp asks for a place on a shift for a volunteer.
func (s *server) signUp(secret string, shift, person id.ID, n int) (int, error) {
	body := fmt.Sprintf(`{"volunteer":%q}`, person)
	r, err := http.NewRequest("POST", s.url+"/api/v1/shifts/"+string(shift)+"/signups", bytes.NewBufferString(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprint("stop-", n))
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// pairs are shifts that take people and people who may be taken.
func (c city) pairs(t *testing.T) (shifts, people []id.ID) {
	t.Helper()
	d := c.open(t)
	defer d.Close()
	now := "1582900000000" // that evening
	for q, to := range map[string]*[]id.ID{
		`SELECT s.id FROM roster_shift s WHERE s.state = 'open' AND s.starts > ` + now + ` ORDER BY s.id`:                                     &shifts,
		`SELECT p.id FROM people_person p WHERE p.state = 'active' AND p.volunteer AND p.guardian = '' AND p.birth_year < 1995 ORDER BY p.id`: &people,
	} {
		rows, err := d.Query(t.Context(), q)
		all, err := db.Collect(rows, err, db.Value[id.ID])
		if err != nil {
			t.Fatal(err)
		}
		*to = all
	}
	if len(shifts) < 20 || len(people) < 100 {
		t.Fatalf("%d shifts, %d people", len(shifts), len(people))
	}
	return shifts, people
}

// kept wants every acknowledged sign-up to be there once.
func (c city) kept(t *testing.T, want map[[2]id.ID]bool) {
	t.Helper()
	d := c.open(t)
	defer d.Close()
	for pair := range want {
		var n int
		err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM roster_signup WHERE home = $1 AND shift = $2 AND person = $3`,
			pair[0].Home(), pair[0], pair[1]).Scan(&n)
		if err != nil || n != 1 {
			t.Errorf("the sign-up of %s for %s is there %d times, %v", pair[1], pair[0], n, err)
		}
	}
}

func (c city) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), c.dsn, db.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// findsCorruption: verify names what somebody changed behind the product's back, and ends
// with 1. Each kind of corruption is tried in internal/app.
func (c city) findsCorruption(t *testing.T) {
	d, err := db.Open(t.Context(), c.dsn, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var shift string
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `UPDATE roster_shift SET standby_places = standby_places + 1, standby_taken = standby_taken + 1
			WHERE id = (SELECT MIN(id) FROM roster_shift) RETURNING id`).Scan(&shift)
	})
	if err := firstError(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	got := tongxin(t, "verify", "--db", c.dsn)
	if got.code != 1 || !strings.Contains(got.out, shift) || !strings.Contains(got.out, "✗") {
		t.Errorf("exit %d: %s", got.code, got.out)
	}
	got = tongxin(t, "verify", "--db", c.dsn, "--json")
	var v verdict
	if err := json.Unmarshal([]byte(got.out), &v); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, check := range v.Checks {
		found = found || check.Name == "roster.seats" && check.Broken == 1 && slices.Equal(check.IDs, []string{shift})
	}
	if got.code != 1 || v.OK || !found {
		t.Errorf("exit %d: %s", got.code, got.out)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
