package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
)

// scanner reads the rows of one sheet of a workbook.
type scanner struct {
	book   *workbook
	d      *decoder
	hidden map[int]bool
	meter  meter
	last   int // number of the last row
	cells  []Cell
}

func (s *scanner) next() (Row, error) {
	for {
		token, err := s.d.RawToken()
		if err == io.EOF {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, broken(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			if end, ok := token.(xml.EndElement); ok && end.Name.Local == "sheetData" {
				return Row{}, io.EOF
			}
			continue
		}
		switch e.Name.Local {
		case "col":
			s.column(e)
		case "row":
			row, err := s.row(e)
			if err == nil {
				err = s.meter.row(row)
			}
			return row, err
		}
	}
}

func (s *scanner) column(e xml.StartElement) {
	from, _ := strconv.Atoi(attr(e, "min"))
	to, _ := strconv.Atoi(attr(e, "max"))
	if !truth(attr(e, "hidden")) {
		return
	}
	for i := max(1, from); i <= min(to, mostColumns); i++ {
		s.hidden[i-1] = true
	}
}

func (s *scanner) row(e xml.StartElement) (Row, error) {
	row := Row{N: s.last + 1, Hidden: truth(attr(e, "hidden"))}
	if n, err := strconv.Atoi(attr(e, "r")); err == nil {
		row.N = n
	}
	s.last, s.cells = row.N, s.cells[:0]
	for {
		token, err := s.d.RawToken()
		if err != nil {
			return row, broken(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "c" {
				if err := s.cell(e); err != nil {
					return row, err
				}
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				row.Cells = trimmed(s.cells)
				return row, nil
			}
		}
	}
}

// stored is a cell as the workbook holds it.
type stored struct {
	value            []byte
	inline           string
	valued, formular bool
}

func (s *scanner) cell(e xml.StartElement) error {
	at := len(s.cells)
	if ref := attr(e, "r"); ref != "" {
		at = columnOf(ref)
	}
	if at < 0 {
		return fail.New(fail.Invalid, "sheet.broken")
	}
	var c stored
	if err := s.content(&c); err != nil {
		return err
	}
	style, _ := strconv.Atoi(attr(e, "s"))
	cell := s.read(c, attr(e, "t"), style)
	if len(cell.Text) > mostText {
		return fail.New(fail.Invalid, "sheet.too_long", "n", mostText)
	}
	if at >= mostColumns {
		if cell.Empty() {
			return nil
		}
		return fail.New(fail.Invalid, "sheet.too_many_columns", "n", mostColumns)
	}
	for len(s.cells) <= at {
		s.cells = append(s.cells, Cell{})
	}
	s.cells[at] = cell
	return nil
}

func (s *scanner) content(c *stored) error {
	in := ""
	for {
		token, err := s.d.RawToken()
		if err != nil {
			return broken(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch in = e.Name.Local; in {
			case "f":
				c.formular = true
			case "v":
				c.valued = true
			case "is":
				if c.inline, err = stringItem(s.d, "is"); err != nil {
					return err
				}
				in = ""
			}
		case xml.EndElement:
			if in = ""; e.Name.Local == "c" {
				return nil
			}
		case xml.CharData:
			if in == "v" {
				c.value = append(c.value, e...)
			}
			if len(c.value) > mostText*4 {
				return fail.New(fail.Invalid, "sheet.too_long", "n", mostText)
			}
		}
	}
}

// read makes of what is stored what people see.
func (s *scanner) read(c stored, kind string, style int) Cell {
	value := string(c.value)
	switch {
	case c.formular && !c.valued:
		return Cell{Fault: "sheet.formula_without_value"}
	case kind == "e":
		return Cell{Text: value, Kind: KindText, Fault: "sheet.error_value"}
	case kind == "inlineStr":
		return sheetText(c.inline)
	case kind == "s":
		i, err := strconv.Atoi(value)
		text, ok := s.book.shared.at(i)
		if err != nil || !ok {
			return Cell{Fault: "sheet.unreadable"}
		}
		return sheetText(text)
	case kind == "str":
		return sheetText(unescape(value))
	case kind == "b":
		return Cell{Text: map[bool]string{true: "TRUE", false: "FALSE"}[value == "1"], Kind: KindText}
	case kind == "d":
		return isoDate(value)
	case value == "":
		return Cell{}
	}
	cell := number(value)
	cell.mac = s.book.mac
	if cell.Kind == KindNumber && cell.Fault == "" && style >= 0 && style < len(s.book.dates) {
		return dated(cell, s.book.dates[style])
	}
	return cell
}

func sheetText(text string) Cell {
	if !utf8.ValidString(text) {
		return Cell{Text: text, Kind: KindText, Fault: "sheet.unreadable"}
	}
	return spelled(Unguard(text))
}

func isoDate(value string) Cell {
	for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z"} {
		if t, err := time.Parse(layout, value); err == nil {
			return ofMoment(t)
		}
	}
	return sheetText(value)
}

func ofMoment(t time.Time) Cell {
	if t.Hour() == 0 && t.Minute() == 0 {
		return Cell{Text: t.Format(time.DateOnly), Kind: KindDay}
	}
	return Cell{Text: t.Format(momentLayout), Kind: KindMoment}
}

// dated is a number in a style of dates: a day, a moment, or below one a time of day.
func dated(c Cell, style Kind) Cell {
	f, _ := strconv.ParseFloat(c.Text, 64)
	switch {
	case style == KindNumber || f < 0 || f > 2958465: // the year 9999
		return c
	case f < 1 && (style == KindClock || f > 0):
		return Cell{Text: fromSerial(f, false).Format(clockLayout), Kind: KindClock}
	case style == KindClock:
		return c
	}
	return ofMoment(fromSerial(f, c.mac))
}

// columnOf is the column of a reference, from 0: A1 is 0, AB12 is 27; -1 when it is none.
func columnOf(ref string) int {
	n := 0
	for i, c := range []byte(ref) {
		switch {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A'+1)
		case c >= '0' && c <= '9' && i > 0:
			return n - 1
		default:
			return -1
		}
		if n > 1<<20 {
			return -1
		}
	}
	return -1
}
