package db

import (
	"fmt"
	"strings"
)

// Many gathers rows of one table and inserts them many in a statement: for seeds and imports,
// where each row is known to be new. What stands in the way of one is an error.
type Many struct {
	tx    *Tx
	into  string
	width int
	args  []any
}

// rowSizes are how many rows a statement inserts: few sizes, so that each is prepared once.
var rowSizes = [...]int{64, 8, 1}

// Many begins with a statement up to its VALUES, "INSERT INTO t (a, b) VALUES", and how many
// columns it names.
func (tx *Tx) Many(into string, width int) *Many {
	return &Many{tx: tx, into: into, width: width, args: make([]any, 0, rowSizes[0]*width)}
}

// Add takes one row, and writes when there are enough.
func (r *Many) Add(values ...any) error {
	if len(values) != r.width {
		return fmt.Errorf("db: a row of %d values, not %d (%s)", len(values), r.width, r.into)
	}
	r.args = append(r.args, values...)
	if len(r.args) < rowSizes[0]*r.width {
		return nil
	}
	return r.write(rowSizes[0])
}

// Flush writes what is left.
func (r *Many) Flush() error {
	for _, n := range rowSizes {
		for len(r.args) >= n*r.width {
			if err := r.write(n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Many) write(n int) error {
	args := r.args[:n*r.width]
	if _, err := r.tx.Exec(r.into+Tuples(n, r.width), args...); err != nil {
		return err
	}
	r.tx.db.rows.Add(int64(n))
	r.args = append(r.args[:0], r.args[n*r.width:]...)
	return nil
}

// Tuples writes the placeholders of n rows of that width: Tuples(2, 2) is "($1,$2),($3,$4)".
func Tuples(n, width int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		b.WriteString(In(width, i*width+1))
		b.WriteByte(')')
	}
	return b.String()
}
