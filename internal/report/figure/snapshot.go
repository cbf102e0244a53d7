package figure

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// A snapshot is the model's columns in one file beside the data, so that a start need not read
// the whole ledger. It is a copy, never a source: it names the last seal that it holds and that
// seal's hash, and where the ledger has another there, or anything else about it is in doubt, it
// is left aside and the ledger is read.
//
//	magic | seq | seal's hash | seals | kinds | ranks' positions | areas | persons | subjects | call-ups |
//	kinds' blocks, column by column | CRC-32C of all before
//
// Numbers are little-endian, lists begin with their length.
const snapshotMagic = "tongxin figures 2\n"

// unsaved is how many facts make a new snapshot worth its second, beside a quarter of all.
const unsaved = 50_000

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDoubt is why a snapshot is left aside.
var errDoubt = errors.New("figure: a snapshot in doubt")

// Keep has the engine begin from the snapshot of that path, where it holds, and save one there
// when the ledger has grown. It is said before anything is loaded.
func (e *Engine) Keep(path string) { e.kept = path }

// Save writes the snapshot if more than so many facts came since the last one.
func (e *Engine) Save(ctx context.Context, more int64) error {
	e.fold.Lock() // readers go on: only the folder changes rows
	defer e.fold.Unlock()
	m := e.m
	if e.kept == "" || m.at-e.saved <= more || len(m.seals) == 0 || m.seals[len(m.seals)-1].last != m.at {
		return nil
	}
	sum, err := sealHash(ctx, e.d, m.at)
	if err != nil || sum == nil {
		return err
	}
	e.saved = m.at // or not, and then the next time that it is due
	if err := writeFile(e.kept, func(w io.Writer) error { return m.encode(w, sum) }); err != nil {
		return fmt.Errorf("figure: snapshot: %w", err)
	}
	return nil
}

// writeFile writes a file of the owner's own whole, or leaves what was there.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	sum := crc32.New(castagnoli)
	if err := write(io.MultiWriter(w, sum)); err != nil {
		return err
	}
	if err := errors.Join(binary.Write(w, binary.LittleEndian, sum.Sum32()), w.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// restore begins from the snapshot, where there is one that holds.
func (e *Engine) restore(ctx context.Context) {
	if e.kept == "" || e.m.at > 0 {
		return
	}
	m, err := e.readSnapshot(ctx)
	switch {
	case err == nil:
		e.mu.Lock()
		e.m, e.saved = m, m.at
		e.mu.Unlock()
	case !errors.Is(err, os.ErrNotExist):
		slog.WarnContext(ctx, "figures' snapshot is left aside, the ledger is read instead", "err", err)
	}
}

func (e *Engine) readSnapshot(ctx context.Context) (*model, error) {
	f, err := os.Open(e.kept)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	d := &decoder{r: bufio.NewReaderSize(f, 1<<20), left: info.Size()}
	m, sum, positions := d.model()
	if err := d.end(); err != nil {
		return nil, err
	}
	err = e.d.Snapshot(ctx, func(r db.Reader) error {
		known, err := sealHash(ctx, r, m.at)
		if err == nil && !slices.Equal(known, sum) {
			err = fmt.Errorf("%w: the ledger has another seal there", errDoubt)
		}
		if err != nil {
			return err
		}
		return m.replant(ctx, r, positions)
	})
	return m, err
}

// replant puts a decoded model into the tree as it is now.
func (m *model) replant(ctx context.Context, r db.Reader, positions []int64) error {
	orgs, campaigns, err := versions(ctx, r)
	if err != nil {
		return err
	}
	places, err := readPlaces(ctx, r)
	if err != nil {
		return err
	}
	units, err := readUnits(ctx, r)
	if err != nil {
		return err
	}
	if m.campaigns, err = readCampaigns(ctx, r); err != nil {
		return err
	}
	m.tree, m.campaignV = newTree().grow(orgs, places, units), campaigns
	ranks := make([]uint32, len(positions))
	for i, p := range positions {
		ranks[i] = m.rank(p)
	}
	for _, blocks := range m.kinds {
		for _, b := range blocks {
			if err := b.rerank(ranks); err != nil {
				return err
			}
		}
	}
	return nil
}

// rerank gives the rows the ranks of today's tree, and their order where that is another.
func (b *block) rerank(ranks []uint32) error {
	for _, c := range []*columns{&b.sorted, &b.tail} {
		for _, column := range [][]uint32{c.org, c.unit} {
			for i, r := range column {
				if int(r) >= len(ranks) {
					return fmt.Errorf("%w: rank %d of %d", errDoubt, r, len(ranks))
				}
				column[i] = ranks[r]
			}
		}
	}
	for i := int32(1); int(i) < b.sorted.rows(); i++ {
		if b.sorted.before(i-1, i) > 0 {
			b.sorted = merge(&columns{}, &b.sorted)
			break
		}
	}
	return nil
}

// encoder writes numbers and lists; the first error stays.
type encoder struct {
	w   io.Writer
	buf []byte
	err error
}

func (e *encoder) bytes(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
}

func (e *encoder) number(n int64) {
	e.bytes(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func (e *encoder) text(s string) {
	e.number(int64(len(s)))
	e.bytes([]byte(s))
}

// fixed are the numbers that columns hold.
type fixed interface {
	uint8 | uint16 | uint32 | int64
}

// together is how many numbers are turned into bytes at once.
const together = 8192

func list[T fixed](e *encoder, all []T) {
	e.number(int64(len(all)))
	for some := range slices.Chunk(all, together) {
		e.buf = e.buf[:0]
		switch some := any(some).(type) {
		case []uint8:
			e.buf = append(e.buf, some...)
		case []uint16:
			for _, v := range some {
				e.buf = binary.LittleEndian.AppendUint16(e.buf, v)
			}
		case []uint32:
			for _, v := range some {
				e.buf = binary.LittleEndian.AppendUint32(e.buf, v)
			}
		case []int64:
			for _, v := range some {
				e.buf = binary.LittleEndian.AppendUint64(e.buf, uint64(v))
			}
		}
		e.bytes(e.buf)
	}
}

func (m *model) encode(w io.Writer, sum []byte) error {
	e := &encoder{w: w}
	e.bytes([]byte(snapshotMagic))
	e.number(m.at)
	e.number(m.facts)
	list(e, sum)
	e.number(int64(len(m.seals)))
	for _, s := range m.seals {
		e.number(s.last)
		e.number(s.at)
	}
	e.number(int64(len(m.keys)))
	for n, key := range m.keys {
		e.number(n)
		e.text(key)
	}
	positions := make([]int64, len(m.tree.posOrg))
	for p, r := range m.tree.rankOf {
		positions[r] = p
	}
	list(e, positions)
	list(e, m.areaCodes)
	m.persons.encode(e)
	m.subjects.encode(e)
	m.callups.encode(e)
	e.number(int64(len(m.kinds)))
	for key, blocks := range m.kinds {
		e.text(key)
		e.number(int64(len(blocks)))
		for _, b := range blocks {
			e.number(int64(b.month))
			b.sorted.encode(e)
			b.tail.encode(e)
		}
	}
	return e.err
}

func (n *names) encode(e *encoder) {
	flat := make([]byte, 0, len(n.list)*len(packed{}))
	for _, p := range n.list {
		flat = append(flat, p[:]...)
	}
	list(e, flat)
	e.number(int64(len(n.odd)))
	for at, s := range n.odd {
		e.number(int64(at))
		e.text(string(s))
	}
}

func (c *columns) encode(e *encoder) {
	for _, column := range [][]uint32{c.seq, c.until, c.org, c.unit, c.area, c.person, c.subject, c.campaign} {
		list(e, column)
	}
	list(e, c.service)
	list(e, c.category)
	list(e, c.day)
	list(e, c.grade)
	list(e, c.qty)
	list(e, c.callup)
}

// decoder reads what an encoder wrote; after the first error it reads nothing more.
type decoder struct {
	r    *bufio.Reader
	sum  uint32
	left int64 // bytes of the file
	buf  []byte
	err  error
}

// take gives the next n bytes, until the next call.
func (d *decoder) take(n int64) []byte {
	if d.err == nil && (n < 0 || n > d.left) {
		d.err = fmt.Errorf("%w: a length beyond its end", errDoubt)
	}
	if d.err != nil {
		return nil
	}
	d.left -= n
	if int64(cap(d.buf)) < n {
		d.buf = make([]byte, n)
	}
	d.buf = d.buf[:n]
	if _, err := io.ReadFull(d.r, d.buf); err != nil {
		d.err = err
		return nil
	}
	d.sum = crc32.Update(d.sum, castagnoli, d.buf)
	return d.buf
}

func (d *decoder) number() int64 {
	b := d.take(8)
	if d.err != nil {
		return 0
	}
	return int64(binary.LittleEndian.Uint64(b))
}

// length is a number of things of at least so many bytes each.
func (d *decoder) length(size int64) int {
	n := d.number()
	if d.err == nil && (n < 0 || n > d.left/size) {
		d.err = fmt.Errorf("%w: a length beyond its end", errDoubt)
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

func (d *decoder) text() string { return string(d.take(d.number())) }

func unlist[T fixed](d *decoder) []T {
	var zero T
	size := int64(binary.Size(zero))
	n := d.length(size)
	if n == 0 {
		return nil
	}
	all := make([]T, n)
	for some := range slices.Chunk(all, together) {
		b := d.take(int64(len(some)) * size)
		if d.err != nil {
			return nil
		}
		switch some := any(some).(type) {
		case []uint8:
			copy(some, b)
		case []uint16:
			for i := range some {
				some[i] = binary.LittleEndian.Uint16(b[2*i:])
			}
		case []uint32:
			for i := range some {
				some[i] = binary.LittleEndian.Uint32(b[4*i:])
			}
		case []int64:
			for i := range some {
				some[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
			}
		}
	}
	return all
}

// model reads one, with the hash of its last seal and the positions that its ranks stand for.
func (d *decoder) model() (m *model, sum []byte, positions []int64) {
	m = newModel()
	if string(d.take(int64(len(snapshotMagic)))) != snapshotMagic && d.err == nil {
		d.err = fmt.Errorf("%w: of another version", errDoubt)
	}
	m.at, m.facts = d.number(), d.number()
	sum = unlist[uint8](d)
	for range d.length(16) {
		m.seals = append(m.seals, seal{last: d.number(), at: d.number()})
	}
	m.keys = map[int64]string{}
	for range d.length(16) {
		n := d.number()
		m.keys[n] = d.text()
	}
	positions = unlist[int64](d)
	m.areaCodes = unlist[int64](d)
	for i, code := range m.areaCodes {
		m.areas[code] = uint32(i)
	}
	d.names(&m.persons)
	d.names(&m.subjects)
	d.names(&m.callups)
	for range d.length(16) {
		key := d.text()
		for range d.length(8) {
			b := &block{month: int(d.number())}
			d.columns(&b.sorted)
			d.columns(&b.tail)
			m.kinds[key] = append(m.kinds[key], b)
		}
	}
	return m, sum, positions
}

func (d *decoder) names(n *names) {
	flat := unlist[uint8](d)
	if len(flat)%len(packed{}) != 0 && d.err == nil {
		d.err = fmt.Errorf("%w: a cut id", errDoubt)
	}
	n.list = make([]packed, len(flat)/len(packed{}))
	for i := range n.list {
		copy(n.list[i][:], flat[i*len(packed{}):])
	}
	for range d.length(16) {
		at := uint32(d.number())
		if n.odd == nil {
			n.odd = map[uint32]id.ID{}
		}
		n.odd[at] = id.ID(d.text())
	}
	n.index()
}

func (d *decoder) columns(c *columns) {
	for _, column := range []*[]uint32{&c.seq, &c.until, &c.org, &c.unit, &c.area, &c.person, &c.subject, &c.campaign} {
		*column = unlist[uint32](d)
	}
	c.service, c.category = unlist[uint16](d), unlist[uint16](d)
	c.day, c.grade = unlist[uint8](d), unlist[uint8](d)
	c.qty = unlist[int64](d)
	c.callup = unlist[uint32](d)
}

// end proves the whole.
func (d *decoder) end() error {
	want := d.sum
	b := d.take(4)
	if d.err == nil && (binary.LittleEndian.Uint32(b) != want || d.left != 0) {
		d.err = fmt.Errorf("%w: its sum is another", errDoubt)
	}
	return d.err
}
