package bulletin

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// The jobs that bring issues to their receivers, and remind those who have not read.
const (
	JobDeliver = "bulletin.deliver"
	JobRemind  = "bulletin.remind"
)

const (
	inChunk     = 100                // receivers at a time
	remindAfter = 3 * 24 * time.Hour // without a reading
	maxRemind   = 3
	maxAnswer   = 1000
)

// Handle registers the jobs.
func Handle(r *jobs.Runner) {
	r.Handle(JobDeliver, deliver)
	r.Handle(JobRemind, remind)
}

// Group is a part of the tree that an issue goes to.
type Group string

// The groups: the office above, to which it reports; the tiers below; departments, units and
// teams below.
const (
	Above Group = "above"
)

// Groups are all groups, from the top down.
func Groups() []Group {
	all := []Group{Above}
	for _, t := range org.Types() {
		if t != org.Type(org.Office) && t != org.Type(org.Point) && t != org.Type(org.Team) && t != org.Type(org.Organization) {
			all = append(all, Group(t))
		}
	}
	return all
}

// Delivery is an issue at one receiver.
type Delivery struct {
	ID        id.ID
	Issue     id.ID
	Org       id.ID
	Kind      string // report or copy
	Delivered int64
	Read      int64
	Reader    id.ID
	Reminded  int64
	Reminders int64
	Answer    string
	Answered  int64
	Answerer  id.ID
	Rev       int64
}

// maxSingle is how many single organisations an issue may go to.
const maxSingle = 100

// Send chooses to which groups and single organisations an issue goes. Before it is published
// that is a plan; after it, more may be added, and they get it at once.
func Send(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, groups []Group, singly []id.ID) error {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return err
	}
	if err := i.refuse(Planned, InReview, Approved, Published); err != nil {
		return err
	}
	var all []string
	for _, g := range Groups() {
		had := i.State == Published && slices.Contains(i.groups(), g)
		if slices.Contains(groups, g) || had {
			all = append(all, string(g))
		}
	}
	some, err := i.single(ctx, tx, singly)
	if err != nil {
		return err
	}
	all = append(all, some...)
	if err := saveReceivers(tx, i, strings.Join(all, ",")); err != nil {
		return err
	}
	if err := record(tx, actor, "bulletin.sent_to", i, i.Receivers, all); err != nil || i.State != Published {
		return err
	}
	return deliverSoon(tx, i)
}

// single are the organisations to which an issue goes singly; once it is published, those to
// which it went stay.
func (i Issue) single(ctx context.Context, r db.Reader, singly []id.ID) (all []string, err error) {
	if i.State == Published {
		singly = append(i.Singly(), singly...)
	}
	for _, at := range singly {
		if slices.Contains(all, string(at)) {
			continue
		}
		o, err := org.Get(ctx, r, at)
		if fail.KindOf(err) == fail.NotFound || err == nil && (o.Position == 0 || at == i.Org) {
			return nil, fail.Field("single", "bulletin.receiver_unknown")
		}
		if err != nil {
			return nil, err
		}
		all = append(all, string(at))
	}
	if len(all) > maxSingle {
		err = fail.Field("single", "bulletin.receivers_many", "max", maxSingle)
	}
	return all, err
}

// groups are those that the issue goes to.
func (i Issue) groups() (all []Group) {
	for _, g := range strings.Split(i.Receivers, ",") {
		if _, err := id.Parse(g); g != "" && err != nil {
			all = append(all, Group(g))
		}
	}
	return all
}

// Singly are the organisations to which the issue goes one by one.
func (i Issue) Singly() (all []id.ID) {
	for _, g := range strings.Split(i.Receivers, ",") {
		if at, err := id.Parse(g); err == nil {
			all = append(all, at)
		}
	}
	return all
}

func deliverSoon(tx *db.Tx, i Issue) error {
	return jobs.Add(tx, jobs.Job{Kind: JobDeliver, Key: JobDeliver + "/" + string(i.ID) + "/" + db.Stamp(tx.Now), Ref: i.ID, At: tx.Now})
}

// deliver brings an issue to some of its receivers, and leaves the rest to the next.
func deliver(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	i, err := Get(ctx, tx, j.Ref)
	if err != nil || i.State != Published {
		return err
	}
	to, err := undelivered(ctx, tx, i, inChunk)
	if err != nil {
		return err
	}
	for _, one := range to {
		d := Delivery{ID: tx.NewID(one.Org.Home()), Issue: i.ID, Org: one.Org, Kind: one.Kind, Delivered: db.MS(tx.Now), Rev: 1}
		if err := insertDelivery(tx, d); err != nil {
			return err
		}
		if err := post(ctx, tx, auth.System, DeliveredFact, d.Org, d.ID, i.Campaign); err != nil {
			return err
		}
		if err := tellReceiver(ctx, tx, i, d, "bulletin.received"); err != nil {
			return err
		}
	}
	if len(to) > 0 {
		return jobs.Add(tx, jobs.Job{Kind: JobDeliver, Key: JobDeliver + "/" + string(i.ID) + "/after/" + string(to[len(to)-1].Org), Ref: i.ID, At: tx.Now})
	}
	return remindLater(tx, i, tx.Now.Add(remindAfter))
}

func remindLater(tx *db.Tx, i Issue, at time.Time) error {
	return jobs.Add(tx, jobs.Job{Kind: JobRemind, Key: JobRemind + "/" + string(i.ID) + "/" + db.Stamp(at), Ref: i.ID, At: at})
}

// remind reminds some who have not read an issue, and leaves the rest to the next.
func remind(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	i, err := Get(ctx, tx, j.Ref)
	if err != nil || i.State != Published {
		return err
	}
	return remindSome(ctx, tx, i, db.MS(tx.Now.Add(-remindAfter)))
}

// Remind reminds at once those who have not read an issue, except whom it reminded within the
// hour.
func Remind(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID) error {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return err
	}
	if err := i.refuse(Published); err != nil {
		return err
	}
	if err := record(tx, actor, "bulletin.reminded", i, nil, nil); err != nil {
		return err
	}
	return remindSome(ctx, tx, i, db.MS(tx.Now.Add(-time.Hour)))
}

func remindSome(ctx context.Context, tx *db.Tx, i Issue, before int64) error {
	all, err := unread(ctx, tx, i.ID, before, inChunk)
	if err != nil {
		return err
	}
	again := false
	for _, d := range all {
		d.Reminded, d.Reminders = db.MS(tx.Now), d.Reminders+1
		again = again || d.Reminders < maxRemind
		if err := saveDelivery(tx, &d); err != nil {
			return err
		}
		if err := tellReceiver(ctx, tx, i, d, "bulletin.unread"); err != nil {
			return err
		}
	}
	if len(all) == inChunk {
		return jobs.Add(tx, jobs.Job{Kind: JobRemind, Key: JobRemind + "/" + string(i.ID) + "/after/" + string(all[inChunk-1].ID), Ref: i.ID, At: tx.Now})
	}
	if again {
		return remindLater(tx, i, tx.Now.Add(remindAfter))
	}
	return nil
}

// received reads a delivery for somebody who answers for its receiver.
func received(ctx context.Context, tx *db.Tx, actor auth.Actor, delivery id.ID) (Issue, Delivery, error) {
	d, err := DeliveryOf(ctx, tx, delivery)
	if err != nil {
		return Issue{}, d, err
	}
	if !actor.HasAt(d.Org, Answering...) && !actor.HasAt(d.Org, Reviewing...) {
		return Issue{}, d, fail.New(fail.Forbidden, "bulletin.not_yours")
	}
	i, err := Get(ctx, tx, d.Issue)
	return i, d, err
}

// Take says that a receiver has read an issue. A second time changes nothing.
func Take(ctx context.Context, tx *db.Tx, actor auth.Actor, delivery id.ID) error {
	i, d, err := received(ctx, tx, actor, delivery)
	if err != nil || d.Read > 0 {
		return err
	}
	return take(ctx, tx, actor, i, &d)
}

func take(ctx context.Context, tx *db.Tx, actor auth.Actor, i Issue, d *Delivery) error {
	d.Read, d.Reader = db.MS(tx.Now), actor.Person
	if err := saveDelivery(tx, d); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, ReadFact, d.Org, d.ID, i.Campaign); err != nil {
		return err
	}
	return record(tx, actor, "bulletin.read", i, nil, map[string]any{"org": d.Org})
}

// Reply answers an issue for a receiver; who answers has read it. A later answer takes the
// place of the earlier one, which the trail keeps.
func Reply(ctx context.Context, tx *db.Tx, actor auth.Actor, delivery id.ID, text string) error {
	i, d, err := received(ctx, tx, actor, delivery)
	if err != nil {
		return err
	}
	text = ident.Lines(text)
	if n := utf8.RuneCountInString(text); n < 2 || n > maxAnswer {
		return fail.Field("text", "bulletin.length", "min", 2, "max", maxAnswer)
	}
	if d.Read == 0 {
		if err := take(ctx, tx, actor, i, &d); err != nil {
			return err
		}
	}
	first, before := d.Answered == 0, d.Answer
	d.Answer, d.Answerer = text, actor.Person
	if first {
		d.Answered = db.MS(tx.Now)
	}
	if err := saveDelivery(tx, &d); err != nil {
		return err
	}
	if first {
		if err := post(ctx, tx, actor, AnsweredFact, d.Org, d.ID, i.Campaign); err != nil {
			return err
		}
	}
	if err := record(tx, actor, "bulletin.answered", i, before, map[string]any{"org": d.Org, "answer": text}); err != nil {
		return err
	}
	return tellDesk(ctx, tx, i, "bulletin.answered", Writing)
}

// fact is what a step of a delivery posts.
func (d Delivery) fact(at, campaign int64) ledger.Fact {
	return ledger.Fact{Subject: d.ID, Day: db.Day(db.Time(at)), Qty: 1, Grade: ledger.Recorded, Campaign: campaign}
}
