package desk

import (
	"context"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// drawing is the outlines of the divisions of a map, ready to be drawn.
type drawing struct {
	Width, Height int
	Paths         map[area.Code]string
}

// drawnWide is how wide a drawing is, in its own units.
const drawnWide = 1000

// outlines reads the shapes of all divisions of a map; without those of every one there is
// no drawing. They change rarely, so that a page that is looked at keeps them for a while.
func (e *eye) outlines(ctx context.Context, m tileMap) (*drawing, error) {
	if now := e.site.DB.Now(); e.drawn == nil || now.Sub(e.drawnAt).Abs() > keepDrawing {
		shapes, err := area.ShapesBelow(ctx, e.site.DB, e.org.Area)
		if err != nil {
			return nil, err
		}
		e.drawn, e.drawnAt = draw(shapes), now
	}
	for _, t := range m.Tiles {
		if e.drawn.Paths[t.Code] == "" {
			return nil, nil
		}
	}
	return e.drawn, nil
}

// keepDrawing is how long an eye keeps what it has drawn.
const keepDrawing = time.Minute

// draw puts outlines onto one plane: degrees of longitude are made as wide as they are in the
// middle of the map.
func draw(shapes map[area.Code][]area.Ring) *drawing {
	w, s, e, n := int32(math.MaxInt32), int32(math.MaxInt32), int32(math.MinInt32), int32(math.MinInt32)
	for _, rings := range shapes {
		for _, r := range rings {
			for _, p := range r {
				w, e, s, n = min(w, p[0]), max(e, p[0]), min(s, p[1]), max(n, p[1])
			}
		}
	}
	d := &drawing{Width: drawnWide, Paths: map[area.Code]string{}}
	if e <= w || n <= s {
		return d
	}
	narrow := math.Cos(float64(s+(n-s)/2) / 100_000 * math.Pi / 180)
	scale := drawnWide / (float64(e-w) * narrow)
	d.Height = max(1, int(float64(n-s)*scale))
	for code, rings := range shapes {
		var b strings.Builder
		for _, r := range rings {
			for i, p := range r {
				fmt.Fprintf(&b, "%c%d %d", "ML"[min(i, 1)], int(float64(p[0]-w)*narrow*scale), int(float64(n-p[1])*scale))
			}
			b.WriteByte('Z')
		}
		d.Paths[code] = b.String()
	}
	return d
}

// shapes is the page on which outlines are imported.
type shapes struct{ All []area.Imported }

type shapeForm struct {
	File *multipart.FileHeader `form:"file"`
}

// Shapes lists the divisions whose outlines were imported.
func Shapes(c *page.Ctx) error {
	all, err := area.Shapes(c, c.DB)
	if err != nil {
		return err
	}
	return c.Render(shapesPage(shapes{all}))
}

// ImportShapes takes outlines from a file.
func ImportShapes(c *page.Ctx) error {
	in, err := page.Bind[shapeForm](c)
	n := 0
	if err == nil {
		n, err = importShapes(c, in.File)
	}
	if err != nil {
		all, readErr := area.Shapes(c, c.DB)
		if readErr != nil {
			return readErr
		}
		return c.Retry(err, shapesPage(shapes{all}))
	}
	c.Flash("desk.shapes_done", "n", n)
	return c.Redirect("/desk/shapes")
}

func importShapes(c *page.Ctx, file *multipart.FileHeader) (n int, err error) {
	if file == nil {
		return 0, fail.Field("file", "desk.shapes_no_file")
	}
	f, err := file.Open()
	if err != nil {
		return 0, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, area.ShapeFileMost+1))
	if err != nil {
		return 0, err
	}
	read, err := area.ParseShapes(data)
	if err != nil {
		return 0, err
	}
	err = c.Write(id.Operator, func(tx *db.Tx) error {
		if n, err = area.KeepShapes(tx, c.Actor, file.Filename, read); err != nil {
			return err
		}
		return recordShapes(c, tx, "area.shapes_kept", map[string]any{"divisions": n})
	})
	return len(read), err
}

// DropShapes forgets them.
func DropShapes(c *page.Ctx) error {
	err := c.Write(id.Operator, func(tx *db.Tx) error {
		if err := area.DropShapes(tx, c.Actor); err != nil {
			return err
		}
		return recordShapes(c, tx, "area.shapes_dropped", nil)
	})
	if err != nil {
		return err
	}
	c.Flash("desk.shapes_dropped")
	return c.Redirect("/desk/shapes")
}

func recordShapes(c *page.Ctx, tx *db.Tx, action string, after any) error {
	tops, err := org.Seats(c, tx, c.Actor, auth.SystemAdmin)
	if err == nil && len(tops) == 0 {
		err = fail.New(fail.Forbidden, "area.shape_whose")
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, c.Actor, audit.Entry{Action: action, Subject: tops[0].Org, Org: tops[0].Org, After: after})
}
