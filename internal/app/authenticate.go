package app

import (
	"net/http"

	"tongxin/internal/web/page"
)

// authenticate says who asks.
func (a *App) authenticate(*http.Request) (page.Visitor, error) {
	return page.Visitor{}, nil
}
