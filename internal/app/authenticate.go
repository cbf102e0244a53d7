package app

import (
	"net/http"

	"tongxin/internal/web/page"
)

// sessionCookie is the cookie that holds the secret of a person's session.
const sessionCookie = "session"

// authenticate says who asks.
func (a *App) authenticate(*http.Request) (page.Visitor, error) {
	return page.Visitor{}, nil
}
