package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tongxin/internal/base/archive"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// Backup writes one moment of a database, beside a running server or without one, into a new
// file, and reads it back to its end before it gives it its name.
func Backup(ctx context.Context, dsn, path string) (s archive.Summary, err error) {
	if _, err := os.Lstat(path); err == nil {
		return s, fail.New(fail.Conflict, "app.backup_there", "file", path)
	}
	d, err := Inspect(ctx, dsn)
	if err != nil {
		return s, err
	}
	defer d.Close()
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*") // mode 0600
	if err != nil {
		return s, fail.Wrap(err, fail.Unavailable, "app.backup_unwritable", "file", path)
	}
	defer os.Remove(part.Name())
	defer part.Close()
	if s, err = archive.Write(ctx, d, part); err != nil {
		return s, err
	}
	if err := errors.Join(part.Sync(), readBack(part, s)); err != nil {
		return s, err
	}
	if err := os.Link(part.Name(), path); err != nil { // never over a file that came meanwhile
		return s, fail.Wrap(err, fail.Unavailable, "app.backup_unwritable", "file", path)
	}
	return s, syncFolder(filepath.Dir(path))
}

// readBack proves that what was written is what was meant.
func readBack(f *os.File, want archive.Summary) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	got, err := archive.Check(f)
	if err == nil && !slices.Equal(got.Parts, want.Parts) {
		err = fail.New(fail.Unavailable, "app.backup_differs")
	}
	return err
}

// syncFolder makes the name of a file in it last.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// CheckBackup reads a backup to its end.
func CheckBackup(path string) (archive.Summary, error) {
	f, err := openBackup(path)
	if err != nil {
		return archive.Summary{}, err
	}
	defer f.Close()
	return archive.Check(f)
}

func openBackup(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fail.Wrap(err, fail.Invalid, "app.backup_unreadable", "file", path)
	}
	return f, nil
}

// Move copies a database into an empty one, of whichever engine, and proves that every table
// holds the same. The source is opened to write, so that no server does.
func Move(ctx context.Context, from, to string) (s archive.Summary, err error) {
	source, err := db.Open(ctx, from, db.Options{})
	if err != nil {
		return s, err
	}
	defer source.Close()
	if err := source.CheckSchema(ctx); err != nil {
		return s, err
	}
	s, err = fill(ctx, to, func(w io.Writer) error {
		_, err := archive.Write(ctx, source, w)
		return err
	}, func(target *db.DB) error { return equal(ctx, source, target) })
	return s, err
}

// fill loads an archive into an empty database, which it makes where that is a file, and
// keeps nothing of it unless prove is content.
func fill(ctx context.Context, dsn string, write func(io.Writer) error, prove func(*db.DB) error) (s archive.Summary, err error) {
	path, isFile := strings.CutPrefix(dsn, "file:")
	if _, err := os.Stat(path); isFile && err == nil {
		return s, fail.New(fail.Conflict, "app.target_there", "file", path)
	}
	target, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return s, err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	s, err = archive.Load(ctx, target, r)
	r.CloseWithError(errGaveUp) // whoever writes need not go on
	if err == nil {
		err = prove(target)
	}
	if e := target.Close(); err == nil {
		err = e
	}
	if err != nil && isFile {
		err = errors.Join(err, db.Remove(ctx, dsn))
	}
	return s, err
}

var errGaveUp = errors.New("app: the reader gave up")

// equal proves that two databases hold the same: one that was written meanwhile does not.
func equal(ctx context.Context, a, b *db.DB) error {
	x, err := archive.Parts(ctx, a)
	if err != nil {
		return err
	}
	y, err := archive.Parts(ctx, b)
	if err != nil {
		return err
	}
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || !slices.Contains(y, x[i]) {
			return fail.New(fail.Conflict, "app.move_differs", "table", append(x, y...)[i].Table)
		}
	}
	return nil
}

// Restored is a database that was made of a backup.
type Restored struct {
	archive.Summary
	Erased int // accounts that the list of closed ones named
}

// Restore makes a database of a backup, where there is none, and closes again the accounts that were
// closed since: those of the list, or else of the one beside the keys.
func Restore(ctx context.Context, c Config, path, erasures string) (r Restored, err error) {
	f, err := openBackup(path)
	if err != nil {
		return r, err
	}
	defer f.Close()
	closed, err := erasuresFor(c, erasures)
	if err != nil {
		return r, err
	}
	r.Erased = len(closed)
	r.Summary, err = fill(ctx, c.DSN, func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	}, func(*db.DB) error { return nil })
	if err != nil {
		return r, err
	}
	return r, eraseAgain(ctx, c, closed)
}
