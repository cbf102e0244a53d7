package sheet

import (
	"fmt"
	"strings"
)

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	nsMain  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRels  = "http://schemas.openxmlformats.org/package/2006/relationships"
	nsDoc   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	typeXML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// styleSheet has, in this order, the styles that the constants in write.go name. The one of texts has the
// mark of a leading apostrophe, so that a spreadsheet keeps taking what is in it for text.
const styleSheet = `<styleSheet xmlns="` + nsMain + `">` +
	`<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm"/><numFmt numFmtId="166" formatCode="hh:mm"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
	`<cellXfs count="7"><xf/>` +
	`<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/>` +
	`<xf numFmtId="164" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" applyNumberFormat="1"/>` +
	`<xf numFmtId="166" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="0"/></cellXfs></styleSheet>`

// frame are the parts of a workbook beside its sheets, as name and text.
func (x *xlsxWriter) frame() [][2]string {
	var types, book, rels, titles strings.Builder
	for i, l := range x.sheets {
		n, name := i+1, sheetName(l.Name, i+1)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, typeXML)
		fmt.Fprintf(&book, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(name), n, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, nsDoc, n)
		if l.Head > 0 {
			fmt.Fprintf(&titles, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">'%s'!$1:$%d</definedName>`, i, escape(strings.ReplaceAll(name, "'", "''")), l.Head)
		}
	}
	names := ""
	if titles.Len() > 0 {
		names = "<definedNames>" + titles.String() + "</definedNames>"
	}
	return [][2]string{
		{"xl/styles.xml", styleSheet},
		{"xl/workbook.xml", `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsDoc + `"><sheets>` + book.String() + `</sheets>` + names + `</workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + nsRels + `">` + rels.String() +
			`<Relationship Id="rIdS" Type="` + nsDoc + `/styles" Target="styles.xml"/></Relationships>`},
		{"_rels/.rels", `<Relationships xmlns="` + nsRels + `"><Relationship Id="rId1" Type="` + nsDoc + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + typeXML + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + typeXML + `styles+xml"/>` +
			types.String() + `</Types>`},
	}
}

// sheetName is a name that a spreadsheet takes: at most 31 characters, none that it forbids.
func sheetName(name string, n int) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return -1
		}
		return r
	}, strings.Trim(name, "' "))
	if r := []rune(name); len(r) > 31 {
		name = string(r[:31])
	}
	if name == "" {
		name = fmt.Sprintf("Sheet%d", n)
	}
	return name
}
