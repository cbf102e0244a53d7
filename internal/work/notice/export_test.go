package notice

import "time"

// What the tests see.
const Chunk = chunk

var (
	BackOff = func(n int) time.Duration { return backOff(n) }

	Kinds = kinds
)
