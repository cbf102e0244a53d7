package ui

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/i18n"
)

// View is what components know about the request and the person who is looking.
type View struct {
	Lang     string
	Elder    bool
	Theme    string // "light", "dark", or "" for what the device says
	Path     string // of this page, without the query
	Origin   string // of the site, as https://example.org
	Query    url.Values
	Now      time.Time
	SignedIn bool
	Name     string // hers, shown to herself
	Post     string // where she serves and as what
	Unread   int    // notices
	Nav      []Entry
	Flash    *Flash
	Bands    []Band
	Filings  []string // the record numbers that a public site must show
	Refused  *Refusal
}

// Entry is one place of the desk's menu.
type Entry struct {
	Href, Icon, Label string
	Count             int
}

// Flash is a message that is shown once.
type Flash struct {
	Kind string // "ok", "warn" or "err"
	Text string
	Undo string // the path that takes it back by POST, or ""
}

// Band is a line above everything: a demonstration's clock, a missing second factor.
type Band struct {
	Strong, Text string
	Href, Link   string
}

// Refusal is a form that was not accepted: what is wrong, and what was typed.
type Refusal struct {
	Action   string // the path it was posted to
	Text     string
	Problems []Problem
	Typed    url.Values
}

// Problem is what is wrong with one field.
type Problem struct{ Field, Text string }

type viewKey struct{}

// With gives the components of a page their view.
func With(ctx context.Context, v *View) context.Context {
	return context.WithValue(ctx, viewKey{}, v)
}

// From is the view of a page; a plain Chinese one when there is none.
func From(ctx context.Context) *View {
	if v, ok := ctx.Value(viewKey{}).(*View); ok {
		return v
	}
	return &View{Lang: i18n.Chinese}
}

// inLang is the address of a calendar in the reader's language: a phone that looks again says none.
func inLang(ctx context.Context, path string) string {
	if lang := From(ctx).Lang; lang != i18n.Chinese {
		return path + "?lang=" + lang
	}
	return path
}

// webcal is the address of a calendar as phones open it: their own program asks whether to subscribe.
func webcal(ctx context.Context, path string) templ.SafeURL {
	_, host, _ := strings.Cut(From(ctx).Origin, "://")
	return templ.SafeURL("webcal://" + host + inLang(ctx, path))
}

// T is the sentence of a message key in the reader's language.
func T(ctx context.Context, key string, args ...any) string {
	return i18n.T(From(ctx).Lang, key, args...)
}

// Lang is the reader's language, for the functions of package i18n.
func Lang(ctx context.Context) string { return From(ctx).Lang }

// Now is the moment of the request, by the product's clock.
func Now(ctx context.Context) time.Time { return From(ctx).Now }

// Here is the path of this page with its query changed: an empty value removes a name.
// Paging ("after") starts anew unless it is what changes.
func Here(ctx context.Context, pairs ...string) string {
	v := From(ctx)
	q := url.Values{}
	for name, values := range v.Query {
		if name != "after" {
			q[name] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.Path
	}
	return v.Path + "?" + q.Encode()
}

// under reports whether the page at path belongs to the menu entry at href.
func under(path, href string) bool {
	if href == "/" || href == "/desk" {
		return path == href
	}
	return path == href || strings.HasPrefix(path, href+"/")
}

// current is the entry of the menu that this page belongs to: the longest that fits.
func current(path string, hrefs ...string) string {
	best := ""
	for _, h := range hrefs {
		if under(path, h) && len(h) > len(best) {
			best = h
		}
	}
	return best
}

func (v *View) currentEntry() string {
	hrefs := make([]string, len(v.Nav))
	for i, e := range v.Nav {
		hrefs[i] = e.Href
	}
	return current(v.Path, hrefs...)
}
