package article

import (
	"context"
	"sync"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Counter counts reads in memory, by article and hour.
type Counter struct {
	mu    sync.Mutex
	reads map[hourly]int64
}

type hourly struct {
	article id.ID
	hour    int64 // when it began, unix ms
}

// mostCounted bounds what is held: nobody reads more articles in an hour.
const mostCounted = 100_000

// Read counts one read; a nil counter counts nothing.
func (c *Counter) Read(article id.ID, at time.Time) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reads == nil {
		c.reads = map[hourly]int64{}
	}
	key := hourly{article, db.MS(at.Truncate(time.Hour))}
	if _, known := c.reads[key]; known || len(c.reads) < mostCounted {
		c.reads[key]++
	}
}

// Flush posts what was read in hours that are over, or all where it is the end; what cannot
// be written is kept for the next time.
func (c *Counter) Flush(ctx context.Context, d *db.DB, end bool) error {
	for key, n := range c.take(d.Now(), end) {
		err := d.Write(ctx, func(tx *db.Tx) error { return postReads(ctx, tx, key, n) })
		if err != nil && fail.KindOf(err) != fail.NotFound {
			c.back(key, n)
			return err
		}
	}
	return nil
}

// Run flushes until the context ends, and then what is left.
func (c *Counter) Run(ctx context.Context, d *db.DB, note func(error)) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			if err := c.Flush(ctx, d, false); err != nil && ctx.Err() == nil {
				note(err)
			}
		case <-ctx.Done():
			if err := c.Flush(context.WithoutCancel(ctx), d, true); err != nil {
				note(err)
			}
			return
		}
	}
}

func (c *Counter) take(now time.Time, end bool) map[hourly]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[hourly]int64{}
	for key, n := range c.reads {
		if end || key.hour < db.MS(now.Truncate(time.Hour)) {
			out[key] = n
			delete(c.reads, key)
		}
	}
	return out
}

func (c *Counter) back(key hourly, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads[key] += n
}

// postReads keeps an hour's reads and posts them.
func postReads(ctx context.Context, tx *db.Tx, key hourly, n int64) error {
	a, err := Get(ctx, tx, key.article)
	if err != nil {
		return err
	}
	at := tx.NewID(a.ID.Home())
	if err := insertHour(tx, at, key, n); err != nil {
		return err
	}
	return post(ctx, tx, a, ReadFact, at, n, key.hour, auth.SystemID)
}
