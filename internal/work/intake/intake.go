package intake

import (
	"encoding/json"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// State is where a batch stands.
type State string

// The states, as drawn in the package's comment.
const (
	Reading  State = "reading"
	Refused  State = "refused"
	Checked  State = "checked"
	Entering State = "entering"
	Done     State = "done"
	Undoing  State = "undoing"
	Undone   State = "undone"
	Dropped  State = "dropped"
)

// Busy reports whether a job is at work on it.
func (s State) Busy() bool { return s == Reading || s == Entering || s == Undoing }

// RowState is where a row stands.
type RowState string

// The states of rows.
const (
	Good   RowState = "good"
	Bad    RowState = "bad"
	Same   RowState = "same"
	Made   RowState = "made"
	Failed RowState = "failed"
	Back   RowState = "undone"
	Kept   RowState = "kept"
)

// Kind says what the rows of a list are.
type Kind string

// The kinds of lists.
const (
	Orgs       Kind = "orgs"
	Volunteers Kind = "volunteers"
	Activities Kind = "activities"
	Attendance Kind = "attendance"
)

// Kinds are all kinds of lists.
func Kinds() []Kind { return []Kind{Orgs, Volunteers, Activities, Attendance} }

// ParseKind reads the name of a kind.
func ParseKind(s string) (Kind, error) {
	if !slices.Contains(Kinds(), Kind(s)) {
		return "", fail.New(fail.NotFound, "intake.kind_unknown")
	}
	return Kind(s), nil
}

// bringers may bring a list for their organisation or one below it.
var bringers = []auth.Role{auth.Admin}

const (
	// UndoWithin is how long after its end a whole import can be taken back.
	UndoWithin = 24 * time.Hour

	keepChecked = 7 * 24 * time.Hour // a list that nobody entered
	keepRows    = 7 * 24 * time.Hour // the rows of one that was entered
)

// Batch is one list.
type Batch struct {
	Home    string
	ID      id.ID
	Kind    Kind
	Org     id.ID
	State   State
	Size    int64
	Paper   bool
	Lang    string
	Author  id.ID
	Created int64
	Ended   int64
	Total   int64
	At      int64
	Good    int64
	Bad     int64
	Same    int64
	Made    int64
	Failed  int64
	Undone  int64
	Kept    int64
	Told    Told
	Purged  bool
	Rev     int64

	name []byte
}

// Told is what is said of a batch as a whole.
type Told struct {
	Refused *Fault   `json:"refused,omitempty"` // why it could not be read
	Sheets  []string `json:"sheets,omitempty"`
	Unknown []string `json:"unknown,omitempty"` // columns that are nobody's
	Totals  int      `json:"totals,omitempty"`
	Footers int      `json:"footers,omitempty"`
	Rows    int      `json:"rows,omitempty"`    // hidden ones
	Columns int      `json:"columns,omitempty"` // hidden ones
}

// Undoable reports whether the import can be taken back at that moment.
func (b Batch) Undoable(now int64) bool {
	return b.State == Done && now < b.Ended+UndoWithin.Milliseconds()
}

// Fault is what is wrong with a cell, or with the row where Col is empty.
type Fault struct {
	Col  string `json:"col,omitempty"`
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
	Hint string `json:"hint,omitempty"` // what may have been meant
}

// faultsOf makes faults of a refusal; col names a command's field in the words of the list.
func faultsOf(err error, col func(string) string) []Fault {
	fields := fail.Fields(err)
	if len(fields) == 0 {
		return []Fault{{Key: fail.Key(err), Args: fail.Args(err)}}
	}
	out := make([]Fault, len(fields))
	for i, f := range fields {
		out[i] = Fault{Col: col(f.Field), Key: f.Key, Args: f.Args}
	}
	return out
}

// Row is one row of a list.
type Row struct {
	ID    id.ID
	N     int64
	Line  int64
	State RowState
	Made  id.ID
	Body

	body, mark []byte
}

// Body is what a row holds: personal, and sealed where it is kept.
type Body struct {
	Cells  map[string]string `json:"cells"`            // as they stand in the file
	Values map[string]string `json:"values,omitempty"` // as they are read, where that differs
	Faults []Fault           `json:"faults,omitempty"`
}

// value is what a cell says.
func (b Body) value(col string) string {
	if v, ok := b.Values[col]; ok {
		return v
	}
	return b.Cells[col]
}

func (b Body) text() string {
	raw, _ := json.Marshal(b) // of strings
	return string(raw)
}
