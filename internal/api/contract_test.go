package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// contract holds every answer against the document, as a caller reads it.
type contract struct {
	t     *testing.T
	paths map[string]map[string]operation
	reg   huma.Registry
	left  map[string]bool // "POST /api/v1/… 201": documented and not seen yet
}

type operation struct {
	Parameters []struct {
		Name, In string
		Schema   *huma.Schema
	}
	RequestBody *struct {
		Content map[string]struct{ Schema *huma.Schema }
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema *huma.Schema }
	}
}

// read takes the document from the server.
func read(t *testing.T, w *world) *contract {
	t.Helper()
	var doc struct {
		OpenAPI    string
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]*huma.Schema }
	}
	a := w.ask("", "GET", "/api/v1/openapi.json", "")
	if err := json.Unmarshal(a.body, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || a.header.Get("Content-Type") != "application/openapi+json" {
		t.Errorf("OpenAPI %q as %q", doc.OpenAPI, a.header.Get("Content-Type"))
	}
	c := &contract{t: t, paths: doc.Paths, reg: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer), left: map[string]bool{}}
	for name, s := range doc.Components.Schemas {
		s.PrecomputeMessages()
		c.reg.Map()[name] = s
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			for status := range op.Responses {
				if status != "default" {
					c.left[strings.ToUpper(method)+" "+path+" "+status] = true
				}
			}
		}
	}
	w.seen = c.see
	return c
}

// see checks one answer.
func (c *contract) see(r *http.Request, status int, kind string, body []byte) {
	c.t.Helper()
	path, op, ok := c.find(r)
	if !ok {
		return
	}
	at := r.Method + " " + path + " " + strconv.Itoa(status)
	delete(c.left, at)
	want, ok := op.Responses[strconv.Itoa(status)]
	if !ok {
		want, ok = op.Responses["default"]
	}
	if !ok {
		c.t.Errorf("%s is not in the document: %s", at, body)
		return
	}
	kind, _, _ = strings.Cut(kind, ";")
	media, ok := want.Content[kind]
	if !ok {
		c.t.Errorf("%s answers %q, documented are %v", at, kind, want.Content)
		return
	}
	if media.Schema == nil {
		return
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		c.t.Errorf("%s: %v", at, err)
		return
	}
	media.Schema.PrecomputeMessages()
	var res huma.ValidateResult
	huma.Validate(c.reg, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &res)
	for _, err := range res.Errors {
		c.t.Errorf("%s is not as the document says: %v in %s", at, err, body)
	}
}

// find is the documented operation of a request.
func (c *contract) find(r *http.Request) (string, operation, bool) {
	for path, methods := range c.paths {
		op, ok := methods[strings.ToLower(r.Method)]
		if ok && fits(strings.Split(path, "/"), strings.Split(r.URL.Path, "/")) {
			return path, op, true
		}
	}
	return "", operation{}, false
}

func fits(names, steps []string) bool {
	if len(names) != len(steps) {
		return false
	}
	for i, n := range names {
		if n != steps[i] && !strings.HasPrefix(n, "{") {
			return false
		}
	}
	return true
}

func TestEveryAnswerIsAsTheDocumentSays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		seen := read(t, w)
		w.story()
		w.ask("", "GET", "/api/v1/openapi.json", "")
		for what := range seen.left {
			t.Errorf("documented and never seen: %s", what)
		}
	})
}

// The document names what exists and nothing else, and loads nothing from elsewhere.
func TestTheDocument(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := begin(t, d, c)
	doc := read(t, w)
	var all []string
	for path, methods := range doc.paths {
		for method := range methods {
			all = append(all, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(all)
	want := []string{
		"DELETE /api/v1/shifts/{id}/signups/{volunteer}",
		"GET /api/v1/activities",
		"GET /api/v1/activities/{id}",
		"GET /api/v1/figures/{key}",
		"GET /api/v1/figures/{key}/entries",
		"GET /api/v1/openapi.json",
		"GET /api/v1/volunteers",
		"GET /healthz",
		"GET /metrics",
		"GET /readyz",
		"POST /api/v1/shifts/{id}/checkins",
		"POST /api/v1/shifts/{id}/checkouts",
		"POST /api/v1/shifts/{id}/signups",
	}
	if !slices.Equal(all, want) {
		t.Errorf("the document has %v", all)
	}
	for _, url := range []string{"/docs", "/openapi.json", "/schemas/Problem.json", "/api/v1/docs"} {
		if a := w.ask("", "GET", url, ""); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", url, a.status)
		}
	}
}
