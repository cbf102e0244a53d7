package callup

import (
	"context"
	"strconv"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Begin drafts a call-up.
func Begin(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Writing...); err != nil {
		return "", err
	}
	in.tidy()
	if err := fail.Join(in.check(tx.Now), resolve(ctx, tx, of, in)); err != nil {
		return "", err
	}
	c := CallUp{ID: tx.NewID(of.Home()), Org: of, State: Draft, Author: actor.Person, Created: db.MS(tx.Now), Version: 1, Rev: 1}
	c.put(in)
	if err := insertCallUp(tx, c); err != nil {
		return "", err
	}
	return c.ID, record(tx, actor, "callup.drafted", c.ID, c.Org, nil, c)
}

// put takes what was typed.
func (c *CallUp) put(in In) {
	c.Title, c.Text, c.Appeal, c.Service, c.Campaign, c.Drill, c.Most, c.Lines = in.Title, in.Text, in.Appeal, in.Service, in.Campaign, in.Drill, in.Most, in.Lines
	c.AnswerBy, c.Until = db.MS(in.AnswerBy), db.MS(in.Until)
}

// resolve refuses what names something that is not there.
func resolve(ctx context.Context, tx *db.Tx, of id.ID, in In) error {
	var errs []error
	if in.Service != 0 {
		_, err := activity.ServiceOf(ctx, tx, in.Service)
		errs = append(errs, fail.At("service", err))
	}
	if in.Campaign != 0 {
		errs = append(errs, fail.At("campaign", campaign.Takes(ctx, tx, in.Campaign, of)))
	}
	if in.Appeal != "" {
		a, err := GetAppeal(ctx, tx, in.Appeal)
		if err == nil && (a.Org != of || a.State == Withdrawn) {
			err = fail.Field("appeal", "callup.appeal_not_yours")
		}
		errs = append(errs, err)
	}
	for _, l := range in.Lines {
		if l.Category != 0 {
			_, err := people.CategoryOf(ctx, tx, l.Category)
			errs = append(errs, err)
		}
	}
	return fail.Join(errs...)
}

// Revise rewrites a draft. Who was chosen to receive it is chosen anew where the lines change.
func Revise(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, in In) error {
	c, err := drafted(ctx, tx, actor, callup, Writing)
	if err != nil {
		return err
	}
	in.tidy()
	if err := fail.Join(in.check(tx.Now), resolve(ctx, tx, c.Org, in)); err != nil {
		return err
	}
	before := c
	c.put(in)
	if !sameLines(before.Lines, c.Lines) {
		planned, err := plannedOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := dropPlanned(tx, c.ID, planned); err != nil {
			return err
		}
	}
	if err := replaceLines(tx, c); err != nil {
		return err
	}
	if err := saveCallUp(tx, &c); err != nil {
		return err
	}
	return record(tx, actor, "callup.revised", c.ID, c.Org, before, c)
}

func sameLines(a, b []Line) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// drafted reads a draft for somebody who may change it.
func drafted(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, who []auth.Role) (CallUp, error) {
	c, err := permitted(ctx, tx, actor, callup, who)
	if err == nil && c.State != Draft {
		err = fail.New(fail.Conflict, "callup.not_while."+string(c.State))
	}
	return c, err
}

func permitted(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, who []auth.Role) (CallUp, error) {
	c, err := Get(ctx, tx, callup)
	if err != nil {
		return c, err
	}
	return c, org.Permit(ctx, tx, actor, c.Org, who...)
}

func plannedOf(ctx context.Context, r db.Reader, callup id.ID) ([]Receipt, error) {
	all, err := Below(ctx, r, callup, "")
	planned := make([]Receipt, len(all))
	for i, one := range all {
		planned[i] = one.Receipt
	}
	return planned, err
}

// SetReceivers says who receives a draft, with which quotas, in the place of who did before.
func SetReceivers(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, all []Receiver) error {
	c, err := drafted(ctx, tx, actor, callup, Writing)
	if err != nil {
		return err
	}
	before, err := plannedOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if err := dropPlanned(tx, c.ID, before); err != nil {
		return err
	}
	if err := handOut(ctx, tx, c, Receipt{Org: c.Org}, all, c.Places()); err != nil {
		return err
	}
	return record(tx, actor, "callup.receivers", c.ID, c.Org, before, all)
}

// within refuses a receiver that is not below the sender: itself and what stands above would
// make a circle, others are not the sender's to call up.
func within(ctx context.Context, r db.Reader, c CallUp, sender, to id.ID) error {
	below, err := org.Under(ctx, r, sender, to)
	if err != nil {
		return err
	}
	if below && sender != to {
		return nil
	}
	circle, err := org.Under(ctx, r, to, sender)
	if err != nil {
		return err
	}
	if circle {
		return refuseReceiver(ctx, r, to, "callup.loop")
	}
	return refuseReceiver(ctx, r, to, "callup.outside")
}

func refuseReceiver(ctx context.Context, r db.Reader, at id.ID, key string) error {
	names, err := org.Names(ctx, r, []id.ID{at})
	if err != nil {
		return err
	}
	return fail.Field("receivers", key, "unit", names[at])
}

// The jobs of this area.
const (
	JobDeliver = "callup.deliver"
	JobRemind  = "callup.remind"
	JobNudge   = "callup.nudge"
	JobAsk     = "callup.ask"
	JobHundred = "callup.hundred"
	JobTell    = "callup.tell"
	JobEnd     = "callup.end"
	JobLapse   = "callup.lapse"
)

// Handle gives a runner the jobs of this area.
func Handle(r *jobs.Runner) {
	r.Handle(JobDeliver, deliver)
	r.Handle(JobRemind, remind)
	r.Handle(JobNudge, nudge)
	r.Handle(JobAsk, ask)
	r.Handle(JobHundred, hundred)
	r.Handle(JobTell, tellChange)
	r.Handle(JobEnd, tellEnd)
	r.Handle(JobLapse, lapse)
}

// atOnce is how many receivers or people a turn of a job takes: the writer is held so long.
const atOnce = 25

// after is behind what a chunk begins.
type after struct{ ID id.ID }

// Issue sends a draft out, in somebody's name: it is delivered by a job.
func Issue(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID) error {
	c, err := drafted(ctx, tx, actor, callup, Issuing)
	if err != nil {
		return err
	}
	if now := db.MS(tx.Now); c.AnswerBy <= now || c.Until <= now {
		return fail.New(fail.Conflict, "callup.late")
	}
	all, err := plannedOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fail.Field("receivers", "callup.no_receivers")
	}
	c.State, c.Issued, c.Signer = Issued, db.MS(tx.Now), actor.Person
	if err := saveCallUp(tx, &c); err != nil {
		return err
	}
	if err := c.post(ctx, tx, actor, stepIssued.of(c), c.Org, c.ID, 1); err != nil {
		return err
	}
	if err := deliverSoon(tx, c); err != nil {
		return err
	}
	if err := c.lapseLater(tx, after{}); err != nil {
		return err
	}
	return record(tx, actor, "callup.issued", c.ID, c.Org, map[string]any{"state": Draft}, c)
}

// deliver brings a call-up to some of those who wait for it.
func deliver(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	c, err := Get(ctx, tx, j.Ref)
	if err != nil || c.State != Issued {
		return err
	}
	some, err := undelivered(ctx, tx, c.ID, atOnce)
	if err != nil {
		return err
	}
	for _, receipt := range some {
		t, err := ReceiptOf(ctx, tx, receipt)
		if err != nil {
			return err
		}
		t.Delivered, t.Seen = db.MS(tx.Now), c.Version
		if err := saveReceipt(tx, &t); err != nil {
			return err
		}
		if err := c.post(ctx, tx, auth.System, stepDelivered.of(c), t.Org, t.ID, 1); err != nil {
			return err
		}
		if err := tellUnit(ctx, tx, c, t, "callup.delivered", "answer_at", c.AnswerBy, "n", t.Quota.Sum()); err != nil {
			return err
		}
		if err := remindLater(ctx, tx, t); err != nil {
			return err
		}
	}
	if len(some) == atOnce {
		return jobs.Again
	}
	return nil
}

// Change changes what was issued: the text, the times, how many are asked at most, and the
// places, which never become fewer than were handed out. Receivers are told the difference.
func Change(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, in In) error {
	c, err := permitted(ctx, tx, actor, callup, Issuing)
	if err != nil {
		return err
	}
	if c.State != Issued {
		return fail.New(fail.Conflict, "callup.not_while."+string(c.State))
	}
	in.tidy()
	in.Appeal, in.Service, in.Campaign, in.Drill = c.Appeal, c.Service, c.Campaign, c.Drill
	in.Lines = keepLines(c.Lines, in.Lines)
	if in.AnswerBy.Equal(db.Time(c.AnswerBy)) && !in.AnswerBy.After(tx.Now) {
		in.AnswerBy = tx.Now.Add(time.Millisecond) // what is past and stays is not looked at
	}
	if err := in.check(tx.Now); err != nil {
		return err
	}
	given, err := Given(ctx, tx, c, "")
	if err != nil {
		return err
	}
	for i, l := range in.Lines {
		if l.Places < given[i] {
			return fail.Field("places_"+strconv.Itoa(i+1), "callup.places_given", "n", given[i])
		}
	}
	if in.AnswerBy.Equal(tx.Now.Add(time.Millisecond)) {
		in.AnswerBy = db.Time(c.AnswerBy)
	}
	before := c
	c.put(in)
	return c.changed(tx, actor, before)
}

// keepLines are the lines of a call-up with the places that were typed.
func keepLines(lines, typed []Line) []Line {
	kept := append([]Line(nil), lines...)
	for i := range kept {
		if i < len(typed) {
			kept[i].Places = typed[i].Places
		}
	}
	return kept
}

// changed writes what is different, and has the receivers told.
func (c CallUp) changed(tx *db.Tx, actor auth.Actor, before CallUp) error {
	all := before.differences(c)
	if len(all) == 0 {
		return fail.New(fail.Conflict, "callup.nothing_changed")
	}
	c.Version++
	if err := saveCallUp(tx, &c); err != nil {
		return err
	}
	for _, l := range c.Lines {
		if err := setPlaces(tx, c, l); err != nil {
			return err
		}
	}
	for n, d := range all {
		if err := insertChange(tx, c, n+1, d); err != nil {
			return err
		}
	}
	if err := jobs.Add(tx, jobs.Job{Kind: JobTell, Ref: c.ID, Args: after{}}); err != nil {
		return err
	}
	return record(tx, actor, "callup.changed", c.ID, c.Org, before, c)
}

// differences are the fields in which another version differs.
func (c CallUp) differences(now CallUp) (all []Difference) {
	add := func(field, was, is string) {
		if was != is {
			all = append(all, Difference{Field: field, Was: was, Now: is})
		}
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	add("title", c.Title, now.Title)
	add("text", c.Text, now.Text)
	add("answer_by", number(c.AnswerBy), number(now.AnswerBy))
	add("until", number(c.Until), number(now.Until))
	add("most", number(c.Most), number(now.Most))
	for i := range c.Lines {
		add("places_"+strconv.Itoa(i+1), number(c.Lines[i].Places), number(now.Lines[i].Places))
	}
	return all
}

// tellChange tells some receivers that something was changed.
func tellChange(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	return eachReceiver(ctx, tx, j, func(c CallUp, t Receipt) error {
		return tellUnit(ctx, tx, c, t, "callup.changed", "answer_at", c.AnswerBy, "n", t.Quota.Sum())
	})
}

// eachReceiver does something about some receivers of a call-up, and leaves a job for the others.
func eachReceiver(ctx context.Context, tx *db.Tx, j jobs.Job, do func(CallUp, Receipt) error) error {
	var at after
	if err := j.Into(&at); err != nil {
		return err
	}
	c, err := Get(ctx, tx, j.Ref)
	if err != nil {
		return err
	}
	some, err := sent(ctx, tx, c.ID, at.ID, atOnce)
	if err != nil {
		return err
	}
	for _, receipt := range some {
		t, err := ReceiptOf(ctx, tx, receipt)
		if err == nil {
			err = do(c, t)
		}
		if err != nil {
			return err
		}
	}
	if len(some) == atOnce {
		return jobs.Add(tx, jobs.Job{Kind: j.Kind, Ref: c.ID, Args: after{some[len(some)-1]}})
	}
	return nil
}
