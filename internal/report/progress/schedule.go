package progress

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Steering are the roles that write schedules.
var Steering = []auth.Role{auth.Admin, auth.Supervisor}

// Create begins a schedule of an organisation.
func Create(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Steering...); err != nil {
		return "", err
	}
	in.Name = ident.Line(in.Name)
	if err := fail.Join(checkName("name", in.Name), checkCampaign(ctx, tx, in.Campaign)); err != nil {
		return "", err
	}
	s := Schedule{ID: tx.NewID(of.Home()), Org: of, Campaign: in.Campaign, Name: in.Name, State: Open, Author: actor.Person, Created: db.MS(tx.Now), Rev: 1}
	if err := insert(tx, s); err != nil {
		return "", err
	}
	return s.ID, record(tx, actor, "progress.created", s.ID, s, nil, s)
}

func checkCampaign(ctx context.Context, r db.Reader, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := campaign.Get(ctx, r, n)
	if fail.KindOf(err) == fail.NotFound {
		err = fail.Field("campaign", "campaign.unknown")
	}
	return err
}

// Close ends a schedule: it is kept and no longer asked about. Reopen takes that back.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID) error {
	return turn(ctx, tx, actor, schedule, Closed, "progress.closed")
}

// Reopen follows a closed schedule again.
func Reopen(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID) error {
	return turn(ctx, tx, actor, schedule, Open, "progress.reopened")
}

func turn(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID, to State, action string) error {
	s, err := steered(ctx, tx, actor, schedule)
	if err != nil || s.State == to {
		return err // a repeated tap is no error
	}
	before := s
	s.State = to
	if err := save(tx, s); err != nil {
		return err
	}
	return record(tx, actor, action, s.ID, s, before, s)
}

// steered reads a schedule for somebody who writes it.
func steered(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID) (Schedule, error) {
	s, err := Get(ctx, tx, schedule)
	if err != nil {
		return s, err
	}
	return s, org.Permit(ctx, tx, actor, s.Org, Steering...)
}

func record(tx *db.Tx, actor auth.Actor, action string, subject id.ID, s Schedule, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: subject, Org: s.Org, Before: before, After: after})
}

// SetRow writes a unit's part of an item, anew or over what was there.
func SetRow(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID, in RowIn) (id.ID, error) {
	s, err := steered(ctx, tx, actor, schedule)
	if err != nil {
		return "", err
	}
	was, w, err := set(ctx, tx, s, in)
	switch {
	case err != nil:
		return "", err
	case was == nil:
		return w.ID, record(tx, actor, "progress.row_added", w.ID, s, nil, w)
	case was.same(w):
		return w.ID, nil
	}
	return w.ID, record(tx, actor, "progress.row_changed", w.ID, s, *was, w)
}

// MostRows is how many rows are written in one transaction.
const MostRows = 50

// SetRows writes many, with one entry in the audit trail, and answers how many are new and how
// many changed. What is wrong with one of them refuses all.
func SetRows(ctx context.Context, tx *db.Tx, actor auth.Actor, schedule id.ID, ins []RowIn) (added, changed int, err error) {
	s, err := steered(ctx, tx, actor, schedule)
	if err != nil {
		return 0, 0, err
	}
	if len(ins) > MostRows {
		return 0, 0, fail.New(fail.TooMany, "progress.too_many", "max", MostRows)
	}
	var before, after []Row
	for _, in := range ins {
		was, w, err := set(ctx, tx, s, in)
		switch {
		case err != nil:
			return 0, 0, err
		case was == nil:
			added++
		case was.same(w):
			continue
		default:
			before, changed = append(before, *was), changed+1
		}
		after = append(after, w)
	}
	if len(after) == 0 {
		return 0, 0, nil
	}
	return added, changed, record(tx, actor, "progress.rows_imported", s.ID, s, before, after)
}

// set writes a row and answers what was there; nil where there was none.
func set(ctx context.Context, tx *db.Tx, s Schedule, in RowIn) (was *Row, w Row, err error) {
	in = in.normal()
	curve, err := in.check()
	if err != nil {
		return nil, w, err
	}
	if err := fits(ctx, tx, s, in); err != nil {
		return nil, w, err
	}
	i, err := itemFor(ctx, tx, s, in)
	if err != nil {
		return nil, w, err
	}
	w = Row{ID: tx.NewID(s.ID.Home()), Schedule: s.ID, Item: i.ID, Org: in.Org, From: in.From, Due: in.Due, Target: in.Target, Curve: curve, Rev: 1}
	fresh, err := insertRow(tx, w)
	if err != nil || fresh {
		return nil, w, err
	}
	old, _, err := rowAt(ctx, tx, i.ID, in.Org)
	if err != nil {
		return nil, w, err
	}
	new := old
	new.From, new.Due, new.Target, new.Curve = w.From, w.Due, w.Target, w.Curve
	if old.same(new) {
		return &old, new, nil
	}
	return &old, new, saveRow(tx, new)
}

// same says whether two states of a row plan the same.
func (w Row) same(x Row) bool {
	return w.From == x.From && w.Due == x.Due && w.Target == x.Target && slices.Equal(w.Curve, x.Curve)
}

// fits refuses a unit that is not below the schedule's organisation, a kind of service that
// there is not, and a schedule that was closed.
func fits(ctx context.Context, tx *db.Tx, s Schedule, in RowIn) error {
	if s.State != Open {
		return fail.New(fail.Conflict, "progress.is_closed")
	}
	below, err := stands(ctx, tx, in.Org, s.Org)
	if err != nil {
		return err
	}
	var errs []error
	if !below {
		errs = append(errs, fail.Field("org", "progress.org_outside"))
	}
	if in.Service != 0 {
		_, err := activity.ServiceOf(ctx, tx, in.Service)
		errs = append(errs, fail.At("service", err))
	}
	return fail.Join(errs...)
}

// itemFor finds the item that a row names, or adds it. An item stays what it was.
func itemFor(ctx context.Context, tx *db.Tx, s Schedule, in RowIn) (Item, error) {
	if err := insertItem(tx, Item{ID: tx.NewID(s.ID.Home()), Schedule: s.ID, Name: in.Item, Indicator: in.Indicator, Service: in.Service, Whole: in.Whole}); err != nil {
		return Item{}, err
	}
	all, err := Items(ctx, tx, s.ID)
	if err != nil {
		return Item{}, err
	}
	at := slices.IndexFunc(all, func(i Item) bool { return i.Name == in.Item })
	if at < 0 {
		return Item{}, fail.New(fail.Conflict, "progress.changed_meanwhile")
	}
	i := all[at]
	if i.Indicator != in.Indicator || i.Service != in.Service || i.Whole != in.Whole {
		return i, fail.Field("item", "progress.item_differs", "name", i.Name)
	}
	return i, nil
}

// RemoveRow takes a unit's part of an item away. A milestone that was reached is taken back
// first.
func RemoveRow(ctx context.Context, tx *db.Tx, actor auth.Actor, row id.ID) error {
	w, _, err := RowOf(ctx, tx, row)
	if err != nil {
		return err
	}
	s, err := steered(ctx, tx, actor, w.Schedule)
	if err != nil {
		return err
	}
	if w.Reached != "" {
		return fail.New(fail.Conflict, "progress.reached_already")
	}
	if err := deleteRow(tx, w); err != nil {
		return err
	}
	if err := dropEmpty(tx, w.Item); err != nil {
		return err
	}
	return record(tx, actor, "progress.row_removed", w.ID, s, w, nil)
}

// Reach says that a unit has reached a milestone on a day, and how: an administrator of the
// unit or above, or a supervisor above.
func Reach(ctx context.Context, tx *db.Tx, actor auth.Actor, row id.ID, day, note string) error {
	w, i, err := RowOf(ctx, tx, row)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, w.Org, Steering...); err != nil {
		return err
	}
	s, err := Get(ctx, tx, w.Schedule)
	if err != nil {
		return err
	}
	day, note = ident.Fold(day), ident.Lines(note)
	if err := reachable(i, w, day, note, db.Day(tx.Now)); err != nil {
		return err
	}
	before := w
	w.Reached, w.Note = day, note
	if err := saveRow(tx, w); err != nil {
		return err
	}
	if err := postReached(ctx, tx, actor, s, w); err != nil {
		return err
	}
	return record(tx, actor, "progress.reached", w.ID, s, before, w)
}

func reachable(i Item, w Row, day, note, today string) error {
	switch {
	case !i.Milestone():
		return fail.New(fail.Conflict, "progress.no_milestone")
	case w.Reached != "":
		return fail.New(fail.Conflict, "progress.reached_already")
	case checkSpan(day, day) != nil || day > today:
		return fail.Field("day", "progress.reached_day")
	case len([]rune(note)) > maxNote:
		return fail.Field("note", "progress.note_length", "max", maxNote)
	}
	return nil
}

// Unreach takes back that a milestone was reached.
func Unreach(ctx context.Context, tx *db.Tx, actor auth.Actor, row id.ID) error {
	w, _, err := RowOf(ctx, tx, row)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, w.Org, Steering...); err != nil || w.Reached == "" {
		return err
	}
	s, err := Get(ctx, tx, w.Schedule)
	if err != nil {
		return err
	}
	before := w
	w.Reached, w.Note = "", ""
	if err := saveRow(tx, w); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, ReachedFact, w.ID, "", before.Reached, actor.Person); err != nil {
		return err
	}
	return record(tx, actor, "progress.unreached", w.ID, s, before, w)
}
