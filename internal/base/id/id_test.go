package id

import (
	"bytes"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/fail"
)

var moment = time.UnixMilli(1582871160123)

func TestNewRoundTrip(t *testing.T) {
	got := New("321281", moment, rand.Reader)
	back, err := Parse(string(got))
	if err != nil || back != got {
		t.Fatalf("Parse(%q) = %q, %v", got, back, err)
	}
	if got.Home() != "321281" {
		t.Errorf("Home() = %q", got.Home())
	}
	if !got.Time().Equal(moment) {
		t.Errorf("Time() = %v, want %v", got.Time(), moment)
	}
}

func TestNewIsDeterministic(t *testing.T) {
	got := New("321281", time.UnixMilli(1), bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xfe}))
	if want := ID("321281-0000000001zzzzzy"); got != want {
		t.Errorf("New = %q, want %q", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, s := range []string{
		"", "321281", "321281-", "321281-01jd3k8zq4w7c2x", "321281-01jd3k8zq4w7c2xvv",
		"321281-01JD3K8ZQ4W7C2XV", "321281-01jd3k8zq4w7c2xi", "321281-01jd3k8zq4w7c2xl",
		"321281-01jd3k8zq4w7c2xo", "321281-01jd3k8zq4w7c2xu", "32128a-01jd3k8zq4w7c2xv",
		"321281_01jd3k8zq4w7c2xv", " 21281-01jd3k8zq4w7c2xv", "321281-01jd3k8zq4w7c2x\n",
		"321281-01jd3k8zq4w7c2\uff11", "３２-01jd3k8zq4w7c2xv",
	} {
		got, err := Parse(s)
		if err == nil {
			t.Errorf("Parse(%q) = %q, want an error", s, got)
		}
		if fail.KindOf(err) != fail.NotFound {
			t.Errorf("Parse(%q): kind %q, want not found", s, fail.KindOf(err))
		}
	}
}

func TestHomeOf(t *testing.T) {
	for code, want := range map[int64]string{
		321281103203: "321281", 321281000000: "321281", 321200000000: "321200",
		320000000000: "320000", 320771001000: "320771", 0: Operator,
	} {
		if got := HomeOf(code); got != want {
			t.Errorf("HomeOf(%d) = %q, want %q", code, got, want)
		}
	}
	if got := ID("3212").Home(); got != "" {
		t.Errorf("Home of a short id = %q", got)
	}
	if !ID("nonsense").Time().IsZero() {
		t.Error("nonsense has a time")
	}
}

func TestNewRefusesABadHome(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New accepted a home of five digits")
		}
	}()
	New("32128", moment, rand.Reader)
}

func TestSourceRises(t *testing.T) {
	s := &Source{Random: rand.Reader}
	times := []time.Time{moment, moment, moment.Add(-time.Hour), moment, moment.Add(time.Millisecond), moment}
	last := ID("")
	for range 1000 {
		for _, at := range times {
			got := s.New("321281", at)
			if got <= last {
				t.Fatalf("%q after %q", got, last)
			}
			last = got
		}
	}
}

func TestSourceOverflowsIntoTheNextMillisecond(t *testing.T) {
	s := &Source{Random: bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 7})}
	first, second := s.New("321281", moment), s.New("321281", moment)
	if !strings.HasSuffix(string(first), "zzzzzz") || !strings.HasSuffix(string(second), "000007") {
		t.Errorf("got %q, %q", first, second)
	}
	if second <= first {
		t.Errorf("%q after %q", second, first)
	}
}

func TestSourceFromManyGoroutines(t *testing.T) {
	s := &Source{Random: rand.Reader}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		seen = map[ID]bool{}
	)
	for range 8 {
		wg.Go(func() {
			for range 500 {
				i := s.New("320700", moment)
				mu.Lock()
				seen[i] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 4000 {
		t.Errorf("%d different ids of 4000", len(seen))
	}
}

func FuzzParse(f *testing.F) {
	f.Add("321281-01jd3k8zq4w7c2xv")
	f.Add("321281-01jd3k8zq4w7c2xV")
	f.Add("000000-0000000000000000")
	f.Add("３２１２８１-01jd3k8zq4w7c2xv")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Parse(s)
		if err != nil {
			if got != "" {
				t.Errorf("Parse(%q) gave %q beside an error", s, got)
			}
			return
		}
		if string(got) != s || !ValidHome(got.Home()) {
			t.Errorf("Parse(%q) = %q", s, got)
		}
		ms := got.Time().UnixMilli()
		if back := digits(nil, uint64(ms), timeLen); !strings.Contains(s, string(back)) {
			t.Errorf("time of %q reads back as %s", s, back)
		}
	})
}
