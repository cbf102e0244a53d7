package report

import (
	"context"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Again is how long what was reminded is left alone.
const Again = 6 * time.Hour

// reminding is what a job of reminders is about.
type reminding struct{ Dues []id.ID }

// Remind reminds, in one step, those that owe a period: the administrators of each, or where
// there is none the nearest above. Who was reminded within [Again] is left out. missing are
// what figures say is still missing; it answers how many are reminded.
func Remind(ctx context.Context, tx *db.Tx, actor auth.Actor, duty, period id.ID, missing []id.ID) (int, error) {
	d, err := GetDuty(ctx, tx, duty)
	if err != nil {
		return 0, err
	}
	if err := org.Permit(ctx, tx, actor, d.Org, Keeping...); err != nil {
		return 0, err
	}
	if p, err := getPeriod(ctx, tx, period); err != nil || p.Duty != duty {
		return 0, orElse(err, fail.New(fail.NotFound, "report.unknown"))
	}
	marked, err := markReminded(ctx, tx, period, missing, db.MS(tx.Now), db.MS(tx.Now.Add(-Again)))
	if err != nil || len(marked) == 0 {
		return 0, err
	}
	for rest := marked; len(rest) > 0; rest = rest[min(atOnce, len(rest)):] {
		if err := jobs.Add(tx, jobs.Job{Kind: JobRemind, Ref: period, Args: reminding{rest[:min(atOnce, len(rest))]}}); err != nil {
			return 0, err
		}
	}
	return len(marked), record(tx, actor, "report.reminded", period, d.Org, nil, map[string]any{"n": len(marked)})
}

// remind tells some of those that owe.
func remind(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var some reminding
	if err := j.Into(&some); err != nil {
		return err
	}
	p, err := getPeriod(ctx, tx, j.Ref)
	if err != nil {
		return err
	}
	d, err := GetDuty(ctx, tx, p.Duty)
	if err != nil {
		return err
	}
	for _, due := range some.Dues {
		if err := tellOwing(ctx, tx, d, due); err != nil {
			return err
		}
	}
	return nil
}

// tellOwing tells whoever answers for an organisation that its report is missing.
func tellOwing(ctx context.Context, tx *db.Tx, d Duty, due id.ID) error {
	o, err := GetOwed(ctx, tx, due)
	if err != nil || o.Nothing > 0 {
		return err
	}
	people, err := answering(ctx, tx, o.Org)
	if err != nil {
		return err
	}
	names, err := org.Names(ctx, tx, []id.ID{o.Org})
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := notice.Tell(tx, person, "report.remind", o.ID, "report.remind/"+string(o.ID)+"/"+db.Stamp(tx.Now), "unit", names[o.Org], "duty", d.Name, "due_at", o.Due); err != nil {
			return err
		}
	}
	return nil
}

// answering are the administrators and leaders of an organisation, or of the nearest above it
// that has any.
func answering(ctx context.Context, r db.Reader, at id.ID) ([]id.ID, error) {
	path, err := org.Path(ctx, r, at)
	if err != nil {
		return nil, err
	}
	for i := len(path) - 1; i >= 0; i-- {
		people, err := holders(ctx, r, path[i].ID, auth.Admin, auth.Leader)
		if err != nil || len(people) > 0 {
			return people, err
		}
	}
	return nil, nil
}

// tellAuthor tells who wrote a report how it went.
func tellAuthor(tx *db.Tx, p Report, kind string) error {
	return notice.Tell(tx, p.Author, kind, p.ID, kind+"/"+string(p.ID)+"/"+db.Stamp(tx.Now), "from", p.From, "to", p.To, "n", p.Number)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
