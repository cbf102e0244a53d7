package chain

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/base/db"
)

// Book is one append-only table with its head and seals.
type Book struct {
	name    string
	rows    string // its table
	moment  string // the column that says when a row came
	columns []string
	when    int // which of them is the moment

	insert, head, headInit, headSet, seal, unsealed, unsealedAge, number, all string
}

// Define names a book: rows live in table `rows`, whose columns (seq left out)
// are hashed in the order given. The first two columns are home and id, and
// order names the column after which unnumbered rows are taken up (their moment).
func Define(name, rows, moment string, columns ...string) *Book {
	cols := strings.Join(columns, ", ")
	marks := make([]string, len(columns)+1)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	b := &Book{
		name:        name,
		rows:        rows,
		moment:      moment,
		columns:     columns,
		when:        slices.Index(columns, moment),
		insert:      "INSERT INTO " + rows + " (seq, " + cols + ") VALUES (" + strings.Join(marks, ", ") + ") ON CONFLICT DO NOTHING",
		head:        "SELECT seq, hash, at FROM " + name + "_head WHERE id = 1",
		headInit:    "INSERT INTO " + name + "_head (id, seq, hash, at) VALUES (1, 0, $1, 0) ON CONFLICT DO NOTHING",
		headSet:     "UPDATE " + name + "_head SET seq = $1, hash = $2, at = $3 WHERE id = 1 AND seq = $4",
		seal:        "INSERT INTO " + name + "_seal (first, last, at, hash) VALUES ($1, $2, $3, $4)",
		unsealed:    "SELECT " + cols + " FROM " + rows + " WHERE seq IS NULL ORDER BY " + moment + ", id LIMIT $1",
		unsealedAge: "/* across homes: the book as a whole */ SELECT COUNT(*), COALESCE(MIN(" + moment + "), $1) FROM " + rows + " WHERE seq IS NULL",
		number:      "UPDATE " + rows + " SET seq = $1 WHERE home = $2 AND id = $3 AND seq IS NULL",
		all:         "SELECT seq, " + cols + " FROM " + rows + " WHERE seq IS NOT NULL ORDER BY seq",
	}
	db.Register(name, func() db.Batcher { return &batch{book: b} })
	return b
}

// Append inserts one row, its values in the order of the book's columns, each
// an int64, a string or a []byte. It answers whether the row is new: false
// means that a row with the same unique key stands already.
func (b *Book) Append(tx *db.Tx, values ...any) (bool, error) {
	if len(values) != len(b.columns) {
		return false, fmt.Errorf("chain: %s takes %d values, got %d", b.name, len(b.columns), len(values))
	}
	run, _ := tx.Batch(b.name).(*batch)
	if run == nil {
		n, err := tx.Exec(b.insert, append([]any{nil}, values...)...)
		return n == 1, err
	}
	if err := run.load(tx); err != nil {
		return false, err
	}
	n, err := tx.Exec(b.insert, append([]any{run.at.Seq + 1}, values...)...)
	if err != nil || n == 0 {
		return false, err
	}
	run.at = run.at.next(values)
	return true, nil
}

// Head is where a book stands: the last number given and the hash over all.
type Head struct {
	Seq  int64
	Hash [sha256.Size]byte
	At   int64 // unix ms of its last seal
}

// next is the head after one more row.
func (h Head) next(values []any) Head {
	d := sha256.New()
	d.Write(h.Hash[:])
	d.Write(canonical(values))
	h.Seq++
	d.Sum(h.Hash[:0])
	return h
}

// Head reads where the book stands as r sees it.
func (b *Book) Head(ctx context.Context, r db.Reader) (Head, error) {
	var h Head
	var hash []byte
	err := r.QueryRow(ctx, b.head).Scan(&h.Seq, &hash, &h.At)
	if db.NoRows(err) {
		return Head{}, nil
	}
	copy(h.Hash[:], hash)
	return h, err
}

// canonical spells values so that no two different rows spell the same.
func canonical(values []any) []byte {
	out := make([]byte, 0, 256)
	put := func(tag byte, s string) {
		out = append(out, tag)
		out = binary.AppendUvarint(out, uint64(len(s)))
		out = append(out, s...)
	}
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			out = append(out, 'i')
			out = binary.BigEndian.AppendUint64(out, uint64(v))
		case string:
			put('s', v)
		case []byte:
			put('b', string(v))
		default:
			panic(fmt.Sprintf("chain: a %T cannot be in a book", v))
		}
	}
	return out
}
