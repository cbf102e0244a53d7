package figure

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/ledger"
)

// saved has an engine catch up and save.
func saved(t *testing.T, e *Engine) {
	t.Helper()
	if err := e.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Save(t.Context(), 0); err != nil || e.saved == 0 {
		t.Fatalf("saved %d, %v", e.saved, err)
	}
}

// resumed is an engine that began from a snapshot.
func resumed(w *world, path string) *Engine {
	w.t.Helper()
	e, err := Open(w.t.Context(), w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	e.Keep(path)
	if err := e.Load(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if e.saved == 0 {
		w.t.Fatal("the snapshot was left aside")
	}
	return e
}

// Whatever is wrong with a snapshot, it is left aside and the ledger is read: each byte altered, cut
// anywhere, of another database, of a ledger that went another way.
func TestASnapshotInDoubtIsLeftAside(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := plant(t, d, c, 1)
	for range 30 {
		w.step()
	}
	path := filepath.Join(t.TempDir(), "figures")
	e := w.engine()
	e.Keep(path)
	saved(t, e)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others may read it", info.Mode(), err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := values(t, e)
	for at := 0; at < len(whole); at += 1 + len(whole)/150 {
		bad := slices.Clone(whole)
		bad[at] ^= 4
		for _, b := range [][]byte{bad, whole[:at], append(slices.Clone(whole), 0)} {
			left(t, d, path, b, want)
		}
	}
	other, c2 := dbtest.Open(t, db.SQLite)
	stranger := plant(t, other, c2, 2)
	for range 40 {
		stranger.step()
	}
	left(t, other, path, whole, values(t, stranger.engine()))
	if again := resumed(w, put(t, path, whole)); !slices.Equal(values(t, again), want) {
		t.Error("a good one gives other figures")
	}
}

// left wants a snapshot to be left aside, and the figures to be those of the ledger.
func left(t *testing.T, d *db.DB, path string, b []byte, want []int64) {
	t.Helper()
	e, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	e.Keep(put(t, path, b))
	if err := e.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e.saved != 0 {
		t.Errorf("a snapshot of %d bytes was taken", len(b))
	}
	if got := values(t, e); !slices.Equal(got, want) {
		t.Errorf("figures are %v, not %v", got, want)
	}
}

func put(t *testing.T, path string, b []byte) string {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func values(t *testing.T, e *Engine) (all []int64) {
	t.Helper()
	for _, i := range ledger.Indicators() {
		a, err := e.At(t.Context(), Query{Indicator: i.Key})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a.Value)
	}
	return all
}
