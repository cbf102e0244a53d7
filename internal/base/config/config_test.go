package config

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
)

// Every default is a value that its own definition allows, and comes back as itself.
func TestDefaultsAreAllowed(t *testing.T) {
	for _, d := range Definitions() {
		s := Defaults()
		if err := d.set(&s, d.Value(Defaults())); err != nil {
			t.Errorf("%s: its default is refused: %v", d.Key, err)
		}
		if !reflect.DeepEqual(s, Defaults()) {
			t.Errorf("%s: the default %q does not come back as itself", d.Key, d.Value(Defaults()))
		}
		for _, key := range []string{d.Label(), d.Unit.Word()} {
			if !i18n.Has(key) {
				t.Errorf("no label %s", key)
			}
		}
	}
}

// Every field has exactly one definition: setting it changes that field and no other.
func TestEveryFieldHasADefinition(t *testing.T) {
	seen := map[any]string{}
	var s Settings
	for _, d := range Definitions() {
		p := d.field(&s)
		if other, twice := seen[p]; twice {
			t.Errorf("%s and %s are one field", d.Key, other)
		}
		seen[p] = d.Key
	}
	if n := reflect.TypeFor[Settings]().NumField(); n != len(seen) {
		t.Errorf("%d fields, %d definitions", n, len(seen))
	}
}

func TestSet(t *testing.T) {
	s := Defaults()
	for key, value := range map[string]string{
		"roster.checkin_opens": " ４５ ", "people.lock_after": "3", "site.zone": "Asia/Urumqi", "people.code_every": "90",
		"activity.risky_services": "isolated_visit，rescue,, rescue", "site.filing_icp": " 苏ICP备12345678号 ", "people.token_for": "30",
	} {
		d, ok := DefinitionOf(key)
		if !ok {
			t.Fatalf("no setting %s", key)
		}
		if err := d.set(&s, value); err != nil {
			t.Errorf("%s = %q: %v", key, value, err)
		}
	}
	want := Defaults()
	want.CheckInOpens, want.LockAfter, want.Zone, want.CodeEvery = 45*time.Minute, 3, "Asia/Urumqi", 90*time.Second
	want.RiskyServices, want.FilingICP, want.TokenFor = []string{"isolated_visit", "rescue"}, "苏ICP备12345678号", 720*time.Hour
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestSetRefusesAtTheField(t *testing.T) {
	for _, c := range []struct{ key, value, message string }{
		{"roster.checkin_opens", "-1", "config.range"}, {"roster.checkin_opens", "121", "config.range"},
		{"roster.checkin_opens", "", "config.range"}, {"roster.checkin_opens", "half", "config.range"},
		{"roster.checkin_opens", "1.5", "config.range"}, {"people.lock_after", "99999999999999999999", "config.range"},
		{"site.zone", "Mars/Base", "config.text"}, {"site.zone", "", "config.text"}, {"site.zone", "Local", "config.text"},
		{"site.zone", "../../etc/passwd", "config.text"},
		{"site.filing_icp", strings.Repeat("字", 61), "config.text"}, {"site.filing_icp", "a\nb", "config.text"},
		{"activity.risky_services", "Has Space!", "config.list"}, {"activity.risky_services", "ok,卡口", "config.list"},
		{"retention.records", "3649", "config.range"},
	} {
		d, _ := DefinitionOf(c.key)
		s := Defaults()
		err := d.set(&s, c.value)
		if f := fail.Fields(err); len(f) != 1 || f[0].Field != c.key || f[0].Key != c.message {
			t.Errorf("%s = %q: %v, want %s", c.key, c.value, err, c.message)
		}
		if !reflect.DeepEqual(s, Defaults()) {
			t.Errorf("%s = %q was refused and yet changed something", c.key, c.value)
		}
		if err != nil && c.value != "" && len(c.value) > 3 && strings.Contains(err.Error(), c.value) {
			t.Errorf("the refusal repeats the value: %v", err)
		}
	}
}

func TestApply(t *testing.T) {
	t.Cleanup(Defaults().Apply)
	s := Defaults()
	s.Zone, s.HoursRule = "Asia/Urumqi", 2
	s.Apply()
	if got := i18n.Clock(time.Date(2020, 2, 28, 6, 26, 0, 0, time.UTC)); got != "12:26" {
		t.Errorf("in Urumqi it is %s", got)
	}
	if got := i18n.Hours(99); got != "1.5" {
		t.Errorf("99 minutes print as %s", got)
	}
	if p := s.Policy(); p.MinLength != 10 || p.MinClasses != 3 {
		t.Errorf("policy %+v", p)
	}
}

var wall = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func TestClockSetRunsFromThere(t *testing.T) {
	now := wall
	start := time.Date(2020, 2, 28, 6, 26, 0, 0, time.UTC)
	c := newClock(start, func() time.Time { return now })
	if !c.Now().Equal(start) || !c.Set() {
		t.Errorf("begins at %v", c.Now())
	}
	now = wall.Add(90 * time.Second)
	if got := c.Now(); !got.Equal(start.Add(90 * time.Second)) {
		t.Errorf("after 90 s it is %v", got)
	}
}

func TestClockNeverRunsBackward(t *testing.T) {
	for _, start := range []time.Time{{}, wall.AddDate(-6, 0, 0)} {
		now := wall
		c := newClock(start, func() time.Time { return now })
		now = wall.Add(time.Hour)
		before := c.Now()
		now = wall.Add(time.Minute)
		if got := c.Now(); !got.Equal(before) {
			t.Errorf("the machine's clock stepped back, and the product's from %v to %v", before, got)
		}
		now = wall.Add(2 * time.Hour)
		if got := c.Now(); !got.Equal(before.Add(time.Hour)) {
			t.Errorf("does not go on: %v", got)
		}
	}
}

func TestClockFromManyGoroutines(t *testing.T) {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(1, 2))
	c := newClock(time.Time{}, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return wall.Add(time.Duration(r.Int64N(int64(time.Hour))))
	})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := time.Time{}
			for range 2000 {
				now := c.Now()
				if now.Before(last) {
					t.Error("ran backward")
				}
				last = now
			}
		})
	}
	wg.Wait()
}

func TestParseClock(t *testing.T) {
	c, err := ParseClock("2020-02-28T14:26:00+08:00")
	if err != nil || !c.Set() || c.Now().Sub(time.Date(2020, 2, 28, 6, 26, 0, 0, time.UTC)) > time.Minute {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := ParseClock(""); err != nil || c.Set() {
		t.Errorf("the machine's clock: %v, %v", c, err)
	}
	for _, s := range []string{"yesterday", "2020-02-28", "2020-02-28T14:26:00", "2020-02-30T14:26:00Z", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"} {
		if _, err := ParseClock(s); fail.Key(err) != "config.clock" {
			t.Errorf("ParseClock(%q): %v", s, err)
		}
	}
}
