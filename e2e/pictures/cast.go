package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/seed"
)

// Who has no account of her own here.
const (
	visitor  = "visitor"
	newcomer = "newcomer" // staff on her first day
)

// order is who walks before whom: a page is drawn as whoever came first.
var order = []auth.Role{auth.Volunteer, auth.Guardian, auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor, auth.Editor, auth.Signer,
	auth.SystemAdmin, auth.SecurityAdmin, auth.Auditor}

// everyPage finds one address of each page by following links as everybody who has an account, and the sights. It answers the
// pages that neither leads to as well.
func (c *city) everyPage(ctx context.Context, r routes) (stops []stop, unseen []string, err error) {
	walkers, err := c.walkers(ctx)
	if err != nil {
		return nil, nil, err
	}
	seen := map[string]bool{}
	for _, w := range walkers {
		found, err := w.walk(ctx, r, seen)
		if err != nil {
			return nil, nil, err
		}
		if w.who == newcomer { // hers are drawn first, for she has ten minutes
			found, stops = stops, found
		}
		stops = append(stops, found...)
	}
	for _, s := range sights {
		found, err := s.visit(ctx, c, r, walkers, seen)
		if err != nil {
			return nil, nil, fmt.Errorf("%s of %s: %w", s.name, s.who, err)
		}
		stops = append(stops, found...)
	}
	return stops, r.unseen(seen), nil
}

// walkers are a visitor, everybody who has an account, and a newcomer. Whoever signs in by phone has a first page of her own.
func (c *city) walkers(ctx context.Context) ([]walker, error) {
	all := []walker{{who: visitor, base: c.url, start: "/", client: &http.Client{}}}
	accounts := slices.SortedStableFunc(slices.Values(c.accounts), func(a, b seed.Account) int {
		return cmp.Compare(slices.Index(order, a.Role), slices.Index(order, b.Role))
	})
	for _, a := range accounts {
		cookie, err := c.signIn(ctx, a)
		if err != nil {
			return nil, err
		}
		jar, err := c.jar(cookie)
		if err != nil {
			return nil, err
		}
		w := walker{who: string(a.Role), base: c.url, start: "/", own: true, client: &http.Client{Jar: jar}}
		if a.Login != "" {
			w.start, w.own = "/desk", false
		}
		all = append(all, w)
	}
	cookie, err := c.firstDay(ctx, c.who(auth.Editor))
	if err != nil {
		return nil, err
	}
	jar, err := c.jar(cookie)
	return append(all, walker{who: newcomer, base: c.url, start: "/desk/sign-in/step", client: &http.Client{Jar: jar}}), err
}

// firstDay is the session of somebody who gave her password and is asked to set up an authenticator, which the city asks for
// from now on.
func (c *city) firstDay(ctx context.Context, who seed.Account) (*http.Cookie, error) {
	err := c.app.DB.Write(ctx, func(tx *db.Tx) error { return config.Save(tx, "people.staff_second_factor", "true") })
	if err != nil {
		return nil, err
	}
	return c.signIn(ctx, who)
}

// jar holds a session.
func (c *city) jar(session *http.Cookie) (http.CookieJar, error) {
	at, err := url.Parse(c.url)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err == nil {
		jar.SetCookies(at, []*http.Cookie{session})
	}
	return jar, err
}
