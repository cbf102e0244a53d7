package chain

import (
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/base/db"
)

// AppendAll inserts rows that are known to be new, many in a statement, and numbers them in
// the same transaction on either engine: for seeds and imports, which write alone. Rows may
// tell of moments past, in their order: each moment gets its own seal, as if it had been
// committed then. On PostgreSQL that takes the sealer's lease, as who; where another holds it,
// it is an error. No row may correct one that still waits for its number.
func (b *Book) AppendAll(tx *db.Tx, who string, rows [][]any) error {
	if run, _ := tx.Batch(b.name).(*batch); run != nil {
		return run.appendAll(tx, rows)
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
	stops, err := b.insertAll(tx, start, rows)
	if err != nil {
		return err
	}
	return b.closeAll(tx, start, stops)
}

// appendAll is AppendAll inside a group commit: what is of the present moment is sealed with
// the rest of it.
func (s *batch) appendAll(tx *db.Tx, rows [][]any) error {
	if err := s.load(tx); err != nil {
		return err
	}
	start := s.start
	stops, err := s.book.insertAll(tx, s.at, rows)
	if err != nil || len(stops) == 0 {
		return err
	}
	last := stops[len(stops)-1]
	if now := db.MS(tx.Now); last.At >= now {
		stops = stops[:len(stops)-1]
	}
	if len(stops) > 0 {
		s.start = stops[len(stops)-1]
	}
	s.at = last
	return s.book.closeAll(tx, start, stops)
}

// insertAll inserts rows behind a head and answers the head after each moment, with that
// moment.
func (b *Book) insertAll(tx *db.Tx, at Head, rows [][]any) (stops []Head, err error) {
	into := tx.Many(b.into(), len(b.columns)+1)
	values := make([]any, len(b.columns)+1)
	for i, row := range rows {
		if len(row) != len(b.columns) {
			return nil, fmt.Errorf("chain: %s takes %d values, got %d", b.name, len(b.columns), len(row))
		}
		moment, _ := row[b.when].(int64)
		if i > 0 && moment != rows[i-1][b.when] {
			stops = append(stops, at)
		}
		at = at.next(row)
		at.At = max(at.At, moment)
		values[0] = at.Seq
		copy(values[1:], row)
		if err := into.Add(values...); err != nil {
			return nil, err
		}
	}
	if len(rows) > 0 {
		stops = append(stops, at)
	}
	return stops, into.Flush()
}

// into is the statement that inserts rows, up to its values.
func (b *Book) into() string {
	return "INSERT INTO " + b.rows + " (seq, " + strings.Join(b.columns, ", ") + ") VALUES "
}

// closeAll seals what lies between one head and the next, and moves the head to the last.
func (b *Book) closeAll(tx *db.Tx, start Head, stops []Head) error {
	if len(stops) == 0 {
		return nil
	}
	if start.Seq == 0 {
		var zero Head
		if _, err := tx.Exec(b.headInit, zero.Hash[:]); err != nil {
			return err
		}
	}
	seals, first := tx.Many(b.sealsInto(), 4), start.Seq+1
	for _, s := range stops {
		if err := seals.Add(first, s.Seq, s.At, slices.Clone(s.Hash[:])); err != nil {
			return err
		}
		first = s.Seq + 1
	}
	if err := seals.Flush(); err != nil {
		return err
	}
	end := stops[len(stops)-1]
	n, err := tx.Exec(b.headSet, end.Seq, end.Hash[:], end.At, start.Seq)
	if err == nil && n == 0 {
		err = fmt.Errorf("chain: another sealer moved the head of %s", b.name)
	}
	return err
}

// sealsInto is the statement that inserts seals, up to its values.
func (b *Book) sealsInto() string {
	return "INSERT INTO " + b.name + "_seal (first, last, at, hash) VALUES "
}
