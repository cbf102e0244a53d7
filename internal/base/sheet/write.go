package sheet

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
)

// Format is how a list is written to a file.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// ParseFormat reads a format's name.
func ParseFormat(s string) (Format, error) {
	switch f := Format(s); f {
	case XLSX, CSV:
		return f, nil
	}
	return "", fail.New(fail.Invalid, "sheet.format")
}

// ContentType is the format's media type.
func (f Format) ContentType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// Layout is how a sheet looks in a workbook; CSV has none of it.
type Layout struct {
	Name    string
	Widths  []int            // of the columns, in characters; the others get the usual width
	Head    int              // rows at the top that stay in sight and are printed on each page
	Choices map[int][]string // of a column, from 0: what a cell may be chosen from
}

// Writer writes a list, row by row.
type Writer interface {
	// Row writes a row.
	Row(cells ...Cell) error
	// Next begins another sheet. CSV has one sheet: what follows there is a list of its own.
	Next(Layout) error
	// Close ends the file. The stream below stays open.
	Close() error
}

// NewWriter begins a file of one sheet.
func NewWriter(w io.Writer, f Format, l Layout) (Writer, error) {
	if f == CSV {
		c := &csvWriter{bufio.NewWriter(w)}
		_, err := c.w.WriteString("\ufeff")
		return c, err
	}
	x := &xlsxWriter{zip: zip.NewWriter(w)}
	return x, x.Next(l)
}

type csvWriter struct{ w *bufio.Writer }

func (c *csvWriter) Row(cells ...Cell) error {
	for i, cell := range cells {
		if i > 0 {
			c.w.WriteByte(',')
		}
		text := cell.Text
		if cell.Kind == KindText {
			text = Guard(text)
		}
		if quoting := strings.ContainsAny(text, "\",\r\n") || text != strings.TrimSpace(text) || len(cells) == 1 && text == ""; quoting {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		c.w.WriteString(text)
	}
	_, err := c.w.WriteString("\r\n")
	return err
}

func (c *csvWriter) Next(Layout) error {
	_, err := c.w.WriteString("\r\n")
	return err
}

func (c *csvWriter) Close() error { return c.w.Flush() }

// xlsxWriter writes a workbook as a stream: each sheet as its rows come, what tells of the
// sheets at the end.
type xlsxWriter struct {
	zip    *zip.Writer
	sheets []Layout
	w      *bufio.Writer
	row    int
}

// The styles of cells, by their place in styleSheet's cellXfs.
const (
	styleText = 1 + iota
	styleDay
	styleMoment
	styleClock
	styleHead
	styleNumber
)

func (x *xlsxWriter) Next(l Layout) error {
	if err := x.end(); err != nil {
		return err
	}
	x.sheets, x.row = append(x.sheets, l), 0
	part, err := x.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.sheets)))
	if err != nil {
		return err
	}
	x.w = bufio.NewWriterSize(part, 1<<15)
	x.w.WriteString(xmlHead + `<worksheet xmlns="` + nsMain + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">`)
	if l.Head > 0 {
		fmt.Fprintf(x.w, `<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>`, l.Head, l.Head+1)
	}
	x.w.WriteString(`</sheetView></sheetViews>`)
	if len(l.Widths) > 0 {
		x.w.WriteString("<cols>")
		for i, width := range l.Widths {
			fmt.Fprintf(x.w, `<col min="%d" max="%d" width="%d" style="%d" customWidth="1"/>`, i+1, i+1, width, styleText)
		}
		x.w.WriteString("</cols>")
	}
	_, err = x.w.WriteString("<sheetData>")
	return err
}

func (x *xlsxWriter) Row(cells ...Cell) error {
	if x.row++; x.row > mostRows {
		return fail.New(fail.Invalid, "sheet.too_many_rows", "n", mostRows)
	}
	fmt.Fprintf(x.w, `<row r="%d">`, x.row)
	head := x.row <= x.sheets[len(x.sheets)-1].Head
	for i, c := range cells {
		if c.Text != "" {
			x.cell(i, c, head)
		}
	}
	_, err := x.w.WriteString("</row>")
	return err
}

func (x *xlsxWriter) cell(i int, c Cell, head bool) {
	ref := columnName(i)
	switch style, value := styled(c); {
	case style != styleText:
		fmt.Fprintf(x.w, `<c r="%s%d" s="%d"><v>%s</v></c>`, ref, x.row, style, value)
	default:
		if head {
			style = styleHead
		}
		fmt.Fprintf(x.w, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, ref, x.row, style)
		x.w.WriteString(escape(Guard(c.Text)))
		x.w.WriteString(`</t></is></c>`)
	}
}

// styled gives the style and the stored value of a cell that is no text.
func styled(c Cell) (style int, value string) {
	layout := map[Kind]string{KindDay: time.DateOnly, KindMoment: momentLayout, KindClock: clockLayout}[c.Kind]
	switch t, err := time.Parse(layout, c.Text); {
	case c.Kind == KindNumber && c.Fault == "":
		return styleNumber, c.Text
	case layout == "" || err != nil:
		return styleText, ""
	case c.Kind == KindClock:
		return styleClock, fmt.Sprint(float64(t.Hour()*60+t.Minute()) / (24 * 60))
	case t.Year() < 1901:
		return styleText, "" // spreadsheets know no such day
	case c.Kind == KindDay:
		return styleDay, fmt.Sprint(serial(t))
	default:
		return styleMoment, fmt.Sprint(serial(t))
	}
}

func (x *xlsxWriter) end() error {
	if x.w == nil {
		return nil
	}
	x.w.WriteString("</sheetData>")
	if choices := x.sheets[len(x.sheets)-1].Choices; len(choices) > 0 {
		fmt.Fprintf(x.w, `<dataValidations count="%d">`, len(choices))
		for i := range mostColumns {
			if list, ok := choices[i]; ok {
				col := columnName(i)
				fmt.Fprintf(x.w, `<dataValidation type="list" allowBlank="1" errorStyle="warning" showErrorMessage="1" sqref="%s2:%s%d"><formula1>"%s"</formula1></dataValidation>`,
					col, col, mostRows, escape(strings.Join(list, ",")))
			}
		}
		x.w.WriteString("</dataValidations>")
	}
	x.w.WriteString(`<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`)
	err := x.w.Flush()
	x.w = nil
	return err
}

func (x *xlsxWriter) Close() error {
	if err := x.end(); err != nil {
		return err
	}
	for _, part := range x.frame() {
		w, err := x.zip.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, xmlHead+part[1])
		}
		if err != nil {
			return err
		}
	}
	return x.zip.Close()
}

func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// escape makes a text fit for XML. What XML cannot hold is written as workbooks do.
func escape(s string) string {
	s = escaped.ReplaceAllString(s, "_x005F$0")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			fmt.Fprintf(&b, "_x%04X_", r)
		case r == utf8.RuneError:
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
