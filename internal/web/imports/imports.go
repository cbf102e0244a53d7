package imports

import (
	"context"
	"mime/multipart"
	"path"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/org"
)

// MostBody is how large an upload may be; larger lists go through the command line.
const MostBody = 64 << 20

// shown is how many rows of each kind a page shows; all are in the annotated file.
const shown = 50

// listed is how many imports of one organisation a page lists, filed how many a file has.
const listed, filed = 100, 100_000

// desk is the page of all lists, with the form for another.
type desk struct {
	upload
	Seats   []ui.Option
	Batches []batch
}

// batch is a list with what a page says of it.
type batch struct {
	intake.Batch
	Name, Where string
}

// upload is the form with which a list is brought.
type upload struct {
	Kind  string                `form:"kind" max:"20"`
	Org   id.ID                 `form:"org"`
	Paper bool                  `form:"paper"`
	File  *multipart.FileHeader `form:"file"`
}

// List shows the lists that were brought, newest first.
func List(c *page.Ctx) error {
	d := desk{upload: upload{Kind: c.Query("kind")}}
	if err := d.load(c); err != nil {
		return err
	}
	if c.WantsFile() {
		return d.give(c)
	}
	return c.Render(listPage(d))
}

// give answers the imports as a file.
func (d desk) give(c *page.Ctx) error {
	l := page.List{Kind: "imports", Org: id.ID(d.Seats[0].Value), Name: c.T("imports.lists"),
		Heads: c.Words("imports.file", "imports.kind", "imports.org", "imports.when", "imports.rows", "imports.entered", "imports.state")}
	return c.Give(l, func(put page.Put) error {
		for _, b := range d.Batches {
			cells := append(sheet.Texts(b.Name, c.T("intake.kind."+string(b.Kind)), b.Where), sheet.Moment(db.Time(b.Created).In(i18n.Zone())), sheet.Whole(b.Total), sheet.Whole(b.Made),
				sheet.Text(c.T("intake.state."+string(b.State))))
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *desk) load(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor, auth.Admin)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	most := listed
	if c.WantsFile() {
		most = filed
	}
	ids := make([]id.ID, len(seats))
	for i, s := range seats {
		ids[i] = s.Org
	}
	names, err := org.Names(c, c.DB, ids)
	if err != nil {
		return err
	}
	for _, i := range ids {
		d.Seats = append(d.Seats, ui.Option{Value: string(i), Label: names[i]})
		found, err := intake.List(c, c.DB, c.Actor, i, most)
		if err != nil {
			return err
		}
		for _, b := range found {
			one, err := describe(c, b)
			if err != nil {
				return err
			}
			d.Batches = append(d.Batches, one)
		}
	}
	return nil
}

func describe(c *page.Ctx, b intake.Batch) (one batch, err error) {
	one.Batch = b
	if one.Name, err = b.FileName(c.Keys); err != nil {
		return one, err
	}
	o, err := org.Get(c, c.DB, b.Org)
	one.Where = o.Name
	return one, err
}

// Bring takes a file in.
func Bring(c *page.Ctx) error {
	in, err := page.Bind[upload](c)
	d := desk{upload: in}
	if err := d.load(c); err != nil {
		return err
	}
	var made id.ID
	if err == nil {
		made, err = in.bring(c)
	}
	if err != nil {
		return c.Retry(err, listPage(d))
	}
	return c.Redirect("/desk/imports/" + string(made))
}

func (in upload) bring(c *page.Ctx) (id.ID, error) {
	if in.File == nil {
		return "", fail.Field("file", "intake.file_missing")
	}
	f, err := in.File.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	return intake.Bring(c, c.DB, c.Keys, c.Actor, intake.File{Kind: intake.Kind(in.Kind), Org: in.Org, Name: path.Base(in.File.Filename), Body: f, Size: in.File.Size,
		Paper: in.Paper, Lang: c.Lang})
}

// Template gives the form of a kind of list.
func Template(c *page.Ctx) error {
	k, err := intake.ParseKind(c.Path("kind"))
	if err != nil {
		return err
	}
	f := format(c)
	c.Attachment(c.T("intake.kind."+string(k))+"."+string(f), f.ContentType())
	return intake.Template(c, c.DB, c.W, k, f, c.Lang)
}

func format(c *page.Ctx) sheet.Format {
	if c.Query("format") == string(sheet.CSV) {
		return sheet.CSV
	}
	return sheet.XLSX
}

// file is a list with some of its rows.
type file struct {
	batch
	Bad, Same, Failed, Kept, Good []intake.Row
	Mine                          bool
}

// Show shows how a list stands: how far it has come, what is wrong and where, what can be done.
func Show(c *page.Ctx) error {
	f, err := read(c)
	if err != nil {
		return err
	}
	return c.Render(showPage(f))
}

func read(c *page.Ctx) (f file, err error) {
	b, err := intake.Get(c, c.DB, c.Actor, id.ID(c.Path("batch")))
	if err != nil {
		return f, err
	}
	if f.batch, err = describe(c, b); err != nil {
		return f, err
	}
	f.Mine = b.Author == c.Actor.Person
	for s, to := range map[intake.RowState]*[]intake.Row{intake.Bad: &f.Bad, intake.Same: &f.Same, intake.Failed: &f.Failed, intake.Kept: &f.Kept, intake.Good: &f.Good} {
		if *to, err = intake.Rows(c, c.DB, c.Keys, b, s, 0, shown); err != nil {
			return f, err
		}
	}
	return f, nil
}

// Annotated gives the list back with what is said of each row.
func Annotated(c *page.Ctx) error {
	f, err := read(c)
	if err != nil {
		return err
	}
	as := format(c)
	name := strings.TrimSuffix(f.Name, path.Ext(f.Name))
	c.Attachment(c.T("imports.annotated_name", "name", name)+"."+string(as), as.ContentType())
	return intake.Annotate(c, c.DB, c.Keys, c.W, f.Batch, as, c.Lang)
}

// Enter has the good rows entered.
func Enter(c *page.Ctx) error { return act(c, intake.Enter) }

// Undo has the whole import taken back.
func Undo(c *page.Ctx) error { return act(c, intake.Undo) }

// Drop gives the list up.
func Drop(c *page.Ctx) error { return act(c, intake.Drop) }

func act(c *page.Ctx, f func(ctx context.Context, tx *db.Tx, actor auth.Actor, batch id.ID) error) error {
	batch, err := id.Parse(c.Path("batch"))
	if err != nil {
		return err
	}
	if err := c.Write(batch.Home(), func(tx *db.Tx) error { return f(c, tx, c.Actor, batch) }); err != nil {
		return err
	}
	return c.Redirect("/desk/imports/" + string(batch))
}
