package db

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Health is what can be wrong with an engine and what it stands on: a file, or a server.
type Health struct {
	Version string
	File    *FileHealth
	Server  *ServerHealth
}

// FileHealth is that of a SQLite file and its disk.
type FileHealth struct {
	Damage   string // what SQLite's own check found; "" nothing
	Journal  string
	Size     int64         // bytes, with its write-ahead log
	Free     int64         // bytes left on its disk; -1 unknown
	Sync     time.Duration // what a small durable write takes; 0 unknown
	Exposed  bool          // others of the machine may read it
	Volatile string        // a file system that forgets, or does not lock: "tmpfs", "nfs"…; "" none known
}

// ServerHealth is that of PostgreSQL.
type ServerHealth struct {
	Off         []string // settings without which what is acknowledged may be lost
	Connections int      // how many it takes
	Collation   string
	Super       bool          // the role may do everything
	Skew        time.Duration // the server's clock minus the machine's
}

// Health looks at everything, beside a running server too. It reads the whole of a SQLite
// file.
func (d *DB) Health(ctx context.Context) (h Health, err error) {
	if d.engine == SQLite {
		return h, d.fileHealth(ctx, &h)
	}
	return h, d.serverHealth(ctx, &h)
}

func (d *DB) fileHealth(ctx context.Context, h *Health) error {
	f := &FileHealth{Free: -1}
	h.File = f
	for q, into := range map[string]any{
		"SELECT sqlite_version()": &h.Version, "PRAGMA journal_mode": &f.Journal, "PRAGMA quick_check(1)": &f.Damage,
	} {
		if err := d.pool.QueryRowContext(ctx, q).Scan(into); err != nil {
			return d.explain(err)
		}
	}
	if f.Damage == "ok" {
		f.Damage = ""
	}
	for _, name := range []string{d.path, d.path + "-wal"} {
		info, err := os.Stat(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return pathError(err, name)
		}
		f.Size += info.Size()
		f.Exposed = f.Exposed || info.Mode().Perm()&0o077 != 0
	}
	f.Free, f.Volatile = disk(d.path)
	f.Sync = syncs(filepath.Dir(d.path))
	return nil
}

// syncs measures what one small durable write costs in a folder: the median of a few; 0 where
// it cannot be measured.
func syncs(folder string) (median time.Duration) {
	f, err := os.CreateTemp(folder, ".tongxin-doctor-*")
	if err != nil {
		return 0
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var all []time.Duration
	for range 15 {
		began := time.Now()
		if _, err := f.Write(make([]byte, 4096)); err != nil || f.Sync() != nil {
			return 0
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func (d *DB) serverHealth(ctx context.Context, h *Health) error {
	s := &ServerHealth{}
	h.Server = s
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := d.pool.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return d.explain(err)
		}
		if value == "off" {
			s.Off = append(s.Off, name)
		}
	}
	var ms int64
	before := time.Now()
	err := d.pool.QueryRowContext(ctx, `SELECT current_setting('server_version'), current_setting('max_connections')::int,
		(SELECT datcollate FROM pg_database WHERE datname = current_database()),
		(SELECT rolsuper FROM pg_roles WHERE rolname = current_user), CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`).
		Scan(&h.Version, &s.Connections, &s.Collation, &s.Super, &ms)
	if err != nil {
		return d.explain(err)
	}
	s.Skew = apart(ms, before.UnixMilli(), time.Now().UnixMilli())
	return nil
}

// apart is how far a moment lies outside of the span in which it was asked for.
func apart(ms, from, to int64) time.Duration {
	return time.Duration(min(ms-from, 0)+max(ms-to, 0)) * time.Millisecond
}
