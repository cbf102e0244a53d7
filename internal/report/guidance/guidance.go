package guidance

import (
	"slices"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
)

// State is where a directive stands.
type State string

// The states, as drawn in the package's comment.
const (
	Draft     State = "draft"
	Issued    State = "issued"
	Read      State = "read"
	Replied   State = "replied"
	Acted     State = "acted"
	Closed    State = "closed"
	Withdrawn State = "withdrawn"
)

// States are all states in the order in which they come.
func States() []State { return []State{Draft, Issued, Read, Replied, Acted, Closed, Withdrawn} }

// Alive says whether anything is still to come.
func (s State) Alive() bool { return s != Closed && s != Withdrawn }

// Guiding are the roles that guide.
var Guiding = []auth.Role{auth.Supervisor, auth.Admin}

// Directive is what a unit is asked to do about a figure, and what came of it.
type Directive struct {
	ID        id.ID
	Org, Unit id.ID // who guides, who is guided
	Desk      id.ID // who looks after it
	Scheduled id.ID // the row of a schedule that it came from; empty: a figure's page
	Title     string

	Seen            figure.Frozen
	Planned, Target int64 // 0: there was no plan

	Asked          string
	ReplyBy, ActBy int64 // ms
	Peer           id.ID // whom to learn from
	PeerValue      int64
	PeerDid        string

	State    State
	Author   id.ID
	Created  int64
	Issued   int64
	Read     int64
	Plan     string
	Replied  int64
	Did      string
	Acted    int64
	Actor    id.ID // who said that it was done
	Reason   string
	Verdict  string
	Closed   int64
	After    After
	Improved bool

	Due    int64 // when the clock of what is awaited runs out; 0: it stands
	Raised int64
	Rev    int64
}

// After is the same figure at the end.
type After struct {
	To      string
	Seq     int64
	Tree    int64
	Value   int64
	Planned int64
}

// Overdue says whether what is awaited of the unit did not come in time.
func (d Directive) Overdue(now time.Time) bool {
	switch d.State {
	case Issued, Read:
		return db.MS(now) > d.ReplyBy
	case Replied:
		return db.MS(now) > d.ActBy
	}
	return false
}

// Awaited is the hour by which the unit is to do the next thing; 0 where nothing is awaited.
func (d Directive) Awaited() int64 {
	switch d.State {
	case Issued, Read:
		return d.ReplyBy
	case Replied:
		return d.ActBy
	}
	return 0
}

// Gap is by how much the unit was behind when it was seen.
func (d Directive) Gap() int64 { return d.Planned - d.Seen.Value }

// query is the figure of the directive up to a day. A milestone's counts that row alone.
func query(q figure.Query, scheduled id.ID, to string) figure.Query {
	q.AsOf = figure.AsOf{}
	if q.To != "" {
		q.To = to
	}
	if q.Indicator == progress.MilestonesReached.Key && scheduled != "" {
		q.Subject = scheduled
	}
	return q
}

// better says whether the effect is one: of two values, each with its plan, the second stands
// better. Plans are compared across, so that nothing is rounded.
func better(value, planned, after, afterPlanned int64) bool {
	if planned <= 0 || afterPlanned <= 0 {
		return after > value
	}
	return after*planned > value*afterPlanned
}

const (
	minText, maxText = 5, 1000
	longest          = 366 * 24 * time.Hour
)

// In is what is typed about a directive.
type In struct {
	Asked          string
	ReplyBy, ActBy time.Time
	Peer           Peer // none: the zero value
}

// check says what is wrong with the input itself, each thing at its field.
func (in In) check(now time.Time) error {
	errs := []error{checkText("asked", in.Asked)}
	switch {
	case !in.ReplyBy.After(now):
		errs = append(errs, fail.Field("reply_by", "guidance.reply_by"))
	case in.ActBy.Before(in.ReplyBy):
		errs = append(errs, fail.Field("act_by", "guidance.act_by"))
	case in.ActBy.Sub(now) > longest:
		errs = append(errs, fail.Field("act_by", "guidance.act_by_far"))
	}
	return fail.Join(errs...)
}

// checkText refuses a text that says nothing or too much.
func checkText(field, text string) error {
	if n := utf8.RuneCountInString(text); n < minText || n > maxText {
		return fail.Field(field, "guidance.text_length", "min", minText, "max", maxText)
	}
	return nil
}

func (d *Directive) put(in In) {
	d.Asked, d.ReplyBy, d.ActBy = ident.Lines(in.Asked), db.MS(in.ReplyBy), db.MS(in.ActBy)
	d.Peer, d.PeerValue, d.PeerDid = in.Peer.Org, in.Peer.Value, in.Peer.did()
}

// refuse says why a step cannot be taken in the state of a directive.
func (d Directive) refuse(from ...State) error {
	if slices.Contains(from, d.State) {
		return nil
	}
	return fail.New(fail.Conflict, "guidance.not_while."+string(d.State))
}

// step is one that counts: its kind of fact, and when it was taken; 0: not yet.
type step struct {
	kind *ledger.Kind
	at   int64
}

// steps are those that the directive has taken and that count.
func (d Directive) steps() (all []step) {
	if d.State == Draft || d.State == Withdrawn {
		return nil
	}
	improved := int64(0)
	if d.Improved {
		improved = d.Closed
	}
	for _, s := range []step{{IssuedFact, d.Issued}, {ReadFact, d.Read}, {RepliedFact, d.Replied}, {ActedFact, d.Acted}, {ClosedFact, d.Closed}, {ImprovedFact, improved}} {
		if s.at > 0 {
			all = append(all, s)
		}
	}
	return all
}
