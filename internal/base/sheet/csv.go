package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"tongxin/internal/base/fail"
)

func openCSV(r io.ReaderAt, size int64) (*Book, error) {
	coding, err := codingOf(r, size)
	if err != nil {
		return nil, err
	}
	text := func() *bufio.Reader {
		return bufio.NewReaderSize(coding.NewDecoder().Reader(io.NewSectionReader(r, 0, size)), 1<<16)
	}
	comma := dividerOf(text())
	rows := func() iter.Seq2[Row, error] { return csvRows(text(), comma) }
	return &Book{Format: CSV, sheets: []source{{rows: rows, hidden: func() map[int]bool { return nil }}}}, nil
}

// codingOf finds how the characters are coded: by the mark at the beginning, as UTF-8 when
// all of it is valid, else as GB18030, which is what Chinese spreadsheets save.
func codingOf(r io.ReaderAt, size int64) (encoding.Encoding, error) {
	head := make([]byte, 4096)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return unicode.UTF8BOM, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), nil
	case bytes.IndexByte(head, 0) >= 0:
		return nil, fail.New(fail.Invalid, "sheet.not_a_list")
	}
	if ok, err := validUTF8(io.NewSectionReader(r, 0, size)); err != nil || ok {
		return encoding.Nop, err
	}
	return simplifiedchinese.GB18030, nil
}

func validUTF8(r io.Reader) (bool, error) {
	buf := make([]byte, 1<<16)
	kept := 0
	for {
		n, err := r.Read(buf[kept:])
		part := buf[:kept+n]
		for len(part) > 0 {
			c, width := utf8.DecodeRune(part)
			if c == utf8.RuneError && width == 1 {
				if len(part) < utf8.UTFMax && err == nil && !utf8.FullRune(part) {
					break // the rest of it comes with the next read
				}
				return false, nil
			}
			part = part[width:]
		}
		kept = copy(buf, part)
		if err == io.EOF {
			return kept == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// dividerOf is the sign that divides the fields of the first lines: whichever of comma, tab
// and semicolon is most frequent outside quotes.
func dividerOf(r *bufio.Reader) rune {
	head, _ := r.Peek(1 << 14)
	count, quoted := map[rune]int{}, false
	for _, c := range string(head) {
		switch c {
		case '"':
			quoted = !quoted
		case ',', '\t', ';':
			if !quoted {
				count[c]++
			}
		}
	}
	best := ','
	for _, c := range "\t;" {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

func csvRows(r io.Reader, comma rune) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		// Tell the reader of too much before it holds it: of a row, or of a quotation that does not end.
		text := &metered{in: bufio.NewReader(r)}
		in := csv.NewReader(text)
		in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = comma, -1, true, true
		var m meter
		var cells []Cell
		for {
			text.mark()
			fields, err := in.Read()
			if err == io.EOF {
				return
			}
			if err == nil && len(fields) > mostColumns {
				err = fail.New(fail.Invalid, "sheet.too_many_columns", "n", mostColumns)
			}
			row := Row{}
			if err == nil {
				row.N, _ = in.FieldPos(0)
				cells, err = csvCells(cells[:0], fields)
				row.Cells = trimmed(cells)
			}
			if err == nil {
				err = m.row(row)
			}
			if !yield(row, explainCSV(err)) || err != nil {
				return
			}
		}
	}
}

func csvCells(cells []Cell, fields []string) ([]Cell, error) {
	for _, f := range fields {
		if len(f) > mostText {
			return nil, fail.New(fail.Invalid, "sheet.too_long", "n", mostText)
		}
		c := spelled(Unguard(f))
		if strings.ContainsRune(f, utf8.RuneError) {
			c.Fault = "sheet.unreadable"
		}
		cells = append(cells, c)
	}
	return cells, nil
}

func explainCSV(err error) error {
	if err == nil || fail.Key(err) != "" {
		return err
	}
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return fail.Wrap(err, fail.Invalid, "sheet.broken_row", "row", wrong.StartLine)
	}
	return err
}

// trimmed drops the empty cells at the end.
func trimmed(cells []Cell) []Cell {
	for len(cells) > 0 && cells[len(cells)-1].Empty() {
		cells = cells[:len(cells)-1]
	}
	return cells
}
