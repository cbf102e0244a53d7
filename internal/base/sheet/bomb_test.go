package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/sheet"
)

// plain is a workbook whose parts are not packed: what is large in it is large in the file.
func plain(t *testing.T, with map[string]string, more int) []byte {
	t.Helper()
	packed := parts(with)
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	must(t, err)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		to, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		must(t, err)
		from, err := f.Open()
		must(t, err)
		_, err = io.Copy(to, from)
		must(t, err)
	}
	for i := range more {
		_, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprint(i), Method: zip.Store})
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

// Files that are small and would become large, or that make whoever reads them hold all of it, are refused
// within what a small part of them takes to hold.
func TestBombsAreRefusedBeforeTheyGoOff(t *testing.T) {
	defer sheet.LimitStrings(50_000)()
	const large, allowed = 24 << 20, 48 << 20
	long := strings.Repeat("x", large)
	begin := `<worksheet><sheetData><row r="1"><c t="str"><v>姓名</v></c><c t="str"><v>手机号</v></c></row>`
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	in := func(part, text string) []byte { return plain(t, map[string]string{"xl/" + part: text}, 0) }
	styles := `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>`
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"an endless text":            {in("worksheets/sheet1.xml", begin+"<row><c><v>"+long), "sheet.too_long"},
		"an endless attribute":       {in("worksheets/sheet1.xml", begin+`<row><c r="`+long), "sheet.bomb"},
		"an endless name":            {in("worksheets/sheet1.xml", begin+`<row><`+long), "sheet.bomb"},
		"an endless comment":         {in("worksheets/sheet1.xml", begin+`<!--`+long), "sheet.bomb"},
		"an endless doctype":         {in("worksheets/sheet1.xml", `<!DOCTYPE a [`+many(`<!ENTITY a "aaaaaaaaaa">`, 1_000_000)), "sheet.bomb"},
		"entities within entities":   {in("worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>`+begin+`<row><c t="str"><v>&b;</v></c></row>`), "sheet.broken"},
		"a million attributes":       {in("worksheets/sheet1.xml", begin+`<row `+many(`a="" `, 4_000_000)), "sheet.bomb"},
		"a million sheets":           {in("workbook.xml", `<workbook><sheets>`+many(`<sheet id="r1"/>`, 1_000_000)), "sheet.too_many_sheets"},
		"a million relations":        {in("_rels/workbook.xml.rels", `<Relationships>`+many(`<Relationship/>`, 1_000_000)), "sheet.broken"},
		"a million empty strings":    {in("sharedStrings.xml", `<sst>`+many(`<si/>`, 10)+many(`<si></si>`, 1_000_000)), "sheet.bomb"},
		"a million styles":           {plain(t, map[string]string{"xl/_rels/workbook.xml.rels": styles, "xl/styles.xml": `<styleSheet><cellXfs>` + many(`<xf/>`, 1_000_000)}, 0), "sheet.bomb"},
		"a hundred thousand columns": {[]byte("姓名,手机号\r\n" + many(",", 100_000) + "\r\n"), "sheet.too_many_columns"},
		"ten million columns":        {[]byte("姓名,手机号\r\n" + many(",", large) + "\r\n"), "sheet.too_long"},
		"an open quotation":          {[]byte("姓名,手机号\r\n\"" + long), "sheet.too_long"},
		"a hundred thousand parts":   {plain(t, nil, 100_000), "sheet.bomb"},
		"one part, many sheets": {plain(t, map[string]string{
			"xl/workbook.xml":            `<workbook><sheets>` + many(`<sheet name="a" id="r1"/>`, 50) + `</sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` + many(`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>`, 1000) + `</Relationships>`,
			"xl/sharedStrings.xml":       "<sst>" + many(" ", 1<<18-100) + "</sst>"}, 0), "sheet.no_headings"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := fail.Key(readAll(c.data, "a.csv"))
			runtime.ReadMemStats(&after)
			if taken := after.TotalAlloc - before.TotalAlloc; got != c.key || taken > allowed {
				t.Errorf("refused with %q, want %q, after %d of %d bytes", got, c.key, taken, len(c.data))
			}
		})
	}
}

// A sheet as deep as it is long is read through, and holds nothing.
func TestADeepSheetIsReadThrough(t *testing.T) {
	deep := strings.Repeat("<a>", 300_000)
	if got := fail.Key(readAll(plain(t, map[string]string{"xl/worksheets/sheet1.xml": deep}, 0), "a.xlsx")); got != "sheet.no_headings" {
		t.Errorf("refused with %q", got)
	}
}
