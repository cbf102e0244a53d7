package page

import (
	"testing"
	"time"
)

// TestPatience: who keeps the pace is never out of time, who is silent is after the grace, and nobody saves up for a long silence.
func TestPatience(t *testing.T) {
	pace := Pace{Grace: 20 * time.Second, Rate: 4 << 10}
	for _, c := range []struct {
		name  string
		took  time.Duration
		bytes int
		times int
		left  time.Duration
	}{
		{"at once", 0, 1 << 20, 1000, 20 * time.Second},
		{"at the pace for a day", time.Second, 4 << 10, 86_400, 20 * time.Second},
		{"at half the pace", time.Second, 2 << 10, 39, 500 * time.Millisecond},
		{"at half the pace to the end", time.Second, 2 << 10, 40, 0},
		{"a byte now and then", 5 * time.Second, 1, 4, 4 * (time.Second / (4 << 10))},
		{"silent", 20 * time.Second, 0, 1, 0},
	} {
		p := patience{pace, pace.Grace}
		for range c.times {
			p.waited(c.took, c.bytes)
		}
		if p.left != c.left {
			t.Errorf("%s: %v are left, not %v", c.name, p.left, c.left)
		}
	}
}
