package ledger

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Bulk gathers what many packages post in one transaction, and writes it in the order of its
// moments: for a seed or an import, which tells at once of a stretch of time that is past and
// writes alone. It is known to be new; a clash of keys is an error of the whole.
type Bulk struct {
	tx      *db.Tx
	who     string
	numbers map[*Kind]int64
	lines   []line
}

type line struct {
	at  int64
	row []any
}

// Posted is enough of a fact to take it back later in the same way.
type Posted struct {
	ID        id.ID
	Org, Unit int64
	Qty       int64
	Grade     Grade
	Rev       int // how often the like was posted, this time included
}

// NewBulk begins, as the sealer named who.
func NewBulk(tx *db.Tx, who string) *Bulk {
	return &Bulk{tx: tx, who: who, numbers: map[*Kind]int64{}}
}

// Post is [Post] of a fact at a moment that is not later than the transaction's. Rev is 1, or
// one more than that of the fact in whose place this comes, which was reversed.
func (b *Bulk) Post(f Fact, at int64, rev int) (Posted, error) {
	kind, err := numberOf(b.tx, f.Kind, b.numbers)
	if err != nil {
		return Posted{}, err
	}
	f.ID = b.tx.NewID(f.Subject.Home())
	b.lines = append(b.lines, line{at, f.rowAt(at, kind, "", f.once(rev))})
	return Posted{f.ID, f.Org, f.Unit, f.Qty, f.Grade, rev}, nil
}

// Reverse takes back a fact that Post wrote, here or in an earlier transaction. f says the
// rest of what it said.
func (b *Bulk) Reverse(f Fact, was Posted, at int64, by id.ID) error {
	kind, err := numberOf(b.tx, f.Kind, b.numbers)
	if err != nil {
		return err
	}
	f.ID, f.Org, f.Unit, f.Qty, f.Grade, f.By = b.tx.NewID(f.Subject.Home()), was.Org, was.Unit, -was.Qty, was.Grade, by
	b.lines = append(b.lines, line{at, f.rowAt(at, kind, was.ID, []byte(was.ID))})
	return nil
}

// Len is how many facts wait to be written.
func (b *Bulk) Len() int { return len(b.lines) }

// Write writes them, each moment under a seal of its own. What has one moment stays in the
// order in which it came.
func (b *Bulk) Write() error {
	slices.SortStableFunc(b.lines, func(x, y line) int { return int(min(max(x.at-y.at, -1), 1)) })
	rows := make([][]any, len(b.lines))
	for i, l := range b.lines {
		rows[i] = l.row
	}
	b.lines = b.lines[:0]
	return book.AppendAll(b.tx, b.who, rows)
}
