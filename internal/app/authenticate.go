package app

import (
	"context"
	"net/http"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// authenticate says who asks, from the session that the browser came with.
func (a *App) authenticate(r *http.Request) (page.Visitor, error) {
	hash := page.SessionHash(r)
	if hash == nil {
		return page.Visitor{}, nil
	}
	now := a.DB.Now()
	actor, s, err := people.Actor(r.Context(), a.DB, now, hash)
	if err != nil || !actor.SignedIn() {
		return page.Visitor{Ended: s.Kind != people.HalfSession}, err
	}
	if s.Due(now) {
		if err := a.DB.Write(r.Context(), func(tx *db.Tx) error { return people.Touch(tx, hash) }); err != nil {
			return page.Visitor{}, err
		}
	}
	v := page.Visitor{Actor: actor, Volunteer: s.Volunteer()}
	if v.Name, err = s.Name(a.Keys); err != nil {
		return v, err
	}
	if v.Unread, err = notice.Unread(r.Context(), a.DB, actor.Person); err != nil || s.Kind != people.StaffSession {
		return v, err
	}
	if v.OneFactor, err = people.OneFactor(r.Context(), a.DB, actor.Person); err != nil {
		return v, err
	}
	v.Post, err = a.post(r.Context(), actor, page.Lang(r))
	return v, err
}

// post says where staff serve and as what: by the first of their roles.
func (a *App) post(ctx context.Context, actor auth.Actor, lang string) (string, error) {
	if len(actor.Grants) == 0 {
		return "", nil
	}
	g := actor.Grants[0]
	names, err := org.Names(ctx, a.DB, []id.ID{g.Org})
	return names[g.Org] + " · " + i18n.T(lang, "people.role."+string(g.Role)), err
}

// sender delivers one-time codes: the demonstration shows them. Nothing else is connected
// yet, and the page says so.
func (a *App) sender() func(context.Context, string, string) (string, error) {
	if !a.Demo {
		return nil
	}
	return func(_ context.Context, _, code string) (string, error) { return code, nil }
}
