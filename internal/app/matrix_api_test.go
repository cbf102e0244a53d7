package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
)

// bearer is a token's role and where it is one.
type bearer struct {
	role auth.Role
	at   id.ID
}

// machines are the API of the small city, rehearsed only, with a token for every role at every
// place around one station.
type machines struct {
	*testing.T
	h       http.Handler
	around  map[rune]id.ID
	secrets map[bearer]string
	session string // of a volunteer to whom nothing belongs
	calls   map[string][2]string
}

// station is one that has organisations all around it and a shift to come.
const station = `SELECT o.id FROM org_org o JOIN activity_activity a ON a.org = o.id JOIN roster_shift s ON s.home = a.home AND s.activity = a.id
	WHERE s.state = 'open' AND s.starts > 1582900000000 AND EXISTS (SELECT 1 FROM org_org c WHERE c.parent = o.id AND c.state = 'approved' AND c.position > 0)
	AND EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = s.home AND u.shift = s.id AND u.state = 'accepted')
	AND EXISTS (SELECT 1 FROM org_org b WHERE b.parent = o.parent AND b.id <> o.id AND b.state = 'approved') ORDER BY o.id LIMIT 1`

func newMachines(t *testing.T) *machines {
	t.Helper()
	city := newSmallCity(t)
	m := &machines{T: t, secrets: map[bearer]string{}}
	m.prepare(city)
	s := rehearse(t, city, db.Options{Dry: true})
	site := &api.Site{DB: s.d, Keys: s.keys, Figures: s.figures, Stopping: func() bool { return false }, Traffic: api.NewTraffic()}
	mux := http.NewServeMux()
	site.Mount(mux)
	m.h = (&page.Site{DB: s.d, Keys: s.keys}).Chain(mux)
	return m
}

// prepare gives the city its tokens and the volunteer her session, and finds what is asked about.
func (m *machines) prepare(city smallCity) {
	m.Helper()
	a, err := app.Open(m.Context(), app.Config{DSN: city.dsn, Keys: city.keys, Now: dbtest.NewClock().Now})
	if err != nil {
		m.Fatal(err)
	}
	defer a.Close()
	s := &hostile{T: m.T, d: a.DB}
	own := m.one(a.DB, station)
	m.around = s.around(id.ID(own))
	for _, at := range m.around {
		for _, r := range roles {
			secret, err := a.Token(m.Context(), string(at), string(r), "matrix")
			if err != nil {
				m.Fatal(err)
			}
			m.secrets[bearer{r, at}] = secret
		}
	}
	shift := m.one(a.DB, `SELECT s.id FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity WHERE a.org = $1 AND s.state = 'open' AND s.starts > 1582900000000
		AND EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = s.home AND u.shift = s.id AND u.state = 'accepted') ORDER BY s.id LIMIT 1`, own)
	on := m.one(a.DB, `SELECT person FROM roster_signup WHERE home = SUBSTR($1, 1, 6) AND shift = $1 AND state = 'accepted' ORDER BY id LIMIT 1`, shift)
	free := m.one(a.DB, `SELECT id FROM people_person p WHERE state = 'active' AND volunteer AND birth_year < 1995
		AND NOT EXISTS (SELECT 1 FROM roster_signup u WHERE u.person = p.id) ORDER BY id DESC LIMIT 1`)
	of := m.one(a.DB, `SELECT activity FROM roster_shift WHERE home = SUBSTR($1, 1, 6) AND id = $1`, shift)
	m.session = m.signIn(a.DB, s.stranger().Actor.Person)
	m.calls = map[string][2]string{
		"GET /api/v1/activities":                         {"/api/v1/activities"},
		"GET /api/v1/activities/{id}":                    {"/api/v1/activities/" + of},
		"GET /api/v1/figures/{key}":                      {"/api/v1/figures/turns?org=" + own},
		"GET /api/v1/figures/{key}/entries":              {"/api/v1/figures/turns/entries?org=" + own},
		"GET /api/v1/openapi.json":                       {"/api/v1/openapi.json"},
		"GET /api/v1/volunteers":                         {"/api/v1/volunteers?org=" + own},
		"GET /healthz":                                   {"/healthz"},
		"GET /metrics":                                   {"/metrics"},
		"GET /readyz":                                    {"/readyz"},
		"POST /api/v1/shifts/{id}/signups":               {"/api/v1/shifts/" + shift + "/signups", `{"volunteer":"` + free + `"}`},
		"DELETE /api/v1/shifts/{id}/signups/{volunteer}": {"/api/v1/shifts/" + shift + "/signups/" + on, `{"reason":"x"}`},
		"POST /api/v1/shifts/{id}/checkins":              {"/api/v1/shifts/" + shift + "/checkins", `{"volunteer":"` + on + `"}`},
		"POST /api/v1/shifts/{id}/checkouts":             {"/api/v1/shifts/" + shift + "/checkouts", `{"volunteer":"` + on + `"}`},
	}
}

func (m *machines) one(d *db.DB, q string, args ...any) (got string) {
	m.Helper()
	if err := d.QueryRow(m.Context(), q, args...).Scan(&got); err != nil {
		m.Fatalf("%v: %s", err, q)
	}
	return got
}

// signIn gives somebody a volunteer's session.
func (m *machines) signIn(d *db.DB, person id.ID) string {
	m.Helper()
	secret, hash := auth.NewSecret()
	err := d.Write(m.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO people_session (hash, person, kind, created, seen, expires, idle, label, org, role)
			VALUES ($1, $2, 'volunteer', $3, $3, $4, 0, '', '', '')`, hash, person, db.MS(tx.Now), db.MS(tx.Now.Add(time.Hour)))
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
	return secret
}

// ask sends a request with a token, or with a session where the token is "".
func (m *machines) ask(token, session, method, path, body string) *httptest.ResponseRecorder {
	m.Helper()
	r := httptest.NewRequest(method, path, nil)
	if body != "" {
		r = httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if session != "" {
		r.AddCookie(&http.Cookie{Name: page.SessionCookie, Value: session})
	}
	w := httptest.NewRecorder()
	m.h.ServeHTTP(w, r)
	if w.Code >= 500 {
		m.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w
}

// operations are all that the document of the API has.
func (m *machines) operations() (all []string) {
	m.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(m.ask("", "", "GET", "/api/v1/openapi.json", "").Body.Bytes(), &doc); err != nil {
		m.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// TestWhichMachineMayUseWhatWhere: every operation of the API's document, as nobody, as a volunteer, and by
// a token in every role at the record's own station, above, below, beside it, and in another city, has
// the answer that the matrix says. An operation without a row fails.
func TestWhichMachineMayUseWhatWhere(t *testing.T) {
	m := newMachines(t)
	if len(m.around) != len(places) {
		t.Fatalf("there are only %v around the station", m.around)
	}
	rows := readMatrix(t, "testdata/matrix-api.txt")
	for _, op := range m.operations() {
		call, ok := m.calls[op]
		if !ok {
			t.Errorf("%s: no request of it is known", op)
			continue
		}
		method, _, _ := strings.Cut(op, " ")
		try := func(token, session string) bool { return let(m.ask(token, session, method, call[0], call[1])) }
		rows.hold(op, call[0], told(m.around, try("", ""), try("", m.session), func(r auth.Role, at id.ID) bool {
			return try(m.secrets[bearer{r, at}], "")
		}))
	}
	rows.keep()
	for route := range rows.want {
		if _, ok := m.calls[route]; !ok {
			t.Errorf("%s has a row and no operation", route)
		}
	}
}
