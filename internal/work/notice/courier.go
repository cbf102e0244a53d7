package notice

import (
	"context"
	"crypto/rand"
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
// due. It reaches out between its transactions, which are its owner's. Several may work on one
// database.
type Courier struct {
	keys *crypt.Keys
	now  func() time.Time
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

// NewCourier makes a courier that goes by a clock.
func NewCourier(keys *crypt.Keys, now func() time.Time) *Courier {
	c := &Courier{keys: keys, now: now, who: rand.Text(), opened: map[Channel]opened{}, held: map[Channel]time.Time{}}
	c.open = func(s Setup) (send.Channel, error) { return s.Open(keys, now) }
	return c
}

// Through has everything go through one channel, however each is set up: for trials.
func (c *Courier) Through(ch send.Channel) {
	c.open = func(Setup) (send.Channel, error) { return ch, nil }
}

// AtOnce is how many messages of a channel are under way.
const AtOnce = 8

const (
	lease   = 2 * time.Minute  // how long a courier may be silent before what it holds is anyone's
	patient = 30 * time.Second // how long one message may take
)

// Fresh says whether there may be something told to queue.
func (c *Courier) Fresh(ctx context.Context, r db.Reader) (bool, error) {
	return freshThere(ctx, r, db.MS(c.now().Add(-stale)))
}

// Fan queues the deliveries of some of what was told; it answers whether there may be more.
func (*Courier) Fan(ctx context.Context, tx *db.Tx) (more bool, err error) { return fan(ctx, tx) }

// Due says whether something is to be sent by a channel that works.
func (c *Courier) Due(ctx context.Context, r db.Reader, name Channel) (bool, error) {
	s, err := SetupOf(ctx, r, name)
	if err != nil || !s.Working || c.heldNow(name) {
		return false, err
	}
	if _, err := c.channel(s); err != nil {
		return false, err
	}
	return due(ctx, r, name, db.MS(c.now()))
}

// Claim takes some of what is due by a channel: up to [AtOnce], the longest due first. Two who
// claim at once share it: the second to come finds the lease of the first.
func (c *Courier) Claim(ctx context.Context, tx *db.Tx, name Channel) ([]Delivery, error) {
	return claim(ctx, tx, name, c.who)
}

// Deliver sends what was claimed, outside of any transaction, and says what came of it.
func (c *Courier) Deliver(ctx context.Context, r db.Reader, name Channel, claimed []Delivery) ([]Verdict, error) {
	s, err := SetupOf(ctx, r, name)
	if err != nil {
		return nil, err
	}
	channel, err := c.channel(s)
	if err != nil {
		return nil, err
	}
	set, err := config.Load(ctx, r)
	if err != nil {
		return nil, err
	}
	ends := make([]Verdict, len(claimed))
	var under sync.WaitGroup
	for i, d := range claimed {
		under.Go(func() { ends[i] = c.deliver(ctx, r, channel, set, d) })
	}
	under.Wait()
	for _, v := range ends {
		if v.wide > 0 {
			c.hold(name, v.wide)
		}
	}
	return ends, nil
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
	return c.now().Before(c.held[name])
}

func (c *Courier) hold(name Channel, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[name] = c.now().Add(d)
}

// Verdict is what came of a delivery.
type Verdict struct {
	delivery Delivery
	state    State
	reason   string
	at       time.Time     // of the next try
	free     bool          // it does not count as a try
	wide     time.Duration // the provider wants nothing more from us for so long
}

// deliver sends one delivery, outside of any transaction.
func (c *Courier) deliver(ctx context.Context, r db.Reader, channel send.Channel, set config.Settings, d Delivery) Verdict {
	m, v, err := c.compose(ctx, r, set, d)
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
		return Verdict{delivery: d, state: Sent}
	case f.Never:
		return Verdict{delivery: d, state: Dead, reason: string(f.Reason)}
	case f.Wide:
		wait := max(f.After, 10*time.Second)
		return Verdict{delivery: d, state: Waiting, reason: string(f.Reason), at: c.now().Add(jitter(wait)), free: true, wide: wait}
	}
	return c.later(set, d, string(f.Reason), f.After)
}

// later has a delivery tried again, unless it was tried often enough.
func (c *Courier) later(set config.Settings, d Delivery, reason string, after time.Duration) Verdict {
	if int64(d.Tries) >= set.NoticeTries {
		return Verdict{delivery: d, state: Dead, reason: reason}
	}
	return Verdict{delivery: d, state: Waiting, reason: reason, at: c.now().Add(max(after, backOff(d.Tries)))}
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
