package page

import (
	"net/http"
	"time"

	"tongxin/internal/base/auth"
)

// SessionCookie is the cookie that holds the secret of a person's session.
const SessionCookie = "session"

// SessionHash is the hash of the session's secret that a request came with; nil without one.
func SessionHash(r *http.Request) []byte {
	secret := cookie(r, SessionCookie)
	if secret == "" {
		return nil
	}
	return auth.HashSecret(secret)
}

// KeepSession gives the browser the secret of a session that has just begun.
func (c *Ctx) KeepSession(secret string, until time.Time) {
	c.setCookie(SessionCookie, secret, until.Sub(c.Now))
}

// DropSession takes the secret of a session from the browser.
func (c *Ctx) DropSession() { c.setCookie(SessionCookie, "", -time.Second) }

// Keep gives the browser a value that later requests bring back: sealed or signed by whoever
// keeps it, and nothing that a preference could be taken for.
func (c *Ctx) Keep(name, value string, age time.Duration) { c.setCookie(name, value, age) }

// Kept is what [Ctx.Keep] gave, "" when it is gone.
func (c *Ctx) Kept(name string) string { return cookie(c.R, name) }
