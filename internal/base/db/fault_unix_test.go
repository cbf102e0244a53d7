//go:build unix

package db_test

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// The disk fails in the commit itself: everyone is told, nothing stays, and what comes
// after is well.
func TestCommitFails(t *testing.T) {
	dsn := dbtest.DSN(t, db.SQLite)
	d := dbtest.Reopen(t, dsn, db.Options{})
	write(t, d, func(tx *db.Tx) error { return put(tx, "before", 1) })
	var closures []func(tx *db.Tx) error
	for i := range 10 {
		closures = append(closures, func(tx *db.Tx) error { return put(tx, fmt.Sprint(i), 1) })
	}
	lift := limitFiles(t, strings.TrimPrefix(dsn, "file:")+"-wal")
	errs := batch(t, d, closures...)
	lift()
	for i, err := range errs {
		if fail.KindOf(err) != fail.Unavailable {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := count(t, d); n != 1 {
		t.Errorf("%d rows", n)
	}
	for i, err := range batch(t, d, closures...) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := count(t, d); n != 11 {
		t.Errorf("%d rows", n)
	}
}

// limitFiles lets no file of this process grow beyond the size of that one.
func limitFiles(t *testing.T, path string) (lift func()) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	low := was
	low.Cur = uint64(info.Size())
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &low); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
			t.Fatal(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	}
}
