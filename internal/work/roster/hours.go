package roster

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// jobClose closes the check-ins that nobody closed.
const jobClose = "roster.close"

// Handle registers the jobs of this package.
func Handle(r *jobs.Runner) {
	r.Handle(jobLapse, lapse)
	r.Handle(jobClose, closeShift)
	r.Every(paperJob, 6*time.Hour, remindPapers)
}

func closeKey(s Shift) string { return "close/" + string(s.ID) }

// planClose sets the job that closes the shift a while after its end, so that
// whoever is late in checking out still can.
func planClose(ctx context.Context, tx *db.Tx, s Shift) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := jobs.Cancel(tx, s.ID, closeKey(s)); err != nil {
		return err
	}
	at := db.Time(s.Ends).Add(set.CloseAfter)
	return jobs.Add(tx, jobs.Job{Kind: jobClose, Key: closeKey(s), Ref: s.ID, At: at})
}

// closeShift closes every open check-in of a shift at the shift's end. The
// minutes are declared until the leader confirms them.
func closeShift(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	s, err := Get(ctx, tx, j.Ref)
	if err != nil || s.State != "open" || s.Closed != 0 || db.MS(tx.Now) < s.Ends {
		return err
	}
	all, err := SignupsOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.State != CheckedIn {
			continue
		}
		if err := closeOne(ctx, tx, s, u); err != nil {
			return err
		}
	}
	if err := markClosed(ctx, tx, s); err != nil {
		return err
	}
	return audit.Record(tx, auth.System, audit.Entry{Action: "roster.closed", Subject: s.ID, Org: s.Activity.Org})
}

func closeOne(ctx context.Context, tx *db.Tx, s Shift, u Signup) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	u.State, u.Departed, u.Grade = Unclosed, s.Ends, ledger.Declared
	u.Minutes = served(s, u.Arrived, u.Departed, set.CheckInOpens)
	if err := update(ctx, tx, s, &u); err != nil {
		return err
	}
	if err := s.postMinutes(tx, u, auth.System.Person); err != nil {
		return err
	}
	return tell(tx, s, u.Person, "roster.unclosed", string(u.ID))
}

// ConfirmMinutes makes declared minutes confirmed: the leader saw her until the
// end. Other times are told by a backfill, which a second person confirms.
func ConfirmMinutes(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	switch {
	case err != nil:
		return u, err
	case u.State != Unclosed:
		return u, fail.New(fail.Conflict, "roster.not_unclosed")
	case actor.Person == u.Person:
		return u, fail.New(fail.Forbidden, "roster.own_hours")
	}
	if err := s.reverseFor(tx, u.Person, Minutes, actor.Person); err != nil {
		return u, err
	}
	u.State, u.Grade = Settled, ledger.Confirmed
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := s.postMinutes(tx, u, actor.Person); err != nil {
		return u, err
	}
	if err := tell(tx, s, u.Person, "roster.confirmed", string(u.ID)); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.minutes_confirmed", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": person, "minutes": u.Minutes}})
}

// Backfill is hours told afterwards, waiting for a second person.
type Backfill struct {
	ID        id.ID
	Shift     id.ID
	Person    id.ID
	Arrived   int64 // unix ms
	Departed  int64
	Minutes   int64
	Reason    string
	Unit      id.ID
	Author    id.ID
	AuthorOrg id.ID
	State     string // pending | confirmed | refused | withdrawn
	DecidedBy id.ID
	Decided   int64
	Note      string
	Created   int64
}

// Told is what the author of a backfill states.
type Told struct {
	Shift    id.ID
	Person   id.ID
	Arrived  int64 // unix ms
	Departed int64
	Unit     id.ID
	Reason   string
}

// TellHours writes hours down afterwards. They count only once a second person
// has confirmed them.
func TellHours(ctx context.Context, tx *db.Tx, actor auth.Actor, in Told) (Backfill, error) {
	s, err := permitDesk(ctx, tx, actor, in.Shift)
	if err != nil {
		return Backfill{}, err
	}
	who, err := people.StandingOf(ctx, tx, in.Person)
	if err != nil {
		return Backfill{}, err
	}
	in.Person = who.ID
	if actor.Person == in.Person {
		return Backfill{}, fail.New(fail.Forbidden, "roster.own_hours")
	}
	if err := moveAgenda(tx, in.Person); err != nil {
		return Backfill{}, err
	}
	if err := checkTold(ctx, tx, s, in); err != nil {
		return Backfill{}, err
	}
	if err := eligible(&s, who); err != nil {
		return Backfill{}, err
	}
	unit, err := unitFor(ctx, tx, who, in.Unit)
	if err != nil {
		return Backfill{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Backfill{}, err
	}
	b := Backfill{ID: tx.NewID(s.Home), Shift: s.ID, Person: in.Person, Arrived: in.Arrived, Departed: in.Departed,
		Minutes: served(s, in.Arrived, in.Departed, set.CheckInOpens), Reason: in.Reason, Unit: unit,
		Author: actor.Person, AuthorOrg: s.Activity.Org, State: "pending", Created: db.MS(tx.Now)}
	if err := insertBackfill(ctx, tx, b); err != nil {
		return b, err
	}
	return b, audit.Record(tx, actor, audit.Entry{Action: "roster.hours_told", Subject: b.ID, Org: s.Activity.Org,
		After: map[string]any{"person": b.Person, "shift": b.Shift, "minutes": b.Minutes, "reason": b.Reason}})
}

// checkTold refuses times that cannot have been: before the doors opened,
// after the shift, in the future, or while she stood on another shift.
func checkTold(ctx context.Context, tx *db.Tx, s Shift, in Told) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	var wrong []error
	if s.State != "open" {
		return fail.New(fail.Conflict, "roster.cancelled")
	}
	if in.Departed <= in.Arrived {
		wrong = append(wrong, fail.Field("departed", "roster.ends_before_start"))
	}
	if in.Arrived < s.Starts-set.CheckInOpens.Milliseconds() || in.Arrived >= s.Ends {
		wrong = append(wrong, fail.Field("arrived", "roster.told_outside"))
	}
	if in.Departed > s.Ends+set.CloseAfter.Milliseconds() {
		wrong = append(wrong, fail.Field("departed", "roster.told_outside"))
	}
	if in.Departed > db.MS(tx.Now) {
		wrong = append(wrong, fail.Field("departed", "roster.told_future"))
	}
	if in.Reason == "" {
		wrong = append(wrong, fail.Field("reason", "roster.reason_needed"))
	}
	if len(wrong) > 0 {
		return fail.Join(wrong...)
	}
	elsewhere, err := servedElsewhere(ctx, tx, s.ID, in.Person, in.Arrived, in.Departed, set.OverlapGrace.Milliseconds())
	if err == nil && elsewhere {
		err = fail.New(fail.Conflict, "roster.told_overlap")
	}
	return err
}

// DecideHours confirms or refuses hours told afterwards. The second person is
// never the author.
func DecideHours(ctx context.Context, tx *db.Tx, actor auth.Actor, backfill id.ID, confirm bool, note string) (Backfill, error) {
	b, err := backfillByID(ctx, tx, backfill)
	if err != nil {
		return b, err
	}
	s, err := Get(ctx, tx, b.Shift)
	if err != nil {
		return b, err
	}
	if err := org.SecondPerson(ctx, tx, actor, b.Author, s.Activity.Org); err != nil {
		return b, err
	}
	switch {
	case actor.Person == b.Person:
		return b, fail.New(fail.Forbidden, "roster.own_hours")
	case b.State != "pending":
		return b, fail.New(fail.Conflict, "roster.decided_already")
	case !confirm && note == "":
		return b, fail.Field("note", "roster.reason_needed")
	}
	b.State, b.Note, b.DecidedBy, b.Decided = "refused", note, actor.Person, db.MS(tx.Now)
	if confirm {
		b.State = "confirmed"
	}
	if err := decideBackfill(ctx, tx, b); err != nil {
		return b, err
	}
	if confirm {
		if err := enter(ctx, tx, actor, s, b); err != nil {
			return b, err
		}
	}
	return b, audit.Record(tx, actor, audit.Entry{Action: "roster.hours_" + b.State, Subject: b.ID, Org: s.Activity.Org,
		After: map[string]any{"person": b.Person, "shift": b.Shift, "minutes": b.Minutes}})
}

// enter puts confirmed hours on the roster and into the ledger, in place of
// what stood there.
func enter(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, b Backfill) error {
	told := Told{Shift: b.Shift, Person: b.Person, Arrived: b.Arrived, Departed: b.Departed, Reason: b.Reason}
	if err := moveAgenda(tx, b.Person); err != nil {
		return err
	}
	if err := checkTold(ctx, tx, s, told); err != nil {
		return err
	}
	u, err := SignupOf(ctx, tx, s.ID, b.Person)
	if err == nil && (u.State == Applied || u.State == Waitlisted || u.State == Offered) {
		if err := leave(ctx, tx, &s, &u, "roster.came_anyway", actor.Person); err != nil {
			return err
		}
	}
	missing := fail.KindOf(err) == fail.NotFound
	if err != nil && !missing {
		return err
	}
	if missing || u.State.Over() {
		u = Signup{ID: tx.NewID(s.Home), Shift: s.ID, Person: b.Person, Place: Primary, Walkup: true, Applied: db.MS(tx.Now)}
		who, err := people.StandingOf(ctx, tx, b.Person)
		if err != nil {
			return err
		}
		u.Category, u.Proxy = who.Category, b.Author
	}
	return enterOn(ctx, tx, actor, s, u, b)
}

func enterOn(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, u Signup, b Backfill) error {
	before := u
	u.Unit, u.State, u.Arrived, u.Departed, u.Minutes, u.Grade = b.Unit, Settled, b.Arrived, b.Departed, b.Minutes, ledger.Confirmed
	if before.State == "" {
		u.ArrivedBy = "told"
		if err := save(ctx, tx, s, &u); err != nil {
			return err
		}
	} else {
		if !before.State.Served() {
			u.ArrivedBy = "told"
		}
		if err := update(ctx, tx, s, &u); err != nil {
			return err
		}
	}
	if before.State == NoShow {
		if err := s.reverseFor(tx, u.Person, Absent, actor.Person); err != nil {
			return err
		}
	}
	if before.State.Served() {
		if err := s.reverseFor(tx, u.Person, Arrived, actor.Person); err != nil {
			return err
		}
	}
	if err := arrived(ctx, tx, s, u, actor.Person); err != nil {
		return err
	}
	if err := s.reverseFor(tx, u.Person, Minutes, actor.Person); err != nil {
		return err
	}
	if err := s.postMinutes(tx, u, actor.Person); err != nil {
		return err
	}
	return tell(tx, s, u.Person, "roster.hours_entered", string(b.ID))
}

// TakeBackHours takes back hours told afterwards that nobody has decided on yet; only their
// author may.
func TakeBackHours(ctx context.Context, tx *db.Tx, actor auth.Actor, backfill id.ID) error {
	b, err := backfillByID(ctx, tx, backfill)
	if err != nil {
		return err
	}
	if actor.Person != b.Author {
		return fail.New(fail.Forbidden, "roster.not_author")
	}
	b.State, b.DecidedBy, b.Decided = "withdrawn", actor.Person, db.MS(tx.Now)
	if err := decideBackfill(ctx, tx, b); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.hours_withdrawn", Subject: b.ID, Org: b.AuthorOrg,
		After: map[string]any{"person": b.Person, "shift": b.Shift, "minutes": b.Minutes}})
}
