package db_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// seeds is how many power cuts are tried: make faults asks for a thousand.
func seeds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TONGXIN_POWER_SEEDS")
	if text == "" {
		return 60
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The power goes in the middle of anything: what was acknowledged is there, each closure whole or
// not at all, nothing twice, and work goes on.
func TestPowerCut(t *testing.T) {
	cuts, acknowledged := 0, 0
	for seed := range seeds(t) {
		m := &machine{rand: rand.New(rand.NewPCG(uint64(seed), 1))}
		m.left = m.rand.IntN(300)
		n, was := cut(t, m, seed)
		acknowledged += n
		if was {
			cuts++
		}
	}
	if cuts < seeds(t)/2 || acknowledged < seeds(t) {
		t.Errorf("%d cuts, %d acknowledged: too few to say anything", cuts, acknowledged)
	}
}

// One disk error, of reading, writing or room, anywhere: whoever was told that it is done finds it
// done, and once the disk is well again the same process goes on.
func TestDiskError(t *testing.T) {
	told := 0
	for seed := range seeds(t) {
		m := &machine{rand: rand.New(rand.NewPCG(uint64(seed), 2))}
		m.left = m.rand.IntN(200)
		m.err = []error{sqlite3.IOERR_WRITE, sqlite3.IOERR_FSYNC, sqlite3.FULL}[seed%3]
		n, _ := cut(t, m, seed)
		told += n
	}
	if told < seeds(t) {
		t.Errorf("%d acknowledged: too few to say anything", told)
	}
}

// cut writes on the machine until its power goes, or for a while, and looks at what survived with
// the product's own driver.
func cut(t *testing.T, m *machine, seed int) (acknowledged int, dead bool) {
	t.Helper()
	file := strings.TrimPrefix(dbtest.DSN(t, db.SQLite), "file:")
	plugIn(t, m, file)
	back := db.OnLayer("sqlite3", layerName)
	acked := hammer(t, m, file)
	back()
	after := t.TempDir()
	m.restart(t, filepath.Dir(file), after)
	dead = m.dead
	d := dbtest.Reopen(t, "file:"+filepath.Join(after, filepath.Base(file)), db.Options{})
	defer d.Close()
	have := names(t, d)
	for name := range acked {
		if !have[name+"/a"] {
			t.Errorf("seed %d: %s was acknowledged and is lost", seed, name)
		}
	}
	for name := range have {
		other := strings.TrimSuffix(name, "/a") + "/b"
		if strings.HasSuffix(name, "/b") {
			other = strings.TrimSuffix(name, "/b") + "/a"
		}
		if !have[other] {
			t.Errorf("seed %d: %s is there without its other half", seed, name)
		}
	}
	h, err := d.Health(t.Context())
	if err != nil || h.File.Damage != "" {
		t.Errorf("seed %d: %v %v", seed, err, h.File)
	}
	write(t, d, func(tx *db.Tx) error { return put(tx, "after", 1) })
	return len(acked), dead
}

// hammer writes from several goroutines and gives the names that were acknowledged.
func hammer(t *testing.T, m *machine, file string) map[string]bool {
	t.Helper()
	acked, mu := map[string]bool{}, sync.Mutex{}
	d, err := db.Open(t.Context(), "file:"+file, db.Options{})
	if err != nil {
		return acked // it went before the first write
	}
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 20 {
				name := fmt.Sprintf("%d/%d", w, i)
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					return errors.Join(put(tx, name+"/a", 1), put(tx, name+"/b", 1), fill(tx, w, i))
				})
				if err == nil {
					mu.Lock()
					acked[name] = true
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if m.err != nil { // the disk is well again: so is the process
		write(t, d, func(tx *db.Tx) error { return errors.Join(put(tx, "well/a", 1), put(tx, "well/b", 1)) })
		acked["well"] = true
	}
	d.Close()
	return acked
}

// fill makes a closure write some pages.
func fill(tx *db.Tx, w, i int) error {
	_, err := tx.Exec("INSERT INTO config_setting (id, value) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET value = $2",
		fmt.Sprintf("w%d", (w+i)%7), strings.Repeat("x", 3000+i))
	return err
}

func names(t *testing.T, d *db.DB) map[string]bool {
	t.Helper()
	rows, err := d.Query(t.Context(), "SELECT name FROM db_counter")
	all, err := db.Collect(rows, err, db.Value[string])
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, n := range all {
		have[n] = true
	}
	return have
}
