package db

import "testing"

func TestAClosureIsSeenOnTheStack(t *testing.T) {
	if inClosure() {
		t.Error("a closure is seen where none is")
	}
	deep := func(f func()) { f() }
	err := (&Tx{}).do(func(*Tx) error {
		deep(func() {
			deep(func() {
				if !inClosure() {
					t.Error("the closure is not seen")
				}
			})
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	var down func(n int)
	down = func(n int) {
		if n > 0 {
			down(n - 1)
		} else if !inClosure() {
			t.Error("what cannot be seen to its end is taken for a closure")
		}
	}
	down(2 * deepest)
}

func BenchmarkInClosure(b *testing.B) {
	var down func(n int)
	down = func(n int) {
		if n > 0 {
			down(n - 1)
			return
		}
		for b.Loop() {
			inClosure()
		}
	}
	down(40)
}

func BenchmarkGoroutine(b *testing.B) {
	var down func(n int)
	down = func(n int) {
		if n > 0 {
			down(n - 1)
			return
		}
		for b.Loop() {
			goroutine()
		}
	}
	down(40)
}
