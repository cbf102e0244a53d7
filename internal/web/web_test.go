package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/web"
	"tongxin/internal/web/assets"
	"tongxin/internal/web/page"
)

// The wire of a volunteer's first page, and of all that any of her pages loads.
const (
	firstPage = 30 << 10
	anyPage   = 60 << 10
)

var gallery = []string{"/design", "/design/home", "/design/activity", "/design/checkin", "/design/desk", "/design/form"}

func site(t *testing.T) http.Handler {
	t.Helper()
	d, _ := dbtest.Open(t, db.SQLite)
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	return web.New(&page.Site{DB: d, Keys: keys, Dev: true, DemoClock: true, Authenticate: func(*http.Request) (page.Visitor, error) {
		return page.Visitor{Actor: auth.Actor{Person: "321281-01jd3k8zq4w7c2xv", Grants: []auth.Grant{{Role: auth.Admin}}}, Volunteer: true, Unread: 2, OneFactor: true}, nil
	}})
}

func fetch(t *testing.T, h http.Handler, path, encoding string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	b, _ := io.ReadAll(w.Result().Body)
	return string(b)
}

func TestPagesFitTheWire(t *testing.T) {
	h := site(t)
	for _, path := range gallery {
		packed, text := len(fetch(t, h, path, "gzip")), fetch(t, h, path, "")
		total := packed + 600 // headers
		for _, name := range []string{"app.css", "app.js", "htmx.js", "icon.svg"} {
			if strings.Contains(text, assets.URL(name)) {
				total += assets.Wire(name) + 300
			}
		}
		limit := anyPage
		if path == "/design/home" {
			limit = firstPage
		}
		t.Logf("%-18s page %d, all %d bytes", path, packed, total)
		if total > limit {
			t.Errorf("%s loads %d bytes, %d is the most", path, total, limit)
		}
	}
}

func TestPagesAreWhole(t *testing.T) {
	h := site(t)
	id := regexp.MustCompile(` id="([^"]+)"`)
	for _, path := range gallery {
		text := fetch(t, h, path, "")
		for _, re := range []string{` style=`, `<style`, ` on[a-z]+=`, `<script>`, `(src|href)="(https?:)?//`, `javascript:`} {
			if hit := regexp.MustCompile(re).FindString(text); hit != "" {
				t.Errorf("%s: %q", path, hit)
			}
		}
		seen := map[string]bool{}
		for _, m := range id.FindAllStringSubmatch(text, -1) {
			if seen[m[1]] {
				t.Errorf("%s: two elements with id %s", path, m[1])
			}
			seen[m[1]] = true
		}
		if n := strings.Count(text, "<h1"); n != 1 {
			t.Errorf("%s: %d headings of the first level", path, n)
		}
		if strings.Count(text, `action="/preferences"`) == 0 {
			t.Errorf("%s: no elder switch", path)
		}
		if hit := regexp.MustCompile(`web\.[a-z_.]+`).FindString(text); hit != "" {
			t.Errorf("%s shows the message key %s", path, hit)
		}
	}
}

func TestTheGalleryIsForDevelopment(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	h := web.New(&page.Site{DB: d, Keys: keys})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/design", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("/design: %d", w.Code)
	}
}

func TestMountsStandBesideThePages(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	h := web.New(&page.Site{DB: d}, func(mux *http.ServeMux) {
		mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "ok") })
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/healthz", nil))
	if w.Code != http.StatusOK || w.Body.String() != "ok" || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}
