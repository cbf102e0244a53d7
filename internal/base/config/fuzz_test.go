package config

import (
	"testing"

	"tongxin/internal/base/fail"
)

// FuzzSet: whatever is typed for a setting is refused at it, or kept in bounds and shown as it is read again.
func FuzzSet(f *testing.F) {
	for _, s := range []string{"1", "-1", "９", "99999999999999999999", "true", "on", "Asia/Shanghai", "../../etc/passwd", "Local", "2020-01-24..2020-02-02,2020-04-04", "2020-02-02..2020-01-24", "a,b,a", ",", "\x00", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		for _, d := range definitions {
			s := Defaults()
			if err := d.set(&s, typed); err != nil {
				if p := fail.Fields(err); len(p) != 1 || p[0].Field != d.Key {
					t.Errorf("%s = %q: %v", d.Key, typed, err)
				}
				continue
			}
			again := Defaults()
			if err := d.set(&again, d.Value(s)); err != nil || d.Value(again) != d.Value(s) {
				t.Errorf("%s = %q is shown as %q, which is read as %q, %v", d.Key, typed, d.Value(s), d.Value(again), err)
			}
		}
	})
}

// FuzzParseClock: a moment that the clock is set to runs on from there.
func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"", "2020-02-28T14:26:00+08:00", "2020-02-28", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2200-12-31T23:59:60Z", "2020-02-28T14:26:00.999999999-23:59"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseClock(s)
		if err != nil {
			return
		}
		if a, b := c.Now(), c.Now(); b.Before(a) || s != "" && (!c.Set() || a.Year() < 1970 || a.Year() > 2201) {
			t.Errorf("%q runs %v, %v", s, a, b)
		}
	})
}
