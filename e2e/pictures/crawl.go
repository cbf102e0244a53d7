package main

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// routes tells which page an address is, from the table of all URLs.
type routes struct {
	mux   *http.ServeMux
	pages []string // patterns of pages, as "GET /activities/{id}"
}

// newRoutes takes the patterns that are asked for with GET; the rest are no pages, nor are streams of events.
func newRoutes(patterns []string) routes {
	r := routes{mux: http.NewServeMux()}
	for _, p := range patterns {
		if method, path, ok := strings.Cut(p, " "); ok && method == http.MethodGet && path != "/" && !strings.HasSuffix(path, "/live") {
			r.mux.HandleFunc(p, func(http.ResponseWriter, *http.Request) {})
			r.pages = append(r.pages, p)
		}
	}
	slices.Sort(r.pages)
	return r
}

// of is the pattern of a path, empty where none fits.
func (r routes) of(path string) string {
	target, err := url.ParseRequestURI(path)
	if err != nil {
		return ""
	}
	_, pattern := r.mux.Handler(&http.Request{Method: http.MethodGet, URL: target, Host: "localhost"})
	return pattern
}

// walker is somebody who follows the links that she sees.
type walker struct {
	who    string
	base   string
	start  string // where she begins
	own    bool   // that page is drawn as hers, whoever was there before
	client *http.Client
}

var linkRe = regexp.MustCompile(`(?s)<a\s[^>]*?href="([^"]*)"`)

// mostPages bounds a walk, since links with filters never end; perPage how many addresses of one page are followed, since a
// draft leads elsewhere than what is published.
const (
	mostPages = 400
	perPage   = 12
)

// walk follows links breadth first, to one address of each page, and returns the stops to draw: the pages that are not yet
// in seen, to which it adds them. A file that a link leads to is seen and not drawn; so is an address that sends on to another.
func (w walker) walk(ctx context.Context, r routes, seen map[string]bool) ([]stop, error) {
	var stops []stop
	queue, known, visited := []string{w.start}, map[string]bool{}, map[string]int{}
	own := w.start
	for len(queue) > 0 && len(known) < mostPages {
		path := queue[0]
		queue = queue[1:]
		pattern := r.of(path)
		if pattern == "" || known[path] || visited[pattern] == perPage {
			continue
		}
		known[path] = true
		got, err := w.get(ctx, path)
		if err != nil {
			return nil, err
		}
		if got.is == nothing {
			continue
		}
		if got.is == sentOn && path == own {
			own = got.to
		}
		visited[pattern]++
		if got.is == aPage && (!seen[pattern] || w.own && path == own) {
			stops = append(stops, stop{who: w.who, path: path, pattern: pattern, cookies: w.cookies()})
		}
		seen[pattern] = true
		queue = append(queue, got.leads...)
	}
	return stops, nil
}

// kind is what an address answers.
type kind int

const (
	nothing kind = iota // a refusal, or the way to the door
	aPage
	aFile
	sentOn // to another page
)

// answer is what an address answers, and the paths of this site to which it leads.
type answer struct {
	is    kind
	to    string // where it sent on to
	leads []string
}

// get asks for an address.
func (w walker) get(ctx context.Context, path string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, nil)
	if err != nil {
		return answer{}, err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	at := response.Request.URL
	switch {
	case response.StatusCode >= 500:
		return answer{}, fmt.Errorf("%s answers %s to %s", path, response.Status, w.who)
	case response.StatusCode != http.StatusOK || at.RequestURI() != path && strings.HasSuffix(at.Path, "/sign-in"):
		return answer{}, nil
	case at.RequestURI() != path:
		return answer{is: sentOn, to: at.RequestURI(), leads: []string{at.RequestURI()}}, nil
	case !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html"):
		return answer{is: aFile}, nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 8<<20))
	return answer{is: aPage, leads: w.links(path, string(text))}, err
}

// links are the paths of this site that a page leads to.
func (w walker) links(path, body string) (paths []string) {
	from, err := url.Parse(w.base + path)
	if err != nil {
		return nil
	}
	for _, m := range linkRe.FindAllStringSubmatch(body, -1) {
		to, err := from.Parse(html.UnescapeString(m[1]))
		if err != nil || to.Host != from.Host || to.Scheme != from.Scheme {
			continue
		}
		paths = append(paths, to.RequestURI())
	}
	return paths
}

func (w walker) cookies() []*http.Cookie {
	at, err := url.Parse(w.base)
	if err != nil || w.client.Jar == nil {
		return nil
	}
	return w.client.Jar.Cookies(at)
}

// unseen lists the pages that nobody's links lead to.
func (r routes) unseen(seen map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(r.pages), func(p string) bool { return seen[p] })
}
