package bench

import (
	"syscall"
	"time"
)

// threadTime is the processor time of this thread so far, to which the caller is locked.
func threadTime() time.Duration {
	const thisThread = 1 // RUSAGE_THREAD, getrusage(2)
	var u syscall.Rusage
	if err := syscall.Getrusage(thisThread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
