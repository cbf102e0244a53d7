package app_test

import (
	"context"
	"flag"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/live"
	"tongxin/internal/seed"
	"tongxin/internal/web"
	"tongxin/internal/web/page"
)

// hostile is the small city, served to whomever a test says, and rehearsed only: what a request
// does is undone, so that each finds everything as it was.
type hostile struct {
	*testing.T
	d         *db.DB
	keys      *crypt.Keys
	figures   *figure.Engine
	h         http.Handler
	who       page.Visitor
	accounts  []seed.Account
	mux       *http.ServeMux // tells the pattern of an address
	patterns  []string
	downloads bool // links to files are followed, too
}

// rehearse serves a city, as o says: for one who only looks, or who does what is then undone.
func rehearse(t *testing.T, city smallCity, o db.Options) *hostile {
	t.Helper()
	o.Now = dbtest.NewClock().Now
	d := dbtest.Reopen(t, city.dsn, o)
	s := &hostile{T: t, d: d, keys: city.open(t), accounts: city.accounts, mux: http.NewServeMux(), patterns: web.Patterns()}
	figures, err := figure.Open(t.Context(), s.d)
	if err == nil {
		err = figures.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s.figures = figures
	hub := live.New(figures)
	t.Cleanup(hub.Close)
	s.h = web.New(&page.Site{DB: s.d, Keys: s.keys, Figures: figures, Live: hub, Authenticate: func(*http.Request) (page.Visitor, error) { return s.who, nil },
		SendCode: func(context.Context, string, string) (string, error) { return "", nil }})
	for _, p := range s.patterns {
		s.mux.HandleFunc(p, func(http.ResponseWriter, *http.Request) {})
	}
	return s
}

// ask sends a request as somebody.
func (s *hostile) ask(who page.Visitor, method, path string, form url.Values) *httptest.ResponseRecorder {
	s.Helper()
	s.who = who
	r := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		r = httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if strings.HasSuffix(path, "/live") || strings.Contains(path, "/live?") { // a stream does not end by itself
		ctx, end := context.WithTimeout(s.Context(), 100*time.Millisecond)
		defer end()
		r = r.WithContext(ctx)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code >= 500 {
		s.Errorf("%s %s: %d", method, path, w.Code)
	}
	return w
}

// pattern is the route of an address.
func (s *hostile) pattern(method, path string) string {
	target, err := url.ParseRequestURI(path)
	if err != nil {
		return ""
	}
	_, pattern := s.mux.Handler(&http.Request{Method: method, URL: target, Host: "localhost"})
	return pattern
}

// example is an address of a route, with what its form held when it was found.
type example struct {
	method, path string
	form         url.Values
}

var (
	hrefRe  = regexp.MustCompile(`(?s)\shref="([^"]*)"`)
	formRe  = regexp.MustCompile(`(?s)<form\s([^>]*)>(.*?)</form>`)
	attrRe  = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
	inputRe = regexp.MustCompile(`(?s)<(input|button)\s([^>]*)>()|<(select|textarea)\s([^>]*)>(.*?)</(?:select|textarea)>`)
	valueRe = regexp.MustCompile(`<option[^>]*\svalue="([^"]+)"`)
)

// explore follows links and looks at forms as everybody who has an account, and finds examples of
// each route.
func (s *hostile) explore() map[string][]example {
	found := map[string][]example{}
	s.walk(8, nil, func(_ page.Visitor, pattern, path string, w *httptest.ResponseRecorder) {
		found[pattern] = append(found[pattern], example{http.MethodGet, path, nil})
		for _, m := range formRe.FindAllStringSubmatch(w.Body.String(), -1) {
			if e := formOf(path, m[1], m[2]); e.method == http.MethodPost {
				p := s.pattern(e.method, e.path)
				found[p] = append(found[p], e)
			}
		}
	})
	return found
}

// walk follows links from the first pages, and from others, as everybody who has an account, to at most so many addresses
// of a route.
func (s *hostile) walk(most int, from []string, see func(v page.Visitor, pattern, path string, w *httptest.ResponseRecorder)) {
	visitors := []page.Visitor{{}}
	for _, a := range s.accounts {
		visitors = append(visitors, s.visitor(a))
	}
	for _, v := range visitors {
		queue, known, perPattern := append([]string{"/", "/desk"}, from...), map[string]bool{}, map[string]int{}
		for len(queue) > 0 {
			path := queue[0]
			queue = queue[1:]
			pattern := s.pattern(http.MethodGet, path)
			kind := pattern
			if strings.Contains(path, "as=") { // the same list as a file
				kind += " as a file"
			}
			if strings.Contains(path, "since=") {
				kind += " of what is new"
			}
			if kind != pattern && !s.downloads || known[path] || pattern == "" || pattern == "/" || perPattern[kind] >= most || strings.HasSuffix(pattern, "/live") {
				continue
			}
			known[path] = true
			perPattern[kind]++
			w := s.ask(v, http.MethodGet, path, nil)
			see(v, pattern, path, w)
			if to := w.Header().Get("Location"); to != "" {
				queue = append(queue, to)
			}
			for _, m := range hrefRe.FindAllStringSubmatch(w.Body.String(), -1) {
				queue = append(queue, against(path, html.UnescapeString(m[1])))
			}
		}
	}
}

func (s *hostile) visitor(a seed.Account) page.Visitor {
	v := page.Visitor{Actor: auth.Actor{Person: a.Person, Via: auth.Web}, Name: "x", Volunteer: a.Login == ""}
	if a.Login != "" {
		v.Actor.Grants = []auth.Grant{{Org: a.Org, Role: a.Role}}
	}
	return v
}

func against(path, href string) string {
	from, err := url.Parse(path)
	if err != nil {
		return ""
	}
	to, err := from.Parse(href)
	if err != nil || to.Host != "" || to.Scheme != "" {
		return ""
	}
	return to.RequestURI()
}

// formOf reads a form as a browser would send it.
func formOf(path, attributes, inside string) example {
	e := example{method: http.MethodGet, path: path, form: url.Values{}}
	for _, a := range attrRe.FindAllStringSubmatch(attributes, -1) {
		switch a[1] {
		case "method":
			e.method = strings.ToUpper(a[2])
		case "action":
			e.path = against(path, html.UnescapeString(a[2]))
		}
	}
	for _, m := range inputRe.FindAllStringSubmatch(inside, -1) {
		if m[1] == "" {
			m = m[3:]
		}
		at := map[string]string{}
		for _, a := range attrRe.FindAllStringSubmatch(m[2], -1) {
			at[a[1]] = html.UnescapeString(a[2])
		}
		value := at["value"]
		switch {
		case at["name"] == "" || at["type"] == "checkbox" || at["type"] == "radio" && e.form.Has(at["name"]):
			continue
		case m[1] == "select":
			if o := valueRe.FindStringSubmatch(m[3]); o != nil {
				value = html.UnescapeString(o[1])
			}
		case value == "" && m[1] != "button" && at["type"] != "hidden":
			value = plausible(at)
		}
		if !e.form.Has(at["name"]) {
			e.form.Add(at["name"], value)
		}
	}
	return e
}

// plausible is what somebody would write into a field.
func plausible(at map[string]string) string {
	switch at["type"] {
	case "date":
		return "2020-03-02"
	case "number":
		return "2"
	case "tel":
		return "13900000000"
	case "time":
		return "10:00"
	case "datetime-local":
		return "2020-03-02T10:00"
	}
	return "按规定办理"
}

// roles are those that somebody may hold at an organisation.
var roles = []auth.Role{auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor, auth.Editor, auth.Signer, auth.SystemAdmin, auth.SecurityAdmin, auth.Auditor}

// places are where, seen from the organisation that a record belongs to: o its own, p above it, c
// below it, s beside it, f in another city.
const places = "opcsf"

// owners find the organisation that a record belongs to.
var owners = []string{
	"SELECT id FROM org_org WHERE id = $1",
	"SELECT org FROM roster_template WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM activity_activity WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT a.org FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity WHERE s.home = SUBSTR($1, 1, 6) AND s.id = $1",
	"SELECT a.org FROM roster_backfill b JOIN roster_shift s ON s.home = b.home AND s.id = b.shift JOIN activity_activity a ON a.home = s.home AND a.id = s.activity WHERE b.home = SUBSTR($1, 1, 6) AND b.id = $1",
	"SELECT org FROM people_role WHERE home = SUBSTR($1, 1, 6) AND person = $1",
	"SELECT station FROM people_person WHERE home = SUBSTR($1, 1, 6) AND id = $1 AND station <> ''",
	"SELECT org FROM campaign_campaign WHERE CAST(id AS TEXT) = $1",
	"SELECT org FROM progress_schedule WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM guidance_directive WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM article_article WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM report_duty WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM report_report WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM report_due WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM experience_experience WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM experience_mention WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM bulletin_issue WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM bulletin_article WHERE home = SUBSTR($1, 1, 6) AND id = $1",
	"SELECT org FROM bulletin_delivery WHERE home = SUBSTR($1, 1, 6) AND id = $1",
}

// owner is the organisation of the first record that an example names, in its address or else in its
// form; "" where none does.
func (s *hostile) owner(e example) id.ID {
	path, _, _ := strings.Cut(e.path, "?")
	parts := strings.Split(path, "/")
	for _, field := range []string{"org", "at", "under", "parent", "station"} {
		parts = append(parts, e.form.Get(field))
	}
	for _, part := range parts {
		for _, q := range owners {
			var o id.ID
			if err := s.d.QueryRow(s.Context(), q, part).Scan(&o); err == nil {
				return o
			}
		}
	}
	return ""
}

// around finds the places of an organisation; "" where there is none.
func (s *hostile) around(own id.ID) map[rune]id.ID {
	at := map[rune]id.ID{'o': own}
	for place, q := range map[rune]string{
		'p': "SELECT parent FROM org_org WHERE id = $1",
		'c': "SELECT id FROM org_org WHERE parent = $1 AND state = 'approved' AND position > 0 ORDER BY id LIMIT 1",
		's': "SELECT b.id FROM org_org a JOIN org_org b ON b.parent = a.parent WHERE a.id = $1 AND b.id <> a.id AND b.state = 'approved' ORDER BY b.id LIMIT 1",
		'f': "SELECT id FROM org_org WHERE tier = 'center' AND SUBSTR(home, 1, 4) <> SUBSTR($1, 1, 4) ORDER BY id LIMIT 1",
	} {
		var o id.ID
		if err := s.d.QueryRow(s.Context(), q, own).Scan(&o); err == nil {
			at[place] = o
		}
	}
	return at
}

// let says whether an answer lets somebody do what she asked for.
func let(w *httptest.ResponseRecorder) bool {
	refused := w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden || w.Code == http.StatusNotFound
	return !refused && !strings.Contains(w.Header().Get("Location"), "/sign-in")
}

// stranger is a volunteer to whom none of the records belongs.
func (s *hostile) stranger() page.Visitor {
	s.Helper()
	var who id.ID
	err := s.d.QueryRow(s.Context(), `SELECT id FROM people_person p WHERE state = 'active' AND volunteer AND guardian = '' AND birth_year < 1995
		AND NOT EXISTS (SELECT 1 FROM people_person w WHERE w.guardian = p.id)
		ORDER BY (SELECT COUNT(*) FROM roster_signup u WHERE u.person = p.id), id LIMIT 1`).Scan(&who)
	if err != nil {
		s.Fatal(err)
	}
	return page.Visitor{Actor: auth.Actor{Person: who, Via: auth.Web}, Name: "x", Volunteer: true}
}

// may tries a route as everybody, everywhere, and says who was let, as "nobody stranger admin=op leader=o".
func (s *hostile) may(e example) string {
	stranger := s.stranger()
	around := map[rune]id.ID{'o': s.accounts[0].Org}
	if own := s.owner(e); own != "" {
		around = s.around(own)
	}
	let := func(v page.Visitor) bool { return let(s.ask(v, e.method, e.path, e.form)) }
	return told(around, let(page.Visitor{}), let(stranger), func(r auth.Role, at id.ID) bool {
		v := page.Visitor{Actor: stranger.Actor, Name: "x"}
		v.Actor.Grants = []auth.Grant{{Org: at, Role: r}}
		return let(v)
	})
}

// told is the row of a matrix: who is let, in which roles at which of the places around.
func told(around map[rune]id.ID, nobody, stranger bool, let func(auth.Role, id.ID) bool) string {
	var said []string
	if nobody {
		said = append(said, "nobody")
	}
	if stranger {
		said = append(said, "stranger")
	}
	for _, r := range roles {
		letters := ""
		for _, place := range places {
			if around[place] != "" && let(r, around[place]) {
				letters += string(place)
			}
		}
		if letters != "" {
			said = append(said, string(r)+"="+letters)
		}
	}
	return strings.Join(said, " ")
}

// telling is the example that tells most: whose record has organisations all around it.
func (s *hostile) telling(all []example) example {
	best, most := all[0], -1
	for _, e := range all[:min(len(all), 12)] {
		n := 0
		if own := s.owner(e); own != "" {
			n = len(s.around(own))
		}
		if n > most {
			best, most = e, n
		}
	}
	return best
}

var update = flag.Bool("update", false, "write the matrices as they are, to be read line by line before they are kept")

// TestWhoMayUseWhatWhere: every route, as everybody and in every role, at the organisation of the record, above
// it, below it, beside it, and in another city, has the answer that the matrix says. A route without a
// row fails. Whoever only looks changes nothing: the links are followed in a database that takes no writes.
func TestWhoMayUseWhatWhere(t *testing.T) {
	city := newSmallCity(t)
	found := rehearse(t, city, db.Options{ReadOnly: true}).explore()
	s := rehearse(t, city, db.Options{Dry: true})
	m := readMatrix(t, matrixFile)
	for _, p := range s.patterns {
		e, ok := s.address(p)
		if !ok {
			if len(found[p]) == 0 {
				t.Errorf("%s: nothing leads to it, and no address of it is known", p)
				continue
			}
			e = s.telling(found[p])
		}
		m.hold(p, e.path, s.may(e))
	}
	m.keep()
}

// matrix is a file of rows "route, tab, who is let", held against what is found.
type matrix struct {
	t    *testing.T
	file string
	want map[string]string
	got  strings.Builder
}

func readMatrix(t *testing.T, file string) *matrix {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	m := &matrix{t: t, file: file, want: map[string]string{}}
	for line := range strings.Lines(string(b)) {
		route, who, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		m.want[route] = who
	}
	return m
}

// hold compares what a route does with its row.
func (m *matrix) hold(route, at, who string) {
	m.t.Helper()
	fmt.Fprintf(&m.got, "%s\t%s\n", route, who)
	if row, ok := m.want[route]; !*update && (!ok || row != who) {
		m.t.Errorf("%s at %s lets\n\t%s\nand should let\n\t%s (row: %v)", route, at, who, row, ok)
	}
}

// keep writes the matrix anew where that is asked for.
func (m *matrix) keep() {
	m.t.Helper()
	if !*update {
		return
	}
	if err := os.WriteFile(m.file, []byte(m.got.String()), 0o644); err != nil {
		m.t.Fatal(err)
	}
}
