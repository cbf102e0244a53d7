package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Tag is a short word on a ground: kind is "", "red", "ok", "warn" or "line". A long list has
// hundreds; written out here, one costs a third of what a template's classes do.
func Tag(kind, text string) templ.Component {
	class := "tag"
	if kind != "" {
		class += " " + kind
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<span class="`+class+`">`+templ.EscapeString(text)+`</span>`)
		return err
	})
}
