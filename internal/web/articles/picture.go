package articles

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/report/article"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// pictureIn is a picture that is sent.
type pictureIn struct {
	File *multipart.FileHeader `form:"picture"`
}

// AddPicture takes a picture for a text.
func AddPicture(c *page.Ctx) error {
	at, err := sent(c)
	return editor.Answer(c, map[string]any{"id": at}, err)
}

func sent(c *page.Ctx) (at id.ID, err error) {
	a, err := opened(c)
	if err != nil {
		return "", err
	}
	in, err := page.Bind[pictureIn](c)
	if err != nil {
		return "", err
	}
	content, err := read(in.File)
	if err != nil {
		return "", err
	}
	p, err := picture.New(c, content)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		at, err = article.AddPicture(c, tx, c.Actor, a.ID, p)
		return err
	})
	return at, err
}

func read(file *multipart.FileHeader) ([]byte, error) {
	if file == nil {
		return nil, nil // New says that there is none
	}
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Picture answers a stored picture: of what everybody reads to everybody, else to staff who
// reach its article.
func Picture(c *page.Ctx) error {
	at, err := id.Parse(c.Path("picture"))
	if err != nil {
		return err
	}
	p, err := article.PictureOf(c, c.DB, at, c.Query("size") == "small")
	if err != nil {
		return err
	}
	open, err := mayLook(c, p)
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	if open {
		h.Set("Cache-Control", "public, max-age=86400")
	}
	h.Set("Content-Type", p.Kind)
	h.Set("Content-Length", strconv.Itoa(len(p.Content)))
	h.Set("X-Content-Type-Options", "nosniff")
	if c.R.Method != http.MethodHead {
		c.W.Write(p.Content)
	}
	return nil
}

// mayLook says whether everybody may look at a picture; nobody else's is found.
func mayLook(c *page.Ctx, p article.Pictured) (open bool, err error) {
	a, err := article.Get(c, c.DB, p.Article)
	if err != nil || a.Live() {
		return err == nil, err
	}
	ok, err := org.Reaches(c, c.DB, c.Actor, a.Org)
	if err == nil && !ok && a.ReviewerOrg != "" {
		ok, err = org.Reaches(c, c.DB, c.Actor, a.ReviewerOrg)
	}
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "article.picture_gone")
	}
	return false, err
}
