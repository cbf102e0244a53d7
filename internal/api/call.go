package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// call is one request: who asks, in which language.
type call struct {
	actor auth.Actor
	lang  string
	log   *slog.Logger
	r     *http.Request
	w     http.ResponseWriter
}

type callKey struct{}

// callIn finds the request that a handler works for.
func callIn(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// admit is in front of every operation: it says who asks, and lets nobody in whom the
// operation is not for.
func (s *Site) admit(ctx huma.Context, next func(huma.Context)) {
	c := newCall(ctx)
	c.log = s.Log
	ctx = huma.WithValue(ctx, callKey{}, c)
	var err error
	if len(ctx.Operation().Security) > 0 {
		c.actor, err = s.identify(c.r)
	}
	if err == nil && c.r.ContentLength > MaxBody {
		page.Drain(c.r)
		err = errTooLarge
	}
	if err != nil {
		huma.WriteErr(s.api, ctx, 0, "", err)
		return
	}
	next(ctx)
}

func newCall(ctx huma.Context) *call {
	c := &call{log: slog.Default()}
	c.r, c.w = humago.Unwrap(ctx)
	c.lang = i18n.Match(c.r.Header.Get("Accept-Language"))
	c.w.Header().Set("Cache-Control", "no-store")
	return c
}

// identify says who bears the token of a request, else its session.
func (s *Site) identify(r *http.Request) (auth.Actor, error) {
	bearer, hash := people.Bearer(r.Header.Get("Authorization")), page.SessionHash(r)
	if bearer != "" {
		hash = auth.HashSecret(bearer)
	}
	if hash == nil {
		return auth.Actor{}, errSignIn
	}
	now := s.DB.Now()
	a, session, err := people.Actor(r.Context(), s.DB, now, hash)
	switch {
	case err != nil:
		return a, err
	case !a.SignedIn() && bearer != "":
		return a, errToken
	case !a.SignedIn():
		return a, errEnded
	case session.Due(now):
		err = s.DB.Write(r.Context(), func(tx *db.Tx) error { return people.Touch(tx, hash) })
	}
	a.Via = auth.API
	return a, err
}
