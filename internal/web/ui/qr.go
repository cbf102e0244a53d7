package ui

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
	"github.com/skip2/go-qrcode"
)

// quiet is how many modules around a QR code stay white, besides the padding of its box.
const quiet = 2

// QR draws a text as a QR code: an SVG, so there is nothing to fetch and it is sharp at any
// size. It stands in a box of the class qr. label says what it is to those who do not see it.
func QR(text, label string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		code, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			return fmt.Errorf("draw a QR code of %d bytes: %w", len(text), err)
		}
		code.DisableBorder = true
		dots := code.Bitmap()
		_, err = fmt.Fprintf(w, `<svg viewBox="%[1]d %[1]d %[2]d %[2]d" shape-rendering="crispEdges" role="img" aria-label="%[3]s"><path d="%[4]s" fill="#1d1c1a"></path></svg>`,
			-quiet, len(dots)+2*quiet, templ.EscapeString(label), outline(dots))
		return err
	})
}

// outline is the path of the dark dots, run by run.
func outline(dots [][]bool) string {
	var b strings.Builder
	for y, row := range dots {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if n := x - from; n > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, n, n)
			}
		}
	}
	return b.String()
}
