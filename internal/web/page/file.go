package page

import (
	"cmp"
	"context"
	"net/http"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
)

// List is the list of a page as a file.
type List struct {
	Kind  string   // what the trail calls it
	Org   id.ID    // whose it is, for the trail; "": the reader's own
	Name  string   // of the file, without its ending
	Heads []string // of the columns
}

// Words are the sentences of keys, as the heads of columns.
func (c *Ctx) Words(keys ...string) []string {
	words := make([]string, len(keys))
	for i, k := range keys {
		words[i] = c.T(k)
	}
	return words
}

// Put writes a row of a list.
type Put func(cells ...sheet.Cell) error

// WantsFile says whether the reader asked for the page's list as a file ([ui.Files]).
func (c *Ctx) WantsFile() bool { return c.Query("as") != "" }

// Give answers with a list as a file, in the format that the reader asked for. rows puts them
// one after the other, all pages of the read that the page itself uses: nothing is held. The
// trail gets one entry that says which list, and how many rows. When it breaks after its
// first bytes, the connection ends, so that nobody takes a part for the whole.
func (c *Ctx) Give(l List, rows func(put Put) error) error {
	f, err := sheet.ParseFormat(c.Query("as"))
	if err != nil {
		return err
	}
	out := &sent{w: c.W}
	c.Attachment(l.Name+"."+string(f), f.ContentType())
	n, err := l.write(out, f, rows)
	told := c.tellGiven(l, f, n, err == nil)
	switch {
	case out.err != nil:
		return told // the reader has gone
	case err == nil:
		err = told
	}
	switch {
	case err == nil:
		return nil
	case out.any:
		c.note(err, c.explain(err))
		panic(http.ErrAbortHandler)
	}
	c.W.Header().Del("Content-Disposition")
	return err
}

func (l List) write(out *sent, f sheet.Format, rows func(put Put) error) (n int, err error) {
	layout := sheet.Layout{Name: l.Name, Head: 1}
	heads := make([]sheet.Cell, len(l.Heads))
	for i, h := range l.Heads {
		heads[i] = sheet.Text(h)
		layout.Widths = append(layout.Widths, max(12, 2*len([]rune(h))+4))
	}
	w, err := sheet.NewWriter(out, f, layout)
	if err == nil {
		err = w.Row(heads...)
	}
	if err == nil {
		err = rows(func(cells ...sheet.Cell) error { n++; return w.Row(cells...) })
	}
	if err == nil {
		err = w.Close()
	}
	return n, err
}

// tellGiven tells the trail who took which list, how much of it.
func (c *Ctx) tellGiven(l List, f sheet.Format, rows int, whole bool) error {
	return c.DB.Write(context.WithoutCancel(c), func(tx *db.Tx) error {
		return audit.Record(tx, c.Actor, audit.Entry{Action: "list.exported", Subject: cmp.Or(l.Org, c.Actor.Person), Org: l.Org,
			After: map[string]any{"list": l.Kind, "format": f, "rows": rows, "whole": whole}})
	})
}

// sent knows whether anything of an answer is on its way, and whether the reader still takes it.
type sent struct {
	w   http.ResponseWriter
	any bool
	err error
}

func (s *sent) Write(b []byte) (int, error) {
	s.any = true
	n, err := s.w.Write(b)
	s.err = cmp.Or(s.err, err)
	return n, err
}
