package db

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
)

// TestLaterNeverWaits: who asks is given what was found last, one looks at a time, and what could
// not be found is looked for again.
func TestLaterNeverWaits(t *testing.T) {
	asked, answer := make(chan string), make(chan int)
	l := &Later[string, int]{Find: func(_ context.Context, key string) (int, error) {
		asked <- key
		n := <-answer
		if n < 0 {
			return 0, errors.New("broken")
		}
		return n, nil
	}}
	is := func(want int, broke bool) {
		t.Helper()
		if n, err := l.Get(t.Context(), "a"); n != want || (err != nil) != broke {
			t.Fatalf("%d, %v; want %d", n, err, want)
		}
	}
	due := func() { // as if a hundred times as long had passed
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all["a"].again = time.Time{}
	}
	found := func() {
		finding := true
		for finding {
			runtime.Gosched()
			l.mu.Lock()
			finding = l.all["a"].finding
			l.mu.Unlock()
		}
	}
	is(0, false)
	<-asked
	is(0, false) // and nobody else looks: answer goes to the one who does
	answer <- 7
	found()
	due()
	is(7, false)
	<-asked
	is(7, false)
	answer <- -1
	found()
	due()
	is(7, true) // what was found stays
	<-asked
	answer <- 8
	found()
	is(8, false)
	if l.all["a"].again.Before(time.Now()) {
		t.Error("it is looked for again at once")
	}
	select {
	case key := <-asked:
		t.Errorf("%s is looked for again at once", key)
	default:
	}
}
