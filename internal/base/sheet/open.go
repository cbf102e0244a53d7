package sheet

import (
	"archive/zip"
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
)

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
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fail.Wrap(err, fail.Invalid, "sheet.broken")
	}
	if len(z.File) > mostParts {
		return nil, bomb()
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
