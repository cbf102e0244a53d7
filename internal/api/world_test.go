package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tongxin/internal/api"
	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
	"tongxin/internal/work/roster"
)

// world is a planted city behind a real server with the chain of the pages.
type world struct {
	*peopletest.City
	t       *testing.T
	d       *db.DB
	c       *dbtest.Clock
	site    *api.Site
	url     string
	log     *strings.Builder
	stop    atomic.Bool
	figures *figure.Engine

	people  map[string]auth.Actor
	secrets map[string]string // of sessions, by who bears them
	names   map[string]string // what {name} stands for in a request
	seen    func(r *http.Request, status int, kind string, body []byte)
}

func begin(t *testing.T, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	w := &world{City: peopletest.Plant(t, d), t: t, d: d, c: c, log: &strings.Builder{},
		people: map[string]auth.Actor{}, secrets: map[string]string{}, names: map[string]string{}}
	w.Write(activity.Install)
	log := slog.New(slog.NewTextHandler(w.log, nil))
	traffic := api.NewTraffic()
	engine, err := figure.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	w.figures = engine
	w.site = &api.Site{DB: d, Keys: w.Keys, Log: log, Figures: engine, Stopping: w.stop.Load, Traffic: traffic}
	mux := http.NewServeMux()
	w.site.Mount(mux)
	srv := httptest.NewServer(traffic.Count((&page.Site{DB: d, Keys: w.Keys, Log: log}).Chain(mux)))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	for name, at := range map[string]id.ID{"team": w.Team, "station": w.Station, "center": w.Center, "foreign": w.ForeignTeam} {
		w.names[name] = string(at)
	}
	for who, at := range map[string]struct {
		org  id.ID
		role auth.Role
	}{"leader": {w.Team, auth.Leader}, "admin": {w.Station, auth.Admin}, "abroad": {w.ForeignTeam, auth.Leader}} {
		w.token(who, at.org, at.role)
	}
	return w
}

// token makes a machine's token for a role.
func (w *world) token(who string, at id.ID, role auth.Role) {
	w.t.Helper()
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		secret, person, err := people.NewToken(ctx, tx, w.Keys, auth.System, people.Token{Org: at, Role: role, Label: who})
		w.secrets[who] = secret
		w.people[who] = auth.Actor{Person: person, Grants: []auth.Grant{{Org: at, Role: role}}, Via: auth.API}
		return err
	})
}

// volunteer joins an adult, with a session and a volunteer number.
func (w *world) volunteer(who, name string) auth.Actor {
	w.t.Helper()
	form := w.Form(name, w.Phone())
	var s people.Started
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = people.Join(ctx, tx, w.Keys, auth.Actor{Via: auth.Web}, form)
		return err
	})
	p, err := people.Get(w.t.Context(), w.d, s.Person)
	if err != nil {
		w.t.Fatal(err)
	}
	w.secrets[who], w.names[who], w.names[who+"-no"] = s.Secret, string(s.Person), p.No
	w.people[who] = auth.Actor{Person: s.Person, Via: auth.Web}
	return w.people[who]
}

// shift publishes an activity of the team, or of the team in the other county, with one
// shift. It is called name, and its activity name-activity.
func (w *world) shift(name string, in activity.Edit, post activity.PostIn, starts time.Time, of ...id.ID) id.ID {
	w.t.Helper()
	at := w.Team
	if len(of) > 0 {
		at = of[0]
	}
	all, err := activity.Services(w.t.Context(), w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if s.Slug == "cleaning" {
			in.Service = s.ID
		}
	}
	in.Title, in.Content, in.Place, in.Conditions, in.How = "打扫楼道 "+name, "打扫公共楼道", "社区北门", "身体健康", "本页报名"
	in.Risks, in.Protection, in.Contact = "地面湿滑", "手套、口罩", "0523-86880000"
	if in.Signup == "" {
		in.Signup = activity.SignupOpen
	}
	post.Name = "清洁"
	var s roster.Shift
	var a id.ID
	by := auth.Actor{Person: w.people["leader"].Person, Grants: []auth.Grant{{Org: w.Province, Role: auth.Admin}}, Via: auth.Web}
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		if a, err = activity.Create(ctx, tx, by, at, in); err != nil {
			return err
		}
		p, err := activity.AddPost(ctx, tx, by, a, 1, post)
		if err != nil {
			return err
		}
		if s, err = roster.AddShift(ctx, tx, by, a, roster.Plan{Post: p, Starts: starts, Ends: starts.Add(2 * time.Hour), PostStandbys: true}); err != nil {
			return err
		}
		return roster.Submit(ctx, tx, by, a)
	})
	second := auth.Actor{Person: w.people["admin"].Person, Grants: []auth.Grant{{Org: w.Province, Role: auth.Admin}}, Via: auth.Web}
	w.Write(func(ctx context.Context, tx *db.Tx) error { return roster.Approve(ctx, tx, second, a) })
	w.names[name], w.names[name+"-activity"] = string(s.ID), string(a)
	return s.ID
}

// tomorrow is a moment at which shifts of these tests begin.
func (w *world) tomorrow(hours int) time.Time {
	return w.c.Now().Truncate(time.Hour).Add(time.Duration(24+hours) * time.Hour)
}

// crowd makes n adults with sessions, quickly; their secrets come back.
func (w *world) crowd(n int) (secrets []string, who []id.ID) {
	w.t.Helper()
	secrets, who = make([]string, n), make([]id.ID, n)
	w.Write(func(_ context.Context, tx *db.Tx) error {
		for i := range n {
			secret, hash := auth.NewSecret()
			p := tx.NewID(w.Station.Home())
			secrets[i], who[i] = secret, p
			if _, err := tx.Exec(`INSERT INTO people_person (home, id, no, birth_year, adult_on, area, station, category, state, volunteer, created)
				VALUES ($1, $2, $3, 1980, '1998-05-01', $4, $5, $6, 'active', TRUE, 0)`, p.Home(), p, "crowd"+string(p),
				int64(orgtest.StationArea), w.Station, w.Category("public")); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO people_session (hash, person, kind, created, seen, expires, idle, label, org, role)
				VALUES ($1, $2, 'volunteer', $3, $3, $4, 0, '', '', '')`, hash, p, db.MS(tx.Now), db.MS(tx.Now.Add(time.Hour))); err != nil {
				return err
			}
		}
		return nil
	})
	return secrets, who
}

// client keeps as many connections as a race has requests under way.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce}}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// field is a value of the body, by its path: "errors.0.code".
func (a answer) field(path string) string {
	var v any
	if json.Unmarshal(a.body, &v) != nil {
		return ""
	}
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// ask sends a request as somebody; {name} in the URL and the body stands for an id.
func (w *world) ask(as, method, url, body string, headers ...string) answer {
	w.t.Helper()
	a, err := w.send(w.t.Context(), as, method, w.fill(url), w.fill(body), headers...)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) fill(s string) string {
	for name, stands := range w.names {
		s = strings.ReplaceAll(s, "{"+name+"}", stands)
	}
	return s
}

func (w *world) send(ctx context.Context, as, method, url, body string, headers ...string) (answer, error) {
	var sent io.Reader
	if body != "" {
		sent = bytes.NewReader([]byte(body))
	}
	r, err := http.NewRequestWithContext(ctx, method, w.url+url, sent)
	if err != nil {
		return answer{}, err
	}
	if secret := w.secrets[as]; secret != "" {
		if _, grants := w.people[as]; grants && len(w.people[as].Grants) > 0 {
			r.Header.Set("Authorization", "Bearer "+secret)
		} else {
			r.AddCookie(&http.Cookie{Name: page.SessionCookie, Value: secret})
		}
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if w.seen != nil && err == nil {
		w.seen(r, res.StatusCode, res.Header.Get("Content-Type"), text)
	}
	return answer{res.StatusCode, res.Header, text}, err
}

func (w *world) id(name string) id.ID { return id.ID(w.names[name]) }

// draft begins an activity that nobody may see yet.
func (w *world) draft() string {
	var a id.ID
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err := activity.Services(ctx, tx)
		if err != nil {
			return err
		}
		a, err = activity.Create(ctx, tx, auth.System, w.Team, activity.Edit{Title: "还没写完", Service: all[0].ID, Signup: activity.SignupOpen})
		return err
	})
	return string(a)
}

// guess gives wrong codes until no more are taken.
func (w *world) guess(who, url string) {
	w.t.Helper()
	for range 10 {
		if a := w.ask(who, "POST", url, `{"code":"{wrong}"}`); a.status != 422 {
			w.t.Fatalf("a wrong code: %d %s", a.status, a.body)
		}
	}
}

// seal numbers what PostgreSQL's closures left unnumbered.
func (w *world) seal() {
	w.t.Helper()
	for _, b := range []*chain.Book{ledger.Book(), audit.Book()} {
		if _, err := b.Seal(w.t.Context(), w.d, "test"); err != nil {
			w.t.Fatal(err)
		}
	}
}

// reckon makes figures know what has happened.
func (w *world) reckon() {
	w.t.Helper()
	w.seal()
	if err := w.figures.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}
