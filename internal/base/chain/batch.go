package chain

import (
	"fmt"

	"tongxin/internal/base/db"
)

// batch numbers rows inside one SQLite group commit.
type batch struct {
	book   *Book
	start  Head // as committed
	at     Head // with this batch's rows so far
	loaded bool
}

func (s *batch) Begin(*db.Tx) error { s.loaded = false; return nil }

// load reads the head when the batch's first row comes: most batches of
// reads-then-refusals never need it.
func (s *batch) load(tx *db.Tx) error {
	if s.loaded {
		return nil
	}
	head, err := s.book.Head(tx.Context(), tx)
	if err != nil {
		return err
	}
	s.start, s.at, s.loaded = head, head, true
	return nil
}

type mark struct {
	start, at Head
	loaded    bool
}

func (s *batch) Mark() any { return mark{s.start, s.at, s.loaded} }

func (s *batch) Restore(m any) {
	if m := m.(mark); m.loaded {
		s.start, s.at = m.start, m.at
	} else {
		s.loaded = false // the head was read inside the closure that is gone, which may have moved it
	}
}

func (s *batch) Finish(tx *db.Tx) error {
	if !s.loaded || s.at.Seq == s.start.Seq {
		return nil
	}
	return s.book.close(tx, s.start, s.at)
}

// close writes the seal of the rows after start, now, and moves the head there.
func (b *Book) close(tx *db.Tx, start, end Head) error {
	if start.Seq == 0 {
		if _, err := tx.Exec(b.headInit, start.Hash[:]); err != nil {
			return err
		}
	}
	at := max(db.MS(tx.Now), start.At)
	if _, err := tx.Exec(b.seal, start.Seq+1, end.Seq, at, end.Hash[:]); err != nil {
		return err
	}
	n, err := tx.Exec(b.headSet, end.Seq, end.Hash[:], at, start.Seq)
	if err == nil && n == 0 {
		err = fmt.Errorf("chain: another sealer moved the head of %s", b.name)
	}
	return err
}
