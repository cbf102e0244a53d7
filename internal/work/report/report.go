package report

import (
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// Every says how often a duty comes round.
type Every string

// How often.
const (
	Once    Every = "once"
	Daily   Every = "daily"
	Weekly  Every = "weekly" // Monday to Sunday
	Monthly Every = "monthly"
)

// Rhythms are all of them.
func Rhythms() []Every { return []Every{Daily, Weekly, Monthly, Once} }

// Duty says who is to report, how often, and by when.
type Duty struct {
	ID       id.ID
	Org      id.ID // whose it is
	Campaign int64 // whose figures it makes complete; 0: all
	Name     string
	Under    id.ID // who reports is at or below it
	Types    []org.Type
	Every    Every
	From, To string // days; To is empty while no end is set
	Grace    int64  // days after a period's last within which a report is to come
	Clock    string // and the hour of that day
	Closed   bool
	Author   id.ID
	Created  int64
	Rev      int64
}

// Period is one turn of a duty.
type Period struct {
	ID       id.ID
	Duty     id.ID
	From, To string
	Due      int64 // ms
	Opened   int64 // ms; 0: not all who report were asked yet
}

// Owed is what one organisation owes for one period.
type Owed struct {
	ID       id.ID
	Period   id.ID
	Org      id.ID
	From, To string
	Due      int64 // ms
	Campaign int64
	Nothing  int64 // ms; when it said that there was nothing, 0: it did not
	SaidBy   id.ID
	Reminded int64 // ms
}

// Late says whether a report that is still missing is late.
func (o Owed) Late(now time.Time) bool { return db.MS(now) > o.Due }

// State is where a report stands.
type State string

// The states, as drawn in the package's comment.
const (
	Submitted State = "submitted"
	Accepted  State = "accepted"
	Returned  State = "returned"
	Withdrawn State = "withdrawn"
	Corrected State = "corrected"
)

// Report is a total that a unit reports.
type Report struct {
	ID        id.ID
	Org       id.ID
	Key       string // of the declared indicator
	Campaign  int64
	From, To  string
	Number    int64
	Note      string
	State     State
	Author    id.ID
	Submitted int64
	Reviewer  id.ID
	Decided   int64
	Reason    string
	Corrects  id.ID // the accepted report that it replaces
	Rev       int64
}

// In is what is typed about a report.
type In struct {
	Key      string
	Campaign int64
	From, To string
	Number   string // as typed
	Note     string
	File     *File // nil: none, or the one that is there
}

// refuse says why a step cannot be taken in the state of a report.
func (p Report) refuse(from ...State) error {
	if slices.Contains(from, p.State) {
		return nil
	}
	return fail.New(fail.Conflict, "report.not_while."+string(p.State))
}

// Who may do what: Reporting write for their organisation, Keeping set duties.
var (
	Reporting = []auth.Role{auth.Leader, auth.Admin, auth.Editor}
	Keeping   = []auth.Role{auth.Admin, auth.Supervisor}
	Reviewing = []auth.Role{auth.Admin, auth.Reviewer}
)
