package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Both kinds, in an empty database and for a moment: what is measured is right, and nothing
// is left behind.
func TestRun(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			for _, kind := range []Kind{SignUp, CheckIn} {
				dsn := dbtest.DSN(t, e)
				o := Options{DSN: dsn, Keys: filepath.Join(t.TempDir(), "test.keys"), Kind: kind, Clients: 4, For: 200 * time.Millisecond}
				r, err := Run(t.Context(), o)
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if r.Errors != 0 || !r.VerifyOK || r.Accepted <= 0 || r.P50 <= 0 || r.P99 < r.P50 || r.LoneCommit <= 0 {
					t.Errorf("%s: %+v", kind, r)
				}
				if (e == db.SQLite) != (r.Ratio != nil && *r.BaseAccepted > 0 && r.CommitsEach < *r.BaseCommitsEach) {
					t.Errorf("%s: ratio %v, commits %v and %v", kind, r.Ratio, r.CommitsEach, r.BaseCommitsEach)
				}
				if path, ok := strings.CutPrefix(dsn, "file:"); ok {
					left, _ := os.ReadDir(filepath.Dir(path))
					for _, f := range left {
						if strings.HasPrefix(f.Name(), "tongxin_bench") {
							t.Errorf("%s left %s", kind, f.Name())
						}
					}
				}
			}
		})
	}
}

// An issue with many figures is written, opened, published and proved.
func TestBulletin(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			r, err := RunBulletin(t.Context(), BulletinOptions{DSN: dbtest.DSN(t, e), Keys: filepath.Join(t.TempDir(), "test.keys"), Figures: 30, Times: 2})
			if err != nil {
				t.Fatal(err)
			}
			if r.Figures != 30 || r.Opened != 2 || r.Open <= 0 || r.Worst < r.Open || r.Published <= 0 || r.Proved <= 0 || !r.Proves {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A list comes in whole while people sign up, and nobody is lost by it.
func TestImport(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			o := ImportOptions{Rows: 300, Options: Options{DSN: dbtest.DSN(t, e), Keys: filepath.Join(t.TempDir(), "test.keys"), Clients: 4, For: 200 * time.Millisecond}}
			r, err := RunImport(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Made != 300 || r.Errors != 0 || !r.VerifyOK || r.Alone <= 0 || r.Along <= 0 || r.Total < r.Read || r.Bytes == 0 || r.Memory <= 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestRunRefusesInWords(t *testing.T) {
	for dsn, key := range map[string]string{
		"file:" + t.TempDir() + "/none.db": "db.missing",
		"nowhere":                          "db.dsn",
	} {
		if _, err := Run(t.Context(), Options{DSN: dsn, Keys: "x", Kind: SignUp, Clients: 1, For: time.Second}); fail.Key(err) != key {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// A stage that is measured says how far the clients get among shifts and people: nobody asks
// for the same twice.
func TestNobodyAsksTwice(t *testing.T) {
	p := &plan{people: make([]person, 60)}
	for i := range p.people {
		p.people[i].secret = string(rune('A' + i))
	}
	shift := func(n int) id.ID {
		return id.ID(strings.Repeat("x", 20) + string(rune('a'+n/26)) + string(rune('a'+n%26)))
	}
	for s := range slots {
		p.cool = append(p.cool, nil)
		for c := range 5 {
			p.cool[s] = append(p.cool[s], shift(s*5+c))
		}
	}
	for i := range hotShifts {
		p.hot = append(p.hot, shift(500+i))
	}
	seen := map[string]bool{}
	for n := range 7 {
		c := &client{wire: &wire{}, b: &bench{Options: Options{Kind: SignUp, Clients: 7}}, p: p, number: n}
		for c.next() {
			head, _, _ := strings.Cut(string(c.out), "\r\nIdempotency-Key")
			if seen[head] {
				t.Fatalf("client %d asks again: %s", n, head)
			}
			seen[head] = true
			c.sent++
		}
	}
	if len(seen) < len(p.people)*slots {
		t.Errorf("%d requests of %d people", len(seen), len(p.people))
	}
}

// A call goes to everybody while people sign up: each is told once, has her delivery, and nobody
// is lost by it.
func TestNotices(t *testing.T) {
	for _, e := range dbtest.Engines {
		t.Run(string(e), func(t *testing.T) {
			o := NoticesOptions{People: 300, Options: Options{DSN: dbtest.DSN(t, e), Keys: filepath.Join(t.TempDir(), "test.keys"), Clients: 4, For: 200 * time.Millisecond}}
			r, err := RunNotices(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.People < 300 || r.Errors != 0 || !r.VerifyOK || r.Alone <= 0 || r.Along <= 0 || r.Queued <= 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}
