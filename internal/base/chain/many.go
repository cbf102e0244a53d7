package chain

import (
	"fmt"
	"strings"

	"tongxin/internal/base/db"
)

// manyRows is how many rows one statement of AppendAll inserts: with twenty columns, well below
// the placeholders that either engine takes.
const manyRows = 64

// AppendAll inserts rows that are known to be new, many in a statement, and numbers them in
// the same transaction on either engine: for seeds and imports, which write alone. On
// PostgreSQL that takes the sealer's lease, as who; where another holds it, it is an error.
// No row may correct one that still waits for its number.
func (b *Book) AppendAll(tx *db.Tx, who string, rows [][]any) error {
	run, _ := tx.Batch(b.name).(*batch)
	if run != nil {
		if err := run.load(tx); err != nil {
			return err
		}
		end, err := b.insertAll(tx, run.at, rows)
		if err == nil {
			run.at = end
		}
		return err
	}
	ok, err := b.lease(tx, who)
	if err == nil && !ok {
		err = fmt.Errorf("chain: another sealer holds the lease of %s", b.name)
	}
	if err != nil {
		return err
	}
	start, err := b.Head(tx.Context(), tx)
	if err != nil {
		return err
	}
	end, err := b.insertAll(tx, start, rows)
	if err != nil || end.Seq == start.Seq {
		return err
	}
	return b.close(tx, start, end)
}

// insertAll inserts rows behind a head and answers the new one.
func (b *Book) insertAll(tx *db.Tx, at Head, rows [][]any) (Head, error) {
	for len(rows) > 0 {
		size := manyRows
		if len(rows) < size {
			size = 1
		}
		args := make([]any, 0, size*(len(b.columns)+1))
		for _, row := range rows[:size] {
			if len(row) != len(b.columns) {
				return at, fmt.Errorf("chain: %s takes %d values, got %d", b.name, len(b.columns), len(row))
			}
			at = at.next(row)
			args = append(append(args, at.Seq), row...)
		}
		n, err := tx.Exec(b.insertSome(size), args...)
		if err != nil {
			return at, err
		}
		if n != int64(size) {
			return at, fmt.Errorf("chain: of %d rows of %s, %d stood there already", size, b.name, int64(size)-n)
		}
		rows = rows[size:]
	}
	return at, nil
}

// insertSome is the statement that inserts n rows.
func (b *Book) insertSome(n int) string {
	into, _, _ := strings.Cut(b.insert, "VALUES")
	width := len(b.columns) + 1
	tuples := make([]string, n)
	for i := range tuples {
		tuples[i] = "(" + db.In(width, i*width+1) + ")"
	}
	return into + "VALUES " + strings.Join(tuples, ",") + " ON CONFLICT DO NOTHING"
}
