package chain

import (
	"context"

	"tongxin/internal/base/db"
)

// HashAt is the hash over the book up to a row at which a seal stands; none where none does.
// Before the first row it is that of an empty book.
func (b *Book) HashAt(ctx context.Context, r db.Reader, seq int64) (hash []byte, err error) {
	if seq == 0 {
		var zero Head
		return zero.Hash[:], nil
	}
	err = r.QueryRow(ctx, "SELECT hash FROM "+b.name+"_seal WHERE last = $1", seq).Scan(&hash)
	if db.NoRows(err) {
		return nil, nil
	}
	return hash, err
}
