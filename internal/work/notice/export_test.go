package notice

import "time"

// What the tests see.
const Chunk = chunk

var (
	BackOff = func(n int) time.Duration { return backOff(n) }
	KindOf  = func(name string) (Topic, bool, bool) { k := kindOf(name); return k.topic, k.urgent, k.short }
	Kinds   = kinds
	Areas   = areas
)
