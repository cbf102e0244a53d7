package bulletin

import (
	"fmt"
	"strings"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/prose"
)

// A dot of a picture, and a twentieth of a point, in the units of drawings.
const (
	emuDot   = 9525
	emuTwip  = 635
	mostHigh = (pageHigh - marginTop - marginBottom) / 2 * emuTwip // half a page
	mostWide = typeWide * emuTwip
)

// fitted is how large a picture stands on the page: as it is, or as wide as the lines, or half
// a page high.
func fitted(wide, high int) (w, h int) {
	w, h = max(wide, 1)*emuDot, max(high, 1)*emuDot
	if w > mostWide {
		w, h = mostWide, h*mostWide/w
	}
	if h > mostHigh {
		w, h = w*mostHigh/h, mostHigh
	}
	return w, h
}

// picture sets a picture in the middle, its caption below it.
func (w *paper) picture(n prose.Node) {
	p, ok := w.print.Pictures[n.Attrs.Picture]
	keep := ""
	if ok {
		number, kind := len(w.media)+1, strings.TrimPrefix(p.Kind, "image/")
		name := fmt.Sprintf("media/image%d.%s", number, kind)
		w.media = append(w.media, part{"word/" + name, string(p.Content)})
		wide, high := fitted(p.Width, p.Height)
		if len(n.Content) > 0 {
			keep = `<w:keepNext/>`
		}
		w.p(keep+`<w:spacing w:before="120" w:line="240" w:lineRule="auto"/>`+centred, fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
			`<wp:docPr id="%d" name="%s" descr="%s"/><a:graphic><a:graphicData uri="%s"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="%s"/><pic:cNvPicPr/></pic:nvPicPr>`+
			`<pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm>`+
			`<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
			wide, high, number, name, escape(n.Attrs.Alt), drawn, number, name, w.refer("image", name, ""), wide, high))
	}
	if caption := n.Content; len(caption) > 0 {
		w.p(centred, w.inlines(caption, look{font: "second", size: sizeFoot})...)
	} else if !ok {
		w.p(centred, run("["+n.Attrs.Alt+"]", look{font: "second", size: sizeFoot}.props()))
	}
}

// table sets a table as wide as the lines, its columns alike; cells span as they do on a page.
func (w *paper) table(n prose.Node) {
	columns := 0
	for _, row := range n.Content {
		here := 0
		for _, cell := range row.Content {
			here += across(cell)
		}
		columns = max(columns, here)
	}
	sides := ""
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		sides += rule(side, ruleInner, "000000")
	}
	w.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>` + sides + `</w:tblBorders></w:tblPr><w:tblGrid>` +
		strings.Repeat(fmt.Sprintf(`<w:gridCol w:w="%d"/>`, typeWide/max(columns, 1)), columns) + `</w:tblGrid>`)
	spanned := make([]hung, columns) // from above, by column
	for _, row := range n.Content {
		w.row(row, spanned)
	}
	w.WriteString(`</w:tbl>`)
}

// hung is a cell that hangs down into a row: for how many more, and how many columns wide.
type hung struct{ rows, wide int }

func (w *paper) row(row prose.Node, spanned []hung) {
	w.WriteString(`<w:tr>`)
	at := 0
	goOn := func() { // what hangs down from above keeps its place
		for at < len(spanned) && spanned[at].rows > 0 {
			wide := spanned[at].wide
			spanned[at].rows--
			w.cell(wide, `<w:vMerge/>`, prose.Node{})
			at += wide
		}
	}
	for _, cell := range row.Content {
		goOn()
		wide, down := across(cell), ""
		if cell.Attrs != nil && cell.Attrs.Rowspan > 1 {
			down = `<w:vMerge w:val="restart"/>`
			if at < len(spanned) {
				spanned[at] = hung{cell.Attrs.Rowspan - 1, min(wide, len(spanned)-at)}
			}
		}
		w.cell(wide, down, cell)
		at += wide
	}
	goOn()
	if len(row.Content) == 0 && at == 0 {
		w.cell(max(len(spanned), 1), "", prose.Node{})
	}
	w.WriteString(`</w:tr>`)
}

func (w *paper) cell(wide int, down string, cell prose.Node) {
	if wide > 1 {
		down = fmt.Sprintf(`<w:gridSpan w:val="%d"/>`, wide) + down
	}
	w.WriteString(`<w:tc><w:tcPr>` + down + `</w:tcPr>`)
	empty := true
	for _, l := range (prose.Node{Content: cell.Content}).Lines(i18n.Chinese) {
		empty = false
		l0 := look{font: "body", size: sizeFoot, bold: cell.Type == prose.TableHeader}
		var runs []string
		if l.Number != "" {
			runs = append(runs, run(l.Number, l0.props()))
		}
		w.p("", append(runs, w.inlines(l.Node.Content, l0)...)...)
	}
	if empty {
		w.p("")
	}
	w.WriteString(`</w:tc>`)
}

// across is how many columns a cell takes.
func across(cell prose.Node) int {
	if cell.Attrs == nil {
		return 1
	}
	return max(cell.Attrs.Colspan, 1)
}
