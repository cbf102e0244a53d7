package roster

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// Place is what somebody signs up for: A岗 or B岗.
type Place string

// A primary does the duty; a standby steps in when a primary does not.
const (
	Primary Place = "primary"
	Standby Place = "standby"
)

// State of a sign-up; doc.go draws how they follow one another.
type State string

// The states of a sign-up.
const (
	Applied    State = "applied"
	Waitlisted State = "waitlisted"
	Offered    State = "offered"
	Accepted   State = "accepted"
	Declined   State = "declined"
	Lapsed     State = "lapsed"
	Withdrawn  State = "withdrawn"
	CheckedIn  State = "checked_in"
	CheckedOut State = "checked_out"
	Unclosed   State = "unclosed"
	Settled    State = "settled"
	NoShow     State = "no_show"
	Merged     State = "merged" // she held it under two records, which are one now: this one stands for nothing
)

// seatStates are the states in which a sign-up holds a seat, as SQL reads them.
const seatStates = "('offered', 'accepted', 'checked_in', 'checked_out', 'unclosed', 'settled', 'no_show')"

// busyStates are the states in which a primary's time is taken.
const busyStates = "('accepted', 'checked_in', 'checked_out', 'unclosed', 'settled')"

// Served says whether she was there.
func (s State) Served() bool {
	return s == CheckedIn || s == CheckedOut || s == Unclosed || s == Settled
}

// Over says whether nothing holds her to the shift any more, so that she may
// sign up again.
func (s State) Over() bool { return s == Withdrawn || s == Declined || s == Lapsed || s == Merged }

// Shift is one turn of a post, with what its activity and post say of it.
// Times are unix ms, Day the day on which it starts.
type Shift struct {
	Home          string
	ID            id.ID
	Post          id.ID
	Starts, Ends  int64
	Day           string
	Places        int64
	Taken         int64
	StandbyPlaces int64
	StandbyTaken  int64
	Waiting       int64
	State         string // draft | open | cancelled
	Reason        string
	Published     int64
	Filled        int64
	Closed        int64
	Series        id.ID // that made it; "" when it was added by itself
	Own           bool  // changed by itself since the series made it
	Rev           int64

	PostName     string
	MinAge       int64
	MaxAge       int64
	Skill        int64
	Certificates people.KindSet // that must hold on Day
	Risky        bool           // the post or the activity's kind of service is
	Rest         Rest           // that its kind of service asks for

	Activity ShiftActivity
}

// ShiftActivity is what a shift needs to know of its activity.
type ShiftActivity struct {
	ID        id.ID
	Org       id.ID
	Title     string
	Place     string
	Area      area.Code
	Campaign  int64
	Service   int64
	Leader    id.ID
	State     string
	ByReview  bool // sign-ups wait for a decision
	Waitlist  bool
	Version   int64
	Published int64
}

// Starting and Ending are the shift's times.
func (s Shift) Starting() time.Time { return db.Time(s.Starts) }

// Ending is when the shift is over.
func (s Shift) Ending() time.Time { return db.Time(s.Ends) }

// Free is how many seats of a place are open.
func (s Shift) Free(p Place) int64 {
	if p == Standby {
		return s.StandbyPlaces - s.StandbyTaken
	}
	return s.Places - s.Taken
}

// Signup is a volunteer on a shift.
type Signup struct {
	ID           id.ID
	Shift        id.ID
	Person       id.ID
	Place        Place
	State        State
	Unit         id.ID // organisation she serves for
	Category     int64
	Callup       id.ID
	Proxy        id.ID // who signed her up, "" if she did
	Queue        int64
	OfferedUntil int64
	Reason       string
	Applied      int64
	Accepted     int64
	Arrived      int64
	ArrivedBy    string // code | staff | walkup
	Departed     int64
	Ended        int64 // when it came to nothing, 0 while it stands
	Minutes      int64
	Grade        ledger.Grade
	Walkup       bool
	SteppedIn    bool
	LeftEarly    bool
	AckVersion   int64
	RestReason   string // why staff put her on it against the rules of rest
	Device       string // keyed hash of the day and the device on which she gave the code
	CameFrom     id.ID  // the record under which she did it, before two of hers were merged
	Rev          int64
}

// idle says whether the sign-up came to nothing.
func (u Signup) idle() bool { return u.State.Over() || u.State == NoShow }

// seated says whether the sign-up counts into taken or standby_taken.
func (u Signup) seated() bool {
	return !u.Walkup && (u.State == Offered || u.State == Accepted || u.State == NoShow || u.State.Served())
}
