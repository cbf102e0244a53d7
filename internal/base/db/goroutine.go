package db

import (
	"bytes"
	"runtime"
	"slices"
	"strconv"
	"sync"
)

// A context can be captured from outside a closure, so the guard against a Write within a
// Write looks at the goroutine, too. Its number costs as much as a small write, for the
// runtime tells it by printing the whole stack; so it is asked for only where the stack has
// a closure on it.

// goroutine is the number of the running goroutine.
func goroutine() int64 {
	var buf [40]byte
	b := buf[:runtime.Stack(buf[:], false)]
	b = bytes.TrimPrefix(b, []byte("goroutine "))
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		b = b[:i]
	}
	n, _ := strconv.ParseInt(string(b), 10, 64)
	return n
}

// deepest is how many callers are looked at; a deeper stack may have a closure on it.
const deepest = 128

// inClosure reports whether a closure may be running on this stack, of this database or of
// another.
func inClosure() bool {
	var callers [deepest]uintptr
	n := runtime.Callers(2, callers[:])
	return n == deepest || slices.Contains(callers[:n], closureCaller())
}

// closureCaller is the place in [Tx.do] from which every closure is called.
var closureCaller = sync.OnceValue(func() uintptr {
	var callers [2]uintptr
	_ = (&Tx{}).do(func(*Tx) error {
		runtime.Callers(2, callers[:])
		return nil
	})
	return callers[0]
})
