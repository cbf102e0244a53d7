package app_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/jobs"
	"tongxin/internal/web/page"
	"tongxin/internal/work/intake"
)

// script breaks out of whatever holds it: of an attribute, a text area, a title, a script, a comment; of a cell it would
// make a formula. brief is for where little fits.
const (
	script = `="'-->` + "`" + `</textarea></title></script><xss-probe onxss=1>&lt;`
	brief  = `=<i onxss>"'`
)

// field is one field of a form as a browser finds it.
type field struct {
	name, kind, value string
	hand              bool // something is typed into it
}

// form is a form as a browser finds it, with who found it.
type form struct {
	who            page.Visitor
	page           string // where it was found
	method, action string
	multipart      bool
	fields         []field
}

// formsIn reads the forms of a page.
func formsIn(v page.Visitor, path string, n *html.Node) (all []form) {
	if n.Type == html.ElementNode && n.Data == "form" {
		f := form{who: v, page: path, method: strings.ToUpper(cmp.Or(attribute(n, "method"), "GET")), action: against(path, cmp.Or(attribute(n, "action"), path)),
			multipart: attribute(n, "enctype") == "multipart/form-data"}
		f.read(n)
		f.confirm(n)
		return append(all, f)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all = append(all, formsIn(v, path, c)...)
	}
	return all
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// read notes the fields of a form: what it holds, or what somebody would choose or write.
func (f *form) read(n *html.Node) {
	kind, at := "", map[string]string{}
	for _, a := range n.Attr {
		at[a.Key] = a.Val
	}
	switch {
	case at["name"] == "" || n.Type != html.ElementNode:
	case n.Data == "textarea":
		kind = "textarea"
	case n.Data == "select":
		kind, at["value"] = "select", option(n)
	case n.Data == "input", n.Data == "button":
		kind = cmp.Or(at["type"], map[string]string{"input": "text", "button": "submit"}[n.Data])
	}
	if at["inputmode"] == "numeric" {
		at["type"] = "number"
	}
	typed := slices.Contains([]string{"text", "search", "email", "url", "tel", "textarea"}, kind)
	twice := kind != "checkbox" && slices.ContainsFunc(f.fields, func(o field) bool { return o.name == at["name"] })
	if kind != "" && !twice {
		value := at["value"]
		if likely, ok := likely[at["name"]]; ok && value == "" {
			value = likely
		} else if value == "" && kind != "hidden" && kind != "submit" && kind != "select" && kind != "checkbox" {
			value = plausible(at)
		}
		f.fields = append(f.fields, field{at["name"], kind, value, typed && at["inputmode"] != "numeric"})
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.read(c)
	}
}

// confirm types the name that a form asks for, once more, between quotation marks.
func (f *form) confirm(n *html.Node) {
	for i, at := range f.fields {
		if at.name != "confirm" {
			continue
		}
		for c := range n.Descendants() {
			_, rest, ok := strings.Cut(c.Data, "“")
			if name, _, ok2 := strings.Cut(rest, "”"); ok && ok2 && c.Type == html.TextNode {
				f.fields[i].value, f.fields[i].hand = name, false
			}
		}
	}
}

// likely is what somebody would write into fields of these names, where plausible is refused.
var likely = map[string]string{"credit_code": "", "idno": "", "guardian": "", "curve": "", "skipped": "", "phone": "13900000000", "contact": "0523-86880000", "min_age": "", "max_age": "",
	"login": "xiaoming", "no": "A-1", "number": "12", "target": "12", "item": "口罩", "unit": "个", "name": "王小明", "birth": "1980-05-01", "places": "2"}

// option is the value of the first option that has one.
func option(n *html.Node) string {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.Data == "option" && attribute(c, "value") != "" {
			return attribute(c, "value")
		}
	}
	return ""
}

// filled is what the form sends with a payload in the field named, or in every field that is typed into where that is "".
func (f form) filled(payload, only string, checks bool) url.Values {
	v := url.Values{}
	for _, at := range f.fields {
		switch {
		case at.kind == "file" || at.kind == "checkbox" && !checks:
		case at.hand && (only == "" || only == at.name):
			v.Set(at.name, payload)
		default:
			v.Add(at.name, at.value)
		}
	}
	v.Del("_key")
	return v
}

// vandal fills in forms, and looks at what comes of it.
type vandal struct {
	*hostile
	runner *jobs.Runner
	took   map[string]bool // routes and fields that took a payload
	never  map[string]bool // and those that refused it
	shown  int             // pages that show a payload, harmless
	next   int
}

// send posts a form and looks at the answer, and at where it leads.
func (x *vandal) send(f form, v url.Values, files map[string][]byte) bool {
	x.Helper()
	x.next++
	var w *httptest.ResponseRecorder
	switch {
	case f.method == http.MethodGet:
		path, _, _ := strings.Cut(f.action, "?")
		w = x.ask(f.who, http.MethodGet, path+"?"+v.Encode(), nil)
	case f.multipart:
		w = x.sendFiles(f, v, files)
	default:
		w = x.ask(f.who, http.MethodPost, f.action, v)
	}
	x.harmless(f.method+" "+f.action, w)
	to := w.Header().Get("Location")
	if to != "" && let(w) {
		x.harmless("GET "+to, x.ask(f.who, http.MethodGet, to, nil))
	}
	return w.Code < 400 && let(w)
}

func (x *vandal) sendFiles(f form, v url.Values, files map[string][]byte) *httptest.ResponseRecorder {
	x.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, key := range slices.Sorted(maps.Keys(v)) {
		for _, value := range v[key] {
			if err := m.WriteField(key, value); err != nil {
				x.Fatal(err)
			}
		}
	}
	for name, content := range files {
		for _, at := range f.fields {
			if at.kind != "file" {
				continue
			}
			part, err := m.CreateFormFile(at.name, name)
			if err == nil {
				_, err = part.Write(content)
			}
			if err != nil {
				x.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		x.Fatal(err)
	}
	x.who = f.who
	r := httptest.NewRequest(http.MethodPost, f.action, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	x.h.ServeHTTP(w, r)
	if w.Code >= 500 {
		x.Errorf("POST %s: %d", f.action, w.Code)
	}
	return w
}

// spoil fills a form: all that is typed at once, else field by field, as far as each is taken.
func (x *vandal) spoil(pattern string, f form) {
	x.Helper()
	typed := slices.DeleteFunc(slices.Clone(f.fields), func(a field) bool { return !a.hand })
	files := x.files(f)
	for _, checks := range []bool{true, false} {
		for name, content := range files {
			if x.send(f, f.filled(x.payload(script), "", checks), map[string][]byte{name: content}) {
				for _, a := range typed {
					x.took[pattern+" "+a.name] = true
				}
				return
			}
		}
	}
	for _, a := range typed {
		at := pattern + " " + a.name
		x.never[at] = true
		for name, content := range files {
			for i := 0; i < 4 && !x.took[at]; i++ {
				payload, checks := []string{script, brief}[i%2], i < 2
				x.took[at] = x.send(f, f.filled(x.payload(payload), a.name, checks), map[string][]byte{name: content})
				f = x.again(f)
			}
		}
	}
}

// again is the form as it stands on its page now: it may hold the number of the last change.
func (x *vandal) again(f form) form {
	x.Helper()
	w := x.ask(f.who, http.MethodGet, f.page, nil)
	if doc, err := html.Parse(w.Body); err == nil && w.Code == http.StatusOK {
		for _, now := range formsIn(f.who, f.page, doc) {
			if now.action == f.action && len(now.fields) == len(f.fields) {
				return now
			}
		}
	}
	return f
}

// payload is one that no other record bears.
func (x *vandal) payload(p string) string { return fmt.Sprintf("%s%d", p, x.next) }

// files are what is sent with a form that asks for one: by their names, one at a time. One that asks for none gets none.
func (x *vandal) files(f form) map[string][]byte {
	x.Helper()
	if !f.multipart {
		return map[string][]byte{"": nil}
	}
	pdf := []byte("%PDF-1.4\n" + script)
	csv := x.csv(f)
	return map[string][]byte{script + ".csv": csv, script + ".pdf": pdf, script: nil}
}

// csv is the list that a form asks for, with the payload in every cell of one row and in the first of another.
func (x *vandal) csv(f form) []byte {
	x.Helper()
	at := f.action + "/template" // of a schedule
	if f.action == "/desk/imports" {
		at = "/desk/import-templates/" + f.filled("", "", false).Get("kind") + "?format=csv"
	}
	if x.pattern(http.MethodGet, at) == "/" {
		at = strings.TrimSuffix(f.action, "/import") + "/template?format=csv"
	}
	head, _, _ := strings.Cut(x.ask(f.who, http.MethodGet, at, nil).Body.String(), "\n")
	columns := strings.Count(head, ",") + 1
	cell := `"` + strings.ReplaceAll(script, `"`, `""`) + `"`
	return []byte(head + "\n" + strings.Repeat(cell+",", columns) + "\n" + cell + strings.Repeat(",2020-03-02", columns-1) + "\n")
}

// forms are a few of each route, by whom they were found.
func (x *vandal) forms() map[string][]form {
	found := map[string][]form{}
	x.walk(2, nil, func(v page.Visitor, pattern, path string, w *httptest.ResponseRecorder) {
		x.harmless("GET "+path, w)
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			return
		}
		doc, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			x.Fatal(err)
		}
		for _, f := range formsIn(v, path, doc) {
			if to := x.pattern(f.method, f.action); to != "" && to != "/" && len(found[to]) < 2 {
				found[to] = append(found[to], f)
			}
		}
	})
	return found
}

// ending are routes that end what others work on, or take it away: their turn comes last, in this order.
var ending = []string{"/return", "/refuse", "/decide", "/submit", "/approve", "/accept", "/hours/{backfill}", "/settle", "/undo", "/leave", "/withdraw", "/drop", "/end", "/revoke", "/move",
	"/recall", "/duplicates", "/remove", "/merge", "/cancel", "/close", "/sign-out"}

// rank is when the turn of a route comes.
func rank(pattern string) int {
	return 1 + slices.IndexFunc(ending, func(e string) bool { return strings.Contains(pattern, e) })
}

// TestNothingTypedBecomesAPage: what people write into any field of any form, and into the names and cells of files, is
// never taken for a part of a page, a drawing or a formula, whoever looks at it.
func TestNothingTypedBecomesAPage(t *testing.T) {
	x := &vandal{hostile: rehearse(t, newSmallCity(t), db.Options{}), took: map[string]bool{}, never: map[string]bool{}}
	x.runner = jobs.NewRunner(x.d)
	app.Handle(x.runner)
	intake.Handle(x.runner, x.d, x.keys)
	found := x.forms()
	routes := slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(rank(a)-rank(b), cmp.Compare(a, b)) })
	for _, pattern := range routes {
		for _, f := range found[pattern] {
			x.spoil(pattern, f)
		}
		if rank(pattern) == 0 && strings.HasPrefix(pattern, "POST") {
			if err := x.runner.RunDue(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
	x.downloads = true
	x.walk(4, nil, func(_ page.Visitor, _, path string, w *httptest.ResponseRecorder) { x.harmless("GET "+path, w) })
	var refused []string
	for f := range x.never {
		if !x.took[f] {
			refused = append(refused, f)
		}
	}
	slices.Sort(refused)
	t.Logf("%d fields took a payload, %d pages show one; refused by %v", len(x.took)-len(refused), x.shown, refused)
	if len(x.took)-len(refused) < 60 || x.shown < 200 {
		t.Error("too little was taken or shown: what this test proves is in danger")
	}
}
