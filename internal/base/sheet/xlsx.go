package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"path"
	"regexp"
	"strconv"
	"strings"

	"tongxin/internal/base/fail"
)

// workbook is what the sheets of a workbook have in common.
type workbook struct {
	parts  map[string]*zip.File
	shared shared
	dates  []Kind // of each cell style: KindNumber, or how its number is a date
	mac    bool
}

func openXLSX(r io.ReaderAt, size int64) (*Book, error) {
	parts, err := unpack(r, size)
	if err != nil {
		return nil, err
	}
	w := &workbook{parts: parts}
	main := "xl/workbook.xml"
	for _, rel := range w.relations("_rels/.rels", "") {
		if strings.HasSuffix(rel.kind, "/officeDocument") {
			main = rel.target
		}
	}
	book := &Book{Format: XLSX}
	names := map[string]string{} // of sheets, by relation
	order := []string{}
	err = w.each(main, func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.mac = truth(attr(e, "date1904"))
		case "sheet":
			if state := attr(e, "state"); state == "" || state == "visible" {
				names[attr(e, "id")] = attr(e, "name")
				order = append(order, attr(e, "id"))
			}
			if len(order) > mostSheets {
				return fail.New(fail.Invalid, "sheet.too_many_sheets", "n", mostSheets)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(order) == 0:
		return nil, fail.New(fail.Invalid, "sheet.broken")
	}
	targets, read := map[string]string{}, map[string]bool{} // no part is read twice, however often it is named
	for _, rel := range w.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main)) {
		targets[rel.id] = rel.target
		switch {
		case read[rel.target]:
			continue
		case strings.HasSuffix(rel.kind, "/sharedStrings"):
			err = errors.Join(err, w.readShared(rel.target))
		case strings.HasSuffix(rel.kind, "/styles"):
			err = errors.Join(err, w.readStyles(rel.target))
		default:
			continue
		}
		read[rel.target] = true
	}
	for _, id := range order {
		if part := targets[id]; parts[part] != nil && !read[part] {
			read[part] = true
			book.sheets = append(book.sheets, w.sheet(names[id], part))
		}
	}
	if err == nil && len(book.sheets) == 0 {
		err = fail.New(fail.Invalid, "sheet.broken")
	}
	return book, err
}

type relation struct{ id, kind, target string }

func (w *workbook) relations(part, base string) (list []relation) {
	_ = w.each(part, func(_ *decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(base, target)
			}
			list = append(list, relation{attr(e, "Id"), attr(e, "Type"), strings.TrimPrefix(target, "/")})
		}
		if len(list) > mostParts {
			return bomb()
		}
		return nil
	})
	return list
}

// each calls f for every element of a part, in order; a part that is not there has none.
func (w *workbook) each(part string, f func(*decoder, xml.StartElement) error) error {
	file := w.parts[part]
	if file == nil {
		return nil
	}
	r, err := openPart(file)
	if err != nil {
		return err
	}
	defer r.Close()
	d := newDecoder(r)
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return err
			}
		}
	}
}

func broken(err error) error {
	if fail.Key(err) != "" {
		return err
	}
	return fail.Wrap(err, fail.Invalid, "sheet.broken")
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" }

// shared holds the strings that cells share, one after the other.
type shared struct {
	text []byte
	ends []uint32
}

func (s *shared) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), true
}

func (w *workbook) readShared(part string) error {
	return w.each(part, func(d *decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := stringItem(d, "si")
		if err != nil {
			return err
		}
		w.shared.text = append(w.shared.text, text...)
		w.shared.ends = append(w.shared.ends, uint32(len(w.shared.text)))
		if len(w.shared.text) > mostShared || len(w.shared.ends) > mostStrings {
			return bomb()
		}
		return nil
	})
}

// stringItem reads the text of an element up to its end: its t elements, those of rich runs
// too, without what tells how to pronounce them.
func stringItem(d *decoder, end string) (string, error) {
	var text []byte
	inText, aside := false, 0
	for {
		token, err := d.RawToken()
		if err != nil {
			return "", broken(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "t":
				inText = aside == 0
			case "rPh":
				aside++
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				inText = false
			case "rPh":
				aside--
			case end:
				return unescape(string(text)), nil
			}
		case xml.CharData:
			if inText {
				text = append(text, e...)
			}
		}
		if len(text) > mostText*4 {
			return "", fail.New(fail.Invalid, "sheet.too_long", "n", mostText)
		}
	}
}

// escaped is how workbooks write a character that XML cannot hold.
var escaped = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.ParseUint(m[2:6], 16, 16)
		return string(rune(n))
	})
}

// readStyles finds which cell styles show a number as a date.
func (w *workbook) readStyles(part string) error {
	formats := map[int]string{}
	inCells := false
	return w.each(part, func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			n, _ := strconv.Atoi(attr(e, "numFmtId"))
			formats[n] = attr(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inCells = false
		case "xf":
			if inCells {
				n, _ := strconv.Atoi(attr(e, "numFmtId"))
				w.dates = append(w.dates, dateKind(n, formats[n]))
			}
		}
		if len(w.dates) > mostStyles || len(formats) > mostStyles {
			return bomb()
		}
		return nil
	})
}

var quotedFormat = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|_.|\*.`)

// dateKind says whether a number format is one of dates or times. The built-in ones of
// Chinese spreadsheets are among 27 to 58.
func dateKind(n int, code string) Kind {
	switch {
	case code != "":
		code = strings.ToLower(quotedFormat.ReplaceAllString(code, ""))
		day, clock := strings.ContainsAny(code, "yd"), strings.ContainsAny(code, "hs")
		switch {
		case day:
			return KindMoment
		case clock:
			return KindClock
		}
		return KindNumber
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47, n == 55, n == 56:
		return KindClock
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 50 && n <= 58:
		return KindMoment
	}
	return KindNumber
}

func (w *workbook) sheet(name, part string) source {
	var hidden map[int]bool
	return source{
		name:   name,
		hidden: func() map[int]bool { return hidden },
		rows: func() iter.Seq2[Row, error] {
			hidden = map[int]bool{}
			return func(yield func(Row, error) bool) {
				r, err := openPart(w.parts[part])
				if err != nil {
					yield(Row{}, err)
					return
				}
				defer r.Close()
				s := &scanner{book: w, d: newDecoder(r), hidden: hidden}
				for {
					row, err := s.next()
					if err == io.EOF {
						return
					}
					if !yield(row, err) || err != nil {
						return
					}
				}
			}
		},
	}
}
