package archive

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"

	"tongxin/internal/base/db"
)

// The tags of values.
const (
	null byte = iota
	integer
	text
	bytes
	no
	yes
)

// longest bounds one value: a damaged length must not ask for all memory there is.
const longest = 256 << 20

// appendRow encodes the values of a row.
func appendRow(b []byte, row []any) ([]byte, error) {
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			b = append(b, null)
		case int64:
			b = binary.AppendVarint(append(b, integer), v)
		case string:
			b = append(binary.AppendUvarint(append(b, text), uint64(len(v))), v...)
		case []byte:
			b = append(binary.AppendUvarint(append(b, bytes), uint64(len(v))), v...)
		case bool:
			b = append(b, no)
			if v {
				b[len(b)-1] = yes
			}
		default:
			return nil, fmt.Errorf("archive: a value of type %T", v)
		}
	}
	return b, nil
}

// source is what values are read from.
type source interface {
	io.Reader
	io.ByteReader
}

// readRow decodes into row, one value for each column.
func readRow(r source, t db.Table, row []any) error {
	for i, c := range t.Columns {
		v, err := readValue(r)
		if err != nil {
			return err
		}
		if !fits(v, c.Type) {
			return damaged("type")
		}
		row[i] = v
	}
	return nil
}

// fits says whether a value is one of a column of that type.
func fits(v any, t db.Type) bool {
	switch v.(type) {
	case nil:
		return true
	case int64:
		return t == db.Int
	case string:
		return t == db.Text
	case []byte:
		return t == db.Bytes
	}
	return t == db.Bool
}

func readValue(r source) (any, error) {
	tag, err := r.ReadByte()
	if err != nil {
		return nil, cut(err)
	}
	switch tag {
	case null:
		return nil, nil
	case integer:
		v, err := binary.ReadVarint(r)
		return v, cut(err)
	case text:
		b, err := readBytes(r)
		return string(b), err
	case bytes:
		return readBytes(r)
	case no, yes:
		return tag == yes, nil
	}
	return nil, damaged("tag")
}

// readBytes grows with what is really there, whatever the length says.
func readBytes(r source) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, cut(err)
	}
	if n > longest {
		return nil, damaged("length")
	}
	if n <= 64<<10 {
		b := make([]byte, n)
		_, err = io.ReadFull(r, b)
		return b, cut(err)
	}
	b, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && uint64(len(b)) < n {
		err = io.ErrUnexpectedEOF
	}
	return b, cut(err)
}

// digest sums up rows in whatever order they come.
type digest [4]uint64

func (d *digest) add(row []byte) {
	h := sha256.Sum256(row)
	for i := range d {
		d[i] += binary.BigEndian.Uint64(h[8*i:])
	}
}

func (d digest) String() string {
	var b []byte
	for _, n := range d {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return hex.EncodeToString(b)
}
