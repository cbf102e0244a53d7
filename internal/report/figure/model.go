package figure

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrBroken says that the ledger does not hold together, so that no figure comes out of it.
var ErrBroken = errors.New("figure: the ledger is broken")

// model is the facts up to a number. One goroutine folds; readers hold the engine's lock.
type model struct {
	at        int64 // the last fact folded
	facts     int64 // rows: facts that are no reversals
	kinds     map[string][]*block
	keys      map[int64]string // of kinds, by number
	tree      *tree
	campaigns map[int64][]int64 // each with those below it
	campaignV int64
	persons   names
	subjects  names
	callups   names
	areas     map[int64]uint32
	areaCodes []int64
	seals     []seal
}

func newModel() *model {
	return &model{kinds: map[string][]*block{}, tree: newTree(), areas: map[int64]uint32{}}
}

// apply folds one fact.
func (m *model) apply(f fact) error {
	if f.seq != m.at+1 {
		return fmt.Errorf("%w: fact %d follows fact %d", ErrBroken, f.seq, m.at)
	}
	if f.seq >= math.MaxUint32 {
		return fmt.Errorf("figure: more facts than a model holds")
	}
	month, day, err := splitDay(f.day)
	if err != nil {
		return err
	}
	key, ok := m.keys[f.kind]
	if !ok {
		return fmt.Errorf("%w: fact %d is of kind %d, which is not there", ErrBroken, f.seq, f.kind)
	}
	b := m.block(key, month)
	if f.takesBack {
		err = m.reverse(b, f, day)
	} else {
		b.tail.add(m.row(f, day))
		m.facts++
	}
	if err == nil {
		m.at = f.seq
	}
	return err
}

func (m *model) row(f fact, day uint8) row {
	return row{
		seq: uint32(f.seq), until: alive, org: m.rank(f.org), unit: m.rank(f.unit), area: m.area(f.area),
		person: m.persons.of(f.person), subject: m.subjects.of(f.subject), campaign: uint32(f.campaign),
		callup:  m.callups.of(f.callup),
		service: uint16(f.service), category: uint16(f.category), day: day, grade: gradeNumber(f.grade), qty: f.qty,
	}
}

// reverse ends the row that a fact takes back.
func (m *model) reverse(b *block, f fact, day uint8) error {
	if f.reverses == 0 || f.reverses >= f.seq || !b.kill(m.rank(f.org), day, uint32(f.reverses), uint32(f.seq)) {
		return fmt.Errorf("%w: fact %d takes back what is not there", ErrBroken, f.seq)
	}
	return nil
}

// block is the one of that kind and month, made if it is the first. Blocks of a kind stand by
// month.
func (m *model) block(key string, month int) *block {
	all := m.kinds[key]
	i, ok := slices.BinarySearchFunc(all, month, func(b *block, month int) int { return b.month - month })
	if ok {
		return all[i]
	}
	b := &block{month: month}
	m.kinds[key] = slices.Insert(slices.Clone(all), i, b)
	return b
}

// rank is the rank of a position. One that the tree does not know, which only a broken
// database has, stands alone at the top.
func (m *model) rank(position int64) uint32 {
	r, ok := m.tree.rankOf[position]
	if !ok {
		r = m.tree.add(place{id: position})
	}
	return r
}

func (m *model) area(code int64) uint32 {
	n, ok := m.areas[code]
	if !ok {
		n = uint32(len(m.areaCodes))
		m.areas[code] = n
		m.areaCodes = append(m.areaCodes, code)
	}
	return n
}

// at answers what was sealed at or before a moment.
func (m *model) sealedBy(moment int64) int64 {
	i, _ := slices.BinarySearchFunc(m.seals, moment, func(s seal, at int64) int {
		if s.at <= at {
			return -1
		}
		return 1
	})
	if i == 0 {
		return 0
	}
	return min(m.seals[i-1].last, m.at)
}

// momentOf is when a fact was sealed.
func (m *model) momentOf(seq int64) int64 {
	i, _ := slices.BinarySearchFunc(m.seals, seq, func(s seal, seq int64) int { return int(s.last - seq) })
	if i == len(m.seals) {
		return 0
	}
	return m.seals[i].at
}
