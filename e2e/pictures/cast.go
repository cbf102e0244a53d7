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
	"tongxin/internal/seed"
)

// visitor is who has not signed in.
const visitor = "visitor"

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
		stops = append(stops, found...)
	}
	for _, s := range sights {
		found, err := s.visit(ctx, c, r, walkers, seen)
		if err != nil {
			return nil, nil, fmt.Errorf("%s of %s: %w", s.name, s.who, err)
		}
		stops = append(stops, found)
	}
	return stops, r.unseen(seen), nil
}

// walkers are a visitor and everybody who has an account, one of each role at her own first page.
func (c *city) walkers(ctx context.Context) ([]walker, error) {
	all := []walker{{who: visitor, base: c.url, start: "/", client: &http.Client{}}}
	accounts := slices.SortedStableFunc(slices.Values(c.accounts), func(a, b seed.Account) int {
		return cmp.Compare(slices.Index(order, a.Role), slices.Index(order, b.Role))
	})
	for _, a := range accounts {
		jar, err := c.jar(ctx, a)
		if err != nil {
			return nil, err
		}
		w := walker{who: string(a.Role), base: c.url, start: "/", own: true, client: &http.Client{Jar: jar}}
		if a.Login != "" {
			w.start = "/desk"
		}
		if all[len(all)-1].who == w.who { // of a role's further accounts only what nobody saw
			w.who, w.own = w.who+"-"+cmp.Or(a.Login, "2"), false
		}
		all = append(all, w)
	}
	return all, nil
}

// jar holds the session of an account.
func (c *city) jar(ctx context.Context, a seed.Account) (http.CookieJar, error) {
	at, err := url.Parse(c.url)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	cookie, err := c.signIn(ctx, a)
	jar.SetCookies(at, []*http.Cookie{cookie})
	return jar, err
}
