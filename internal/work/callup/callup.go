package callup

import (
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// State is where a call-up or an appeal stands.
type State string

// The states, as drawn in the package's comment.
const (
	Draft     State = "draft"
	Issued    State = "issued"
	Closed    State = "closed"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Who may do what: Writing draft, Issuing send out and end, Receiving answer for their unit.
var (
	Writing   = []auth.Role{auth.Admin, auth.Editor, auth.Signer}
	Issuing   = []auth.Role{auth.Admin, auth.Signer}
	Receiving = []auth.Role{auth.Admin, auth.Leader}
)

// Appeal is a text to all.
type Appeal struct {
	ID        id.ID
	Org       id.ID
	Title     string
	Text      string
	Signed    string // in whose name
	State     State
	Author    id.ID
	Signer    id.ID
	Created   int64
	Published int64
	Ended     int64
	Reason    string
	Rev       int64
}

// CallUp is an urgent call for volunteers.
type CallUp struct {
	ID       id.ID
	Org      id.ID // who issues it
	Appeal   id.ID // that it goes with; "" none
	Title    string
	Text     string
	Service  int64 // 0: any
	Campaign int64
	Drill    bool
	State    State
	AnswerBy int64 // units acknowledge by then
	Until    int64 // volunteers answer by then
	Most     int64 // people asked at most; 0: as many as it takes
	Author   id.ID
	Signer   id.ID
	Created  int64
	Issued   int64
	Ended    int64
	Reason   string
	Hundred  int64
	Version  int64
	Rev      int64
	Lines    []Line
}

// Line is how many are called up for a day, of a category, with a skill; what is zero is not
// asked for.
type Line struct {
	N        int64
	Day      string
	Category int64
	Skill    int64
	Places   int64
}

// Quotas are numbers of people, one for each line of a call-up in their order.
type Quotas []int64

// Sum adds them up.
func (q Quotas) Sum() (n int64) {
	for _, v := range q {
		n += v
	}
	return n
}

// Places are how many people a call-up is for, line by line.
func (c CallUp) Places() Quotas {
	q := make(Quotas, len(c.Lines))
	for i, l := range c.Lines {
		q[i] = l.Places
	}
	return q
}

// Open says whether volunteers may answer it at a moment.
func (c CallUp) Open(now time.Time) bool {
	return c.State == Issued && !c.Drill && db.MS(now) < c.Until
}

// Stage is how far a receiver has come.
type Stage string

// The stages, in their order.
const (
	Planned    Stage = "planned" // chosen, not yet sent
	Delivering Stage = "delivered"
	Reading    Stage = "read"
	Agreed     Stage = "acknowledged"
	PassedOn   Stage = "forwarded"
	Done       Stage = "reported"
)

// Stages are those of a call-up that was sent.
func Stages() []Stage { return []Stage{Delivering, Reading, Agreed, PassedOn, Done} }

// Receipt is a call-up at one organisation.
type Receipt struct {
	ID           id.ID
	CallUp       id.ID
	Org          id.ID
	Above        id.ID // the receipt from which it was forwarded; "": from the issuer
	Sender       id.ID // the organisation that sent it
	Delivered    int64
	Read         int64
	Acknowledged int64
	Forwarded    int64
	Reported     int64
	Report       string
	Reminded     int64
	Reminders    int64
	Desk         id.ID // on whose desk its silence lies
	Seen         int64 // version of the call-up that it acknowledged
	Would        int64
	Rev          int64
	Quota        Quotas
	Able         Quotas
}

// Stage is how far it has come.
func (r Receipt) Stage() Stage {
	switch {
	case r.Reported > 0:
		return Done
	case r.Forwarded > 0:
		return PassedOn
	case r.Acknowledged > 0:
		return Agreed
	case r.Read > 0:
		return Reading
	case r.Delivered > 0:
		return Delivering
	}
	return Planned
}

// Silent says whether it was sent and nobody has said yet what the unit can send.
func (r Receipt) Silent() bool { return r.Delivered > 0 && r.Acknowledged == 0 }

// orderly says whether its moments follow one another. Forwarding is left out by who has
// nobody below.
func (r Receipt) orderly() bool {
	last := int64(0)
	for i, at := range []int64{r.Delivered, r.Read, r.Acknowledged, r.Forwarded, r.Reported} {
		switch {
		case at == 0 && i == 3:
			continue
		case at == 0:
			last = 1 << 62 // nothing may come after it
		case at < last:
			return false
		default:
			last = at
		}
	}
	return true
}

// Ask is what a volunteer was asked, and what she said.
type Ask struct {
	ID       id.ID
	CallUp   id.ID
	Receipt  id.ID
	Line     int64
	Person   id.ID
	Unit     id.ID
	Shift    id.ID
	Asked    int64 // 0: she came by herself
	Answer   string
	Answered int64
	Offered  int64
	Rev      int64
}

// The answers.
const (
	Yes   = "yes"
	No    = "no"
	Never = "never"

	doubled = "merged" // of a record that was merged: the survivor's own question counts
)

// Waits says whether she said yes while no place was free, and none has been offered since.
func (a Ask) Waits() bool { return a.Answer == Yes && a.Shift == "" }

// BackFor is how long an answer may be taken back.
const BackFor = 10 * time.Minute

// MayTakeBack says whether the answer may still be taken back.
func (a Ask) MayTakeBack(now time.Time) bool {
	return a.Answer != "" && db.MS(now) < a.Answered+BackFor.Milliseconds()
}

// Proposal is demand against supply for one line, and how many to ask at most.
type Proposal struct {
	Places   int64
	Eligible int64 // volunteers who fit
	Lately   int64 // of them, asked in the last days
	Ask      int64 // the proposed cap
	Short    bool  // supply is less than what it would take
}

// perYes is how many people are asked for one yes, as long as nothing better is known.
const perYes = 3

// Propose reckons how many people to ask for so many places, by what was answered before:
// asked and enrolled count over earlier call-ups. Who was asked lately is spared while others
// suffice.
func Propose(places, eligible, lately, asked, enrolled int64) Proposal {
	per := int64(perYes)
	if enrolled > 0 && asked >= 100 {
		per = min(max((asked+enrolled-1)/enrolled, 1), 20)
	}
	p := Proposal{Places: places, Eligible: eligible, Lately: min(lately, eligible)}
	want, rested := places*per, p.Eligible-p.Lately
	p.Ask = min(want, max(rested, min(places, eligible)))
	p.Short = rested < want
	return p
}

// Split divides places among receivers by their supply, to the last one: each gets its due
// rounded down, and the largest remainders one more.
func Split(places int64, supply []int64) Quotas {
	q := make(Quotas, len(supply))
	var sum int64
	for _, s := range supply {
		sum += s
	}
	if sum == 0 {
		return q
	}
	rest := places
	order := make([]int, len(supply))
	for i, s := range supply {
		q[i] = places * s / sum
		rest -= q[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(min(max(places*supply[b]%sum-places*supply[a]%sum, -1), 1))
	})
	for _, i := range order[:rest] {
		q[i]++
	}
	return q
}
