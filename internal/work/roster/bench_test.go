package roster

import (
	"context"
	"sync/atomic"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// BenchmarkSignUp is one acceptance after another by many callers, on a file.
func BenchmarkSignUp(b *testing.B) {
	d, c := dbtest.OpenWith(b, db.SQLite, db.Options{})
	w := begin(b, d, c)
	s := w.shift(plan{places: 9999, noWaitlist: true})
	racers := w.crowd(b.N)
	var next atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := next.Add(1) - 1
			if err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := SignUp(tx.Context(), tx, racers[i], Request{Shift: s.ID})
				return err
			}); err != nil {
				b.Error(err)
			}
		}
	})
}
