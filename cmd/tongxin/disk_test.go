//go:build faults && linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// The disk fails under the running program, at any moment under load: it cannot be written (EIO), it
// is full (ENOSPC), it cannot be synced (EIO). Whoever was told that it is done finds it done; whoever
// was told that it is not may ask again; and once the disk is well the same process goes on. make
// faults runs it: it needs strace, which alters what the system answers.
func TestDiskFails(t *testing.T) {
	whole, untold := seeded(t, dbtest.DSN(t, db.SQLite)), 0
	for round := range rounds(t) {
		fault := []string{"pwrite64:error=EIO", "pwrite64:error=ENOSPC", "fsync,fdatasync:error=EIO"}[round%3]
		l := whole.again(t, fmt.Sprintf("disk%d", round))
		s := l.serve(t, evening)
		from := 1 + rand.IntN(8)
		inject := fmt.Sprintf("inject=%s:when=%d..%d", fault, from, from+rand.IntN(20))
		path := strings.TrimPrefix(l.c.dsn, "file:")
		var tracer *exec.Cmd
		l.run(s, 1+rand.IntN(30), func() {
			tracer = exec.Command("strace", "-f", "-qq", "-o", os.DevNull, "-p", fmt.Sprint(s.c.Process.Pid),
				"-P", path, "-P", path+"-wal", "-e", "trace=pwrite64,fsync,fdatasync", "-e", inject)
			tracer.Stderr = os.Stderr
			if err := tracer.Start(); err != nil {
				t.Error(err)
			}
		}, true)
		if tracer == nil {
			t.Fatal("the disk was never made to fail")
		}
		tracer.Process.Signal(os.Interrupt) // it lets go of the program, which runs on
		tracer.Wait()
		untold += l.untold
		l.holds(t, s)
	}
	if untold == 0 {
		t.Error("no request noticed anything: no disk failed")
	}
}
