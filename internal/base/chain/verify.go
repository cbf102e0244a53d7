package chain

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"time"

	"tongxin/internal/base/db"
)

// Check is one line of `tongxin verify`: how many things were looked at, how
// many are wrong, and the first of them.
type Check struct {
	Name    string   `json:"name"`
	Checked int64    `json:"checked"`
	Broken  int64    `json:"broken"`
	IDs     []string `json:"ids"`
}

// maxIDs bounds the offenders that a check names; Broken counts them all.
const maxIDs = 100

// Break notes one offender.
func (c *Check) Break(id string) {
	c.Broken++
	if len(c.IDs) < maxIDs {
		c.IDs = append(c.IDs, id)
	}
}

// Unsealed is how long a row may wait for its number before that is a fault.
const Unsealed = 60 * time.Second

type seal struct {
	first, last, at int64
	hash            []byte
}

// Verify walks the whole book: numbers without a gap, hashes that follow from
// one another, seals that cover everything, a head that is the end of it, and
// nothing left unnumbered for longer than Unsealed.
func (b *Book) Verify(ctx context.Context, r db.Reader, now time.Time) ([]Check, error) {
	seals, err := b.seals(ctx, r)
	if err != nil {
		return nil, err
	}
	chain := Check{Name: b.name + ".chain"}
	end, err := b.walk(ctx, r, seals, &chain)
	if err != nil {
		return nil, err
	}
	head, err := b.Head(ctx, r)
	if err != nil {
		return nil, err
	}
	if head.Seq != end.Seq || head.Hash != end.Hash {
		chain.Break(fmt.Sprintf("head:%d", head.Seq))
	}
	waiting, err := b.waiting(ctx, r, now)
	return []Check{chain, sealOrder(b.name, seals), waiting}, err
}

func (b *Book) seals(ctx context.Context, r db.Reader) ([]seal, error) {
	rows, err := r.Query(ctx, "SELECT first, last, at, hash FROM "+b.name+"_seal ORDER BY first")
	return db.Collect(rows, err, func(r *sql.Rows) (s seal, err error) {
		err = r.Scan(&s.first, &s.last, &s.at, &s.hash)
		return s, err
	})
}

// walk recomputes the chain over every numbered row and compares it with each
// seal as its end is reached.
func (b *Book) walk(ctx context.Context, r db.Reader, seals []seal, c *Check) (Head, error) {
	var at Head
	rows, err := r.Query(ctx, b.all)
	if err != nil {
		return at, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		row, err := b.scan(rows, []any{&seq})
		if err != nil {
			return at, err
		}
		c.Checked++
		if seq != at.Seq+1 {
			c.Break(fmt.Sprintf("seq:%d", seq))
			at.Seq = seq - 1
		}
		at = at.next(row)
		for len(seals) > 0 && seals[0].last <= seq {
			if seals[0].last != seq || !bytes.Equal(seals[0].hash, at.Hash[:]) {
				c.Break(fmt.Sprintf("seal:%d", seals[0].first))
			}
			seals = seals[1:]
		}
	}
	for _, s := range seals {
		c.Break(fmt.Sprintf("seal:%d", s.first))
	}
	return at, rows.Err()
}

// sealOrder checks that seals follow one another and that time never falls.
func sealOrder(name string, seals []seal) Check {
	c := Check{Name: name + ".seals"}
	var last, at int64
	for _, s := range seals {
		c.Checked++
		if s.first != last+1 || s.last < s.first || s.at < at {
			c.Break(fmt.Sprintf("seal:%d", s.first))
		}
		last, at = s.last, s.at
	}
	return c
}

// waiting counts rows without a number; one older than Unsealed is broken.
func (b *Book) waiting(ctx context.Context, r db.Reader, now time.Time) (Check, error) {
	c := Check{Name: b.name + ".unsealed"}
	rows, err := r.Query(ctx, "SELECT id, "+b.moment+" FROM "+b.rows+" WHERE seq IS NULL")
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return c, err
		}
		c.Checked++
		if db.MS(now)-at > Unsealed.Milliseconds() {
			c.Break(id)
		}
	}
	return c, rows.Err()
}
