package app

import (
	"context"
	"strconv"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// clockMark is where the database remembers how far the product's clock was from the
// machine's, in milliseconds, when it was last opened to write: who only reads beside a
// running server takes its time, and a demonstration goes on where its time stood.
const clockMark = "app.clock_offset"

// realClock is the offset up to which a clock is taken for the machine's own.
const realClock = time.Second

func noteClock(ctx context.Context, tx *db.Tx, offset time.Duration) error {
	if offset.Abs() < realClock {
		offset = 0
	}
	was, err := ClockOffset(ctx, tx)
	if err != nil || (was-offset).Abs() < realClock {
		return err
	}
	return config.Put(tx, clockMark, strconv.FormatInt(offset.Milliseconds(), 10))
}

// NoteClock remembers anew how far the product's clock is from the machine's, for whoever
// moved it meanwhile.
func (a *App) NoteClock(ctx context.Context) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error { return noteClock(ctx, tx, time.Until(a.Now())) })
}

// ClockOffset is how far the product's clock is from the machine's.
func ClockOffset(ctx context.Context, r db.Reader) (time.Duration, error) {
	text, err := config.Get(ctx, r, clockMark)
	if err != nil || text == "" {
		return 0, err
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	return time.Duration(ms) * time.Millisecond, err
}

// Inspect opens a database to read, beside a running server or without one, at the time that
// its product's clock shows.
func Inspect(ctx context.Context, dsn string) (*db.DB, error) {
	var offset time.Duration
	now := func() time.Time { return time.Now().Add(offset) }
	d, err := db.Open(ctx, dsn, db.Options{Now: now, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	if offset, err = ClockOffset(ctx, d); err != nil {
		d.Close()
		return nil, fail.Wrap(err, fail.Unavailable, "app.not_ours")
	}
	return d, nil
}

// resume is the clock of a database where it stood and runs: the machine's for a new one.
func resume(ctx context.Context, dsn string) (func() time.Time, error) {
	d, err := Inspect(ctx, dsn)
	if key := fail.Key(err); key == "db.missing" || key == "app.not_ours" {
		return time.Now, nil
	}
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Now, nil
}
