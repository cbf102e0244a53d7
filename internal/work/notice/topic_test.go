package notice_test

import (
	"testing"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/work/notice"
)

func TestBackOff(t *testing.T) {
	seen := map[time.Duration]bool{}
	for n, mid := range map[int]time.Duration{1: 30 * time.Second, 2: time.Minute, 5: 8 * time.Minute, 30: 6 * time.Hour} {
		for range 50 {
			d := notice.BackOff(n)
			if d < mid*3/4 || d > mid*5/4 {
				t.Errorf("try %d waits %s", n, d)
			}
			seen[d] = true
		}
	}
	if len(seen) < 100 {
		t.Error("there is no jitter")
	}
}

// Every kind of notice that there is a sentence for goes out by a rule of its own or its area's.
func TestEveryKindHasATopic(t *testing.T) {
	for name := range notice.Kinds {
		if !i18n.Has("notice." + name) {
			t.Errorf("there is no notice %s", name)
		}
	}
	for _, name := range notice.Short() {
		if len(notice.Fields(name)) == 0 {
			t.Errorf("%s tells nothing", name)
		}
	}
	for name, want := range map[string]notice.Topic{"roster.skipped": notice.Seats, "guidance.issued": notice.Work, "bulletin.to_review": notice.Work, "people.paper": notice.Account} {
		if got := notice.TopicOf(name); got != want {
			t.Errorf("%s is about %s", name, got)
		}
	}
}

func TestQuietHours(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2020, 2, day, hour, minute, 0, 0, i18n.Zone()) }
	for _, c := range []struct {
		q        notice.Quiet
		at, want time.Time
	}{
		{notice.Quiet{Starts: 22 * 60, Ends: 7 * 60}, at(28, 21, 59), at(28, 21, 59)},
		{notice.Quiet{Starts: 22 * 60, Ends: 7 * 60}, at(28, 22, 0), at(29, 7, 0)},
		{notice.Quiet{Starts: 22 * 60, Ends: 7 * 60}, at(29, 6, 59), at(29, 7, 0)},
		{notice.Quiet{Starts: 22 * 60, Ends: 7 * 60}, at(29, 7, 0), at(29, 7, 0)},
		{notice.Quiet{Starts: 12 * 60, Ends: 14 * 60}, at(28, 13, 0), at(28, 14, 0)},
		{notice.Quiet{Starts: 12 * 60, Ends: 14 * 60}, at(28, 14, 0), at(28, 14, 0)},
		{notice.Quiet{Starts: 60, Ends: 60}, at(28, 1, 0), at(28, 1, 0)},
	} {
		if got := c.q.End(c.at); !got.Equal(c.want) {
			t.Errorf("%v at %s: %s", c.q, c.at, got)
		}
	}
}
