package db

import (
	"bytes"
	"runtime"
	"strconv"
)

// goroutine is the number of the running goroutine. Only the guard against a Write within
// a Write uses it: a context can be captured from outside, a goroutine cannot.
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
