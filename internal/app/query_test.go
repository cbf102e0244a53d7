package app_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/web/page"
)

// asked is a parameter of a page's address, with an address that has it and who found it.
type asked struct {
	who  page.Visitor
	path string
	name string
}

// odd is what a parameter should not hold: what would change a statement, an order or a page's bounds, and what is no text.
var odd = []string{"'", `"`, "' OR '1'='1", "1; DROP TABLE people_person; --", "name DESC, (SELECT 1)", "1) UNION SELECT name FROM people_person --", "%", "_", "\\", "\x00", "\xff", "$1",
	"-1", "9223372036854775808", "0", "999999999999999999.321281-0000000000000000", "321281-0000000000000000", "2020-02-30", strings.Repeat("长", 3000)}

// TestNoQueryBecomesAStatement: every filter, order, cursor and other parameter of every page takes whatever is written into it for what it
// is: the page answers, or says in words what is wrong.
func TestNoQueryBecomesAStatement(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		city := newSmallCity(t)
		if strings.HasPrefix(dsn, "postgres") {
			if _, err := app.Move(t.Context(), city.dsn, dsn); err != nil {
				t.Fatal(err)
			}
			city.dsn = dsn
		}
		noStatement(t, rehearse(t, city, db.Options{ReadOnly: true}))
	})
}

func noStatement(t *testing.T, s *hostile) {
	found := map[string]asked{}
	note := func(v page.Visitor, address string) {
		pattern := s.pattern(http.MethodGet, address)
		u, err := url.Parse(address)
		if err != nil || pattern == "" || pattern == "/" || strings.HasSuffix(pattern, "/live") {
			return
		}
		for name := range u.Query() {
			if key := pattern + " " + name; found[key].path == "" {
				found[key] = asked{v, address, name}
			}
		}
	}
	s.walk(2, nil, func(v page.Visitor, _, path string, w *httptest.ResponseRecorder) {
		note(v, path)
		doc, err := html.Parse(strings.NewReader(w.Body.String()))
		if err != nil || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			return
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && n.Data == "a" {
				note(v, against(path, attribute(n, "href")))
			}
		}
		for _, f := range formsIn(v, path, doc) {
			if f.method == http.MethodGet {
				at, _, _ := strings.Cut(f.action, "?")
				note(v, at+"?"+f.filled("x", "", true).Encode())
			}
		}
	})
	if len(found) < 80 {
		t.Errorf("only %d parameters were found", len(found))
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		a := found[key]
		u, err := url.Parse(a.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range odd {
			q := u.Query()
			q.Set(a.name, value)
			s.ask(a.who, http.MethodGet, u.Path+"?"+q.Encode(), nil) // fails on whatever breaks
		}
	}
	t.Logf("%d parameters", len(found))
}
