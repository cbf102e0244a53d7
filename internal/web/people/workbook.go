package people

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"tongxin/internal/web/page"
)

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packages  = "http://schemas.openxmlformats.org/package/2006/relationships"
	officeXML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// workbook writes the parts as the sheets of a workbook, every cell a text, so that nothing is
// taken for a formula and no number loses its end.
func workbook(c *page.Ctx, all []part) error {
	z := zip.NewWriter(c.W)
	var types, sheets, rels strings.Builder
	for i, p := range all {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, officeXML)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="r%d"/>`, escaped(c.T("own.part."+p.Key)), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relations, n)
	}
	files := []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + officeXML + `sheet.main+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packages + `"><Relationship Id="r1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + mainSpace + `" xmlns:r="` + relations + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packages + `">` + rels.String() + `</Relationships>`},
	}
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			return nil // the reader may have gone
		}
		io.WriteString(w, xmlHead+f.text)
	}
	for i, p := range all {
		w, err := z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1))
		if err != nil {
			return nil
		}
		p.sheet(c, w)
	}
	z.Close()
	return nil
}

// sheet writes one part, under its column heads.
func (p part) sheet(c *page.Ctx, w io.Writer) {
	io.WriteString(w, xmlHead+`<worksheet xmlns="`+mainSpace+`"><sheetData>`)
	heads := make([]string, len(p.Cols))
	for i, col := range p.Cols {
		heads[i] = c.T("own.col." + col)
	}
	for _, row := range append([][]string{heads}, p.Rows...) {
		io.WriteString(w, "<row>")
		for _, cell := range row {
			io.WriteString(w, `<c t="inlineStr"><is><t xml:space="preserve">`+escaped(cell)+`</t></is></c>`)
		}
		io.WriteString(w, "</row>")
	}
	io.WriteString(w, "</sheetData></worksheet>")
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}
