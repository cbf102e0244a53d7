package roster

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// Board keeps the open shifts of each home at hand, since everybody's first page chooses from
// them, and what lacks people or a decision, since every overview tells that. What was committed
// is read again, shift by shift, before the next look. It answers what [OpenFor] does. On a server
// with several processes the others' commits are seen a second later.
type Board struct {
	r db.Reader
	w *db.Watch

	rosters db.Memo[id.ID, []Signup]
	short   db.Memo[shortOf, Shortage]
	pending db.Memo[id.ID, waiting]
	odd     db.Later[oddOf, []Anomaly]

	mu    sync.Mutex // of homes, and of what they are told
	homes map[string]*listing
}

// listing is the open shifts of a home.
type listing struct {
	stale   bool           // not read yet, or not since anything may have changed
	changed map[id.ID]bool // since they were read

	mu     sync.Mutex // one reads, the others wait and have it too
	shifts []*Shift   // by time; never changed in place
}

// NewBoard makes an empty board over a database and what watches it.
func NewBoard(r db.Reader, watch func(topic string, tables ...string) *db.Watch) *Board {
	b := &Board{r: r, w: watch(touched, "activity_activity", "activity_post", "activity_service", "roster_rest"), homes: map[string]*listing{}}
	b.rosters = db.Memo[id.ID, []Signup]{Watch: watch(listed), Of: func(shift id.ID) string { return string(shift) }}
	b.short.Watch = watch(touched, "activity_activity", "activity_post", "activity_service", "roster_rest", "org_org", "org_under", "campaign_under")
	b.pending.Watch = watch("", "roster_backfill", "org_org", "org_under")
	b.odd.Find = func(ctx context.Context, of oddOf) ([]Anomaly, error) {
		all, err := Anomalies(ctx, r, of.org, of.day)
		for i := range all {
			all[i].Turns = nil // only how many are told
		}
		return all, err
	}
	return b
}

// oddOf is a question about what looks wrong about hours.
type oddOf struct {
	org id.ID
	day string
}

// Odd counts, kind by kind, what looks wrong about the hours of a subtree on a day and was not
// looked into, as far as that was found so far: for a city it takes seconds.
func (b *Board) Odd(ctx context.Context, org id.ID, day string) (map[AnomalyKind]int, error) {
	all, err := b.odd.Get(ctx, oddOf{org, day})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	done, err := dismissals(ctx, b.r, day)
	n := map[AnomalyKind]int{}
	for _, a := range all {
		if _, ok := done[a.Key]; !ok {
			n[a.Kind]++
		}
	}
	return n, err
}

// SignupsOf is [SignupsOf], kept until somebody's sign-up for the shift changes; to be read only.
func (b *Board) SignupsOf(ctx context.Context, shift id.ID) ([]Signup, error) {
	return b.rosters.Get(shift, func() ([]Signup, error) { return SignupsOf(ctx, b.r, shift) })
}

// shortOf is a question about shifts that are short of people.
type shortOf struct {
	org      id.ID
	campaign int64
	w        Window
	limit    int
}

// waiting is how many hours wait for a second person, and since when.
type waiting struct{ n, oldest int64 }

// ShortOf is [ShortOf], kept until a shift changes. The window begins and ends with a minute.
func (b *Board) ShortOf(ctx context.Context, org id.ID, campaign int64, w Window, limit int) (Shortage, error) {
	const minute = 60_000
	w.From, w.To = w.From-w.From%minute, w.To-w.To%minute
	return b.short.Get(shortOf{org, campaign, w, limit}, func() (Shortage, error) { return ShortOf(ctx, b.r, org, campaign, w, limit) })
}

// CountPending is [CountPending], kept until hours are told or decided.
func (b *Board) CountPending(ctx context.Context, org id.ID) (n, oldest int64, err error) {
	k, err := b.pending.Get(org, func() (k waiting, err error) {
		k.n, k.oldest, err = CountPending(ctx, b.r, org)
		return k, err
	})
	return k.n, k.oldest, err
}

// OpenFor is [OpenFor], from the board.
func (b *Board) OpenFor(ctx context.Context, who people.Standing, w Window) ([]Offer, error) {
	var lists [][]*Shift
	for _, home := range homesAround(who.Home) {
		shifts, err := b.open(ctx, home, w.From)
		if err != nil {
			return nil, err
		}
		lists = append(lists, shifts)
	}
	return offers(ctx, b.r, lists, who, w)
}

// open answers the listing of a home as it stands now.
func (b *Board) open(ctx context.Context, home string, now int64) ([]*Shift, error) {
	l := b.listing(home)
	l.mu.Lock()
	defer l.mu.Unlock()
	stale, changed := b.changes(l)
	var err error
	if stale {
		l.shifts, err = openIn(ctx, b.r, home, now)
	} else if len(changed) > 0 {
		l.shifts, err = reread(ctx, b.r, l.shifts, changed)
	}
	if err != nil {
		b.mu.Lock()
		l.stale = true
		b.mu.Unlock()
	}
	return l.shifts, err
}

// listing finds the one of a home, and tells all what has changed.
func (b *Board) listing(home string) *listing {
	b.mu.Lock()
	defer b.mu.Unlock()
	all, keys := b.w.Changes()
	for _, l := range b.homes {
		l.stale = l.stale || all
	}
	for _, k := range keys {
		if l := b.homes[id.ID(k).Home()]; l != nil {
			l.changed[id.ID(k)] = true
		}
	}
	l := b.homes[home]
	if l == nil {
		l = &listing{stale: true, changed: map[id.ID]bool{}}
		b.homes[home] = l
	}
	return l
}

// changes takes what a listing was told: what is told from now on is not in what is read next.
func (b *Board) changes(l *listing) (stale bool, changed []id.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s := range l.changed {
		changed = append(changed, s)
	}
	stale, l.stale = l.stale, false
	clear(l.changed)
	return stale, changed
}

// reread reads some shifts again into a new list.
func reread(ctx context.Context, r db.Reader, shifts []*Shift, changed []id.ID) ([]*Shift, error) {
	all := slices.Clone(shifts)
	for _, one := range changed {
		all = slices.DeleteFunc(all, func(s *Shift) bool { return s.ID == one })
		s, err := Get(ctx, r, one)
		if fail.KindOf(err) == fail.NotFound {
			continue
		}
		if err != nil {
			return shifts, err
		}
		if s.State == "open" && s.Activity.State == "published" {
			all = append(all, &s)
		}
	}
	slices.SortFunc(all, func(a, b *Shift) int {
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), strings.Compare(string(a.ID), string(b.ID)))
	})
	return all, nil
}
