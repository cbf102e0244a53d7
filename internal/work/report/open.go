package report

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/org"
)

// The jobs of this area: a period opens, and what is missing is reminded, in chunks.
const (
	JobOpen   = "report.open"
	JobRemind = "report.remind"
)

// Handle gives a runner the jobs of this area.
func Handle(r *jobs.Runner) {
	r.Handle(JobOpen, open)
	r.Handle(JobRemind, remind)
}

// atOnce is how many organisations a job's turn asks: the writer is held so long.
const atOnce = 50

// from is after which organisation a chunk begins.
type from struct{ After id.ID }

// place is an organisation that is to report, and where it is.
type place struct {
	org  id.ID
	area int64
}

// plan writes the period of a duty that begins on a day, and leaves the job that opens it.
func plan(tx *db.Tx, d Duty, day string) error {
	p, ok := d.period(day)
	if !ok {
		return nil
	}
	p.ID = tx.NewID(d.Org.Home())
	if err := insertPeriod(tx, p); err != nil {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: JobOpen, Ref: p.ID, Args: from{}, At: p.opens()})
}

// open lets a period fall due for some organisations, and leaves a job for the others; after
// the last the next period is planned.
func open(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var at from
	if err := j.Into(&at); err != nil {
		return err
	}
	p, err := getPeriod(ctx, tx, j.Ref)
	if err != nil {
		return err
	}
	d, err := GetDuty(ctx, tx, p.Duty)
	if err != nil || d.Closed && at.After == "" {
		return err
	}
	some, err := reporting(ctx, tx, d, at.After, atOnce)
	if err != nil {
		return err
	}
	for _, o := range some {
		if err := owe(ctx, tx, d, p, o); err != nil {
			return err
		}
	}
	if len(some) == atOnce {
		return jobs.Add(tx, jobs.Job{Kind: JobOpen, Ref: p.ID, Args: from{some[len(some)-1].org}})
	}
	if err := markOpened(tx, p); err != nil || d.Closed {
		return err
	}
	return plan(tx, d, p.after())
}

// owe writes what an organisation owes for a period, once.
func owe(ctx context.Context, tx *db.Tx, d Duty, p Period, at place) error {
	o := owed(tx, d, p, at.org)
	fresh, err := insertOwed(tx, o)
	if err != nil || !fresh {
		return err
	}
	return postDue(ctx, tx, o, at)
}

func owed(tx *db.Tx, d Duty, p Period, at id.ID) Owed {
	return Owed{ID: tx.NewID(at.Home()), Period: p.ID, Org: at, From: p.From, To: p.To, Due: p.Due, Campaign: d.Campaign}
}

// reporting lists the next organisations that are to report under a duty, by id.
func reporting(ctx context.Context, r db.Reader, d Duty, after id.ID, limit int) ([]place, error) {
	types := ""
	for _, t := range d.Types {
		types += " " + string(t)
	}
	return organisations(ctx, r, d.Under, types+" ", after, limit)
}

// typeList writes types as they are kept.
func typeList(types []org.Type) (text string) {
	for i, t := range types {
		if i > 0 {
			text += " "
		}
		text += string(t)
	}
	return text
}
