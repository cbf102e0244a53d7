package page

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/article"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/live"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// Site is what all requests share; package app fills it in.
type Site struct {
	DB   *db.DB
	Keys *crypt.Keys
	Log  *slog.Logger

	Figures  *figure.Engine
	Board    *roster.Board    // nil: [web.New] makes one
	Names    *people.NameBook // nil: the same
	OrgNames *org.NameBook    // nil: the same
	Still    db.Still         // what pages have in common until the next commit
	Reads    *article.Counter
	Live     *live.Hub // nil: pages stay as they were when they were opened

	// Authenticate says who asks. No session is a zero Visitor and no error; a session that
	// has ended is a zero Visitor with Ended set.
	Authenticate func(*http.Request) (Visitor, error)

	// SendCode delivers a one-time code; what it answers is shown on the page instead, as the
	// demonstration's does with the code. nil: codes cannot be sent here.
	SendCode func(ctx context.Context, phone, code string) (shown string, err error)
	// Prove sends the code of an address for notices there.
	Prove func(ctx context.Context, p notice.Proof) error
	// OpenID gives a code that somebody brought from WeChat for the name by which it knows her.
	OpenID func(ctx context.Context, code string) (string, error)

	Menu      []MenuItem      // of the desk
	Needs     []Needs         // what asks for a hand, area by area
	Home      []Piece         // what areas ask of a volunteer on her first page
	Portal    []Piece         // what they show everybody on the first page
	Looks     map[string]Look // who may look at the pictures of an area's texts
	Pace      Pace            // what senders and readers keep up; zero is [Unhurried]
	Secure    bool            // served over HTTPS: cookies say so
	Proxied   bool            // a proxy in front says who asks
	DemoClock bool            // the product's clock does not tell the real time
	Dev       bool            // development or demonstration: /design is served
}

// MenuItem is a place of the desk, shown to whom Access lets in.
type MenuItem struct {
	Href, Icon, Key string // Key is the label's message key
	Access          Access
	// Count, if it is there, says how many things wait behind it for somebody.
	Count func(ctx context.Context, s *Site, actor auth.Actor) (int, error)
}

// Visitor is who asks. Without a Person in Actor nobody is signed in.
type Visitor struct {
	Actor     auth.Actor
	Volunteer bool   // registered as a volunteer
	Name      string // shown to herself
	Post      string // where she serves and as what, under her name on the desk
	Unread    int    // notices not yet read
	Ended     bool   // she had a session, which is over
	OneFactor bool   // staff who signed in without a second factor
}

// SignedIn reports whether a person is behind the request.
func (v Visitor) SignedIn() bool { return v.Actor.SignedIn() }

// Ctx is one request. It is a context.Context, so it goes where a command wants one.
type Ctx struct {
	context.Context
	R *http.Request
	W http.ResponseWriter
	*Site
	Visitor

	Lang  string
	Elder bool
	Theme string
	Now   time.Time // fixed at the start of the request

	limit    int64       // bytes of a body
	parsed   bool        // the form was read
	refused  *ui.Refusal // the form was refused
	settings *config.Settings
}

// Handler answers one URL. An error it returns becomes a page.
type Handler func(c *Ctx) error

func newCtx(s *Site, w http.ResponseWriter, r *http.Request) *Ctx {
	c := &Ctx{Context: r.Context(), R: r, W: w, Site: s, Lang: Lang(r), Now: s.DB.Now(), limit: DefaultBody}
	c.Elder = cookie(r, "elder") == "1"
	if t := cookie(r, "theme"); t == "dark" || t == "light" {
		c.Theme = t
	}
	return c
}

// Lang is the reader's language: Chinese, unless she chose another on this device.
func Lang(r *http.Request) string {
	if cookie(r, "lang") == i18n.English {
		return i18n.English
	}
	return i18n.Chinese
}

// T is a sentence in the reader's language.
func (c *Ctx) T(key string, args ...any) string { return i18n.T(c.Lang, key, args...) }

// Path is a wildcard of the route's pattern.
func (c *Ctx) Path(name string) string { return c.R.PathValue(name) }

// Query is a value of the URL's query.
func (c *Ctx) Query(name string) string { return c.R.URL.Query().Get(name) }

// Htmx reports whether the answer replaces a part of a page.
func (c *Ctx) Htmx() bool { return c.R.Header.Get("HX-Request") == "true" }

// Render answers with a page or a part of one.
func (c *Ctx) Render(t templ.Component) error { return c.render(http.StatusOK, t) }

// render writes only what rendered to its end, so that a template that fails becomes an error page.
func (c *Ctx) render(status int, t templ.Component) error {
	var b bytes.Buffer
	if err := t.Render(ui.With(c, c.view()), &b); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", c.Lang)
	h.Add("Vary", "Cookie, HX-Request")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", cacheFor(c.SignedIn()))
	}
	c.W.WriteHeader(status)
	_, err := c.W.Write(b.Bytes())
	if err != nil {
		return nil // the reader has gone
	}
	return nil
}

// cacheFor: a page that shows a person's own things stays nowhere.
func cacheFor(signedIn bool) string {
	if signedIn {
		return "no-store"
	}
	return "no-cache"
}

// Redirect sends the reader on after a POST. The path is ours and begins with "/".
func (c *Ctx) Redirect(path string) error {
	path = local(path)
	if c.Htmx() {
		c.W.Header().Set("HX-Redirect", path)
		c.W.WriteHeader(http.StatusOK)
		return nil
	}
	http.Redirect(c.W, c.R, path, http.StatusSeeOther)
	return nil
}

// Attachment announces a file to keep; the handler then writes it to c.W.
func (c *Ctx) Attachment(name, kind string) {
	h := c.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	h.Set("Cache-Control", "no-store")
}

// local lets only paths of our own through: no scheme, no host.
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// Origin is where the site is, as https://example.org.
func (c *Ctx) Origin() string {
	if c.Secure {
		return "https://" + c.R.Host
	}
	return "http://" + c.R.Host
}

func (c *Ctx) view() *ui.View {
	v := &ui.View{
		Lang: c.Lang, Elder: c.Elder, Theme: c.Theme, Now: c.Now,
		Path: c.R.URL.Path, Query: c.R.URL.Query(), Origin: c.Origin(),
		SignedIn: c.SignedIn(), Name: c.Name, Post: c.Post, Unread: c.Unread,
		Filings: c.filings(), Refused: c.refused, Flash: c.takeFlash(), Bands: c.bands(),
	}
	for _, m := range c.Menu {
		if m.Access.admits(c.Visitor) {
			v.Nav = append(v.Nav, ui.Entry{Href: m.Href, Icon: m.Icon, Label: c.T(m.Key), Count: c.waiting(m)})
		}
	}
	return v
}

// waiting counts what waits behind an entry of the desk's menu, where the menu is shown. A
// count that cannot be made is none: the page has more to say.
func (c *Ctx) waiting(m MenuItem) int {
	desk := c.R.URL.Path == "/desk" || strings.HasPrefix(c.R.URL.Path, "/desk/")
	if m.Count == nil || !desk || c.Htmx() {
		return 0
	}
	n, err := db.While(&c.Still, c.DB, "menu|"+m.Href+"|"+string(c.Actor.Person), func() (int, error) { return m.Count(c, c.Site, c.Actor) })
	if err != nil {
		return 0
	}
	return n
}

// Settings are the installation's, read once a request.
func (c *Ctx) Settings() (config.Settings, error) {
	if c.settings == nil {
		s, err := config.Load(c, c.DB)
		if err != nil {
			return s, err
		}
		c.settings = &s
	}
	return *c.settings, nil
}

// filings are the numbers under which the site is registered. An error page has none when
// the settings cannot be read.
func (c *Ctx) filings() (out []string) {
	s, err := c.Settings()
	if err != nil {
		return nil
	}
	for _, f := range []string{s.FilingICP, s.FilingPolice} {
		if f != "" {
			out = append(out, f)
		}
	}
	return out
}

func (c *Ctx) bands() (out []ui.Band) {
	if c.DemoClock {
		out = append(out, ui.Band{Strong: c.T("web.band.clock"), Text: i18n.DayTime(c.Lang, c.Now)})
	}
	if c.OneFactor {
		out = append(out, ui.Band{Strong: c.T("web.band.one_factor"), Text: c.T("web.band.one_factor_why"),
			Href: "/my/security", Link: c.T("web.band.one_factor_do")})
	}
	return out
}

// Leave sends the reader to another site, in her browser's own window.
func (c *Ctx) Leave(to string) error {
	http.Redirect(c.W, c.R, to, http.StatusSeeOther)
	return nil
}

func cookie(r *http.Request, name string) string {
	k, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return k.Value
}

func (c *Ctx) setCookie(name, value string, age time.Duration) {
	http.SetCookie(c.W, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}
