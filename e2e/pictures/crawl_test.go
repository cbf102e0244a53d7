package main

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestWalk: each page is found once at a real address by following links, by the first who may see it; the pages where
// somebody begins may be drawn as hers; files and what sends on are not drawn, other sites and refusals are no pages; what nothing leads to is told.
func TestWalk(t *testing.T) {
	pages := map[string]string{
		"/{$}":             `<a href="/activities">A</a><a class="b" href='x'>no</a><a href="https://elsewhere.example/">E</a><a href="/desk">D</a>`,
		"/activities":      `<a href="/activities/321281-a?from=list&amp;n=1">1</a> <a href="/activities/321281-b">2</a><a href="/activities?page=2">next</a>`,
		"/activities/{id}": `<a href="../rota.csv">download</a><a href="/old">gone</a>`,
		"/rota.csv":        "a,b",
		"/desk/list":       `<a href="/desk/people">P</a>`,
		"/desk/people":     "people",
		"/forgotten":       "nobody links here",
	}
	var patterns []string
	mux := http.NewServeMux()
	for path, body := range pages {
		patterns = append(patterns, "GET "+path)
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("session"); err != nil && strings.HasPrefix(path, "/desk") {
				http.Redirect(w, r, "/", http.StatusSeeOther)
				return
			}
			kind := "text/html; charset=utf-8"
			if path == "/rota.csv" {
				kind = "text/csv"
			}
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, body)
		})
	}
	patterns = append(patterns, "GET /desk")
	mux.HandleFunc("GET /desk", func(w http.ResponseWriter, r *http.Request) {
		to := "/sign-in"
		if _, err := r.Cookie("session"); err == nil {
			to = "/desk/list"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	})
	mux.HandleFunc("GET /sign-in", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("GET /in", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s", Path: "/"})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	staff := &http.Client{Jar: jar}
	answer, err := staff.Get(server.URL + "/in")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()

	r := newRoutes(append(patterns, "POST /activities", "/"))
	seen := map[string]bool{}
	var drawn []string
	for _, w := range []walker{
		{who: "visitor", base: server.URL, start: "/", client: &http.Client{}},
		{who: "leader", base: server.URL, start: "/", own: true, client: staff},
		{who: "reviewer", base: server.URL, start: "/desk", own: true, client: staff},
	} {
		stops, err := w.walk(t.Context(), r, seen)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stops {
			drawn = append(drawn, s.title()+" "+s.path)
			if (len(s.cookies) > 0) != (s.who != "visitor") {
				t.Errorf("%s has the cookies %v", s.who, s.cookies)
			}
		}
	}
	want := []string{"visitor-home /", "visitor-activities /activities", "visitor-activities-id /activities/321281-a?from=list&n=1",
		"leader-home /", "leader-desk-list /desk/list", "leader-desk-people /desk/people", "reviewer-desk-list /desk/list"}
	if !slices.Equal(drawn, want) {
		t.Errorf("draws %q\nwant  %q", drawn, want)
	}
	if unseen := r.unseen(seen); !slices.Equal(unseen, []string{"GET /forgotten"}) {
		t.Errorf("unseen: %q", unseen)
	}
}
