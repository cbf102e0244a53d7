package intake

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync"
	"time"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
)

// reading is a batch's file, open where its last turn ended, so that a turn need not read again
// what others have read: a long list would take ever longer.
type reading struct {
	file   *pieces
	tables []*sheet.Table
	next   func() (sheet.Record, error, bool)
	stop   func()
	n      int64              // rows that were given
	seen   map[[16]byte]int64 // marks of the rows so far, to their lines
	ahead  map[string]bool    // names of the organisations so far, in a list of them
	used   time.Time
}

// open opens a batch's file and goes on behind the rows that are stored.
func (w *worker) open(ctx context.Context, b Batch) (*reading, error) {
	if r := w.kept.take(b.ID); r != nil {
		if r.n == b.Total {
			r.file.ctx = ctx
			return r, nil
		}
		r.stop()
	}
	name, err := b.FileName(w.keys)
	if err != nil {
		return nil, err
	}
	file := &pieces{ctx: ctx, d: w.d, keys: w.keys, batch: b.ID, size: b.Size}
	book, err := sheet.Open(file, b.Size, name)
	if err != nil {
		return nil, err
	}
	l := lists[b.Kind]
	r := &reading{file: file, ahead: map[string]bool{}}
	if r.tables, err = book.Tables(l.headings(b.Kind), l.must()...); err != nil {
		return nil, err
	}
	if r.seen, err = marksOf(ctx, w.d, b.ID); err != nil {
		return nil, err
	}
	r.next, r.stop = iter.Pull2(r.rows())
	for r.n < b.Total {
		rec, err, more := r.next()
		if err != nil || !more {
			r.stop()
			return nil, errors.Join(err, io.ErrUnexpectedEOF)
		}
		if b.Kind == Orgs {
			r.ahead[rec.Cell("name").Line()] = true
		}
		r.n++
	}
	return r, nil
}

// rows are those of all tables, one after the other.
func (r *reading) rows() iter.Seq2[sheet.Record, error] {
	return func(yield func(sheet.Record, error) bool) {
		for _, t := range r.tables {
			for rec, err := range t.Rows() {
				if !yield(rec, err) || err != nil {
					return
				}
			}
		}
	}
}

// shelf keeps the files of batches between their turns: few, and none for long.
type shelf struct {
	mu   sync.Mutex
	open map[id.ID]*reading
}

const (
	mostOpen = 4
	openFor  = 5 * time.Minute
)

// take gives the reading of a batch to one turn.
func (s *shelf) take(batch id.ID) *reading {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.open[batch]
	delete(s.open, batch)
	return r
}

// put keeps a reading for the next turn, and closes those that nobody came back for.
func (s *shelf) put(batch id.ID, r *reading, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[id.ID]*reading{}
	}
	r.used = now
	for other, o := range s.open {
		if len(s.open) >= mostOpen || r.used.Sub(o.used) > openFor {
			o.stop()
			delete(s.open, other)
		}
	}
	s.open[batch] = r
}

// pieces are a batch's file as it is stored, sealed piece by piece: no more than two are held
// at a time.
type pieces struct {
	ctx   context.Context
	d     *db.DB
	keys  *crypt.Keys
	batch id.ID
	size  int64
	held  [2]piece // the last that were read
}

type piece struct {
	n    int64
	body []byte
}

// ReadAt reads from the pieces.
func (p *pieces) ReadAt(to []byte, at int64) (n int, err error) {
	for n < len(to) && at < p.size {
		body, err := p.piece(at / pieceSize)
		if err != nil {
			return n, err
		}
		some := copy(to[n:], body[min(at%pieceSize, int64(len(body))):])
		if some == 0 {
			return n, io.ErrUnexpectedEOF
		}
		n, at = n+some, at+int64(some)
	}
	if n < len(to) {
		return n, io.EOF
	}
	return n, nil
}

func (p *pieces) piece(n int64) ([]byte, error) {
	for i, h := range p.held {
		if h.n == n && h.body != nil {
			if i > 0 {
				p.held[0], p.held[1] = p.held[1], p.held[0]
			}
			return h.body, nil
		}
	}
	at, sealed, err := pieceAt(p.ctx, p.d, p.batch, int(n))
	if err != nil {
		return nil, err
	}
	if at == "" {
		return nil, io.ErrUnexpectedEOF
	}
	text, err := p.keys.OpenField("intake_piece", "body", at, sealed)
	if err != nil {
		return nil, err
	}
	p.held[1], p.held[0] = p.held[0], piece{n, []byte(text)}
	return p.held[0].body, nil
}
