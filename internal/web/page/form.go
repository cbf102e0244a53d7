package page

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/idem"
	"tongxin/internal/web/ui"
)

// Form reads the body of a POST, once. Too large a body is answered in words.
func (c *Ctx) Form() error {
	if c.parsed {
		return nil
	}
	r, body := c.R, c.R.Body
	r.Body = http.MaxBytesReader(nil, body, c.limit)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(c.limit)
	} else {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		r.Body = body
		Drain(r)
		return errTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errTooSlow
	case err != nil:
		return fail.New(fail.Invalid, "web.form.unreadable")
	}
	c.parsed = true
	readable(r)
	return nil
}

// readable takes out of a form that was read what is no text.
func readable(r *http.Request) {
	for _, values := range r.PostForm {
		for i, v := range values {
			if !legible(v) {
				values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, ""), "\x00", "")
			}
		}
	}
	if r.MultipartForm == nil {
		return
	}
	for _, files := range r.MultipartForm.File {
		for _, f := range files {
			f.Filename = plain(f.Filename)
		}
	}
}

// Write runs a command in one transaction. home is the home of the record it acts on. A
// form that is sent twice runs it once: the repeat succeeds without running f, so what comes
// after must not need what f would have found out. Like every write, f may also run again.
func (c *Ctx) Write(home string, f func(tx *db.Tx) error) error {
	_, err := c.Create(home, func(tx *db.Tx) (id.ID, error) { return "", f(tx) })
	return err
}

// Create is [Ctx.Write] for a command that makes a record; a repeat gets the same id.
func (c *Ctx) Create(home string, f func(tx *db.Tx) (id.ID, error)) (made id.ID, err error) {
	if err := c.Form(); err != nil {
		return "", err
	}
	err = c.DB.Write(c, func(tx *db.Tx) error {
		_, ref, _, err := idem.Once(tx, home, c.Actor.Person, c.R.PostForm.Get(ui.KeyField), c.request(), func() (int, string, error) {
			ref, err := f(tx)
			return http.StatusSeeOther, string(ref), err
		})
		made = id.ID(ref)
		return err
	})
	return made, err
}

// request is what makes two requests the same: where to, and everything typed.
func (c *Ctx) request() []byte {
	typed := make(map[string][]string, len(c.R.PostForm))
	for k, v := range c.R.PostForm {
		if k != ui.KeyField {
			typed[k] = v
		}
	}
	return []byte(c.R.Method + " " + c.R.URL.Path + "\n" + encode(typed))
}

// Retry answers a form that was refused with the form again: what is wrong, at the field
// and on top, and what was typed. An error that is not about the form is returned.
func (c *Ctx) Retry(err error, again templ.Component) error {
	switch fail.KindOf(err) {
	case fail.Invalid, fail.Conflict, fail.TooMany:
	default:
		return err
	}
	r := &ui.Refusal{Action: c.R.URL.Path, Text: c.T(fail.Key(err), fail.Args(err)...), Typed: c.R.PostForm}
	for _, p := range fail.Fields(err) {
		r.Problems = append(r.Problems, ui.Problem{Field: p.Field, Text: c.T(p.Key, p.Args...)})
	}
	if n := len(r.Problems); n > 0 {
		r.Text = c.T(fail.FormInvalid, "n", n)
	}
	c.refused = r
	c.W.Header().Set("Cache-Control", "no-store")
	return c.render(fail.Status(err), again)
}

// Named checks the field of [ui.Confirm]: the name of what is about to go, typed by hand.
func (c *Ctx) Named(name string) error {
	if err := c.Form(); err != nil {
		return err
	}
	if plain(c.R.PostForm.Get("confirm")) != plain(name) {
		return fail.Field("confirm", "web.confirm.mismatch")
	}
	return nil
}

// Drain takes in the rest of a body that is not wanted, so that the sender reads our answer
// instead of a broken connection; a sender who goes on and on is cut off.
func Drain(r *http.Request) {
	for began := time.Now(); time.Since(began) < 20*time.Second; {
		if _, err := io.CopyN(io.Discard, r.Body, 64<<10); err != nil {
			return
		}
	}
}
