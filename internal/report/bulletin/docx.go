package bulletin

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
)

// The page of GB/T 9704, in twentieths of a point: A4, a type area of 156 by 225 mm with 22
// lines of 28 characters of 16 points.
const (
	pageWide, pageHigh                               = 11906, 16838
	marginTop, marginRight, marginBottom, marginLeft = 2098, 1474, 1984, 1587
	typeWide                                         = pageWide - marginLeft - marginRight
	linePitch                                        = 579
	closer                                           = -5 // between characters, so that 28 of 16 points fit
	footerUp                                         = 1304
)

// Sizes in half points.
const (
	sizeMast  = 84
	sizeTitle = 44
	sizeBody  = 32
	sizeFoot  = 28
	sizeSmall = 21
)

// The rules, in eighths of a point: red under the masthead; of the block at the end the first
// and last 0.35 mm, the middle ones 0.25 mm.
const (
	ruleRed   = 12
	ruleOuter = 8
	ruleInner = 6
)

// font is the name of a font that the reader's machine has; none is bundled.
func font(key string) string { return i18n.T(i18n.Chinese, "bulletin.font."+key) }

// Print is what an issue needs beside its text where it is printed.
type Print struct {
	Pictures map[string]picture.Stored // of its texts
	Origin   string                    // of this site, before links within it
}

// Docx writes an issue as a document of WordprocessingML, by the layout of official
// documents: masthead, number, red rule, titles, text, the block of receivers, page numbers.
func (b Body) Docx(out io.Writer, p Print) error {
	z := zip.NewWriter(out)
	page := &paper{print: p}
	b.document(page)
	parts := []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", rootRels},
		{"word/_rels/document.xml.rels", documentRels + strings.Join(page.related, "") + `</Relationships>`},
		{"word/settings.xml", settings},
		{"word/styles.xml", styles()},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
		{"word/document.xml", page.String()},
	}
	for _, part := range append(parts, page.media...) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.UnixMilli(b.Published).UTC()})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, part.text); err != nil {
			return err
		}
	}
	return z.Close()
}

// part is a file of a document.
type part struct{ name, text string }

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces  = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:pic="` + drawn + `"`
	drawn = "http://schemas.openxmlformats.org/drawingml/2006/picture"

	contentTypes = declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`
	relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	rootRels = declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relation + `officeDocument" Target="word/document.xml"/></Relationships>`
	documentRels = declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relation + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + relation + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + relation + `footer" Target="footer1.xml"/><Relationship Id="rId4" Type="` + relation + `footer" Target="footer2.xml"/>`
	settings = declaration + `<w:settings` + namespaces + `><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/></w:settings>`
)

// look is how a run is set.
type look struct {
	font string // key of its font
	size int
	bold bool
	red  bool
}

func (l look) props() string {
	s := fmt.Sprintf(`<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="%s"/>`, escape(font(l.font)))
	if l.bold {
		s += "<w:b/>"
	}
	if l.red {
		s += `<w:color w:val="FF0000"/>`
	}
	return s + fmt.Sprintf(`<w:spacing w:val="%d"/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr>`, closer, l.size, l.size)
}

func styles() string {
	return declaration + `<w:styles` + namespaces + `><w:docDefaults><w:rPrDefault>` + look{font: "body", size: sizeBody}.props() + `</w:rPrDefault>` +
		fmt.Sprintf(`<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:pPrDefault>`, linePitch) +
		`</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`
}

// footer is the page number between dashes, one character from the outer edge.
func footer(side string) string {
	edge := `w:rightChars="100" w:right="280"`
	if side == "left" {
		edge = `w:leftChars="100" w:left="280"`
	}
	l := look{font: "page", size: sizeFoot}.props()
	field := func(kind string) string { return `<w:r>` + l + `<w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	return declaration + `<w:ftr` + namespaces + `><w:p><w:pPr><w:ind ` + edge + `/><w:jc w:val="` + side + `"/></w:pPr>` +
		run("— ", l) + field("begin") + `<w:r>` + l + `<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` + field("separate") + run("1", l) + field("end") +
		run(" —", l) + `</w:p></w:ftr>`
}

func run(text, props string) string {
	return `<w:r>` + props + `<w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}

// escape writes text as XML, without what XML cannot hold.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes all
	return b.String()
}

// paper writes the paragraphs of a document, and keeps what they refer to.
type paper struct {
	strings.Builder
	print   Print
	related []string // relationships, beyond those of every document
	media   []part
}

// refer adds a relationship, and answers its id.
func (w *paper) refer(kind, target, mode string) string {
	at := fmt.Sprintf("rId%d", 5+len(w.related))
	w.related = append(w.related, `<Relationship Id="`+at+`" Type="`+relation+kind+`" Target="`+escape(target)+`"`+mode+`/>`)
	return at
}

// p writes a paragraph of runs.
func (w *paper) p(props string, runs ...string) {
	w.WriteString(`<w:p><w:pPr>` + props + `</w:pPr>` + strings.Join(runs, "") + `</w:p>`)
}

const (
	centred = `<w:jc w:val="center"/>`
	indent  = `<w:ind w:firstLineChars="200" w:firstLine="640"/>`
)

func exact(line int) string { return fmt.Sprintf(`<w:spacing w:line="%d" w:lineRule="exact"/>`, line) }

func rule(side string, size int, colour string) string {
	return fmt.Sprintf(`<w:%s w:val="single" w:sz="%d" w:space="1" w:color="%s"/>`, side, size, colour)
}

func (b Body) document(w *paper) {
	w.WriteString(declaration + `<w:document` + namespaces + `><w:body>`)
	b.masthead(w)
	if len(b.Articles) > 1 {
		b.contents(w)
	}
	for _, t := range b.Articles {
		t.write(w)
	}
	b.receivers(w)
	fmt.Fprintf(w, `<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`+
		`<w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr></w:body></w:document>`,
		pageWide, pageHigh, marginTop, marginRight, marginBottom, marginLeft, footerUp, linePitch)
}

// masthead is the name in red, the number, and who made it and when above the red rule.
func (b Body) masthead(w *paper) {
	size := sizeMast
	for n := len([]rune(b.Name)); n*size*10 > typeWide && size > sizeTitle; {
		size -= 4
	}
	w.p(exact(size*16)+centred, run(b.Name, look{font: "title", size: size, red: true}.props()))
	plain := look{font: "body", size: sizeBody}.props()
	w.p(centred, run(b.NumberLine(), plain))
	w.p(fmt.Sprintf(`<w:pBdr>%s</w:pBdr><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, rule("bottom", ruleRed, "FF0000"), typeWide),
		run(b.OrgName, plain), `<w:r><w:tab/></w:r>`, run(b.DayLine(), plain))
	w.p("")
}

// NumberLine is the number of an issue as its masthead has it.
func (b Body) NumberLine() string {
	return i18n.T(i18n.Chinese, "bulletin.number_line", "n", plainNumber(b.Number), "total", plainNumber(b.Total))
}

// DayLine is the day printed on an issue.
func (b Body) DayLine() string {
	at, err := dayOf(b.Day)
	if err != nil {
		return b.Day
	}
	return i18n.T(i18n.Chinese, "bulletin.day_line", "year", plainNumber(int64(at.Year())), "month", plainNumber(int64(at.Month())), "day", plainNumber(int64(at.Day())))
}

// contents lists the titles, each with a mark of what they are.
func (b Body) contents(w *paper) {
	w.p("", run(i18n.T(i18n.Chinese, "bulletin.contents"), look{font: "head", size: sizeBody}.props()))
	for _, t := range b.Articles {
		w.p(indent, run(t.Headline(), look{font: "body", size: sizeBody}.props()))
	}
	w.p("")
}

// Headline is the title of a text in one line.
func (t Text) Headline() string { return strings.Join(t.Doc.Titles(Say), "") }

func (t Text) write(w *paper) {
	for _, line := range t.Doc.Titles(Say) {
		w.p(exact(680)+centred, run(line, look{font: "title", size: sizeTitle}.props()))
	}
	w.p("")
	all := t.Doc.Lines(i18n.Chinese)
	for n, l := range all {
		switch l.Node.Type {
		case prose.Title:
		case prose.Table:
			w.table(l.Node)
		case prose.Picture:
			w.picture(l.Node)
		default:
			w.line(l)
		}
		if l.Quote != "" && l.Quote != "-" && (n+1 == len(all) || all[n+1].Quote != l.Quote) {
			w.p(`<w:jc w:val="right"/>`, run("—— "+l.Quote, look{font: "second", size: sizeBody}.props()))
		}
	}
	w.p("")
}

// line writes a heading in the font of its level, or a paragraph of the text.
func (w *paper) line(l prose.Line) {
	l0 := look{font: "body", size: sizeBody}
	if l.Quote != "" {
		l0.font = "second"
	}
	if l.Node.Type == prose.Heading && l.Node.Attrs != nil {
		l0.font = [...]string{"head", "second", "body"}[min(max(l.Node.Attrs.Level, 1), 3)-1]
	}
	var runs []string
	if l.Number != "" {
		runs = append(runs, run(l.Number, l0.props()))
	}
	w.p(indent, append(runs, w.inlines(l.Node.Content, l0)...)...)
}

// inlines writes text and figures; a topic sentence is bold, a link leads where it did.
func (w *paper) inlines(all []prose.Node, l look) (runs []string) {
	for _, n := range all {
		one := l
		_, topic := n.Mark(prose.Topic)
		_, strong := n.Mark(prose.Strong)
		one.bold = l.bold || topic || strong
		text := ""
		switch n.Type {
		case prose.Text:
			text = run(n.Text, one.props())
		case prose.HardBreak:
			text = `<w:r><w:br/></w:r>`
		case prose.FigureNode:
			f, _ := n.Figure()
			text = run(Say(f).Text, one.props())
		}
		if link, ok := n.Mark(prose.Link); ok && link.Attrs != nil {
			text = w.link(link.Attrs.Href, text)
		}
		runs = append(runs, text)
	}
	return runs
}

// link leads from a run to a place on the web; within this site only where that has a name.
func (w *paper) link(href, text string) string {
	if strings.HasPrefix(href, "/") {
		if w.print.Origin == "" {
			return text
		}
		href = w.print.Origin + href
	}
	return `<w:hyperlink r:id="` + w.refer("hyperlink", href, ` TargetMode="External"`) + `">` + text + `</w:hyperlink>`
}

// receivers is the block at the end: whom it reports to, whom it goes to, and where the ledger
// stood, between rules.
func (b Body) receivers(w *paper) {
	lines := b.Closing()
	for n, line := range lines {
		borders := ""
		if n == 0 {
			borders = rule("top", ruleOuter, "000000")
		}
		below := ruleInner
		if n == len(lines)-1 {
			below = ruleOuter
		}
		borders += rule("bottom", below, "000000")
		l := look{font: "body", size: sizeFoot}
		if n == len(lines)-1 && b.Head.Hash != "" {
			l.size = sizeSmall
		}
		w.p(`<w:keepLines/><w:pBdr>`+borders+`</w:pBdr>`+`<w:ind w:left="280" w:right="280" w:hangingChars="300" w:hanging="840"/>`, run(line, l.props()))
	}
}

// Closing are the lines at the end: to whom it reports, to whom it goes, where the ledger stood.
func (b Body) Closing() (lines []string) {
	stop := i18n.T(i18n.Chinese, "bulletin.stop")
	if len(b.ReportTo) > 0 {
		lines = append(lines, i18n.T(i18n.Chinese, "bulletin.report_line", "to", strings.Join(b.ReportTo, stop)))
	}
	if len(b.CopyTo) > 0 {
		lines = append(lines, i18n.T(i18n.Chinese, "bulletin.copy_line", "to", strings.Join(b.CopyTo, stop)))
	}
	if b.Head.Hash != "" {
		lines = append(lines, b.HeadLine())
	}
	return lines
}

// HeadLine says where the ledger stood when the issue was published.
func (b Body) HeadLine() string {
	return i18n.T(i18n.Chinese, "bulletin.head_line", "seq", plainNumber(b.Head.Seq), "hash", b.Head.Hash)
}

// Plain is an issue as plain text.
func (b Body) Plain() string {
	var s strings.Builder
	s.WriteString(b.Name + "\n" + b.NumberLine() + "\n" + b.OrgName + "  " + b.DayLine() + "\n\n")
	if len(b.Articles) > 1 {
		s.WriteString(i18n.T(i18n.Chinese, "bulletin.contents") + "\n")
		for _, t := range b.Articles {
			s.WriteString(t.Headline() + "\n")
		}
		s.WriteString("\n")
	}
	for _, t := range b.Articles {
		s.WriteString(PlainText(t.Doc) + "\n")
	}
	for _, line := range b.Closing() {
		s.WriteString(line + "\n")
	}
	return s.String()
}
