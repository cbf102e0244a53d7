package callup

import (
	"context"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// rises is from which reminder on silence lies on the desk of who sent the call-up, and
// mostReminders how many there are by themselves.
const (
	rises         = 2
	mostReminders = 6
)

func remindKey(t Receipt) string { return JobRemind + "/" + string(t.ID) }

// remindLater leaves the job that looks whether a unit is still silent.
func remindLater(ctx context.Context, tx *db.Tx, t Receipt) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: JobRemind, Key: remindKey(t), Ref: t.ID, At: tx.Now.Add(set.CallRemind)})
}

// remind reminds a unit that is silent, and lets its silence rise.
func remind(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	t, err := ReceiptOf(ctx, tx, j.Ref)
	if err != nil || !t.Silent() {
		return err
	}
	c, err := Get(ctx, tx, t.CallUp)
	if err != nil || c.State != Issued {
		return err
	}
	if err := t.remind(ctx, tx, c); err != nil || t.Reminders >= mostReminders {
		return err
	}
	return remindLater(ctx, tx, t)
}

func (t *Receipt) remind(ctx context.Context, tx *db.Tx, c CallUp) error {
	if err := t.rise(ctx, tx, c, db.MS(tx.Now)); err != nil {
		return err
	}
	if err := saveReceipt(tx, t); err != nil {
		return err
	}
	if err := tellUnit(ctx, tx, c, *t, "callup.reminded", "answer_at", c.AnswerBy, "n", t.Quota.Sum()); err != nil {
		return err
	}
	if t.Reminders < rises {
		return nil
	}
	return tellDesk(ctx, tx, c, *t)
}

// rise counts a reminder, and moves the silence to the desk on which it lies from then on.
func (t *Receipt) rise(ctx context.Context, r db.Reader, c CallUp, at int64) error {
	t.Reminders, t.Reminded = t.Reminders+1, at
	if t.Reminders <= rises || t.Desk == c.Org {
		return nil
	}
	next, err := org.Above(ctx, r, t.Desk)
	if t.Desk = next; next == "" {
		t.Desk = c.Org
	}
	return err
}

// Quiet is how long who was reminded by hand is left alone.
const Quiet = time.Hour

// nudging is what a job of reminders by hand is about.
type nudging struct {
	At    id.ID
	After id.ID
}

// Nudge reminds, in one step, all who are silent below an organisation that sent or received a
// call-up, but for those reminded within [Quiet].
func Nudge(ctx context.Context, tx *db.Tx, actor auth.Actor, callup, at id.ID) error {
	if err := org.Permit(ctx, tx, actor, at, Receiving...); err != nil {
		return err
	}
	c, err := Get(ctx, tx, callup)
	if err != nil {
		return err
	}
	if at != c.Org {
		if _, err := receiptAt(ctx, tx, c.ID, at); err != nil {
			return err
		}
	}
	if err := jobs.Add(tx, jobs.Job{Kind: JobNudge, Ref: c.ID, Args: nudging{At: at}}); err != nil {
		return err
	}
	return record(tx, actor, "callup.nudged", c.ID, at, nil, nil)
}

func nudge(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var args nudging
	if err := j.Into(&args); err != nil {
		return err
	}
	c, err := Get(ctx, tx, j.Ref)
	if err != nil || c.State != Issued {
		return err
	}
	o, err := org.Get(ctx, tx, args.At)
	if err != nil {
		return err
	}
	some, err := silentBelow(ctx, tx, c.ID, o.Position, db.MS(tx.Now.Add(-Quiet)), args.After, atOnce)
	if err != nil {
		return err
	}
	for _, receipt := range some {
		t, err := ReceiptOf(ctx, tx, receipt)
		if err == nil {
			err = t.remind(ctx, tx, c)
		}
		if err != nil {
			return err
		}
	}
	if len(some) == atOnce {
		return jobs.Add(tx, jobs.Job{Kind: JobNudge, Ref: c.ID, Args: nudging{args.At, some[len(some)-1]}})
	}
	return nil
}

// tellUnit writes to whoever answers for a receiver.
func tellUnit(ctx context.Context, tx *db.Tx, c CallUp, t Receipt, kind string, args ...any) error {
	people, err := answers(ctx, tx, t)
	if err != nil {
		return err
	}
	return t.tell(ctx, tx, c, people, kind, args...)
}

// answers are who answers for a receiver: its administrators and leaders, or where there are
// none those of the nearest above it.
func answers(ctx context.Context, r db.Reader, t Receipt) ([]id.ID, error) {
	path, err := org.Path(ctx, r, t.Org)
	if err != nil {
		return nil, err
	}
	for i := len(path) - 1; i >= 0 && path[i].ID != t.Sender; i-- {
		people, err := holders(ctx, r, path[i].ID, string(auth.Admin), string(auth.Leader))
		if err != nil || len(people) > 0 {
			return people, err
		}
	}
	return nil, nil
}

// tellDesk writes to those on whose desk a unit's silence lies.
func tellDesk(ctx context.Context, tx *db.Tx, c CallUp, t Receipt) error {
	people, err := holders(ctx, tx, t.Desk, string(auth.Admin), string(auth.Signer))
	if err != nil {
		return err
	}
	return t.tell(ctx, tx, c, people, "callup.silent", "answer_at", c.AnswerBy, "n", t.Reminders)
}

func (t Receipt) tell(ctx context.Context, tx *db.Tx, c CallUp, people []id.ID, kind string, args ...any) error {
	names, err := org.Names(ctx, tx, []id.ID{t.Org, c.Org})
	if err != nil {
		return err
	}
	for _, n := range t.lines(c, names, people, kind, db.MS(tx.Now), args...) {
		if err := notice.Tell(tx, n.Person, n.Kind, n.Subject, n.Once, n.Args...); err != nil {
			return err
		}
	}
	return nil
}

// lines are what people are told about a receipt.
func (t Receipt) lines(c CallUp, names map[id.ID]string, people []id.ID, kind string, at int64, args ...any) (all []notice.Line) {
	if c.Drill {
		kind = strings.Replace(kind, "callup.", "callup.drill_", 1)
	}
	args = append([]any{"unit", names[t.Org], "from", names[c.Org], "title", c.Title}, args...)
	for _, person := range people {
		all = append(all, notice.Line{Person: person, Kind: kind, Subject: t.ID, Once: kind + "/" + string(t.ID) + "/" + db.Stamp(db.Time(at)), At: at, Args: args})
	}
	return all
}

// tellPerson writes to a volunteer, or to the record that stands for hers.
func tellPerson(ctx context.Context, tx *db.Tx, c CallUp, a Ask, kind string) error {
	who, err := people.Resolve(ctx, tx, a.Person)
	if err != nil {
		return err
	}
	return notice.Tell(tx, who, kind, c.ID, kind+"/"+string(a.ID)+"/"+db.Stamp(tx.Now), "title", c.Title, "until_at", c.Until)
}

// retell takes back what a receiver said it could send, to say it anew.
func (c CallUp) retell(tx *db.Tx, t Receipt, actor auth.Actor) error {
	kind := AcknowledgedFact
	if c.Drill {
		kind = DrillAcknowledgedFact
	}
	_, err := ledger.Reverse(tx, kind, t.ID, "", "", actor.Person)
	return err
}
