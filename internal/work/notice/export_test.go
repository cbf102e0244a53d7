package notice

import (
	"time"

	"tongxin/internal/base/send"
)

// Through has a courier send everything through one channel.
func (c *Courier) Through(ch send.Channel) {
	c.open = func(Setup) (send.Channel, error) { return ch, nil }
}

// What the tests see.
const Chunk = chunk

var (
	BackOff = func(n int) time.Duration { return backOff(n) }
	KindOf  = func(name string) (Topic, bool, bool) { k := kindOf(name); return k.topic, k.urgent, k.short }
	Kinds   = kinds
	Areas   = areas
)
