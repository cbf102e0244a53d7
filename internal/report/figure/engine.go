package figure

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

const (
	loadChunk = 20_000                 // facts in one read while loading
	foldBatch = 100                    // facts folded while readers wait
	idle      = 200 * time.Millisecond // longest between two looks at the ledger
	glance    = 10 * time.Millisecond  // between two looks at this process's commits
)

// Engine answers figures from a model of the ledger in memory.
type Engine struct {
	d       *db.DB
	mu      sync.RWMutex // of the model
	m       *model
	loaded  atomic.Bool
	percent atomic.Int64
	fold    sync.Mutex // one folder at a time
	wake    chan struct{}
	moved   chan struct{} // closed when the model has moved on
	scopes  sync.Mutex    // of the tree's scopes and of memo
	memo    memo
	told    remembered
	owed    db.Memo[owing, map[id.ID]owes]
	scratch sync.Pool
	enough  int // how many rows make it worth to keep what they add up to
	tail    int // how long a tail may be: scanning it costs every question, merging it the folder

	kept  string // where the snapshot lies; "" nowhere
	saved int64  // the last fact in it
}

// Open makes an engine over a database. It answers once [Engine.Load] or [Engine.Run] has
// read the ledger; until then every question is refused as figure.loading.
func Open(_ context.Context, d *db.DB) (*Engine, error) {
	e := &Engine{d: d, m: newModel(), wake: make(chan struct{}, 1), moved: make(chan struct{}), enough: 2000, tail: 1024}
	e.owed.Watch = d.Watch("", "report_due", "org_org")
	e.owed.Keep = func(all map[id.ID]owes) bool { return len(all) <= mostDues }
	e.scratch.New = func() any { return &scratch{} }
	return e, nil
}

// Load reads what is sealed: what the snapshot does not hold.
func (e *Engine) Load(ctx context.Context) error {
	if err := e.catchUp(ctx); err != nil {
		return err
	}
	if !e.loaded.Load() {
		e.compact()
		e.loaded.Store(true)
	}
	return nil
}

// Run loads, and then follows the ledger until ctx ends: it looks at it when this process has
// committed something, when woken, and every 200 ms for what others committed.
func (e *Engine) Run(ctx context.Context) {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	commits, looked := int64(-1), time.Time{}
	for ctx.Err() == nil {
		if now := e.d.Commits(); now != commits || time.Since(looked) >= idle {
			commits, looked = now, time.Now()
			if err := e.Load(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "figures do not follow the ledger, will try again", "err", err)
				commits = e.d.Commits()
			}
			at, _ := e.Seq()
			if err := e.Save(ctx, max(unsaved, at/4)); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "figures' snapshot is not saved", "err", err)
			}
		}
		select {
		case <-ctx.Done():
		case <-e.wake:
			commits = -1
		case <-tick.C:
		}
	}
}

// Wake makes Run look at the ledger now.
func (e *Engine) Wake() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Seq is the last fact that figures know, and the channel that is closed when they know more.
func (e *Engine) Seq() (seq int64, more <-chan struct{}) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.m.at, e.moved
}

// Wait waits until figures know the fact of that number.
func (e *Engine) Wait(ctx context.Context, seq int64) error {
	for {
		at, more := e.Seq()
		if at >= seq {
			return nil
		}
		e.Wake()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-more:
		}
	}
}

// news is what the ledger holds beyond the model, read at one moment.
type news struct {
	facts     []fact
	seals     []seal
	head      int64
	keys      map[int64]string
	treeV     int64
	places    []place // nil: the tree is as it was
	units     []unit
	campaignV int64
	campaigns map[int64][]int64 // nil: as they were
}

// catchUp folds until the model is where the ledger was when it began.
func (e *Engine) catchUp(ctx context.Context) error {
	e.fold.Lock()
	defer e.fold.Unlock()
	e.restore(ctx)
	for {
		var n news
		err := e.d.Snapshot(ctx, func(r db.Reader) (err error) {
			n, err = e.read(ctx, r)
			return err
		})
		if err != nil {
			return err
		}
		if err := e.take(ctx, n); err != nil {
			return err
		}
		if e.m.at >= n.head {
			return nil
		}
		e.percent.Store(min(99, e.m.at*100/n.head))
	}
}

// read reads one chunk of news. Only the folder changes the model, so it needs no lock.
func (e *Engine) read(ctx context.Context, r db.Reader) (n news, err error) {
	head, err := ledger.Book().Head(ctx, r)
	if err != nil {
		return n, err
	}
	n.head = head.Seq
	if n.treeV, n.campaignV, err = versions(ctx, r); err != nil {
		return n, err
	}
	if n.treeV != e.m.tree.version {
		if n.places, err = readPlaces(ctx, r); err != nil {
			return n, err
		}
		if n.units, err = readUnits(ctx, r); err != nil {
			return n, err
		}
	}
	if n.campaignV != e.m.campaignV {
		if n.campaigns, err = readCampaigns(ctx, r); err != nil {
			return n, err
		}
	}
	if n.head <= e.m.at {
		return n, nil
	}
	to := min(n.head, e.m.at+loadChunk)
	if n.keys, err = kindNumbers(ctx, r); err != nil {
		return n, err
	}
	if n.seals, err = sealsAfter(ctx, r, e.m.at, to); err != nil {
		return n, err
	}
	n.facts, err = factsAfter(ctx, r, e.m.at, to)
	return n, err
}

// take folds news, in batches between which readers have their turn.
func (e *Engine) take(ctx context.Context, n news) error {
	if n.places != nil || n.campaigns != nil {
		e.replant(n)
	}
	if len(n.facts) > 0 {
		e.mu.Lock()
		e.m.keys = n.keys
		for _, s := range n.seals { // a chunk may have ended within the last seal
			if k := len(e.m.seals); k == 0 || e.m.seals[k-1].last < s.last {
				e.m.seals = append(e.m.seals, s)
			}
		}
		e.mu.Unlock()
	}
	for facts := n.facts; len(facts) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := facts[:min(len(facts), foldBatch)]
		facts = facts[len(some):]
		if err := e.batch(some); err != nil {
			return err
		}
	}
	if e.loaded.Load() {
		e.compact()
	}
	return nil
}

// replant puts in new trees.
func (e *Engine) replant(n news) {
	grown := e.m.tree
	if n.places != nil {
		grown = e.m.tree.grow(n.treeV, n.places, n.units)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.m.tree = grown
	if n.campaigns != nil {
		e.m.campaigns, e.m.campaignV = n.campaigns, n.campaignV
	}
}

func (e *Engine) batch(facts []fact) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, f := range facts {
		if err := e.m.apply(f); err != nil {
			return err
		}
	}
	close(e.moved)
	e.moved = make(chan struct{})
	return nil
}

// compact merges tails that have grown long. Readers go on meanwhile: only the folder, which
// is here, changes rows.
func (e *Engine) compact() {
	for _, blocks := range e.m.kinds {
		for _, b := range blocks {
			if b.tail.rows() <= max(e.tail, b.sorted.rows()/8) {
				continue
			}
			merged := merge(&b.sorted, &b.tail)
			e.mu.Lock()
			b.sorted, b.tail, b.rev = merged, columns{}, b.rev+1
			e.mu.Unlock()
		}
	}
}

// ready refuses while the ledger is being read.
func (e *Engine) ready() error {
	if !e.loaded.Load() {
		return fail.New(fail.Unavailable, "figure.loading", "percent", e.percent.Load())
	}
	return nil
}
