package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"time"

	"tongxin/internal/base/db"
)

const magic = "tongxin archive 1\n"

// Header says what an archive was taken from.
type Header struct {
	Schema int64     `json:"schema"` // number of the last migration
	Taken  time.Time `json:"taken"`  // by the product's clock
}

// Part is what an archive, or a database, holds of one table.
type Part struct {
	Table  string `json:"table"`
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"`
}

// Summary is what an archive holds.
type Summary struct {
	Header
	Parts []Part
}

// Rows counts all of them.
func (s Summary) Rows() (n int64) {
	for _, p := range s.Parts {
		n += p.Rows
	}
	return n
}

// column and table are how a table is written down.
type column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type table struct {
	Name    string   `json:"name"`
	Columns []column `json:"columns"`
}

// Write takes an archive of one moment of the database.
func Write(ctx context.Context, d *db.DB, w io.Writer) (s Summary, err error) {
	version, err := d.SchemaVersion(ctx)
	if err != nil {
		return s, err
	}
	s.Header = Header{version, d.Now()}
	packed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return s, err
	}
	o := newOutput(packed)
	o.text(magic)
	o.line(s.Header)
	s.Parts, err = each(ctx, d, o)
	if err != nil {
		return s, err
	}
	o.seal()
	if o.err == nil {
		o.err = packed.Close()
	}
	return s, o.err
}

// Parts digests a database as an archive of it would be digested.
func Parts(ctx context.Context, d *db.DB) ([]Part, error) { return each(ctx, d, newOutput(io.Discard)) }

// each writes every table of one snapshot.
func each(ctx context.Context, d *db.DB, o *output) (parts []Part, err error) {
	tables, err := d.Tables(ctx)
	if err != nil {
		return nil, err
	}
	err = d.Snapshot(ctx, func(r db.Reader) error {
		parts = nil
		for _, t := range tables {
			p, err := one(ctx, r, t, o)
			if err != nil {
				return fmt.Errorf("archive: %s: %w", t.Name, err)
			}
			parts = append(parts, p)
		}
		return o.err
	})
	return parts, err
}

// one writes a table.
func one(ctx context.Context, r db.Reader, t db.Table, o *output) (Part, error) {
	described := table{Name: t.Name}
	for _, c := range t.Columns {
		described.Columns = append(described.Columns, column{c.Name, string(rune(c.Type))})
	}
	o.text("T")
	o.line(described)
	rows, err := r.Query(ctx, "/* across homes: an archive is of everything */ SELECT "+t.Names()+" FROM "+t.Name)
	if err != nil {
		return Part{}, err
	}
	defer rows.Close()
	p, sum := Part{Table: t.Name}, digest{}
	s := newScan(t)
	buf := []byte{}
	for rows.Next() {
		row, err := s.scan(rows)
		if err == nil {
			buf, err = appendRow(append(buf[:0], 'R'), row)
		}
		if err != nil {
			return p, err
		}
		sum.add(buf)
		o.bytes(buf)
		p.Rows++
	}
	p.Digest = sum.String()
	o.text("E")
	o.line(p)
	return p, rows.Err()
}

// scan reads rows of a table into values of the types that an archive knows, which the
// engines' own differ from.
type scan struct {
	into []any
	row  []any
}

func newScan(t db.Table) scan {
	s := scan{row: make([]any, len(t.Columns))}
	for _, c := range t.Columns {
		switch c.Type {
		case db.Int:
			s.into = append(s.into, new(sql.NullInt64))
		case db.Text:
			s.into = append(s.into, new(sql.NullString))
		case db.Bool:
			s.into = append(s.into, new(sql.NullBool))
		default:
			s.into = append(s.into, new(sql.Null[[]byte]))
		}
	}
	return s
}

func (s scan) scan(rows *sql.Rows) ([]any, error) {
	if err := rows.Scan(s.into...); err != nil {
		return nil, err
	}
	for i, v := range s.into {
		s.row[i] = nil
		switch v := v.(type) {
		case *sql.NullInt64:
			if v.Valid {
				s.row[i] = v.Int64
			}
		case *sql.NullString:
			if v.Valid {
				s.row[i] = v.String
			}
		case *sql.NullBool:
			if v.Valid {
				s.row[i] = v.Bool
			}
		case *sql.Null[[]byte]:
			if v.Valid {
				s.row[i] = v.V
			}
		}
	}
	return s.row, nil
}

// output writes and hashes; the first error stays.
type output struct {
	w   *bufio.Writer
	h   hash.Hash
	all io.Writer
	err error
}

func newOutput(w io.Writer) *output {
	o := &output{w: bufio.NewWriterSize(w, 256<<10), h: sha256.New()}
	o.all = io.MultiWriter(o.w, o.h)
	return o
}

func (o *output) bytes(b []byte) {
	if o.err == nil {
		_, o.err = o.all.Write(b)
	}
}

func (o *output) text(s string) { o.bytes([]byte(s)) }

func (o *output) line(v any) {
	b, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.bytes(append(b, '\n'))
}

// seal ends it with the hash of all before.
func (o *output) seal() {
	o.text("Z")
	if sum := o.h.Sum(nil); o.err == nil {
		_, o.err = o.w.Write(sum)
	}
	if o.err == nil {
		o.err = o.w.Flush()
	}
}
