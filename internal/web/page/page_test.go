package page_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
)

const someone = "321281-01jd3k8zq4w7c2xv"

// site is a site with the routes of one test, and its log.
func site(t testing.TB, v page.Visitor, routes ...page.Route) (http.Handler, *page.Site, *bytes.Buffer) {
	t.Helper()
	d, _ := dbtest.Open(t, db.SQLite)
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	s := &page.Site{DB: d, Keys: keys, Log: slog.New(slog.NewTextHandler(log, nil)),
		Authenticate: func(*http.Request) (page.Visitor, error) { return v, nil }}
	mux := http.NewServeMux()
	for _, rt := range append(routes, page.Route{Pattern: "/", Handler: page.NotFound, Access: page.Public},
		page.Route{Pattern: "POST /preferences", Handler: page.SetPreferences, Access: page.Public}) {
		mux.Handle(rt.Pattern, s.Handle(rt))
	}
	return s.Chain(mux), s, log
}

func send(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func get(path string) *http.Request { return httptest.NewRequest("GET", path, nil) }

func post(path string, values url.Values) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://example.com")
	return r
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in\n%s", p, text)
		}
	}
}

func hasNot(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q in\n%s", p, text)
		}
	}
}

func TestErrorsBecomePages(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		says   []string
	}{
		"invalid":     {fail.Field("day", "web.form.day"), 422, []string{"内容有误", "请填日期", "请返回上一页改正后再提交"}},
		"forbidden":   {fail.New(fail.Forbidden, "web.not_yours"), 403, []string{"无权办理", "不在您的职责范围内", "请联系所在单位的管理员"}},
		"not found":   {fail.New(fail.NotFound, "id.unknown"), 404, []string{"没有找到", "没有找到这条记录", "回首页"}},
		"conflict":    {fail.New(fail.Conflict, "auth.roles_exclude"), 409, []string{"没有办成", "请返回刷新后再试"}},
		"too many":    {fail.New(fail.TooMany, "web.form.number"), 429, []string{"操作太频繁", "请稍等一会儿再试"}},
		"unavailable": {fail.New(fail.Unavailable, "web.form.number"), 503, []string{"暂时办不了", "重复提交不会办两次"}},
		"internal":    {errors.New("disk: 13800001234"), 500, []string{"系统出了问题", "问题编号"}},
	} {
		t.Run(name, func(t *testing.T) {
			h, _, log := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(*page.Ctx) error { return c.err }})
			res := send(h, get("/x"))
			text := body(t, res)
			if res.StatusCode != c.status {
				t.Errorf("status %d", res.StatusCode)
			}
			has(t, text, c.says...)
			hasNot(t, text, "13800001234", "disk")
			if logged := strings.Contains(log.String(), "page failed"); logged != (c.status >= 500) {
				t.Errorf("in the log: %v", logged)
			}
		})
	}
}

func TestPanicGivesANumberThatTheLogHas(t *testing.T) {
	h, _, log := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(*page.Ctx) error { panic("nil map") }})
	res := send(h, get("/x"))
	text := body(t, res)
	number := regexp.MustCompile(`[A-Z2-7]{4}-[A-Z2-7]{4}`).FindString(text)
	if res.StatusCode != 500 || number == "" {
		t.Fatalf("%d, number %q", res.StatusCode, number)
	}
	has(t, log.String(), "incident="+number, "nil map")
	hasNot(t, text, "nil map", "goroutine")
}

func TestPanicOutsideOfPagesIsCaughtToo(t *testing.T) {
	_, s, _ := site(t, page.Visitor{})
	res := send(s.Chain(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })), get("/healthz"))
	if res.StatusCode != 500 {
		t.Errorf("status %d", res.StatusCode)
	}
	has(t, body(t, res), "系统出了问题")
}

func TestErrorsOfTheAPIAreProblems(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	res := send(h, get("/api/v1/nothing"))
	var p map[string]any
	if err := json.Unmarshal([]byte(body(t, res)), &p); err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Content-Type") != "application/problem+json" || p["code"] != "web.no_such_page" || p["status"] != 404.0 {
		t.Errorf("%v %v", res.Header, p)
	}
}

func TestErrorForHtmxIsAMessageOnTop(t *testing.T) {
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(*page.Ctx) error { return errors.New("x") }})
	r := get("/x")
	r.Header.Set("HX-Request", "true")
	res := send(h, r)
	text := body(t, res)
	if res.Header.Get("HX-Retarget") != "#flash" || strings.Contains(text, "<html") {
		t.Errorf("%v\n%s", res.Header, text)
	}
	has(t, text, "编号")
}

func TestHeadersAreStrict(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	for _, path := range []string{"/nothing", "/api/v1/x"} {
		res := send(h, get(path))
		csp := res.Header.Get("Content-Security-Policy")
		has(t, csp, "default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'")
		hasNot(t, csp, "unsafe", "http:", "*")
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, res.Header)
		}
	}
}

// TestHTTPSIsKeptTo: where browsers come by HTTPS, of ours or of a proxy's, they keep to it, and cookies go nowhere else; no other site may read
// an answer, and no script may read a cookie.
func TestHTTPSIsKeptTo(t *testing.T) {
	for _, secure := range []bool{false, true} {
		h, s, _ := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(c *page.Ctx) error {
			c.KeepSession("secret", c.Now.Add(time.Hour))
			c.Flash("web.error.home")
			return nil
		}})
		s.Secure = secure
		r := get("/x")
		r.Header.Set("Origin", "https://elsewhere.example")
		res := send(h, r)
		if got := res.Header.Get("Strict-Transport-Security"); secure && got != "max-age=31536000" || !secure && got != "" {
			t.Errorf("secure %v: HSTS is %q", secure, got)
		}
		for name := range res.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("other sites are told %s", name)
			}
		}
		if res.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" || res.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%v", res.Header)
		}
		if len(res.Cookies()) != 2 {
			t.Errorf("%d cookies", len(res.Cookies()))
		}
		for _, k := range res.Cookies() {
			if k.Secure != secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || len(k.String()) > 4096 {
				t.Errorf("secure %v: %s", secure, k)
			}
		}
	}
}

func TestNothingInlineIsSent(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	text := body(t, send(h, get("/nothing")))
	for _, re := range []string{` style=`, `<style`, ` on[a-z]+=`, `<script>`, `(src|href)="(https?:)?//`} {
		if hit := regexp.MustCompile(re).FindString(text); hit != "" {
			t.Errorf("%q in the page", hit)
		}
	}
}

func TestAccess(t *testing.T) {
	volunteer := page.Visitor{Actor: auth.Actor{Person: someone}, Volunteer: true}
	leader := page.Visitor{Actor: auth.Actor{Person: someone, Grants: []auth.Grant{{Role: auth.Leader}}}}
	nobody := page.Visitor{}
	for _, c := range []struct {
		who    page.Visitor
		access page.Access
		status int
	}{
		{nobody, page.Public, 200}, {nobody, page.SignedIn, 303}, {nobody, page.Volunteer, 303}, {nobody, page.Staff(), 303},
		{volunteer, page.SignedIn, 200}, {volunteer, page.Volunteer, 200}, {volunteer, page.Staff(), 403},
		{leader, page.Staff(), 200}, {leader, page.Staff(auth.Leader, auth.Admin), 200}, {leader, page.Staff(auth.Auditor), 403}, {leader, page.Volunteer, 403},
	} {
		h, _, _ := site(t, c.who, page.Route{Pattern: "GET /x", Access: c.access, Handler: func(c *page.Ctx) error { return c.Render(templ.NopComponent) }})
		res := send(h, get("/x?q=1"))
		if res.StatusCode != c.status {
			t.Errorf("%v at %v: %d, want %d", c.who.Actor, c.access, res.StatusCode, c.status)
		}
		if to := res.Header.Get("Location"); c.status == 303 && to != "/sign-in?next=%2Fx%3Fq%3D1" {
			t.Errorf("sent to %s", to)
		}
	}
}

func TestASessionOfYesterday(t *testing.T) {
	route := page.Route{Pattern: "/x", Access: page.SignedIn, Handler: func(*page.Ctx) error { return errors.New("reached") }}
	h, _, _ := site(t, page.Visitor{Ended: true}, route)
	res := send(h, get("/x"))
	if res.StatusCode != 303 || !strings.HasPrefix(res.Header.Get("Set-Cookie"), "flash=") {
		t.Errorf("GET: %d %v", res.StatusCode, res.Header)
	}
	r := post("/x", url.Values{"a": {"1"}})
	r.Header.Set("Referer", "http://example.com/desk/new")
	res = send(h, r)
	if res.StatusCode != 401 {
		t.Errorf("POST: %d", res.StatusCode)
	}
	has(t, body(t, res), "没有提交", `/sign-in?next=%2Fdesk%2Fnew`)
}

func TestOtherSitesAreRefused(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	for name, header := range map[string][2]string{"fetch metadata": {"Sec-Fetch-Site", "cross-site"}, "origin": {"Origin", "https://evil.example"}} {
		r := httptest.NewRequest("POST", "/preferences", strings.NewReader("elder=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		res := send(h, r)
		if res.StatusCode != 403 || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, %v", name, res.StatusCode, res.Header)
		}
		has(t, body(t, res), "来自别的网站", "没有执行", "请从首页进入")
	}
	if res := send(h, post("/preferences", url.Values{"elder": {"1"}})); res.StatusCode != 303 {
		t.Errorf("our own: %d", res.StatusCode)
	}
}

func TestPreferencesAreKeptAndLeadBack(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	for back, want := range map[string]string{"/activities?q=a": "/activities?q=a", "": "/", "https://evil.example/": "/", "//evil.example": "/", "/\\evil.example": "/", "javascript:alert(1)": "/"} {
		res := send(h, post("/preferences", url.Values{"elder": {"1"}, "back": {back}}))
		if got := res.Header.Get("Location"); got != want || res.StatusCode != 303 {
			t.Errorf("back %q: %d to %q", back, res.StatusCode, got)
		}
	}
	r := get("/nothing")
	text := body(t, send(h, r))
	hasNot(t, text, "data-elder", "data-theme")
	for _, k := range []string{"elder=1", "theme=dark", "lang=en"} {
		name, value, _ := strings.Cut(k, "=")
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	has(t, body(t, send(h, r)), "data-elder", `data-theme="dark"`, `lang="en"`, "Not found", "There is no page at this address")
}

func TestFlashIsShownOnce(t *testing.T) {
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		c.FlashUndo("/x/undo", "web.form.too_long", "max", 7)
		return c.Redirect("/nothing")
	}})
	res := send(h, post("/x", nil))
	if res.Header.Get("Location") != "/nothing" {
		t.Fatalf("%v", res.Header)
	}
	cookie := res.Cookies()[0]
	r := get("/nothing")
	r.AddCookie(cookie)
	res = send(h, r)
	has(t, body(t, res), "最多 7 个字", `action="/x/undo"`)
	if gone := res.Cookies()[0]; gone.Name != "flash" || gone.MaxAge >= 0 {
		t.Errorf("the cookie stays: %v", gone)
	}
	cookie.Value = "x" + cookie.Value
	r = get("/nothing")
	r.AddCookie(cookie)
	hasNot(t, body(t, send(h, r)), "最多 7 个字")
}

func TestPagesTravelCompressed(t *testing.T) {
	h, _, _ := site(t, page.Visitor{})
	r := get("/nothing")
	r.Header.Set("Accept-Encoding", "gzip")
	res := send(h, r)
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(z)
	has(t, string(b), "<!doctype html>", "</html>")
}

func TestStreamsAreNotCompressed(t *testing.T) {
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		c.W.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(c.W, "data: 1\n\n")
		return http.NewResponseController(c.W).Flush()
	}})
	r := get("/x")
	r.Header.Set("Accept-Encoding", "gzip")
	res := send(h, r)
	if got := body(t, res); got != "data: 1\n\n" || res.StatusCode != 200 {
		t.Errorf("%d %q", res.StatusCode, got)
	}
}

func TestLogSaysNothingPersonal(t *testing.T) {
	h, _, log := site(t, page.Visitor{Actor: auth.Actor{Person: someone}}, page.Route{Pattern: "POST /people/{id}", Access: page.Public, Handler: func(c *page.Ctx) error {
		_, err := page.Bind[struct {
			N int `form:"n"`
		}](c)
		return err
	}})
	send(h, post("/people/"+someone+"?q=zhang", url.Values{"n": {"13800001234"}, "name": {"zhang"}}))
	send(h, post("/people/"+someone, url.Values{"n": {"1380000123x"}}))
	has(t, log.String(), `route="POST /people/{id}"`, "status=422", "took=")
	hasNot(t, log.String(), someone, "zhang", "1380000")
}

func TestAttachmentNamesAreChinese(t *testing.T) {
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		c.Attachment("名单 1.csv", "text/csv")
		return nil
	}})
	if got := send(h, get("/x")).Header.Get("Content-Disposition"); got != "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95%201.csv" {
		t.Error(got)
	}
}

func TestMenuShowsWhatOneMayUse(t *testing.T) {
	h, s, _ := site(t, page.Visitor{Actor: auth.Actor{Person: someone, Grants: []auth.Grant{{Role: auth.Leader}}}, Name: "x"},
		page.Route{Pattern: "GET /desk/a", Access: page.Public, Handler: func(c *page.Ctx) error { return c.Render(ui.Desk(ui.Head{Title: "t"})) }})
	s.Menu = []page.MenuItem{{Href: "/desk/a", Icon: "list", Key: "web.menu", Access: page.Staff()}, {Href: "/desk/b", Icon: "list", Key: "web.menu", Access: page.Staff(auth.Auditor)}}
	text := body(t, send(h, get("/desk/a")))
	has(t, text, `href="/desk/a" aria-current="page"`)
	hasNot(t, text, `href="/desk/b"`)
}

func TestStaffBeginWhereTheirMenuDoes(t *testing.T) {
	desk := page.Route{Pattern: "GET /desk", Access: page.Staff(), Handler: page.Desk}
	for name, c := range map[string]struct {
		role auth.Role
		want int
		to   string
	}{
		"an auditor":            {auth.Auditor, 303, "/desk/b"},
		"one without a place":   {auth.Signer, 403, ""},
		"who has not signed in": {"", 303, "/desk/sign-in?next=%2Fdesk"},
	} {
		var v page.Visitor
		if c.role != "" {
			v.Actor = auth.Actor{Person: someone, Grants: []auth.Grant{{Role: c.role}}}
		}
		h, s, _ := site(t, v, desk)
		s.Menu = []page.MenuItem{{Href: "/desk/a", Access: page.Staff(auth.Leader)}, {Href: "/desk/b", Access: page.Staff(auth.Auditor)}}
		if res := send(h, get("/desk")); res.StatusCode != c.want || res.Header.Get("Location") != c.to {
			t.Errorf("%s: %d to %q", name, res.StatusCode, res.Header.Get("Location"))
		}
	}
}
