package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
)

// mark is in every text that is made up, so that whatever tells it again is found.
const mark = "张三丰"

// texts are what people and machines should not send: signs that mean something to a database, a
// page, a shell or a format; what is too long; what is no text; numbers and moments at their bounds.
var texts = []string{
	"", " ", "'", `"`, "\\", "%", "%00", "\x00", "\xff\xfe", "\u202e", "\ufeff", "\u0000", "🏮", "e\u0301", "１２３", "null", "undefined", "true", "[]", "{}",
	"' OR '1'='1", "'; DROP TABLE people_person; --", "1) UNION SELECT name, contact FROM people_person --", "$1", "?1", ":a", "/* */", "E'\\x27'", "a' || pg_sleep(9) || '",
	"<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "$(id)", "`id`", "; id", "| id", "../../etc/passwd", "..%2f..%2fkeys", "file:///etc/passwd",
	"http://169.254.169.254/", "//elsewhere.example", "\r\nSet-Cookie: a=b", "\n", "\t",
	"0", "-0", "-1", "1", "2", "30", "31", "201", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e9", "1e400", "1.5", "NaN", "Infinity", "0x10", "08", "1_000", "+1",
	"2020-02-28", "2020-02-30", "2020-02-28T14:26:00+08:00", "2020-02-28T14:26:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00-23:59",
	"2020-02-28T24:00:00Z", "2020-02-28T23:59:60Z", "seq:0", "seq:1", "seq:-1", "seq:9223372036854775807", "now",
	"321281000000", "321281001001", "32", "3212", "321281", "999999999999", "000000000000", "3212810010011", none, "000000-0000000000000000", "321281-0000000000zzzzzz", "321281-", "-", "321281-01JD3K8ZQ4W7C2XV",
	"day", "org", "unit", "week", "category", "service", "area", "primary", "standby", "pending", "turns", "volunteers_taking_part", "fill_rate", "hours",
	"1582956000000." + none, "0.0.0", "1.1.1", "99999.1.99999", "9999999999.0.9999999999",
}

// bodies are what should not come where JSON is due.
var bodies = []string{
	"", " ", "null", "true", "0", `"a"`, "[]", "[{}]", "{", "}", `{"a"`, `{"a":}`, "{}{}", "{} x", "\ufeff{}", "\x00", "\xff", `{"place":"\ud800"}`, `{"place":null}`, `{"place":["primary"]}`,
	`{"volunteer":{"$ne":""}}`, `{"volunteer":1e999}`, `{"volunteer":-0}`, `{"place":"primary","place":"standby"}`, `{"PLACE":"primary"}`, `{"__proto__":{"a":1}}`, `{"code":123456}`, `{"code":true,"volunteer":[]}`,
	strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000), `{"reason":"` + strings.Repeat("长", 10_000) + `"}`, `{"` + strings.Repeat("a", 50_000) + `":1}`, "[" + strings.Repeat("0,", 50_000) + "0]",
}

// fuzzer makes requests from the document. The same seed makes the same requests.
type fuzzer struct {
	*rand.Rand
	w   *world
	ids []string // names of the world's ids, in their order
}

func (f *fuzzer) pick(from []string) string { return from[f.IntN(len(from))] }

// text is what is put where the document asks for a text, or for anything.
func (f *fuzzer) text() string {
	switch f.IntN(8) {
	case 0, 1:
		return f.w.names[f.pick(f.ids)]
	case 2:
		return mark + f.pick(texts)
	case 3:
		return strings.Repeat(f.pick(texts)+mark, 1+f.IntN(300))
	case 4:
		b := make([]byte, f.IntN(40))
		for i := range b {
			b[i] = byte(f.IntN(256))
		}
		return string(b)
	}
	return f.pick(texts)
}

// value is what is put where the document asks for it: sometimes what it asks for, sometimes at its
// bounds, often something else.
func (f *fuzzer) value(s *huma.Schema) string {
	switch {
	case s != nil && len(s.Enum) > 0 && f.IntN(3) > 0:
		return fmt.Sprint(s.Enum[f.IntN(len(s.Enum))])
	case s != nil && s.Minimum != nil && f.IntN(3) > 0:
		return strconv.FormatFloat(*s.Minimum+float64(f.IntN(4)-2), 'f', -1, 64)
	case s != nil && s.Maximum != nil && f.IntN(2) > 0:
		return strconv.FormatFloat(*s.Maximum+float64(f.IntN(3)-1), 'f', -1, 64)
	}
	return f.text()
}

// body is a document for an operation: of the right fields with strange values, or no such document.
func (f *fuzzer) body(s *huma.Schema, reg huma.Registry) string {
	if s != nil && s.Ref != "" {
		s = reg.SchemaFromRef(s.Ref)
	}
	if s == nil || f.IntN(3) == 0 {
		return f.pick(bodies)
	}
	fields := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		switch f.IntN(6) {
		case 0:
		case 1:
			fields[name] = f.IntN(3) == 0
		case 2:
			fields[name] = []any{1.5, nil, map[string]any{mark: f.text()}}[f.IntN(3)]
		default:
			fields[name] = f.value(s.Properties[name])
		}
	}
	if f.IntN(8) == 0 {
		fields[f.text()] = f.text()
	}
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err) // it is made of texts and numbers
	}
	return string(b)
}

// request makes one request of an operation.
func (f *fuzzer) request(method, path string, op operation, reg huma.Registry) (target, body string, headers []string) {
	query := url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			v := f.value(p.Schema)
			for v == "" || v == "." || v == ".." { // another route's
				v = f.text()
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(v))
		case p.In == "query" && f.IntN(3) == 0:
			query.Add(p.Name, f.value(p.Schema))
			if f.IntN(10) == 0 {
				query.Add(p.Name, f.text())
			}
		case p.In == "header" && f.IntN(2) == 0:
			headers = append(headers, p.Name, printable(f.text()))
		}
	}
	if f.IntN(12) == 0 {
		query.Add(f.text(), f.text())
	}
	if f.IntN(6) == 0 {
		headers = append(headers, english, printable(f.text()))
	}
	if method != get && op.RequestBody != nil {
		body = f.body(op.RequestBody.Content["application/json"].Schema, reg)
		kind := "application/json"
		if f.IntN(20) == 0 {
			kind = printable(f.text())
		}
		headers = append(headers, jsonType, kind)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, body, headers
}

// printable is what a header can carry.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s[:min(len(s), 2000)], ""))
}

// plantAround gives the other county and the station beside a volunteer each, and the latter a leader.
// It answers whose records each asker must never be told of.
func (w *world) plantAround() map[string][]string {
	w.t.Helper()
	w.token("beside", w.Sibling, auth.Leader)
	for at, code := range map[string]area.Code{"far": 321282_001_001, "near": orgtest.SiblingArea} {
		a := w.VolunteerAt("顾海棠", code)
		p, err := people.Get(w.t.Context(), w.d, a.Person)
		if err != nil {
			w.t.Fatal(err)
		}
		w.names[at], w.names[at+"-no"] = string(p.ID), p.No
	}
	return map[string][]string{
		nobody: {"far", "near", "ann", "bob", "cai", "dan"}, "ann": {"far", "near", "bob", "cai", "dan"},
		"leader": {"far", "near"}, "admin": {"far", "near"}, "abroad": {"near", "ann", "bob", "cai", "dan"}, "beside": {"far", "ann", "bob", "cai", "dan"},
	}
}

// fullPhone is a number of the world's volunteers, unmasked.
var fullPhone = regexp.MustCompile(`(^|[^0-9.])138\d{8}([^0-9]|$)`)

// TestFuzzedRequests: requests made from the document, with values that nobody should send, by everybody: none breaks the program,
// every answer is as the document says, none tells of a person whom the asker may not see, repeats what was sent, or shows more
// than is masked; nor does the log.
func TestFuzzedRequests(t *testing.T) {
	const seed, each = 20200228, 40 // requests of each operation by each asker
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		doc := read(t, w)
		w.plant()
		hidden := w.plantAround()
		w.reckon()
		f := &fuzzer{Rand: rand.New(rand.NewPCG(seed, 0)), w: w, ids: slices.Sorted(maps.Keys(w.names))}
		statuses := map[int]int{}
		for _, path := range slices.Sorted(maps.Keys(doc.paths)) {
			for _, method := range slices.Sorted(maps.Keys(doc.paths[path])) {
				for _, as := range slices.Sorted(maps.Keys(hidden)) {
					for range each {
						target, body, headers := f.request(strings.ToUpper(method), path, doc.paths[path][method], doc.reg)
						a, err := w.send(t.Context(), as, strings.ToUpper(method), target, body, headers...)
						if err != nil {
							t.Fatalf("%s %s as %s: %v", method, target, as, err)
						}
						statuses[a.status/100]++
						w.harmless(as, strings.ToUpper(method)+" "+target+" "+body, path, a, hidden[as])
					}
				}
			}
		}
		if strings.Contains(w.log.String(), mark) || fullPhone.MatchString(w.log.String()) || strings.Contains(w.log.String(), "level=ERROR") {
			t.Errorf("the log has what was sent, or an error: %s", w.log)
		}
		if statuses[2] < 500 || statuses[4] < 500 {
			t.Errorf("the requests came to little: %v by the first digit of their status", statuses)
		}
	})
}

// harmless checks one answer to a fuzzed request.
func (w *world) harmless(as, request, path string, a answer, hidden []string) {
	w.t.Helper()
	text := string(a.body)
	if a.status >= 500 && path != "/readyz" {
		w.t.Errorf("%.300q as %s: %d %s", request, as, a.status, text)
	}
	if strings.Contains(text, mark) || a.header.Get("Set-Cookie") != "" {
		w.t.Errorf("%.300q as %s: what was sent comes back: %.500s", request, as, text)
	}
	for _, name := range []string{"王安", "李波", "蔡琴", "丁山", "顾海棠"} {
		if strings.Contains(text, name) || fullPhone.MatchString(text) {
			w.t.Errorf("%.300q as %s: not masked: %.500s", request, as, text)
		}
	}
	for _, who := range hidden {
		id, no := w.names[who], w.names[who+"-no"]
		if strings.Contains(request, id) || strings.Contains(request, no) {
			continue // she said herself of whom she asks
		}
		if strings.Contains(text, id) || strings.Contains(text, no) {
			w.t.Errorf("%.300q as %s: tells of %s: %.500s", request, as, who, text)
		}
	}
}
