package guidance

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// Peer is an organisation in a like place that is ahead.
type Peer struct {
	Org     id.ID
	Name    string
	Above   string // the name of what it hangs under
	Size    int64  // organisations below it
	Value   int64  // of the same figure
	Planned int64  // of its own plan; 0: it has none
	Did     []Deed // lately
}

// Deed is an activity of a peer.
type Deed struct {
	ID     id.ID
	Title  string
	Starts int64 // ms; 0: it has no shifts yet
}

func (p Peer) did() string {
	titles := make([]string, len(p.Did))
	for i, d := range p.Did {
		titles[i] = d.Title
	}
	return strings.Join(titles, "\n")
}

const (
	mostPeers = 3
	mostDeeds = 3
	mostLike  = 500 // organisations of a kind that are looked at
)

// Peers finds whom a unit may learn from: see the package's comment.
func Peers(ctx context.Context, r db.Reader, e *figure.Engine, from id.ID, seen Sight) ([]Peer, error) {
	unit, err := org.Get(ctx, r, seen.Unit)
	if err != nil {
		return nil, err
	}
	like, _, err := org.List(ctx, r, org.Filter{Under: from, Kind: unit.Kind, Tier: unit.Tier, Limit: mostLike})
	if err != nil {
		return nil, err
	}
	like = slices.DeleteFunc(like, func(o org.Org) bool { return o.ID == unit.ID || o.Parent == unit.ID || unit.Parent == o.ID })
	sizes, err := org.Sizes(ctx, r, append(like[:len(like):len(like)], unit))
	if err != nil {
		return nil, err
	}
	ahead, err := measured(ctx, r, e, seen, like)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ahead, func(a, b Peer) int {
		return cmp.Or(cmp.Compare(apart(sizes[a.Org], sizes[unit.ID]), apart(sizes[b.Org], sizes[unit.ID])), cmp.Compare(b.Value, a.Value), cmp.Compare(a.Org, b.Org))
	})
	ahead = ahead[:min(len(ahead), mostPeers)]
	for i := range ahead {
		ahead[i].Size = sizes[ahead[i].Org]
		if err := ahead[i].tellOf(ctx, r, like, seen.Frozen); err != nil {
			return nil, err
		}
	}
	return ahead, nil
}

// apart is how far two sizes lie apart: in quarters of the smaller, rounded down.
func apart(a, b int64) int64 { return 4 * (max(a, b) + 1) / (min(a, b) + 1) }

// measured keeps those that are ahead on the same figure.
func measured(ctx context.Context, r db.Reader, e *figure.Engine, seen Sight, like []org.Org) (ahead []Peer, err error) {
	plans, err := plansOf(ctx, r, seen)
	if err != nil {
		return nil, err
	}
	var qs []figure.Query
	for _, o := range like {
		q := seen.Frozen.Query
		q.Org, q.Subject = o.ID, ""
		qs = append(qs, q)
	}
	answers, _, err := progress.Ask(ctx, e, qs)
	if err != nil {
		return nil, err
	}
	for i, o := range like {
		p := Peer{Org: o.ID, Name: o.Name, Value: answers[i].Value, Planned: plans[o.ID]}
		if plans != nil && p.Planned == 0 || !better(seen.Frozen.Value, seen.Planned, p.Value, p.Planned) {
			continue
		}
		ahead = append(ahead, p)
	}
	return ahead, nil
}

// plansOf is what the units of the same item should have by now; nil where there is no plan
// or a single unit has one.
func plansOf(ctx context.Context, r db.Reader, seen Sight) (map[id.ID]int64, error) {
	if seen.Scheduled == "" {
		return nil, nil
	}
	w, i, _, err := rowOf(ctx, r, seen.Scheduled)
	if err != nil || i.Milestone() {
		return nil, err
	}
	plans, err := progress.Plans(ctx, r, i, w.Schedule, seen.Frozen.To)
	if len(plans) < 2 {
		return nil, err
	}
	return plans, err
}

// tellOf says where a peer hangs and what it did lately.
func (p *Peer) tellOf(ctx context.Context, r db.Reader, like []org.Org, f figure.Frozen) error {
	o := like[slices.IndexFunc(like, func(o org.Org) bool { return o.ID == p.Org })]
	names, err := org.Names(ctx, r, []id.ID{o.Parent})
	if err != nil {
		return err
	}
	p.Above = names[o.Parent]
	all, _, err := activity.Within(ctx, r, []org.Seat{{Org: o.ID, Position: o.Position}}, activity.Published,
		activity.Filter{Campaign: f.Campaign, Service: f.Service, Limit: mostDeeds}, "")
	for _, a := range all {
		p.Did = append(p.Did, Deed{a.ID, a.Title, a.Starts})
	}
	return err
}
