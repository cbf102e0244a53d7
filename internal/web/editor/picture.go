package editor

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/web/page"
)

// MaxPicture bounds a form with a picture.
const MaxPicture = picture.MaxBytes + 1<<20

// pictureIn is a picture that is sent.
type pictureIn struct {
	File *multipart.FileHeader `form:"picture"`
}

// Sent takes a picture as the editor sends it.
func Sent(c *page.Ctx) (*picture.Picture, error) {
	in, err := page.Bind[pictureIn](c)
	if err != nil {
		return nil, err
	}
	content, err := read(in.File)
	if err != nil {
		return nil, err
	}
	return picture.New(c, content)
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

// Picture answers a stored picture, to whom its area lets look at it.
func Picture(c *page.Ctx) error {
	at, err := id.Parse(c.Path("picture"))
	if err != nil {
		return err
	}
	p, err := picture.Get(c, c.DB, at, c.Query("size") == "small")
	if err != nil {
		return err
	}
	look := c.Looks[p.Area]
	if look == nil {
		return fail.New(fail.NotFound, "picture.gone")
	}
	open, err := look(c, p.Owner)
	if fail.KindOf(err) == fail.NotFound {
		err = fail.New(fail.NotFound, "picture.gone")
	}
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

// PicturePath is where a stored picture is answered.
func PicturePath(picture string) string { return "/pictures/" + picture }
