package config

import (
	"sync/atomic"
	"time"

	"tongxin/internal/base/fail"
)

// Clock is the clock of the product: the machine's, or one that was set to a moment at the
// start and runs from there (--clock). It never runs backward: while the machine's clock is
// behind a moment already given, that moment is given again.
type Clock struct {
	set   time.Time // zero: the machine's clock
	began time.Time
	last  atomic.Int64 // unix ns

	machine func() time.Time
}

// NewClock starts a clock at a moment, or follows the machine's when start is zero.
func NewClock(start time.Time) *Clock { return newClock(start, time.Now) }

func newClock(start time.Time, machine func() time.Time) *Clock {
	return &Clock{set: start, began: machine(), machine: machine}
}

// ParseClock reads the flag --clock, a moment in RFC 3339; empty is the machine's clock.
func ParseClock(s string) (*Clock, error) {
	if s == "" {
		return NewClock(time.Time{}), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1971 || t.Year() > 2200 {
		return nil, fail.New(fail.Invalid, "config.clock")
	}
	return NewClock(t), nil
}

// Now is the moment now.
func (c *Clock) Now() time.Time {
	now := c.machine()
	if !c.set.IsZero() {
		now = c.set.Add(now.Sub(c.began))
	}
	ns := now.UnixNano()
	for {
		last := c.last.Load()
		if ns <= last {
			return time.Unix(0, last)
		}
		if c.last.CompareAndSwap(last, ns) {
			return time.Unix(0, ns)
		}
	}
}

// Set reports whether the clock was set to a moment, so that pages say that this is
// demonstration time.
func (c *Clock) Set() bool { return !c.set.IsZero() }
