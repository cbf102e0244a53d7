package page

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
)

// DefaultBody is how many bytes a body may have, unless its route says otherwise.
const DefaultBody = 1 << 20

// Route is one URL: a pattern of net/http ("GET /activities/{id}"), what answers, who may.
type Route struct {
	Pattern string
	Handler Handler
	Access  Access
	Body    int64 // bytes a body may have; 0 is [DefaultBody]
}

// Access says who may use a route. What she may do there is for the command to say.
type Access struct {
	name   string
	admits func(Visitor) bool
}

func (a Access) String() string { return a.name }

// The kinds of access, besides [Staff].
var (
	Public    = Access{"public", func(Visitor) bool { return true }}
	SignedIn  = Access{"signed in", Visitor.SignedIn}
	Volunteer = Access{"volunteer", func(v Visitor) bool { return v.SignedIn() && v.Volunteer }}
)

// Staff lets in whoever holds one of the roles somewhere; without roles, whoever works at
// the desk at all.
func Staff(roles ...auth.Role) Access {
	return Access{fmt.Sprint("staff ", roles), func(v Visitor) bool {
		if len(roles) == 0 {
			return v.Actor.Staff()
		}
		return v.Actor.Has(roles...)
	}}
}

// Handle makes a route an http.Handler.
func (s *Site) Handle(rt Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := newCtx(s, w, r)
		if rt.Body > 0 {
			c.limit = rt.Body
		}
		if err := c.serve(rt); err != nil {
			c.fail(err)
		}
	})
}

// serve answers, and makes an error of a panic.
func (c *Ctx) serve(rt Route) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if c.Site.Authenticate != nil {
		if c.Visitor, err = c.Site.Authenticate(c.R); err != nil {
			return err
		}
	}
	if !rt.Access.admits(c.Visitor) {
		return c.refuse(rt.Access)
	}
	return rt.Handler(c)
}

// refuse sends whoever has not signed in to do so, and tells the others that this is not theirs.
func (c *Ctx) refuse(a Access) error {
	switch {
	case c.SignedIn() && a.name == Volunteer.name:
		return fail.New(fail.Forbidden, "web.not_volunteer")
	case c.SignedIn():
		return fail.New(fail.Forbidden, "web.not_yours")
	case c.R.Method == http.MethodGet || c.R.Method == http.MethodHead:
		if c.Ended {
			c.FlashWarn("web.session_ended")
		}
		return c.Redirect(signInPath(c.R.URL.Path) + "?next=" + url.QueryEscape(c.R.URL.RequestURI()))
	}
	return errSignIn
}

// signInPath is where one signs in for a page: staff have a door of their own.
func signInPath(path string) string {
	if path == "/desk" || strings.HasPrefix(path, "/desk/") {
		return "/desk/sign-in"
	}
	return "/sign-in"
}
