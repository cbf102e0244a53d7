package figure

import (
	"slices"
	"sync"

	"tongxin/internal/ledger"
)

// remembered keeps answers. As of one fact a question has one answer for ever, as long as the trees
// of organisations and campaigns are the same; so a board that many look at is reckoned once for
// each fact, and what stood at midnight once a day.
type remembered struct {
	mu     sync.Mutex
	all    map[asked]Answer
	splits int // of all
	owed   map[asked][]due
	off    bool
}

// asked is a question with all that its answer depends on.
type asked struct {
	q               Query // as of the fact that counts
	merges          int   // of organisations by then
	tree, campaigns int64
}

// What is kept at most.
const (
	mostAnswers = 4096
	mostSplits  = 60_000
	mostOwed    = 64     // questions about dues
	mostDues    = 10_000 // in the answer to one
)

// Forgetful makes the engine reckon every answer anew, for whoever measures that.
func (e *Engine) Forgetful() { e.told.off = true }

// key names a question for a plan's moment; false where its answer is not kept: it asks of one
// person or subject.
func (e *Engine) key(q Query, i *ledger.Indicator, p *plan) (asked, bool) {
	q.Indicator = i.Key // of a ratio the part
	q.AsOf, q.Facts = AsOf{Seq: int64(p.seq)}, false
	return asked{q, p.merges, e.m.tree.version, e.m.campaignV}, !e.told.off && q.Person == "" && q.Subject == ""
}

func (r *remembered) get(key asked) (Answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok := r.all[key]
	a.Splits = slices.Clone(a.Splits)
	return a, ok
}

func (r *remembered) put(key asked, a Answer) {
	a.Splits = slices.Clone(a.Splits)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.all = map[asked]Answer{}
	}
	if old, ok := r.all[key]; ok {
		r.splits -= len(old.Splits)
	}
	r.all[key] = a
	r.splits += len(a.Splits)
	for k, old := range r.all { // any will do: what is asked again is reckoned again
		if len(r.all) <= mostAnswers && r.splits <= mostSplits {
			break
		}
		delete(r.all, k)
		r.splits -= len(old.Splits)
	}
}

// dues answers what fell due, from memory if it is known; it is only read.
func (r *remembered) dues(key asked, reckon func() ([]due, error)) ([]due, error) {
	r.mu.Lock()
	all, ok := r.owed[key]
	r.mu.Unlock()
	if ok && !r.off {
		return all, nil
	}
	all, err := reckon()
	if err != nil || len(all) > mostDues {
		return all, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.owed) >= mostOwed || r.owed == nil {
		r.owed = map[asked][]due{}
	}
	r.owed[key] = all
	return all, nil
}
