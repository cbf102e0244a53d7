package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/live"
	"tongxin/internal/web"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org/orgtest"
)

// town is the whole site over a planted tree of organisations. Who asks is a name given with
// each request; people holds what each name may do.
type town struct {
	*testing.T
	orgtest.Tree
	d      *db.DB
	clock  *dbtest.Clock
	keys   *crypt.Keys
	h      http.Handler
	people map[string]page.Visitor

	figures *figure.Engine
}

// inTown runs the body on each engine.
func inTown(t *testing.T, body func(s *town)) {
	t.Helper()
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) { body(settled(t, d, c, keys)) })
}

// settled is a town in a database.
func settled(t *testing.T, d *db.DB, c *dbtest.Clock, keys *crypt.Keys) *town {
	t.Helper()
	s := &town{T: t, d: d, clock: c, keys: keys, people: map[string]page.Visitor{}}
	if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		s.Tree, err = orgtest.Plant(t.Context(), tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.figures, err = figure.Open(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	hub := live.New(s.figures)
	t.Cleanup(hub.Close)
	s.h = web.New(&page.Site{DB: d, Keys: keys, Figures: s.figures, Live: hub, Authenticate: func(r *http.Request) (page.Visitor, error) {
		return s.people[r.Header.Get("Test-Visitor")], nil
	}})
	return s
}

// settle gives a name to somebody, with roles at organisations.
func (s *town) settle(name string, number byte, grants ...auth.Grant) {
	a := orgtest.Person(number)
	a.Grants = grants
	s.people[name] = page.Visitor{Actor: a, Name: name, Volunteer: len(grants) == 0}
}

// answer is what came back.
type answer struct {
	*town
	request  string
	code     int
	text     string
	location string
	header   http.Header
}

func (s *town) send(who string, r *http.Request) *answer {
	s.Helper()
	r.Header.Set("Test-Visitor", who)
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		s.Fatal(err)
	}
	return &answer{s, who + ": " + r.Method + " " + r.URL.String(), w.Code, string(b), w.Header().Get("Location"), w.Header()}
}

func (s *town) get(who, path string) *answer {
	s.Helper()
	return s.send(who, httptest.NewRequest("GET", path, nil))
}

// post sends a form, as name, value pairs.
func (s *town) post(who, path string, pairs ...string) *answer {
	s.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://example.com")
	return s.send(who, r)
}

// is checks the status and that the page says each of the words.
func (a *answer) is(code int, words ...string) *answer {
	a.Helper()
	if a.code != code {
		a.Errorf("%s: %d, want %d\n%s", a.request, a.code, code, a.words())
	}
	for _, w := range words {
		if !strings.Contains(a.words(), w) {
			a.Errorf("%s: does not say %q:\n%s", a.request, w, a.words())
		}
	}
	if key := regexp.MustCompile(`\b(org|orgs|web|area|ident)\.[a-z_]+\b`).FindString(a.words()); key != "" {
		a.Errorf("%s: shows the message key %s", a.request, key)
	}
	return a
}

// lacks checks that the answer says none of the words, not even in its markup.
func (a *answer) lacks(words ...string) *answer {
	a.Helper()
	for _, w := range words {
		if strings.Contains(a.text, w) {
			a.Errorf("%s: says %q", a.request, w)
		}
	}
	return a
}

// to checks that the answer leads to a path that begins so, and gives the rest of it.
func (a *answer) to(path string) string {
	a.Helper()
	rest, ok := strings.CutPrefix(a.location, path)
	if a.code != http.StatusSeeOther || !ok {
		a.Fatalf("%s: %d to %q, want %s\n%s", a.request, a.code, a.location, path, a.words())
	}
	return rest
}

var (
	tags   = regexp.MustCompile(`(?s)<(script|style|head)\b.*?</(script|style|head)>|<[^>]+>`)
	spaces = regexp.MustCompile(`\s+`)
	value  = regexp.MustCompile(`name="([^"]+)"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="([^"]+)"`)
)

// words are what a person reads.
func (a *answer) words() string {
	return strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(a.text, " "), " "))
}

// field is the value that a form's field has.
func (a *answer) field(name string) string {
	for _, m := range value.FindAllStringSubmatch(a.text, -1) {
		if m[1] == name {
			return m[2]
		}
		if m[4] == name {
			return m[3]
		}
	}
	return ""
}

// at is a path with an id put in for its star.
func at(path string, i id.ID) string { return strings.Replace(path, "*", string(i), 1) }

// reckon makes figures know what has happened.
func (s *town) reckon() {
	s.Helper()
	if _, err := ledger.Book().Seal(s.Context(), s.d, "test"); err != nil {
		s.Fatal(err)
	}
	if err := s.figures.Load(s.Context()); err != nil {
		s.Fatal(err)
	}
}
