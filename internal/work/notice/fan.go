package notice

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Chunk is how many notices, or recipients, one closure queues: it bounds how long it keeps the
// writer.
const Chunk = 200

// stale is how old a notice may be and still go out: what was told while nobody fanned out stays
// in the inbox.
const stale = 24 * time.Hour

// State is how far a delivery has come.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Sent     State = "sent"
	Needless State = "needless" // read before, or not wanted any more, or she is gone
	Folded   State = "folded"   // something later about the same went in its place
	Dead     State = "dead"     // a person must look
	GivenUp  State = "given_up" // a person did
)

// States are all states.
func States() []State { return []State{Waiting, Sent, Needless, Folded, Dead, GivenUp} }

// told is a notice that goes out.
type told struct {
	id, person, subject id.ID
	kind                string
	at                  int64
	fresh               bool // it has no deliveries yet, surely
}

// ways are the channels that work, with what they can say.
type ways struct {
	set       config.Settings
	setups    []Setup
	templates map[Channel]map[string]bool
}

// waysOf reads them.
func waysOf(ctx context.Context, r db.Reader) (w ways, err error) {
	all, err := Setups(ctx, r)
	if err != nil {
		return w, err
	}
	for _, c := range Channels() {
		if s := all[c]; s.Working {
			w.setups = append(w.setups, s)
		}
	}
	if len(w.setups) == 0 {
		return w, nil
	}
	if w.set, err = config.Load(ctx, r); err != nil {
		return w, err
	}
	templates, err := Templates(ctx, r)
	w.templates = map[Channel]map[string]bool{SMS: {}, WeChat: {}}
	for _, t := range templates {
		w.templates[t.Channel][t.Kind] = true
	}
	return w, err
}

// carry are the channels by which something told at a moment may go.
func (w ways) carry(kind string, at int64) (all []Channel) {
	for _, s := range w.setups {
		if at < s.Since || s.Channel.Templated() && !w.templates[s.Channel][kind] && !w.templates[s.Channel][Any] {
			continue
		}
		all = append(all, s.Channel)
	}
	return all
}

// when is the moment before which a delivery of a kind waits: for what else may change about the
// same, and for the end of the quiet hours.
func (w ways) when(k kind, of wish, now time.Time) time.Time {
	if k.urgent {
		return now
	}
	return of.hours(w.set).End(now.Add(w.set.Debounce))
}

// fan queues the deliveries of what was told and not yet fanned out, up to a chunk; it answers
// whether there may be more.
func fan(ctx context.Context, tx *db.Tx) (more bool, err error) {
	w, err := waysOf(ctx, tx)
	if err != nil || len(w.setups) == 0 {
		return false, err
	}
	since := db.MS(tx.Now.Add(-stale))
	first := slices.MinFunc(w.setups, func(a, b Setup) int { return int(min(1, max(-1, a.Since-b.Since))) })
	some, err := takeFresh(ctx, tx, max(since, first.Since), Chunk)
	if err != nil {
		return false, err
	}
	return len(some) == Chunk, w.queue(ctx, tx, some)
}

// queue makes the deliveries of some notices.
func (w ways) queue(ctx context.Context, tx *db.Tx, all []told) error {
	homes := map[string][]told{}
	for _, n := range all {
		homes[n.person.Home()] = append(homes[n.person.Home()], n)
	}
	names := make([]string, 0, len(homes))
	for home := range homes {
		names = append(names, home)
	}
	slices.Sort(names) // so that two who queue meet in one order
	for _, home := range names {
		if err := w.queueIn(ctx, tx, home, homes[home]); err != nil {
			return err
		}
	}
	return nil
}

func (w ways) queueIn(ctx context.Context, tx *db.Tx, home string, all []told) error {
	people := make([]id.ID, len(all))
	for i, n := range all {
		people[i] = n.person
	}
	wishes, err := wishesOf(ctx, tx, home, people)
	if err != nil {
		return err
	}
	had, err := deliveriesOf(ctx, tx, home, all)
	if err != nil {
		return err
	}
	var open map[about][]waiting
	if !all[0].fresh { // what is announced is about nothing that waits
		if open, err = openOf(ctx, tx, home, people); err != nil {
			return err
		}
	}
	fresh := deliveryRows(tx)
	for _, n := range all {
		k := kindOf(n.kind)
		for _, c := range w.carry(n.kind, n.at) {
			if !wishes[n.person].wants(k, c) {
				continue
			}
			at := db.MS(w.when(k, wishes[n.person], tx.Now))
			if at, err = fold(tx, open, had, n, k, c, at); err != nil {
				return err
			}
			if d, ok := had[once{n.id, c}]; ok {
				if err := again(tx, home, d, k, at); err != nil {
					return err
				}
				continue
			}
			err := fresh.Add(home, string(tx.NewID(home)), string(n.id), string(n.person), string(c), string(k.topic), string(n.subject), k.urgent,
				string(Waiting), at, db.MS(tx.Now))
			if err != nil {
				return err
			}
		}
	}
	return fresh.Flush()
}

// once is what a delivery is the only one of.
type once struct {
	notice  id.ID
	channel Channel
}

// about is what several deliveries may be about, of which the last alone has to go.
type about struct {
	person, subject id.ID
	topic           Topic
	channel         Channel
}

// fold has whatever waits about the same give way to what is told now. What is not urgent keeps
// the moment for which the first waits, so that it is not put off for ever.
func fold(tx *db.Tx, open map[about][]waiting, had map[once]id.ID, n told, k kind, c Channel, at int64) (int64, error) {
	if n.subject == "" {
		return at, nil
	}
	own := had[once{n.id, c}]
	for _, d := range open[about{n.person, n.subject, k.topic, c}] {
		if !k.urgent && d.at < at {
			at = d.at
		}
		if d.id == own {
			continue
		}
		if err := end(tx, d.id, "", Folded, "", ""); err != nil {
			return 0, err
		}
	}
	return at, nil
}
