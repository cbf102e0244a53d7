package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/i18n"
	"tongxin/internal/seed"
)

// The demonstration makes its city once, shows who can sign in, lets them in, and uses the
// city again.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	dsn := "file:" + filepath.Join(dir, "demo.db")
	write(t, filepath.Join(dir, "demo.db.new"), "what an interrupted making left behind")
	s := start(t, "demo", "--db", dsn, "--addr", "127.0.0.1:0", "--clock", "2020-02-28T14:26:00+08:00")
	head := strings.Join(s.head, "")
	for _, word := range []string{"anquan", "shenji", "duizhang", seed.VolunteerPhone, seed.GuardianPhone, i18n.T(i18n.Chinese, "people.role.auditor")} {
		if !strings.Contains(head, word) {
			t.Errorf("the demonstration does not tell of %s:\n%s", word, head)
		}
	}
	t.Run("volunteer", func(t *testing.T) { volunteerSignsIn(t, s) })
	t.Run("staff", func(t *testing.T) { staffSignIn(t, s, head) })
	s.end()
	if _, err := os.Stat(filepath.Join(dir, "demo.db.keys")); err != nil {
		t.Error("its keys are not beside it")
	}
	tongxin(t, "verify", "--db", dsn).done(t)
	if got := tongxin(t, "password", "--db", dsn, "--login", "shi").done(t); !strings.Contains(got.out, "shi") {
		t.Errorf("no new password: %s", got.out)
	}
	s = start(t, "demo", "--db", dsn, "--addr", "127.0.0.1:0")
	if head := strings.Join(s.head, ""); !strings.Contains(head, i18n.T(i18n.Chinese, "cmd.demo.there", "db", dsn)) {
		t.Errorf("it does not tell that it was there:\n%s", head)
	}
	if _, page := s.get("/api/v1/activities"); !strings.Contains(page, "2020-02") {
		t.Error("its time does not go on where it stood")
	}
	s.end()
}

// volunteerSignsIn: by the number that was told and the code that the page shows; her first
// page has her name, her next shift and the band that says that this is no real time.
func volunteerSignsIn(t *testing.T, s *server) {
	b := s.browser(t)
	b.visit("/sign-in")
	shown := b.submit("/sign-in", "phone", seed.VolunteerPhone)
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(shown, " "))
	if code == "" {
		t.Fatalf("no code is shown: %s", shown)
	}
	home := b.submit("/sign-in/code", "phone", seed.VolunteerPhone, "code", code)
	for _, word := range []string{"玉兰", "14:30", "凤凰园小区", i18n.T(i18n.Chinese, "web.band.clock")} {
		if !strings.Contains(home, word) {
			t.Errorf("her first page does not say %s", word)
		}
	}
}

var passwordRe = regexp.MustCompile(`\bshi\s+\S+ (\S+)`)

// staffSignIn: by the login and password that were told, without a second factor, which a
// band says on every page.
func staffSignIn(t *testing.T, s *server, head string) {
	m := passwordRe.FindStringSubmatch(head)
	if m == nil {
		t.Fatalf("no password is told:\n%s", head)
	}
	b := s.browser(t)
	b.visit("/desk/sign-in")
	desk := b.submit("/desk/sign-in", "login", "shi", "password", m[1])
	for _, word := range []string{"泰州市文明办", i18n.T(i18n.Chinese, "web.band.one_factor"), i18n.T(i18n.Chinese, "web.band.clock")} {
		if !strings.Contains(desk, word) {
			t.Errorf("the desk does not say %s:\n%s", word, desk)
		}
	}
}

// browser keeps cookies and fills in forms as they stand on the page.
type browser struct {
	t      *testing.T
	base   string
	client *http.Client
	page   string
}

func (s *server) browser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: s.url, client: &http.Client{Jar: jar, Timeout: s.client.Timeout}}
}

func (b *browser) visit(path string) string {
	b.t.Helper()
	return b.read(b.client.Get(b.base + path))
}

var hiddenRe = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`)

var attributeRe = regexp.MustCompile(`(name|value)="([^"]*)"`)

// submit posts the form with what the page hid in it and the fields given.
func (b *browser) submit(path string, fields ...string) string {
	b.t.Helper()
	values := url.Values{}
	for _, input := range hiddenRe.FindAllString(b.page, -1) {
		of := map[string]string{}
		for _, m := range attributeRe.FindAllStringSubmatch(input, -1) {
			of[m[1]] = html.UnescapeString(m[2])
		}
		values.Set(of["name"], of["value"])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	return b.read(b.client.PostForm(b.base+path, values))
}

func (b *browser) read(r *http.Response, err error) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		b.t.Fatalf("%s answers %d, %v:\n%s", r.Request.URL.Path, r.StatusCode, err, body)
	}
	b.page = string(body)
	return b.page
}
