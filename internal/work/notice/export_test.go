package notice

import "time"

// What the tests see.
var (
	BackOff = func(n int) time.Duration { return backOff(n) }

	Kinds = kinds
)
