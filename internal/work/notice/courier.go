package notice

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/send"
)

// Courier takes notices to people: it queues the deliveries of what was told, and sends what is
// due. Several may work on one database.
type Courier struct {
	d    *db.DB
	keys *crypt.Keys
	who  string
	open func(Setup) (send.Channel, error)

	mu     sync.Mutex
	opened map[Channel]opened
	held   map[Channel]time.Time // a provider wants nothing from us before
}

type opened struct {
	rev     int64
	channel send.Channel
}

// NewCourier makes a courier.
func NewCourier(d *db.DB, keys *crypt.Keys) *Courier {
	c := &Courier{d: d, keys: keys, who: rand.Text(), opened: map[Channel]opened{}, held: map[Channel]time.Time{}}
	c.open = func(s Setup) (send.Channel, error) { return s.Open(keys, d.Now) }
	return c
}

// Through has everything go through one channel, however each is set up: for trials.
func (c *Courier) Through(ch send.Channel) {
	c.open = func(Setup) (send.Channel, error) { return ch, nil }
}

const (
	lease   = 2 * time.Minute  // how long a courier may be silent before what it holds is anyone's
	patient = 30 * time.Second // how long one message may take
	atOnce  = 8                // messages of a channel that are under way
)

// RunDue queues and sends, one after the other, until nothing is due.
func (c *Courier) RunDue(ctx context.Context) error {
	for {
		busy, err := c.Fan(ctx)
		for _, name := range Channels() {
			more, e := c.Lane(ctx, name)
			busy, err = busy || more, errors.Join(err, e)
		}
		if err != nil || !busy {
			return err
		}
	}
}

// Fan queues the deliveries of some of what was told; it answers whether there may be more.
func (c *Courier) Fan(ctx context.Context) (more bool, err error) {
	if there, err := freshThere(ctx, c.d, db.MS(c.d.Now().Add(-stale))); err != nil || !there {
		return false, err
	}
	err = c.d.Write(ctx, func(tx *db.Tx) error {
		more, err = fan(ctx, tx)
		return err
	})
	return more, err
}

// Lane sends some of what is due by one channel; it answers whether there may be more.
func (c *Courier) Lane(ctx context.Context, name Channel) (more bool, err error) {
	s, err := SetupOf(ctx, c.d, name)
	if err != nil || !s.Working || c.heldNow(name) {
		return false, err
	}
	channel, err := c.channel(s)
	if err != nil {
		return false, err
	}
	due, err := c.claim(ctx, name)
	if err != nil || len(due) == 0 {
		return false, err
	}
	set, err := config.Load(ctx, c.d)
	if err != nil {
		return false, err
	}
	ends := make([]verdict, len(due))
	var under sync.WaitGroup
	for i, d := range due {
		under.Go(func() { ends[i] = c.deliver(ctx, channel, set, d) })
	}
	under.Wait()
	for _, v := range ends {
		if v.wide > 0 {
			c.hold(name, v.wide)
		}
	}
	err = c.d.Write(ctx, func(tx *db.Tx) error { return c.record(tx, ends) })
	return len(due) == atOnce, err
}

// channel is the open channel of a setup; one that was set up anew is opened anew.
func (c *Courier) channel(s Setup) (send.Channel, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.opened[s.Channel]; ok && o.rev == s.Rev {
		return o.channel, nil
	}
	channel, err := c.open(s)
	if err == nil {
		c.opened[s.Channel] = opened{s.Rev, channel}
		delete(c.held, s.Channel)
	}
	return channel, err
}

func (c *Courier) heldNow(name Channel) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.d.Now().Before(c.held[name])
}

func (c *Courier) hold(name Channel, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[name] = c.d.Now().Add(d)
}

// verdict is what came of a delivery.
type verdict struct {
	delivery Delivery
	state    State
	reason   string
	at       time.Time     // of the next try
	free     bool          // it does not count as a try
	wide     time.Duration // the provider wants nothing more from us for so long
}

// deliver sends one delivery, outside of any transaction.
func (c *Courier) deliver(ctx context.Context, channel send.Channel, set config.Settings, d Delivery) verdict {
	m, v, err := c.compose(ctx, set, d)
	if err != nil {
		slog.Error("notices", "delivery", d.ID, "error", err)
		return c.later(set, d, "failed", 0)
	}
	if v.state != "" || v.free {
		return v
	}
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	f := send.Judge(channel.Send(ctx, m))
	switch {
	case f == nil:
		return verdict{delivery: d, state: Sent}
	case f.Never:
		return verdict{delivery: d, state: Dead, reason: string(f.Reason)}
	case f.Wide:
		wait := max(f.After, 10*time.Second)
		return verdict{delivery: d, state: Waiting, reason: string(f.Reason), at: c.d.Now().Add(jitter(wait)), free: true, wide: wait}
	}
	return c.later(set, d, string(f.Reason), f.After)
}

// later has a delivery tried again, unless it was tried often enough.
func (c *Courier) later(set config.Settings, d Delivery, reason string, after time.Duration) verdict {
	if int64(d.Tries) >= set.NoticeTries {
		return verdict{delivery: d, state: Dead, reason: reason}
	}
	return verdict{delivery: d, state: Waiting, reason: reason, at: c.d.Now().Add(max(after, backOff(d.Tries)))}
}

// backOff is how long a delivery waits after its nth try failed: about half a minute, one, two …
// six hours.
func backOff(n int) time.Duration { return jitter(min(30*time.Second<<min(n-1, 16), 6*time.Hour)) }

// jitter spreads what would come all at once.
func jitter(d time.Duration) time.Duration {
	return d*3/4 + time.Duration(mathrand.Int64N(int64(d/2)+1))
}

// Who listens, in this process: a commit that tells somebody something wakes them all.
var (
	listening   = map[chan<- struct{}]bool{}
	listeningMu sync.Mutex
)

// Listen has a channel woken when somebody was told something, until stop.
func Listen(c chan<- struct{}) (stop func()) {
	listeningMu.Lock()
	defer listeningMu.Unlock()
	listening[c] = true
	return func() {
		listeningMu.Lock()
		defer listeningMu.Unlock()
		delete(listening, c)
	}
}

func wake() {
	listeningMu.Lock()
	defer listeningMu.Unlock()
	for c := range listening {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
