package page

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/ui"
)

// Errors that belong to HTTP alone.
var (
	errSignIn   = errors.New("the session has ended")
	errTooLarge = errors.New("the body is too large")
	errTooSlow  = errors.New("the body came too slowly")
	errForeign  = errors.New("the request comes from another site")
)

// problem is an error as people see it.
type problem struct {
	status int
	code   string // for machines
	title  string
	text   string // what happened
	next   string // what to do
	number string // under which the log has it; "" when the log need not know
	link   ui.Link
}

// explain turns any error into a problem, in words.
func (c *Ctx) explain(err error) problem {
	t := c.T
	home := ui.Link{Href: "/", Label: t("web.error.home")}
	switch {
	case errors.Is(err, errSignIn):
		return problem{status: 401, code: "web.signed_out", title: t("web.error.signed_out"), text: t("web.error.signed_out_text"),
			link: ui.Link{Href: signInPath(c.R.URL.Path) + "?next=" + url.QueryEscape(c.referer()), Label: t("web.sign_in")}}
	case errors.Is(err, errTooLarge):
		return problem{status: 413, code: "web.too_large", title: t("web.error.too_large"),
			text: t("web.error.too_large_text", "n", c.limit>>20), next: t("web.error.too_large_next"), link: home}
	case errors.Is(err, errTooSlow):
		return problem{status: 408, code: "web.too_slow", title: t("web.error.too_slow"),
			text: t("web.error.too_slow_text"), next: t("web.error.too_slow_next"), link: home}
	case errors.Is(err, errForeign):
		return problem{status: 403, code: "web.foreign", title: t("web.error.foreign"),
			text: t("web.error.foreign_text"), next: t("web.error.foreign_next"), link: home}
	}
	kind := fail.KindOf(err)
	p := problem{status: fail.Status(err), code: fail.Key(err), link: home}
	if kind == fail.Internal {
		p.code, p.number = "error.internal", number(c.R)
		p.title, p.text = t("web.error.internal"), t("error.internal")
		return p
	}
	p.title, p.next = t("web.error."+string(kind)), t("web.error."+string(kind)+".next")
	p.text = t(fail.Key(err), fail.Args(err)...)
	if f := fail.Fields(err); len(f) > 0 {
		p.text = t(f[0].Key, f[0].Args...)
	}
	if fail.Key(err) == "web.not_volunteer" {
		p.next, p.link = "", ui.Link{Href: "/join", Label: t("web.join")}
	}
	return p
}

// referer is the page of ours that the request came from, or the first page.
func (c *Ctx) referer() string {
	u, err := url.Parse(c.R.Referer())
	if err != nil || u.Host != c.R.Host {
		return "/"
	}
	return local(u.RequestURI())
}

// fail answers with an error, also when the request counts as over: its body broke off, say.
func (c *Ctx) fail(err error) {
	c.Context = context.WithoutCancel(c.Context)
	p := c.explain(err)
	c.note(err, p)
	c.W.Header().Set("Cache-Control", "no-store")
	if p.status == http.StatusServiceUnavailable || p.status == http.StatusTooManyRequests {
		c.W.Header().Set("Retry-After", "60")
	}
	switch {
	case forMachines(c.R.URL.Path):
		problemJSON(c.W, p)
	case c.Htmx():
		c.failPart(p)
	default:
		c.refused = nil
		if err := c.render(p.status, errorPage(p)); err != nil {
			http.Error(c.W, i18n.T(c.Lang, "error.internal"), http.StatusInternalServerError)
		}
	}
}

// forMachines says whether an address is for programs: their errors are problem documents.
func forMachines(path string) bool {
	return strings.HasPrefix(path, "/api/") || path == "/healthz" || path == "/readyz" || path == "/metrics"
}

// note tells the log of what is ours to repair.
func (c *Ctx) note(err error, p problem) {
	if c.Log != nil && p.status >= 500 {
		c.Log.LogAttrs(c, slog.LevelError, "page failed", slog.String("incident", number(c.R)),
			slog.Int("status", p.status), slog.String("route", c.R.Pattern), slog.String("error", err.Error()))
	}
}

// failPart answers htmx: the message goes to the top of the page, the rest stays.
func (c *Ctx) failPart(p problem) {
	h := c.W.Header()
	if p.status == http.StatusUnauthorized {
		h.Set("HX-Redirect", p.link.Href)
	}
	h.Set("HX-Retarget", "#flash")
	h.Set("HX-Reswap", "innerHTML show:window:top")
	text := p.text
	if p.number != "" {
		text = c.T("web.error.with_number", "text", text, "number", p.number)
	}
	if err := c.render(p.status, ui.Message(ui.Flash{Kind: "err", Text: text})); err != nil {
		http.Error(c.W, text, p.status)
	}
}

func problemJSON(w http.ResponseWriter, p problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	json.NewEncoder(w).Encode(map[string]any{"status": p.status, "code": p.code, "title": p.title, "detail": p.text})
}

// NotFound answers every URL that no route has.
func NotFound(c *Ctx) error { return fail.New(fail.NotFound, "web.no_such_page") }
