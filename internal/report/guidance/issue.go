package guidance

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/org"
)

// Sight is what somebody saw: a frozen figure of a unit, perhaps with its plan.
type Sight struct {
	Unit            id.ID
	Scheduled       id.ID
	Title           string
	Frozen          figure.Frozen
	Planned, Target int64
}

// See freezes a figure of a unit, as seen on its page. title is what the figure is called.
func See(ctx context.Context, e *figure.Engine, q figure.Query, title string) (Sight, error) {
	if q.Org == "" {
		return Sight{}, fail.New(fail.Invalid, "guidance.no_unit")
	}
	q.By, q.Facts = figure.Whole, false
	f, err := e.Freeze(ctx, q)
	return Sight{Unit: q.Org, Title: title, Frozen: f}, err
}

// SeeRow freezes the figure of a row of a schedule with what was planned for today; with a
// number as it was at that fact, which is when it was shown.
func SeeRow(ctx context.Context, r db.Reader, e *figure.Engine, row id.ID, seq int64, now time.Time) (Sight, error) {
	w, i, s, err := rowOf(ctx, r, row)
	if err != nil {
		return Sight{}, err
	}
	day := db.Day(now)
	q := w.Query(i, s.Campaign, day)
	if i.Milestone() {
		q = figure.Query{Indicator: progress.MilestonesReached.Key, Org: w.Org, Subject: w.ID}
	}
	q.AsOf.Seq = seq
	f, err := e.Freeze(ctx, q)
	return Sight{Unit: w.Org, Scheduled: w.ID, Title: i.Name, Frozen: f, Planned: w.Planned(i, day), Target: w.Target}, err
}

func rowOf(ctx context.Context, r db.Reader, row id.ID) (w progress.Row, i progress.Item, s progress.Schedule, err error) {
	if w, i, err = progress.RowOf(ctx, r, row); err != nil {
		return w, i, s, err
	}
	s, err = progress.Get(ctx, r, w.Schedule)
	return w, i, s, err
}

// From is the organisation from which an actor guides a unit: the nearest above it where she
// is a supervisor or an administrator.
func From(ctx context.Context, r db.Reader, actor auth.Actor, unit id.ID) (id.ID, error) {
	path, err := org.Path(ctx, r, unit)
	if err != nil {
		return "", err
	}
	for i := len(path) - 2; i >= 0; i-- {
		if actor.HasAt(path[i].ID, Guiding...) {
			return path[i].ID, nil
		}
	}
	return "", fail.New(fail.Forbidden, "guidance.not_above")
}

// Begin keeps a directive as a draft, which its desk alone sees.
func Begin(ctx context.Context, tx *db.Tx, actor auth.Actor, seen Sight, in In) (id.ID, error) {
	from, err := From(ctx, tx, actor, seen.Unit)
	if err != nil {
		return "", err
	}
	in.Asked = ident.Lines(in.Asked)
	if err := fail.Join(in.check(tx.Now), checkPeer(in, seen.Unit)); err != nil {
		return "", err
	}
	d := Directive{ID: tx.NewID(seen.Unit.Home()), Org: from, Unit: seen.Unit, Desk: from, Scheduled: seen.Scheduled, Title: ident.Line(seen.Title),
		Seen: seen.Frozen, Planned: seen.Planned, Target: seen.Target, State: Draft, Author: actor.Person, Created: db.MS(tx.Now), Rev: 1}
	d.put(in)
	if err := insert(tx, d); err != nil {
		return "", err
	}
	return d.ID, record(tx, actor, "guidance.drafted", d, nil, d)
}

func checkPeer(in In, unit id.ID) error {
	if in.Peer.Org == unit {
		return fail.Field("peer", "guidance.peer_itself")
	}
	return nil
}

// Revise rewrites a draft.
func Revise(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64, in In) error {
	d, err := guided(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	if err := d.refuse(Draft); err != nil {
		return err
	}
	in.Asked = ident.Lines(in.Asked)
	if err := fail.Join(in.check(tx.Now), checkPeer(in, d.Unit)); err != nil {
		return err
	}
	before := d
	d.put(in)
	if err := save(tx, &d); err != nil {
		return err
	}
	return record(tx, actor, "guidance.revised", d, before, d)
}

// Issue sends a draft to the unit, and its clock begins.
func Issue(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64) error {
	d, err := guided(ctx, tx, actor, directive, rev)
	if err != nil {
		return err
	}
	if err := d.refuse(Draft); err != nil {
		return err
	}
	if d.ReplyBy <= db.MS(tx.Now) {
		return fail.Field("reply_by", "guidance.reply_by")
	}
	d.State, d.Issued = Issued, db.MS(tx.Now)
	if err := clock(tx, &d, d.ReplyBy); err != nil {
		return err
	}
	if err := save(tx, &d); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, d, IssuedFact); err != nil {
		return err
	}
	if err := record(tx, actor, "guidance.issued", d, nil, d); err != nil {
		return err
	}
	return tellUnit(ctx, tx, d, "guidance.issued", d.ReplyBy)
}

// guided reads a directive for one of those who guide, or stand above them. A rev of 0 asks
// for none.
func guided(ctx context.Context, tx *db.Tx, actor auth.Actor, directive id.ID, rev int64) (Directive, error) {
	d, err := Get(ctx, tx, directive)
	if err != nil {
		return d, err
	}
	if err := org.Permit(ctx, tx, actor, d.Org, Guiding...); err != nil {
		return d, err
	}
	return d, current(d, rev)
}

func current(d Directive, rev int64) error {
	if rev != 0 && rev != d.Rev {
		return fail.New(fail.Conflict, "guidance.changed_meanwhile")
	}
	return nil
}

func record(tx *db.Tx, actor auth.Actor, action string, d Directive, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: d.ID, Org: d.Org, Before: before, After: after})
}
