package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/web"
	"tongxin/internal/web/page"
)

// Every form of the site refuses what another site sends in somebody's name, before anything looks at
// who that is; and nothing but a GET or a POST has a route.
func TestEveryFormRefusesOtherSites(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	reached := ""
	h := web.New(&page.Site{DB: d, Authenticate: func(r *http.Request) (page.Visitor, error) {
		reached = r.Pattern
		return page.Visitor{}, nil
	}})
	wildcard, forms := regexp.MustCompile(`\{[a-z]+\}`), 0
	for _, p := range web.Patterns() {
		method, path, ok := strings.Cut(p, " ")
		if !ok || method == "GET" {
			continue
		}
		if method != "POST" {
			t.Errorf("%s: a browser's form sends GET or POST", p)
		}
		forms++
		path = wildcard.ReplaceAllString(path, "321281-01jd3k8zq4w7c2xv")
		for name, header := range map[string][2]string{
			"another site": {"Sec-Fetch-Site", "cross-site"}, "a subdomain": {"Sec-Fetch-Site", "same-site"},
			"an old browser": {"Origin", "https://elsewhere.example"}, "a sandbox": {"Origin", "null"},
		} {
			reached = ""
			r := httptest.NewRequest(method, path, strings.NewReader("a=1"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(header[0], header[1])
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden || reached != "" || !strings.Contains(w.Body.String(), "来自别的网站") {
				t.Errorf("%s from %s: %d, reached %q", p, name, w.Code, reached)
			}
		}
	}
	if forms < 100 {
		t.Errorf("only %d forms were tried", forms)
	}
}
