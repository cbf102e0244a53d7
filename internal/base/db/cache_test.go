package db

import (
	"context"
	"path/filepath"
	"testing"
)

// What SQLite may keep in memory is what every connection of a serving database is told, and that is
// little: the system keeps the file's pages anyway.
func TestCachesAreSmall(t *testing.T) {
	d, err := Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "cache.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	total := 0
	add := func(row interface{ Scan(...any) error }) {
		t.Helper()
		kib := 0
		if err := row.Scan(&kib); err != nil || kib >= 0 {
			t.Fatalf("a cache of %d, counted in pages or not set: %v", kib, err)
		}
		total -= kib << 10
	}
	if err := d.Write(t.Context(), func(tx *Tx) error { add(tx.QueryRow(tx.Context(), "PRAGMA cache_size")); return nil }); err != nil {
		t.Fatal(err)
	}
	for range d.pool.Stats().MaxOpenConnections {
		conn, err := d.pool.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		add(conn.QueryRowContext(t.Context(), "PRAGMA cache_size"))
	}
	if 2*total != MostCache || MostCache > 48<<20 {
		t.Errorf("caches of 2 times %d bytes, said to be %d, and at most 48 MiB", total, MostCache)
	}
}
