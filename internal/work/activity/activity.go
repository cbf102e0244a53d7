package activity

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// State is the review state of an activity; doc.go draws how they follow.
type State string

// The states.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Published State = "published"
	Cancelled State = "cancelled"
	Settled   State = "settled"
)

// States lists all states in the order in which pages show them.
func States() []State {
	return []State{Draft, Submitted, Returned, Published, Settled, Cancelled}
}

// editable says whether its organiser is still writing it.
func (s State) editable() bool { return s == Draft || s == Returned }

// alive says whether anything may still be done with it.
func (s State) alive() bool { return s != Cancelled && s != Settled }

// Signup says how people come to be on its shifts.
type Signup string

// Open: whoever is eligible is on it at once. ByApproval: a leader decides.
const (
	SignupOpen     Signup = "open"
	SignupApproval Signup = "approval"
)

// Edit is what is typed about an activity. Area 0 stands for the organiser's own;
// Contact is an office's telephone number, never a person's; Leader is the
// person who leads it, empty for whoever writes it.
type Edit struct {
	Campaign   int64
	Service    int64
	Title      string
	Content    string
	Place      string
	Area       area.Code
	Conditions string
	How        string
	Risks      string
	Protection string
	Contact    string
	Leader     id.ID
	Signup     Signup
	Waitlist   bool
}

// Activity is a row of activity_activity. Moments are unix ms, 0 for never.
type Activity struct {
	Edit
	Home        string
	ID          id.ID
	Org         id.ID // the organiser, which counts it
	Risky       bool  // its kind of service is, or a post of it
	State       State
	Reason      string // of its return or cancellation
	Author      id.ID  // who answers for its text: whoever wrote, then whoever submitted it
	Submitted   int64
	Due         int64 // until when the review should be done
	ReviewerOrg id.ID // whose desk it is on
	Raised      int64 // how often its review rose
	Published   int64
	Version     int64 // of what people signed up for; 1 at publication
	Starts      int64 // span of its shifts
	Ends        int64
	Created     int64
	Rev         int64
}

// Phase is where a published activity stands by the clock.
type Phase string

// The phases. An activity that was not published, or was cancelled, has none.
const (
	Coming  Phase = "coming"
	Running Phase = "running"
	Ended   Phase = "ended"
)

// Phase tells whether the activity is still to come, running or over.
func (a Activity) Phase(now time.Time) Phase {
	switch at := db.MS(now); {
	case a.State == Settled:
		return Ended
	case a.State != Published:
		return ""
	case at < a.Starts:
		return Coming
	case at < a.Ends:
		return Running
	}
	return Ended
}

// Overdue says whether its review is late.
func (a Activity) Overdue(now time.Time) bool {
	return a.State == Submitted && db.MS(now) >= a.Due
}

// Span is the time from an activity's first shift to its last, and how many
// shifts there are. Package roster knows it.
type Span struct {
	Starts int64
	Ends   int64
	Shifts int
}

// PostIn is what is typed about a post. Ages of 0 mean no limit, Skill 0 none;
// whoever takes it holds all Certificates on the day; places are the default of
// its shifts.
type PostIn struct {
	Name          string
	Duty          string
	MinAge        int64
	MaxAge        int64
	Skill         int64
	Certificates  people.KindSet
	Risky         bool
	Places        int64
	StandbyPlaces int64
}

// Post is one kind of duty of an activity.
type Post struct {
	PostIn
	ID       id.ID
	Activity id.ID
}

// Part is what a co-organiser does.
type Part string

// Host: organises it too. Assist: helps.
const (
	Host   Part = "host"
	Assist Part = "assist"
)

// CoOrg is an organisation beside the organiser. It sees the activity as its
// own; the figures count it for the organiser alone.
type CoOrg struct {
	Org  id.ID
	Part Part
}

// Service is a kind of service.
type Service struct {
	ID    int64
	Slug  string
	Name  string
	Risky bool
	Open  bool // to new activities
}

// Changed is one difference: a field of Edit, and its value before and after as
// it is kept (codes for choices; nothing for the leader, who has a name).
type Changed struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Diff is what a change made different.
type Diff []Changed

// organisers write and publish activities of their organisation and below.
var organisers = []auth.Role{auth.Leader, auth.Admin}

// reviewers decide on what is submitted to their organisation.
var reviewers = []auth.Role{auth.Reviewer, auth.Admin}
