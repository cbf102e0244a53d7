package guidance

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// JobRaise is the job at the end of a directive's clock.
const JobRaise = "guidance.raise"

// clock sets by when the next thing is awaited, and leaves the job that looks then.
func clock(tx *db.Tx, d *Directive, due int64) error {
	d.Due = due
	return jobs.Add(tx, jobs.Job{Kind: JobRaise, Key: JobRaise + "/" + string(d.ID) + "/" + db.Stamp(db.Time(due)), Ref: d.ID, At: db.Time(due + 1)})
}

// Raise puts an overdue directive on the desk of the next tier and tells both sides; at the
// top it can only tell.
func Raise(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	d, err := Get(ctx, tx, j.Ref)
	if err != nil || !d.Overdue(tx.Now) || d.Due == 0 || db.MS(tx.Now) <= d.Due {
		return err
	}
	late := d.Desk
	next, err := org.Above(ctx, tx, late)
	if err != nil {
		return err
	}
	if d.Raised == 0 {
		if err := post(ctx, tx, auth.System, d, OverdueFact); err != nil {
			return err
		}
	}
	if d.Raised, d.Due = d.Raised+1, 0; next != "" {
		s, err := config.Load(ctx, tx)
		if err != nil {
			return err
		}
		d.Desk = next
		if err := clock(tx, &d, db.MS(tx.Now.Add(s.RaiseAfter))); err != nil {
			return err
		}
	}
	if err := save(tx, &d); err != nil {
		return err
	}
	if err := tellLate(ctx, tx, d, late, next); err != nil {
		return err
	}
	return record(tx, auth.System, "guidance.raised", d, map[string]any{"desk": late}, map[string]any{"desk": d.Desk})
}

// tellLate tells the unit, the desk on which it was overdue, and the one to which it rose.
func tellLate(ctx context.Context, tx *db.Tx, d Directive, late, next id.ID) error {
	if err := tellUnit(ctx, tx, d, "guidance.overdue", d.Awaited()); err != nil {
		return err
	}
	if err := tell(ctx, tx, d, late, Guiding, "guidance.late", d.Awaited()); err != nil || next == "" {
		return err
	}
	return tell(ctx, tx, d, next, Guiding, "guidance.raised", d.Awaited())
}

// tellUnit writes to the administrators of the unit, or where there are none to those of the
// nearest above it that answer for it.
func tellUnit(ctx context.Context, tx *db.Tx, d Directive, kind string, due int64) error {
	between, err := beneath(ctx, tx, d)
	if err != nil {
		return err
	}
	for _, at := range between {
		some, err := holders(ctx, tx, at, []auth.Role{auth.Admin})
		if err != nil {
			return err
		}
		if len(some) > 0 {
			return tell(ctx, tx, d, at, []auth.Role{auth.Admin}, kind, due)
		}
	}
	return nil
}

// tellDesk writes to those who look after it.
func tellDesk(ctx context.Context, tx *db.Tx, d Directive, kind string, due int64) error {
	if err := tell(ctx, tx, d, d.Org, Guiding, kind, due); err != nil || d.Desk == d.Org {
		return err
	}
	return tell(ctx, tx, d, d.Desk, Guiding, kind, due)
}

// tell writes to everybody who holds one of the roles at an organisation.
func tell(ctx context.Context, tx *db.Tx, d Directive, at id.ID, roles []auth.Role, kind string, due int64) error {
	people, err := holders(ctx, tx, at, roles)
	if err != nil {
		return err
	}
	names, err := org.Names(ctx, tx, []id.ID{d.Unit})
	if err != nil {
		return err
	}
	for _, person := range people {
		once := kind + "/" + string(d.ID) + "/" + db.Stamp(tx.Now)
		if err := notice.Tell(tx, person, kind, d.ID, once, "unit", names[d.Unit], "title", d.Title, "due_at", due); err != nil {
			return err
		}
	}
	return nil
}
