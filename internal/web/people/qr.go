package people

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
	"github.com/skip2/go-qrcode"

	"tongxin/internal/web/ui"
)

// qr draws a QR code as an SVG: no picture to fetch, sharp at any size.
func qr(text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		code, err := qrcode.New(text, qrcode.Medium)
		if err != nil {
			return err
		}
		dots := code.Bitmap()
		_, err = fmt.Fprintf(w, `<svg class="qr" viewBox="0 0 %[1]d %[1]d" role="img" aria-label="%[2]s" shape-rendering="crispEdges"><rect width="100%%" height="100%%" fill="#fff"></rect><path fill="#000" d="%[3]s"></path></svg>`,
			len(dots), templ.EscapeString(ui.T(ctx, "signin.qr")), outline(dots))
		return err
	})
}

// outline is the path of the dark dots, row by row.
func outline(dots [][]bool) string {
	var b strings.Builder
	for y, row := range dots {
		for x := 0; x < len(row); x++ {
			run := 0
			for x+run < len(row) && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, run, run)
				x += run
			}
		}
	}
	return b.String()
}
