package chain

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
)

// Lease is how long a sealer may be silent before another takes over.
const Lease = 10 * time.Second

// sealBatch bounds one sealing transaction.
const sealBatch = 500

// Seal numbers rows that committed unnumbered, as the sealer named who, until
// none is left. It answers how many; where rows are numbered at insert that is
// none. Without the lease it gives way and answers 0.
func (b *Book) Seal(ctx context.Context, d *db.DB, who string) (int, error) {
	total := 0
	if d.Engine() == db.SQLite {
		return 0, nil
	}
	for {
		n := 0
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = b.sealSome(tx, who)
			return err
		})
		total += n
		if err != nil || n < sealBatch {
			return total, err
		}
	}
}

func (b *Book) sealSome(tx *db.Tx, who string) (int, error) {
	rows, err := b.pending(tx)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	ok, err := b.lease(tx, who)
	if err != nil || !ok {
		return 0, err
	}
	start, err := b.Head(tx.Context(), tx)
	if err != nil {
		return 0, err
	}
	end := start
	for _, row := range rows {
		n, err := tx.Exec(b.number, end.Seq+1, row[0], row[1])
		if err != nil {
			return 0, err
		}
		if n == 1 {
			end = end.next(row)
		}
	}
	if end.Seq == start.Seq {
		return 0, nil
	}
	return len(rows), b.close(tx, start, end)
}

// lease takes or renews the lease row.
func (b *Book) lease(tx *db.Tx, who string) (bool, error) {
	var zero Head
	if _, err := tx.Exec(b.headInit, zero.Hash[:]); err != nil {
		return false, err
	}
	now := db.MS(tx.Now)
	n, err := tx.Exec("UPDATE "+b.name+"_head SET lease_by = $1, lease_until = $2 WHERE id = 1 AND (lease_by = $1 OR lease_until < $3)",
		who, now+Lease.Milliseconds(), now)
	return n == 1, err
}

// pending reads unnumbered rows in the order in which they will be numbered:
// by moment, but never a correction before what it corrects (two machines'
// clocks may differ).
func (b *Book) pending(tx *db.Tx) ([][]any, error) {
	rows, err := tx.Query(tx.Context(), b.unsealed, sealBatch)
	out, err := db.Collect(rows, err, func(r *sql.Rows) ([]any, error) { return b.scan(r, nil) })
	if i := slices.Index(b.columns, "reverses"); i >= 0 {
		out = originalsFirst(out, i)
	}
	return out, err
}

// originalsFirst moves a row that names another one of rows in column `names`
// to just behind it; ids are in column 1.
func originalsFirst(rows [][]any, names int) [][]any {
	place := make(map[any]int, len(rows))
	for i, row := range rows {
		place[row[1]] = i
	}
	out := make([][]any, 0, len(rows))
	held := map[int][][]any{}
	for i, row := range rows {
		if at, ok := place[row[names]]; ok && at > i {
			held[at] = append(held[at], row)
			continue
		}
		out = append(append(out, row), held[i]...)
	}
	return out
}

// scan reads the book's columns of one row; first receives leading columns.
func (b *Book) scan(r *sql.Rows, first []any) ([]any, error) {
	row := make([]any, len(b.columns))
	to := slices.Clone(first)
	for i := range row {
		to = append(to, &row[i])
	}
	return row, r.Scan(to...)
}

// CheckClock refuses a clock that stands behind the last seal: what it would
// write could not be told apart by moment from what stands there already.
func (b *Book) CheckClock(ctx context.Context, r db.Reader, now time.Time) error {
	head, err := b.Head(ctx, r)
	if err != nil {
		return err
	}
	if db.MS(now) < head.At {
		zone := i18n.Zone()
		return fail.New(fail.Unavailable, "clock.behind", "now", now.In(zone).Format(time.RFC3339), "last", db.Time(head.At).In(zone).Format(time.RFC3339))
	}
	return nil
}

// AsOf answers the last number sealed at or before the moment.
func (b *Book) AsOf(ctx context.Context, r db.Reader, moment time.Time) (int64, error) {
	var seq sql.NullInt64
	err := r.QueryRow(ctx, "SELECT MAX(last) FROM "+b.name+"_seal WHERE at <= $1", db.MS(moment)).Scan(&seq)
	return seq.Int64, err
}

// Wait is how the numbering of a book stands.
type Wait struct {
	Sealed   int64         // rows with a number
	Unsealed int64         // rows that wait for one
	Longest  time.Duration // how long the oldest of them has waited
}

// Waiting reads how the numbering stands at that moment.
func (b *Book) Waiting(ctx context.Context, r db.Reader, now time.Time) (w Wait, err error) {
	head, err := b.Head(ctx, r)
	if err != nil {
		return w, err
	}
	w.Sealed = head.Seq
	var oldest int64
	err = r.QueryRow(ctx, b.unsealedAge, db.MS(now)).Scan(&w.Unsealed, &oldest)
	w.Longest = max(0, now.Sub(db.Time(oldest)))
	return w, err
}
