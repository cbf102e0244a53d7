package people

import (
	"context"
	"encoding/json"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/org"
)

// MergeState is where the merging of two records stands.
type MergeState string

// The states. A merge is proposed by one person and decided by a second; what was merged can
// be parted again.
//
//	proposed ──► merging ──► merged ──► undoing ──► undone
//	    └──► refused
const (
	MergeProposed MergeState = "proposed"
	Merging       MergeState = "merging"
	MergeDone     MergeState = "merged"
	Undoing       MergeState = "undoing"
	Undone        MergeState = "undone"
	MergeRefused  MergeState = "refused"
)

// Merge is the merging of a duplicate into the record that survives.
type Merge struct {
	ID         id.ID
	Duplicate  id.ID
	Survivor   id.ID
	State      MergeState
	ProposedBy id.ID
	Proposed   int64
	DecidedBy  id.ID
	Decided    int64
	UndoneBy   id.ID
	Done       int64

	step, moved int64
}

// Kinds of job that move the records.
const (
	jobMerge   = "people.merge"
	jobUnmerge = "people.unmerge"
)

// judges decide on a merge as the second person.
var judges = []auth.Role{auth.Admin, auth.Reviewer}

// ProposeMerge says that two records are one person's. Nothing moves before a second person
// has agreed ([DecideMerge]).
func ProposeMerge(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, duplicate, survivor id.ID) (Merge, error) {
	m := Merge{ID: tx.NewID(duplicate.Home()), Duplicate: duplicate, Survivor: survivor, State: MergeProposed, ProposedBy: actor.Person, Proposed: db.MS(tx.Now)}
	d, s, err := pair(ctx, tx, actor, m, keepers...)
	if err != nil {
		return m, err
	}
	if err := mergeable(ctx, tx, keys, d, s); err != nil {
		return m, err
	}
	if fresh, err := putMerge(tx, m); err != nil || !fresh {
		return m, orTaken(err, fail.New(fail.Conflict, "people.merge_proposed"))
	}
	return m, m.record(tx, actor, s, "people.merge_proposed")
}

// pair reads both records for an actor who must reach both.
func pair(ctx context.Context, r db.Reader, actor auth.Actor, m Merge, roles ...auth.Role) (d, s Person, err error) {
	if d, err = get(ctx, r, m.Duplicate); err == nil {
		s, err = get(ctx, r, m.Survivor)
	}
	for _, p := range []Person{d, s} {
		if err == nil {
			err = permit(ctx, r, actor, p.Standing, roles...)
		}
	}
	return d, s, err
}

// mergeable refuses records that cannot be one person's, and those that only go together
// after something else is put right.
func mergeable(ctx context.Context, r db.Reader, keys *crypt.Keys, d, s Person) error {
	switch {
	case d.ID == s.ID:
		return fail.New(fail.Conflict, "people.merge_same")
	case d.State != Active || s.State != Active || !d.Has(FieldName) || !s.Has(FieldName):
		return fail.New(fail.Conflict, "people.merge_state")
	case d.Guardian == s.ID || s.Guardian == d.ID:
		return fail.New(fail.Conflict, "people.merge_guardian")
	case d.Volunteer && !s.Volunteer:
		return fail.New(fail.Conflict, "people.merge_other_way")
	}
	a, err := accountOf(ctx, r, d.ID)
	if err == nil && a.Person != "" {
		err = fail.New(fail.Conflict, "people.merge_account")
	}
	if err == nil {
		err = sameIDNo(keys, d, s)
	}
	if err != nil {
		return err
	}
	busy, err := moving(ctx, r, d.ID, s.ID)
	if err == nil && !busy {
		busy, err = closing(ctx, r, d.ID, s.ID)
	}
	if err == nil && busy {
		err = fail.New(fail.Conflict, "people.merge_busy")
	}
	return err
}

// sameIDNo: two identity numbers are two persons, or one of them was mistyped.
func sameIDNo(keys *crypt.Keys, d, s Person) error {
	a, err := d.Open(keys, FieldIDNo)
	if err != nil {
		return err
	}
	b, err := s.Open(keys, FieldIDNo)
	if err == nil && a != "" && b != "" && a != b {
		err = fail.New(fail.Conflict, "people.merge_idno")
	}
	return err
}

// DecideMerge is the second person's word on a proposal. With a yes the duplicate stands for
// nothing from now on, and a job moves what it holds, some at a time.
func DecideMerge(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, merge id.ID, agreed bool) (Merge, error) {
	m, err := MergeOf(ctx, tx, merge)
	if err != nil {
		return m, err
	}
	d, s, err := pair(ctx, tx, actor, m, judges...)
	if err == nil {
		err = second(ctx, tx, actor, m, s)
	}
	if err != nil {
		return m, err
	}
	to, action := MergeRefused, "people.merge_refused"
	if agreed {
		to, action = Merging, "people.merge_begun"
		if err := mergeable(ctx, tx, keys, d, s); err != nil {
			return m, err
		}
	}
	if moved, err := moveMerge(tx, m.ID, MergeProposed, to, actor.Person); err != nil || !moved {
		return m, orTaken(err, fail.New(fail.Conflict, "people.merge_decided"))
	}
	m.State, m.DecidedBy, m.Decided = to, actor.Person, db.MS(tx.Now)
	if agreed {
		if err := begun(tx, m); err != nil {
			return m, err
		}
	}
	return m, m.record(tx, actor, s, action)
}

// second refuses whoever may not be the second person.
func second(ctx context.Context, r db.Reader, actor auth.Actor, m Merge, s Person) error {
	at, err := DefaultUnit(ctx, r, s.Standing)
	if err != nil {
		return err
	}
	return org.SecondPerson(ctx, r, actor, m.ProposedBy, at)
}

// begun makes the duplicate stand for the survivor from this moment on. Whatever stood for
// the duplicate stands for the survivor too, so that every id is one step from its record.
func begun(tx *db.Tx, m Merge) error {
	if stands, err := standFor(tx, m.Duplicate, m.Survivor); err != nil || !stands {
		return orTaken(err, fail.New(fail.Conflict, "people.merge_state"))
	}
	if err := endSessions(tx, m.Duplicate, []byte{}); err != nil {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: jobMerge, Key: jobMerge + "/" + string(m.ID), Ref: m.ID})
}

// Unmerge parts two records that were merged: the same backwards. Merges into one record are
// undone in the order opposite to that in which they were made.
func Unmerge(ctx context.Context, tx *db.Tx, actor auth.Actor, merge id.ID) (Merge, error) {
	m, err := MergeOf(ctx, tx, merge)
	if err != nil {
		return m, err
	}
	_, s, err := pair(ctx, tx, actor, m, judges...)
	if err != nil {
		return m, err
	}
	if s.State != Active {
		return m, fail.New(fail.Conflict, "people.unmerge_survivor")
	}
	later, err := mergedSince(ctx, tx, m)
	if err == nil && later {
		err = fail.New(fail.Conflict, "people.unmerge_later")
	}
	if err != nil {
		return m, err
	}
	if moved, err := moveMerge(tx, m.ID, MergeDone, Undoing, actor.Person); err != nil || !moved {
		return m, orTaken(err, fail.New(fail.Conflict, "people.unmerge_state"))
	}
	m.State, m.UndoneBy = Undoing, actor.Person
	if err := jobs.Add(tx, jobs.Job{Kind: jobUnmerge, Key: jobUnmerge + "/" + string(m.ID), Ref: m.ID}); err != nil {
		return m, err
	}
	return m, m.record(tx, actor, s, "people.unmerge_begun")
}

// record tells the audit trail, at both records.
func (m Merge) record(tx *db.Tx, actor auth.Actor, s Person, action string) error {
	told := map[string]any{"merge": m.ID, "duplicate": m.Duplicate, "survivor": m.Survivor, "state": m.State}
	for _, subject := range []id.ID{m.Duplicate, m.Survivor} {
		if err := audit.Record(tx, actor, audit.Entry{Action: action, Subject: subject, Org: s.Station, After: told}); err != nil {
			return err
		}
	}
	return nil
}

// A MergeStep moves what one area keeps of a duplicate to the survivor, and back. Package app
// gives the steps of all areas to [Schedule].
type MergeStep struct {
	Area string

	// Merge moves some of it, notes each thing moved, and answers whether there is more. It
	// keeps the writer for some milliseconds only and may come again at any time.
	Merge func(ctx context.Context, tx *db.Tx, m *Move) (more bool, err error)

	// Undo moves back one thing that Merge noted.
	Undo func(ctx context.Context, tx *db.Tx, m *Move, was Moved) error

	// Moves are the columns of the area's tables that name a person and are moved; Stays
	// are those that are not, each with why.
	Moves []string
	Stays map[string]string
}

// Move is a merge on its way, as a step sees it.
type Move struct {
	From, To id.ID // the duplicate and the survivor; the other way round in nothing: an undo has the same
	By       id.ID // who decided it
	Merge    Merge

	tx   *db.Tx
	area string
}

// Moved is one thing that was moved, and what it was.
type Moved struct {
	What string
	Ref  id.ID
	was  string
}

// Into reads what was noted of it.
func (w Moved) Into(v any) error { return json.Unmarshal([]byte(w.was), v) }

// Note remembers what is being moved, in this transaction.
func (m *Move) Note(what string, ref id.ID, was any) error {
	text, err := json.Marshal(was)
	if err != nil {
		return err
	}
	m.Merge.moved++
	return putMoved(m.tx, m.Merge.ID, m.Merge.moved, m.area, Moved{what, ref, string(text)})
}

// mover does the jobs of merging with the steps of all areas, its own first.
type mover struct{ steps []MergeStep }

// merge is the job that moves the duplicate's records, area by area.
func (v mover) merge(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	m, err := MergeOf(ctx, tx, j.Ref)
	if err != nil || m.State != Merging {
		return err
	}
	if m.step < int64(len(v.steps)) {
		s := v.steps[m.step]
		more, err := s.Merge(ctx, tx, &Move{From: m.Duplicate, To: m.Survivor, By: m.DecidedBy, Merge: m, tx: tx, area: s.Area})
		if err == nil && !more {
			err = nextStep(tx, m.ID)
		}
		if err != nil {
			return err
		}
		return jobs.Again
	}
	return finish(ctx, tx, m, Merging, MergeDone, "people.merged")
}

// undoAtOnce bounds what one turn of an undo moves back.
const undoAtOnce = 10

// unmerge is the job that moves everything back, the last first.
func (v mover) unmerge(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	m, err := MergeOf(ctx, tx, j.Ref)
	if err != nil || m.State != Undoing {
		return err
	}
	some, err := lastMoved(ctx, tx, m.ID, undoAtOnce)
	if err != nil {
		return err
	}
	for _, w := range some {
		for _, s := range v.steps {
			if s.Area != w.area {
				continue
			}
			if err := s.Undo(ctx, tx, &Move{From: m.Duplicate, To: m.Survivor, By: m.UndoneBy, Merge: m, tx: tx, area: s.Area}, w.Moved); err != nil {
				return err
			}
		}
		if err := dropMoved(tx, m.ID, w.n); err != nil {
			return err
		}
	}
	if len(some) > 0 {
		return jobs.Again
	}
	if err := standAlone(tx, m.Duplicate); err != nil {
		return err
	}
	return finish(ctx, tx, m, Undoing, Undone, "people.unmerged")
}

func finish(ctx context.Context, tx *db.Tx, m Merge, from, to MergeState, action string) error {
	if moved, err := moveMerge(tx, m.ID, from, to, ""); err != nil || !moved {
		return err
	}
	s, err := get(ctx, tx, m.Survivor)
	if err != nil {
		return err
	}
	m.State = to
	return m.record(tx, auth.System, s, action)
}
