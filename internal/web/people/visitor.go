package people

import (
	"context"
	"net/http"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Authenticate says who asks, from the session that the browser came with. It is what
// [page.Site] wants as Authenticate.
func Authenticate(d *db.DB, keys *crypt.Keys) func(*http.Request) (page.Visitor, error) {
	return func(r *http.Request) (page.Visitor, error) {
		hash := page.SessionHash(r)
		if hash == nil {
			return page.Visitor{}, nil
		}
		now := d.Now()
		actor, s, err := people.Actor(r.Context(), d, now, hash)
		if err != nil || !actor.SignedIn() {
			return page.Visitor{Ended: s.Kind != people.HalfSession}, err
		}
		if s.Due(now) {
			if err := d.Write(r.Context(), func(tx *db.Tx) error { return people.Touch(tx, hash) }); err != nil {
				return page.Visitor{}, err
			}
		}
		return visitor(r, d, keys, actor, s)
	}
}

// visitor is what the shell of a page shows of who is signed in.
func visitor(r *http.Request, d *db.DB, keys *crypt.Keys, actor auth.Actor, s people.Session) (v page.Visitor, err error) {
	v = page.Visitor{Actor: actor, Volunteer: s.Volunteer()}
	if v.Name, err = s.Name(keys); err != nil {
		return v, err
	}
	if v.Unread, err = notice.Unread(r.Context(), d, actor.Person); err != nil || s.Kind != people.StaffSession {
		return v, err
	}
	if v.OneFactor, err = people.OneFactor(r.Context(), d, actor.Person); err != nil {
		return v, err
	}
	v.Post, err = post(r.Context(), d, actor, page.Lang(r))
	return v, err
}

// post says where staff serve and as what: by the first of their roles.
func post(ctx context.Context, r db.Reader, actor auth.Actor, lang string) (string, error) {
	if len(actor.Grants) == 0 {
		return "", nil
	}
	g := actor.Grants[0]
	names, err := org.Names(ctx, r, []id.ID{g.Org})
	return names[g.Org] + " · " + i18n.T(lang, "people.role."+string(g.Role)), err
}
