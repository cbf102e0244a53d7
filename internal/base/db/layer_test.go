package db_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// machine is a disk beneath SQLite on which the power goes after some number of operations. What
// was written and not yet synced may then be there, in part, or not at all: whole sectors of it, in
// whatever order the disk likes.
type machine struct {
	mu     sync.Mutex
	rand   *rand.Rand
	left   int // operations until it happens
	err    error
	dead   bool
	files  map[string]*platter
	synced int
}

// platter is what a file's disk holds for certain, and what was written since.
type platter struct {
	sure    []byte
	exists  bool // its name was synced with it
	pending []change
}

// change is a write that may not have reached the disk: of bytes, or of the length.
type change struct {
	at   int64
	data []byte
	cut  bool
}

const sector = 512

var errPower = sqlite3.IOERR

// spend counts an operation; it answers an error once the power is gone.
func (m *machine) spend() error {
	if !m.dead && m.left == 0 {
		m.dead = m.err == nil // an error of the disk comes once; the power does not come back
		if m.err != nil {
			m.left--
			return m.err
		}
	}
	if m.dead {
		return errPower
	}
	m.left--
	return nil
}

func (m *machine) of(name string) *platter {
	p := m.files[name]
	if p == nil {
		p = &platter{}
		m.files[name] = p
	}
	return p
}

// open gives SQLite a file of the machine.
func (m *machine) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return nil, flags, sqlite3.CANTOPEN
	}
	f, flags, err := vfs.Find("").(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil || name == nil {
		return f, flags, err
	}
	m.of(name.String())
	return &layered{File: f, m: m, name: name.String()}, flags, nil
}

func (m *machine) Open(string, vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return nil, 0, sqlite3.CANTOPEN // SQLite asks for OpenFilename
}

func (m *machine) Delete(name string, syncDir bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.spend(); err != nil {
		return err
	}
	if p := m.of(name); syncDir || m.rand.IntN(2) == 0 {
		*p = platter{}
	}
	return vfs.Find("").Delete(name, syncDir)
}

func (m *machine) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return vfs.Find("").Access(name, flags)
}

func (m *machine) FullPathname(name string) (string, error) { return vfs.Find("").FullPathname(name) }

// layered is an open file of the machine.
type layered struct {
	vfs.File
	m    *machine
	name string
}

func (f *layered) SharedMemory() vfs.SharedMemory {
	return f.File.(vfs.FileSharedMemory).SharedMemory()
}

func (f *layered) WriteAt(b []byte, at int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if err := f.m.spend(); err != nil {
		return 0, err
	}
	p := f.m.of(f.name)
	p.pending = append(p.pending, change{at: at, data: slices.Clone(b)})
	return f.File.WriteAt(b, at)
}

func (f *layered) Truncate(size int64) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if err := f.m.spend(); err != nil {
		return err
	}
	p := f.m.of(f.name)
	p.pending = append(p.pending, change{at: size, cut: true})
	return f.File.Truncate(size)
}

// Sync makes certain what was written. On a real disk it takes long; here it is only remembered.
func (f *layered) Sync(vfs.SyncFlag) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if err := f.m.spend(); err != nil {
		return err
	}
	p := f.m.of(f.name)
	for _, c := range p.pending {
		p.sure = c.apply(p.sure)
	}
	p.pending, p.exists = nil, true
	f.m.synced++
	return nil
}

func (c change) apply(b []byte) []byte {
	if c.cut {
		return append(b, make([]byte, max(0, int(c.at)-len(b)))...)[:c.at]
	}
	if need := int(c.at) + len(c.data); need > len(b) {
		b = append(b, make([]byte, need-len(b))...)
	}
	copy(b[c.at:], c.data)
	return b
}

// survives is what the disk holds after the power came back.
func (p *platter) survives(r *rand.Rand) (b []byte, exists bool) {
	b = slices.Clone(p.sure)
	exists = p.exists
	for _, c := range p.pending {
		switch r.IntN(3) {
		case 0: // lost
			continue
		case 1: // whole
			b = c.apply(b)
		default: // some sectors of it
			for at := 0; at < len(c.data); {
				end := min(len(c.data), at+sector-int(c.at+int64(at))%sector)
				if r.IntN(2) == 0 {
					b = change{at: c.at + int64(at), data: c.data[at:end]}.apply(b)
				}
				at = end
			}
		}
		exists = true
	}
	return b, exists
}

// restart writes what survived into another folder.
func (m *machine) restart(t *testing.T, from, to string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, p := range m.files {
		b, exists := p.survives(m.rand)
		if filepath.Dir(name) != from || !exists {
			continue
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(name)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// plugIn makes the machine the layer of SQLite's files, with the file that lies there on its disk.
func plugIn(t *testing.T, m *machine, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m.files = map[string]*platter{file: {sure: b, exists: true}}
	vfs.Register(layerName, m)
	t.Cleanup(func() { vfs.Unregister(layerName) })
}

const layerName = "machine"
