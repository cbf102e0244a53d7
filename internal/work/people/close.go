package people

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// jobClose closes an account whose while of second thoughts is over.
const jobClose = "people.close"

// Closing is an account that is to be closed, or was.
type Closing struct {
	Person  id.ID
	Asked   int64
	By      id.ID
	Channel Channel
	Due     int64
	Closed  int64 // 0 while it can be taken back
}

// AskToClose asks that an account be closed: herself and her guardian on the web, a station
// with her wish in writing. It is closed after a while in which that can be taken back. What
// she is still needed for must end before: a ward, an account at the desk.
func AskToClose(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) (Closing, error) {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return Closing{}, err
	}
	if err := closable(ctx, tx, p); err != nil {
		return Closing{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Closing{}, err
	}
	_, channel := channelOf(actor, p.ID, p)
	c := Closing{Person: p.ID, Asked: db.MS(tx.Now), By: actor.Person, Channel: channel, Due: db.MS(tx.Now.Add(set.CloseWait))}
	if fresh, err := putClosing(tx, c); err != nil || !fresh {
		return c, orTaken(err, fail.New(fail.Conflict, "people.close_asked"))
	}
	if err := jobs.Add(tx, jobs.Job{Kind: jobClose, Key: closeKey(p.ID), Ref: p.ID, At: db.Time(c.Due)}); err != nil {
		return c, err
	}
	return c, audit.Record(tx, actor, audit.Entry{Action: "people.close_asked", Subject: p.ID, Org: p.Station,
		After: map[string]any{"channel": channel, "due": c.Due}})
}

func closeKey(person id.ID) string { return jobClose + "/" + string(person) }

// closable refuses to close an account that something still hangs on.
func closable(ctx context.Context, r db.Reader, p Person) error {
	a, err := accountOf(ctx, r, p.ID)
	if err == nil && a.Person != "" {
		err = fail.New(fail.Conflict, "people.close_account")
	}
	if err != nil {
		return err
	}
	wards, err := Dependants(ctx, r, p.ID)
	if err == nil && len(wards) > 0 {
		err = fail.New(fail.Conflict, "people.close_wards", "n", len(wards))
	}
	if err != nil {
		return err
	}
	busy, err := moving(ctx, r, p.ID, p.ID)
	if err == nil && busy {
		err = fail.New(fail.Conflict, "people.merge_busy")
	}
	return err
}

// KeepOpen takes back that an account be closed, while it is not.
func KeepOpen(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if dropped, err := dropClosing(tx, p.ID); err != nil || !dropped {
		return orTaken(err, fail.New(fail.Conflict, "people.close_not_asked"))
	}
	if _, err := jobs.Cancel(tx, p.ID, closeKey(p.ID)); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.close_taken_back", Subject: p.ID, Org: p.Station})
}

// A CloseStep ends what one area still has open of a person whose account is closed, some at a
// time. What counted stays counted. Package app gives the steps to [Schedule].
type CloseStep func(ctx context.Context, tx *db.Tx, person id.ID) (more bool, err error)

// closer does the job of closing accounts.
type closer struct{ steps []CloseStep }

func (v closer) close(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	c, err := ClosingOf(ctx, tx, j.Ref)
	if err != nil || c.Person == "" || c.Closed != 0 && c.Due != 0 {
		return err
	}
	for _, f := range v.steps {
		more, err := f(ctx, tx, c.Person)
		if err != nil {
			return err
		}
		if more {
			return jobs.Again
		}
	}
	p, err := get(ctx, tx, c.Person)
	if err != nil {
		return err
	}
	old, err := standingFor(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, person := range append(old, p.ID) {
		if err := erase(tx, person); err != nil {
			return err
		}
	}
	if err := markClosing(tx, c.Person); err != nil {
		return err
	}
	return audit.Record(tx, auth.System, audit.Entry{Action: "people.closed", Subject: p.ID, Org: p.Station, After: map[string]any{"records": len(old) + 1}})
}

// erase blanks a record and takes from it whatever else is personal.
func erase(tx *db.Tx, person id.ID) error {
	if err := dropAccount(tx, person); err != nil {
		return err
	}
	if _, err := jobs.Cancel(tx, person, OfAge+"/"+string(person)); err != nil {
		return err
	}
	return blank(tx, person)
}

// Erasure is an account that was closed: whoever restores a backup from before closes it again.
type Erasure struct {
	Person id.ID `json:"person"`
	At     int64 `json:"at"` // ms
}

// EraseAgain closes, in a database that was restored from a backup, accounts that were closed
// after the backup was made: at once, by the job, which the caller runs to its end.
func EraseAgain(ctx context.Context, tx *db.Tx, all []Erasure) error {
	for _, e := range all {
		s, err := standingOf(ctx, tx, e.Person)
		if fail.KindOf(err) == fail.NotFound || err == nil && s.State == Closed {
			continue
		}
		if err != nil {
			return err
		}
		c := Closing{Person: e.Person, Asked: e.At, By: auth.SystemID, Channel: OnPaper, Due: e.At}
		if _, err := dropClosing(tx, e.Person); err != nil {
			return err
		}
		if _, err := putClosing(tx, c); err != nil {
			return err
		}
		if _, err := jobs.Cancel(tx, e.Person, closeKey(e.Person)); err != nil {
			return err
		}
		if err := jobs.Add(tx, jobs.Job{Kind: jobClose, Key: closeKey(e.Person), Ref: e.Person}); err != nil {
			return err
		}
	}
	return nil
}
