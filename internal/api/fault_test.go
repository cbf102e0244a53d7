package api_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/work/activity"
)

// A body that does not say its length is cut off where it becomes too large.
func TestAnEndlessBody(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := begin(t, d, c)
	w.volunteer("ann", "王安")
	w.shift("open", activity.Edit{}, activity.PostIn{Places: 2}, w.tomorrow(0))
	sent := io.MultiReader(strings.NewReader(`{"place":"`), io.LimitReader(letters{}, 3<<20))
	r, err := http.NewRequestWithContext(t.Context(), post, w.url+w.fill(ofOpen+"/signups"), sent)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: w.secrets["ann"]})
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 413 || !strings.Contains(string(body), "api.too_large") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// What is broken on our side is told by a number, which the log has too; the cause stays in
// the log.
func TestWhatIsOursToRepair(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.Write(func(_ context.Context, tx *db.Tx) error {
			_, err := tx.Exec("ALTER TABLE activity_activity RENAME TO activity_gone")
			return err
		})
		a := w.ask(nobody, get, list, "")
		incident := a.field("incident")
		if a.status != 500 || a.field("code") != "error.internal" || incident == "" || incident != a.header.Get("X-Request-Id") {
			t.Errorf("%d %s", a.status, a.body)
		}
		if strings.Contains(string(a.body), "activity_activity") {
			t.Errorf("the cause is told: %s", a.body)
		}
		if log := w.log.String(); !strings.Contains(log, incident) || !strings.Contains(log, "activity_activity") {
			t.Errorf("the log does not tell: %s", log)
		}
	})
}

var (
	sample = regexp.MustCompile(`^(tongxin_[a-z_]+)(\{[a-z]+="[a-z0-9_]+"(?:,[a-z]+="[a-z0-9_]+")*\})? -?[0-9.e+-]+$`)
	remark = regexp.MustCompile(`^# (HELP|TYPE) (tongxin_[a-z_]+) .+$`)
)

// The numbers are in the format that is read, each with its help, and name nobody.
func TestMetrics(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.volunteer("ann", "王安")
		w.ask("ann", get, "/api/v1/nothing", "")
		a := w.ask(nobody, get, "/metrics", "")
		if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain; version=0.0.4") {
			t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
		}
		told, values := map[string]bool{}, map[string]string{}
		for _, line := range strings.Split(strings.TrimSpace(string(a.body)), "\n") {
			if m := remark.FindStringSubmatch(line); m != nil {
				told[m[1]+" "+m[2]] = true
				continue
			}
			m := sample.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("not a sample: %q", line)
				continue
			}
			if !told["HELP "+m[1]] || !told["TYPE "+m[1]] {
				t.Errorf("%s has no help or no type", m[1])
			}
			values[m[1]+m[2]] = line[strings.LastIndexByte(line, ' ')+1:]
		}
		if len(values) < 15 || values[`tongxin_requests_total{status="4xx"}`] != "1" || values["tongxin_requests_running"] != "1" ||
			values["tongxin_commits_total"] == "0" || values["tongxin_facts_sealed_total"] == "" {
			t.Errorf("%v", values)
		}
	})
}

// Guardians act for those in their care.
func TestForAWard(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.names["kid"] = string(w.Ward(w.volunteer("mum", "王安"), "王小", "2008-05-01"))
		w.volunteer("bob", "李波")
		w.shift("soon", activity.Edit{}, activity.PostIn{Places: 3}, w.c.Now().Add(14*60e9))
		w.codes()
		for _, s := range []scenario{
			{name: "another", as: "bob", method: post, url: "/api/v1/shifts/{soon}/signups", body: `{"volunteer":"{kid}"}`, status: 403},
			{name: "her guardian", as: "mum", method: post, url: "/api/v1/shifts/{soon}/signups", body: `{"volunteer":"{kid}"}`, status: 201,
				want: []string{"volunteer={kid}", "state=accepted"}},
			{name: "arrives by the code", as: "mum", method: post, url: arrive, body: `{"volunteer":"{kid}","code":"{code}"}`, status: 201,
				want: []string{"volunteer={kid}", "state=checked_in"}},
			{name: "cannot be withdrawn now", as: "mum", method: del, url: "/api/v1/shifts/{soon}/signups/{kid}", status: 409},
		} {
			w.play(s)
		}
	})
}
