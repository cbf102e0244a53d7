package progress

import (
	"encoding/json"
	"mime/multipart"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/sheet"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/page"
)

// listed is a list of rows on its way in: asked for, or read and shown before it is taken.
type listed struct {
	In    report.Schedule
	Rows  []report.Listed
	Wrong int    // rows with something wrong
	Kept  string // the rows, for the form that takes them
}

// ListForm asks for a list.
func ListForm(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	return c.Render(listFormPage(listed{In: f.In}))
}

// Template answers an empty list with the names that may stand in it.
func Template(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	c.Attachment(c.T("progress.template_name", "name", f.In.Name)+".xlsx", sheet.XLSX.ContentType())
	return report.Template(c.W, c.Lang, f.Units)
}

type listIn struct {
	File *multipart.FileHeader `form:"file"`
}

// Preview reads a list and shows it, with what is wrong at its place.
func Preview(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	l := listed{In: f.In}
	in, err := page.Bind[listIn](c)
	if err == nil {
		err = l.read(c, in.File)
	}
	if err != nil {
		return c.Retry(fail.At("file", err), listFormPage(l))
	}
	return c.Render(previewPage(l))
}

// read reads the file that was sent.
func (l *listed) read(c *page.Ctx, file *multipart.FileHeader) error {
	if file == nil {
		return fail.Field("file", "progress.no_file")
	}
	f, err := file.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	book, err := sheet.Open(f, file.Size, file.Filename)
	if err != nil {
		return err
	}
	if l.Rows, err = l.In.ReadList(c, c.DB, book, db.Day(c.Now)); err != nil {
		return err
	}
	ins := make([]report.RowIn, len(l.Rows))
	for n, r := range l.Rows {
		if ins[n] = r.In; len(r.Wrong) > 0 {
			l.Wrong++
		}
	}
	kept, err := json.Marshal(ins)
	l.Kept = string(kept)
	return err
}

type keptIn struct {
	Rows string `form:"rows" max:"2000000"`
}

// Apply takes a list that was shown. It goes in parts, each of which may be sent again.
func Apply(c *page.Ctx) error {
	f, err := fill(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[keptIn](c)
	if err != nil {
		return err
	}
	var ins []report.RowIn
	if err := json.Unmarshal([]byte(in.Rows), &ins); err != nil || len(ins) > report.MostListed {
		return fail.New(fail.Invalid, "web.form.unreadable")
	}
	added, changed, err := apply(c, f.In, ins)
	if err != nil {
		return c.Retry(err, listFormPage(listed{In: f.In}))
	}
	c.Flash("progress.imported", "added", added, "changed", changed)
	return c.Redirect("/desk/progress/" + string(f.In.ID))
}

func apply(c *page.Ctx, s report.Schedule, ins []report.RowIn) (added, changed int, err error) {
	for part := range slices.Chunk(ins, report.MostRows) {
		var a, b int
		err := c.DB.Write(c, func(tx *db.Tx) (err error) {
			a, b, err = report.SetRows(c, tx, c.Actor, s.ID, part)
			return err
		})
		if err != nil {
			return added, changed, err
		}
		added, changed = added+a, changed+b
	}
	return added, changed, nil
}
