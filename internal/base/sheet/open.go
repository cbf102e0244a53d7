package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"iter"
	"path"
	"strings"

	"tongxin/internal/base/fail"
)

// The caps. A file beyond one of them is refused, with the cap in the sentence.
const (
	MostBytes    = 128 << 20 // of the file
	mostUnpacked = 1 << 30   // of all parts of a workbook
	mostRatio    = 200       // of a part beyond smallPart to its packed size
	smallPart    = 8 << 20
	mostParts    = 2000
	mostShared   = 128 << 20 // of the strings that a workbook shares
	mostSheets   = 100
	mostRows     = 1 << 20
	mostColumns  = 500
	mostCells    = 20_000_000
	mostText     = 32_767 // bytes of one cell
	mostStyles   = 65_536
	mostAtOnce   = 1 << 18 // bytes of what must be held to be understood: a row of CSV, a tag or text of a workbook
)

// mostStrings is how many strings a workbook may share.
var mostStrings = 10_000_000

// Row is one row of a sheet. Cells are those of the row up to its last filled one, and valid
// until the next row.
type Row struct {
	N      int // as a spreadsheet counts, from 1
	Cells  []Cell
	Hidden bool
}

// Book is an opened file.
type Book struct {
	Format Format
	sheets []source
}

// source is one sheet: its name and how to read it.
type source struct {
	name   string
	hidden func() map[int]bool // columns, from 0; known once a row was read
	rows   func() iter.Seq2[Row, error]
}

// Open looks at a file of lists: a workbook or CSV, by its content. The name serves to say
// what kind of file it is when it is neither.
func Open(r io.ReaderAt, size int64, name string) (*Book, error) {
	if size > MostBytes {
		return nil, fail.New(fail.Invalid, "sheet.too_large", "mb", MostBytes>>20)
	}
	head := make([]byte, 8)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch head = head[:n]; {
	case n == 0:
		return nil, fail.New(fail.Invalid, "sheet.empty")
	case strings.HasPrefix(string(head), "PK\x03\x04"):
		return openXLSX(r, size)
	case strings.HasPrefix(string(head), "\xd0\xcf\x11\xe0"): // the old binary format, and workbooks with a password
		return nil, fail.New(fail.Invalid, "sheet.old_format")
	case strings.EqualFold(path.Ext(name), ".xlsx"):
		return nil, fail.New(fail.Invalid, "sheet.broken")
	}
	return openCSV(r, size)
}

func bomb() error { return fail.New(fail.Invalid, "sheet.bomb") }

// unpack opens the workbook's archive within the caps on what it unpacks to.
func unpack(r io.ReaderAt, size int64) (map[string]*zip.File, error) {
	if many, err := manyParts(r, size); err != nil || many {
		return nil, cmp.Or(err, bomb())
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fail.Wrap(err, fail.Invalid, "sheet.broken")
	}
	parts, total := make(map[string]*zip.File, len(z.File)), uint64(0)
	for _, f := range z.File {
		total += f.UncompressedSize64
		bulky := f.UncompressedSize64 > smallPart && f.UncompressedSize64/max(1, f.CompressedSize64) > mostRatio
		if total > mostUnpacked || bulky || f.UncompressedSize64 > mostUnpacked {
			return nil, bomb()
		}
		parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	return parts, nil
}

// manyParts counts the parts of an archive before its directory is read, which is held whole.
func manyParts(r io.ReaderAt, size int64) (bool, error) {
	entry := []byte("PK\x01\x02")
	buf, n := make([]byte, 1<<16), 0
	for at := int64(0); at < size; at += int64(len(buf) - len(entry) + 1) {
		read, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return false, err
		}
		if n += bytes.Count(buf[:read], entry); n > mostParts {
			return true, nil
		}
	}
	return false, nil
}

// counted ends a part that unpacks to more than it said.
type counted struct {
	io.ReadCloser
	left int64
}

func (c *counted) Read(p []byte) (int, error) {
	if c.left <= 0 {
		var one [1]byte
		if n, _ := c.ReadCloser.Read(one[:]); n > 0 {
			return 0, bomb()
		}
		return 0, io.EOF
	}
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

func openPart(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fail.Wrap(err, fail.Invalid, "sheet.broken")
	}
	return &counted{r, int64(f.UncompressedSize64)}, nil
}

// metered gives at most [mostAtOnce] bytes between two marks.
type metered struct {
	in   *bufio.Reader
	left int
}

func (m *metered) mark() { m.left = mostAtOnce }

// ReadByte is there for the XML decoder, which reads so.
func (m *metered) ReadByte() (byte, error) {
	if m.left--; m.left < 0 {
		return 0, bomb()
	}
	return m.in.ReadByte()
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left < 0 {
		return 0, fail.New(fail.Invalid, "sheet.too_long", "n", mostText)
	}
	n, err := m.in.Read(p)
	m.left -= n
	return n, err
}

// decoder reads a part of a workbook, no tag or text of which may be longer than [mostAtOnce].
type decoder struct {
	*xml.Decoder
	in *metered
}

func newDecoder(r io.Reader) *decoder {
	in := &metered{in: bufio.NewReaderSize(r, 1<<15)}
	return &decoder{xml.NewDecoder(in), in}
}

// RawToken is the next tag or text.
func (d *decoder) RawToken() (xml.Token, error) {
	d.in.mark()
	return d.Decoder.RawToken()
}

// meter refuses a sheet beyond the caps on rows, columns and cells.
type meter struct{ rows, cells int }

func (m *meter) row(r Row) error {
	m.rows++
	m.cells += len(r.Cells)
	switch {
	case m.rows > mostRows || r.N > mostRows:
		return fail.New(fail.Invalid, "sheet.too_many_rows", "n", mostRows)
	case m.cells > mostCells:
		return fail.New(fail.Invalid, "sheet.too_many_cells", "n", mostCells)
	}
	return nil
}
