//go:build !linux

package bench

import "time"

var began = time.Now()

// threadTime is the clock on the wall where the processor's is not known.
func threadTime() time.Duration { return time.Since(began) }

// processorTime is not known.
func processorTime() time.Duration { return 0 }
