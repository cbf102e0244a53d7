package figure

import (
	"crypto/sha256"
	"encoding/binary"

	"tongxin/internal/base/id"
)

// packed is an id in 13 bytes: 20 bits of home and 80 of the rest. What is no id, which a
// broken ledger may hold, is a hash whose first bit is set.
type packed [13]byte

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

var fiveBits = func() (v [256]byte) {
	for i := range crockford {
		v[crockford[i]] = byte(i)
	}
	return v
}()

func pack(s string) (p packed, ok bool) {
	if _, err := id.Parse(s); err != nil {
		sum := sha256.Sum256([]byte(s))
		copy(p[:], sum[:])
		p[0] |= 0x80
		return p, false
	}
	home := uint32(0)
	for _, c := range []byte(s[:6]) {
		home = home*10 + uint32(c-'0')
	}
	p[0], p[1], p[2] = byte(home>>16), byte(home>>8), byte(home)
	for half := range 2 {
		v := uint64(0)
		for _, c := range []byte(s[7+half*8 : 15+half*8]) {
			v = v<<5 | uint64(fiveBits[c])
		}
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], v)
		copy(p[3+half*5:], b[3:])
	}
	return p, true
}

func (p packed) unpack() id.ID {
	var s [23]byte
	home := uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
	for i := 5; i >= 0; i-- {
		s[i] = byte('0' + home%10)
		home /= 10
	}
	s[6] = '-'
	for half := range 2 {
		var b [8]byte
		copy(b[3:], p[3+half*5:8+half*5])
		v := binary.BigEndian.Uint64(b[:])
		for i := 14 + half*8; i >= 7+half*8; i-- {
			s[i] = crockford[v&31]
			v >>= 5
		}
	}
	return id.ID(s[:])
}

// names numbers ids from 1 on, in the order in which they come; 0 is no id. All processes
// fold the same facts in the same order, so they give the same numbers. It is a hash table
// with open addressing that holds only numbers: 13 bytes an id and 6 to 12 of table.
type names struct {
	list  []packed // of number n at n-1
	table []uint32 // a power of two; 0 is free
	odd   map[uint32]id.ID
}

func hash(p packed) uint64 {
	h := binary.LittleEndian.Uint64(p[:8]) ^ binary.LittleEndian.Uint64(p[5:])*0x9e3779b97f4a7c15
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// find answers the number of an id, 0 where it has none, and where in the table it belongs.
func (n *names) find(p packed) (number uint32, slot int) {
	if len(n.table) == 0 {
		return 0, -1
	}
	mask := len(n.table) - 1
	for i := int(hash(p)) & mask; ; i = (i + 1) & mask {
		at := n.table[i]
		if at == 0 || n.list[at-1] == p {
			return at, i
		}
	}
}

// of answers the number of an id, giving it one.
func (n *names) of(s string) uint32 {
	if s == "" {
		return 0
	}
	p, ok := pack(s)
	at, slot := n.find(p)
	if at != 0 {
		return at
	}
	if len(n.list)*4 >= len(n.table)*3 {
		n.grow()
		_, slot = n.find(p)
	}
	n.list = append(n.list, p)
	at = uint32(len(n.list))
	n.table[slot] = at
	if !ok {
		if n.odd == nil {
			n.odd = map[uint32]id.ID{}
		}
		n.odd[at] = id.ID(s)
	}
	return at
}

func (n *names) grow() { n.spread(max(1024, 2*len(n.table))) }

// index makes the table of a list that was read as a whole.
func (n *names) index() {
	size := 1024
	for len(n.list)*4 >= size*3 {
		size *= 2
	}
	n.spread(size)
}

func (n *names) spread(size int) {
	n.table = make([]uint32, size)
	for i, p := range n.list {
		_, slot := n.find(p)
		n.table[slot] = uint32(i + 1)
	}
}

// known answers the number of an id; false where no fact named it.
func (n *names) known(s id.ID) (uint32, bool) {
	p, _ := pack(string(s))
	at, _ := n.find(p)
	return at, at != 0
}

// name is the id of a number.
func (n *names) name(number uint32) id.ID {
	if s, ok := n.odd[number]; ok {
		return s
	}
	return n.list[number-1].unpack()
}

// size is one more than the highest number.
func (n *names) size() int { return len(n.list) + 1 }
