package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// Check reads an archive to its end and says what it holds: an error when it is not whole.
func Check(r io.Reader) (Summary, error) {
	in, err := begin(r)
	if err != nil {
		return Summary{}, err
	}
	return in.tables(func(_ db.Table, rows db.Rows) error {
		for _, err := range rows {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Load fills a database that holds nothing with an archive, by whichever engine it was taken,
// and brings its schema up to this program's. All rows come, or none.
func Load(ctx context.Context, d *db.DB, r io.Reader) (s Summary, err error) {
	if empty, err := Empty(ctx, d); err != nil || !empty {
		return s, orElse(err, fail.New(fail.Conflict, "archive.not_empty"))
	}
	in, err := begin(r)
	if err != nil {
		return s, err
	}
	if err := d.MigrateTo(ctx, in.header.Schema); err != nil {
		return s, err
	}
	known, err := d.Tables(ctx)
	if err != nil {
		return s, err
	}
	err = d.Fill(ctx, func(f *db.Filler) (err error) {
		s, err = in.tables(func(t db.Table, rows db.Rows) error {
			if !slices.ContainsFunc(known, func(k db.Table) bool { return same(k, t) }) {
				return fail.New(fail.Invalid, "archive.schema", "table", t.Name)
			}
			_, err := f.Table(ctx, t, rows)
			return err
		})
		return err
	})
	if err != nil {
		return s, err
	}
	return s, d.Migrate(ctx)
}

// Empty says whether a database holds no record: it may have tables.
func Empty(ctx context.Context, d *db.DB) (bool, error) {
	tables, err := d.Tables(ctx)
	for _, t := range tables {
		var any bool
		if err := d.QueryRow(ctx, "/* across homes: nothing may be anywhere */ SELECT EXISTS (SELECT 1 FROM "+t.Name+")").Scan(&any); err != nil || any {
			return false, err
		}
	}
	return true, err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// same says whether two tables have the same columns, in the same order.
func same(a, b db.Table) bool { return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) }

// damaged is the answer to an archive that is not as it was written; where tells us, rather
// than an operator, what was wrong.
func damaged(where string) error { return fail.New(fail.Invalid, "archive.damaged", "where", where) }

// cut explains a read that failed: the archive ended too early, or is not as it was packed.
func cut(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("end")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), strings.HasPrefix(err.Error(), "flate:"):
		return damaged("gzip")
	}
	return err
}

// input is an archive that is being read. It remembers the bytes taken since the last [input.next],
// which are a line or a row, for the hash and the digests.
type input struct {
	r      *bufio.Reader
	h      hash.Hash
	took   []byte
	header Header
}

// begin reads the header.
func begin(r io.Reader) (*input, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, cut(err)
	}
	in := &input{r: bufio.NewReaderSize(unpacked, 256<<10), h: sha256.New()}
	first := make([]byte, len(magic))
	if _, err := io.ReadFull(in, first); err != nil || string(first) != magic {
		return nil, damaged("magic")
	}
	return in, in.line(&in.header)
}

// ReadByte and Read take bytes and remember them.
func (in *input) ReadByte() (byte, error) {
	b, err := in.r.ReadByte()
	if err == nil {
		in.took = append(in.took, b)
	}
	return b, err
}

func (in *input) Read(b []byte) (int, error) {
	n, err := in.r.Read(b)
	in.took = append(in.took, b[:n]...)
	return n, err
}

// next hashes what was taken and gives it, until the next time.
func (in *input) next() []byte {
	took := in.took
	in.h.Write(took)
	in.took = took[:0]
	return took
}

// longestLine bounds a line of JSON.
const longestLine = 64 << 10

// line reads one.
func (in *input) line(into any) error {
	from := len(in.took)
	for {
		b, err := in.ReadByte()
		if err != nil {
			return cut(err)
		}
		if b == '\n' {
			break
		}
		if len(in.took)-from > longestLine {
			return damaged("line")
		}
	}
	text := in.took[from:]
	if err := json.Unmarshal(text, into); err != nil {
		return damaged("json")
	}
	in.next()
	return nil
}

// tables gives each table and its rows to put, which takes all of them, and proves the whole.
func (in *input) tables(put func(t db.Table, rows db.Rows) error) (s Summary, err error) {
	s.Header = in.header
	for {
		mark, err := in.ReadByte()
		switch {
		case err != nil:
			return s, cut(err)
		case mark == 'Z':
			return s, in.end()
		case mark != 'T':
			return s, damaged("mark")
		}
		p, err := in.table(put)
		if err != nil {
			return s, err
		}
		s.Parts = append(s.Parts, p)
	}
}

// table reads one, after its mark.
func (in *input) table(put func(t db.Table, rows db.Rows) error) (p Part, err error) {
	var described table
	if err := in.line(&described); err != nil {
		return p, err
	}
	t := db.Table{Name: described.Name}
	for _, c := range described.Columns {
		if len(c.Type) != 1 {
			return p, damaged("type")
		}
		t.Columns = append(t.Columns, db.Column{Name: c.Name, Type: db.Type(c.Type[0])})
	}
	got, sum := Part{Table: t.Name}, digest{}
	if err := put(t, in.rows(t, &got.Rows, &sum)); err != nil {
		return p, err
	}
	if err := in.line(&p); err != nil {
		return p, err
	}
	if got.Digest = sum.String(); got != p {
		return p, damaged("part")
	}
	return p, nil
}

// rows reads rows until the mark of their end.
func (in *input) rows(t db.Table, n *int64, sum *digest) db.Rows {
	row := make([]any, len(t.Columns))
	return func(yield func([]any, error) bool) {
		for {
			mark, err := in.ReadByte()
			if err == nil && mark == 'E' {
				return
			}
			if err == nil && mark != 'R' {
				err = damaged("mark")
			}
			if err == nil {
				err = readRow(in, t, row)
			}
			if err != nil {
				yield(nil, cut(err))
				return
			}
			sum.add(in.next())
			*n++
			if !yield(row, nil) {
				return
			}
		}
	}
}

// end proves the whole and that nothing follows.
func (in *input) end() error {
	in.next()
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(in.r, want); err != nil {
		return cut(err)
	}
	if string(want) != string(in.h.Sum(nil)) {
		return damaged("hash")
	}
	if _, err := in.r.ReadByte(); !errors.Is(err, io.EOF) { // gzip's own sum is read with its end
		return orElse(cut(err), damaged("tail"))
	}
	return nil
}
