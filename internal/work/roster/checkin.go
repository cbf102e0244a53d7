package roster

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// deskRoles may keep the check-in desk of a shift.
var deskRoles = []auth.Role{auth.Leader, auth.Admin}

// Secret is what the rotating codes of a shift are made from. It is derived
// from the keys, never stored.
func Secret(keys *crypt.Keys, shift id.ID) []byte { return keys.Derive("checkin", string(shift)) }

// DeskCode is the code that the check-in desk shows now, and when it changes.
func DeskCode(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, shift id.ID, now time.Time) (string, time.Time, error) {
	s, err := Get(ctx, r, shift)
	if err != nil {
		return "", time.Time{}, err
	}
	if err := org.Permit(ctx, r, actor, s.Activity.Org, deskRoles...); err != nil {
		return "", time.Time{}, err
	}
	set, err := config.Load(ctx, r)
	digits, next := CodeAt(Secret(keys, shift), now, set.CheckInCode)
	return digits, next, err
}

// Scan is a code that a volunteer gives, by QR (with the shift) or by the six
// digits alone, which are tried against her own shifts of now.
type Scan struct {
	Person id.ID // herself, or a dependant
	Shift  id.ID // "" when only digits were given
	Code   string
	Device string // [DeviceOf] hers
}

// Scanned is the answer to a scan. Refused is what she is told when the code
// does not hold: the write stands all the same, for the wrong try is counted.
type Scanned struct {
	Signup  Signup
	Again   bool // she had arrived (or left) before; the first time stands
	Refused error
}

// CheckInByCode records an arrival that the code proves.
func CheckInByCode(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Scan) (Scanned, error) {
	return scan(ctx, tx, keys, actor, in, func(s Shift, u Signup) (Scanned, error) {
		if u.State.Served() {
			return Scanned{Signup: u, Again: true}, nil
		}
		u.Device = in.Device
		u, err := arrive(ctx, tx, actor, s, u, "code")
		return Scanned{Signup: u}, err
	})
}

// CheckOutByCode records when she left, proved by the code.
func CheckOutByCode(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Scan) (Scanned, error) {
	return scan(ctx, tx, keys, actor, in, func(s Shift, u Signup) (Scanned, error) {
		if u.State == CheckedOut || u.State == Settled {
			return Scanned{Signup: u, Again: true}, nil
		}
		u, err := depart(ctx, tx, actor, s, u, false)
		return Scanned{Signup: u}, err
	})
}

// scan finds the shift that the code belongs to and does act on it.
func scan(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Scan, act func(Shift, Signup) (Scanned, error)) (Scanned, error) {
	if in.Person == "" {
		in.Person = actor.Person
	}
	if _, err := people.MayActFor(ctx, tx, actor, in.Person); err != nil {
		return Scanned{}, err
	}
	stands, err := people.Resolve(ctx, tx, in.Person)
	if err != nil {
		return Scanned{}, err
	}
	in.Person = stands
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Scanned{}, err
	}
	if wait, err := guessing(ctx, tx, set, in.Person); err != nil || wait != nil {
		return Scanned{Refused: wait}, err
	}
	mine, err := codeShifts(ctx, tx, in.Person, db.MS(tx.Now))
	if err != nil {
		return Scanned{}, err
	}
	for _, u := range mine {
		if in.Shift != "" && in.Shift != u.Shift || !codeHolds(Secret(keys, u.Shift), in.Code, tx.Now, set.CheckInCode) {
			continue
		}
		s, err := Get(ctx, tx, u.Shift)
		if err != nil {
			return Scanned{}, err
		}
		if err := forgetGuesses(ctx, tx, in.Person); err != nil {
			return Scanned{}, err
		}
		return act(s, u)
	}
	if len(mine) == 0 {
		return Scanned{Refused: fail.New(fail.Conflict, "roster.no_shift_now")}, nil
	}
	return Scanned{Refused: fail.New(fail.Invalid, "roster.code_wrong")}, countGuess(ctx, tx, in.Person, set.GuessWindow)
}

// guessing refuses more wrong codes than the settings allow.
func guessing(ctx context.Context, tx *db.Tx, set config.Settings, person id.ID) (wait, err error) {
	n, err := guesses(ctx, tx, person, db.MS(tx.Now)-set.GuessWindow.Milliseconds())
	if err == nil && n >= set.GuessTries {
		wait = fail.New(fail.TooMany, "roster.too_many_codes", "minutes", int64(set.GuessWindow/time.Minute))
	}
	return wait, err
}

// CheckInBy records an arrival on the leader's list; one that was marked as a
// no-show is put right by it.
func CheckInBy(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	if err != nil || u.State.Served() {
		return u, err // the first arrival stands
	}
	return arrive(ctx, tx, actor, s, u, "staff")
}

// CheckOutBy records on the leader's list that she left; early says that she
// left her post before its end.
func CheckOutBy(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID, early bool) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	if err != nil || u.State == CheckedOut || u.State == Settled {
		return u, err
	}
	return depart(ctx, tx, actor, s, u, early)
}

func permitDesk(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID) (Shift, error) {
	s, err := Get(ctx, tx, shift)
	if err != nil {
		return s, err
	}
	return s, org.Permit(ctx, tx, actor, s.Activity.Org, deskRoles...)
}

// arrive writes an arrival: the turn, and the activity held on that day.
func arrive(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, u Signup, how string) (Signup, error) {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return u, err
	}
	now := db.MS(tx.Now)
	switch {
	case s.State == "cancelled":
		return u, fail.New(fail.Conflict, "roster.cancelled")
	case u.State == Offered:
		return u, fail.New(fail.Conflict, "roster.confirm_first")
	case u.State != Accepted && u.State != NoShow:
		return u, fail.New(fail.Conflict, "roster.not_on_it")
	case now < s.Starts-set.CheckInOpens.Milliseconds():
		return u, fail.New(fail.Conflict, "roster.too_early", "minutes", int64(set.CheckInOpens/time.Minute))
	case now >= s.Ends:
		return u, fail.New(fail.Conflict, "roster.too_late")
	}
	if u.State == NoShow {
		if err := s.reverseFor(tx, u.Person, Absent, actor.Person); err != nil {
			return u, err
		}
	}
	if err := closeEarlier(ctx, tx, u); err != nil {
		return u, err
	}
	before := u.State
	u.State, u.Arrived, u.ArrivedBy = CheckedIn, now, how
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := arrived(ctx, tx, s, u, actor.Person); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.checked_in", Subject: s.ID, Org: s.Activity.Org,
		Before: map[string]any{"person": u.Person, "state": before}, After: map[string]any{"person": u.Person, "state": u.State, "how": how}})
}

// closeEarlier closes what she left open on shifts that ended before today, each at its own shift's
// end: whoever checks in here is no longer there. Of today's the desk may still write the check-out.
func closeEarlier(ctx context.Context, tx *db.Tx, u Signup) error {
	left, err := openFor(ctx, tx, u.Person, u.Shift, db.MS(i18n.Midnight(tx.Now)))
	if err != nil {
		return err
	}
	for _, o := range left {
		s, err := Get(ctx, tx, o.Shift)
		if err != nil {
			return err
		}
		if err := closeOne(ctx, tx, s, o); err != nil {
			return err
		}
	}
	return nil
}

// arrived posts an arrival and that the activity was held.
func arrived(ctx context.Context, tx *db.Tx, s Shift, u Signup, by id.ID) error {
	if err := s.postFor(tx, u, Arrived, 1, "", by); err != nil {
		return err
	}
	return activity.MarkHeld(ctx, tx, s.Activity.ID, s.Day, by)
}

// depart writes a check-out and the minutes it makes.
func depart(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, u Signup, early bool) (Signup, error) {
	if u.State == Unclosed {
		return u, fail.New(fail.Conflict, "roster.closed_already")
	}
	if u.State != CheckedIn {
		return u, fail.New(fail.Conflict, "roster.not_checked_in")
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return u, err
	}
	u.State, u.Departed, u.LeftEarly, u.Grade = CheckedOut, db.MS(tx.Now), early, ledger.Recorded
	u.Minutes = served(s, u.Arrived, u.Departed, set.CheckInOpens)
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := s.postMinutes(tx, u, actor.Person); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.checked_out", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": u.Person, "minutes": u.Minutes, "early": early}})
}

// postMinutes posts what was served; less than a minute is nothing to count.
func (s Shift) postMinutes(tx *db.Tx, u Signup, by id.ID) error {
	if u.Minutes == 0 {
		return nil
	}
	return s.postFor(tx, u, Minutes, u.Minutes, u.Grade, by)
}

// UndoArrival takes back an arrival that was recorded by mistake, while she has
// not checked out.
func UndoArrival(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	if err != nil {
		return u, err
	}
	if u.State != CheckedIn {
		return u, fail.New(fail.Conflict, "roster.not_checked_in")
	}
	u.State, u.Arrived, u.ArrivedBy, u.Device = Accepted, 0, "", ""
	if u.Walkup {
		u.State, u.Reason = Withdrawn, "roster.walkup_undone"
	}
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := unarrive(ctx, tx, s, u.Person, actor.Person); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.arrival_undone", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": person, "state": u.State}})
}

// unarrive reverses an arrival, and the activity held if it was the last.
func unarrive(ctx context.Context, tx *db.Tx, s Shift, person, by id.ID) error {
	if err := s.reverseFor(tx, person, Arrived, by); err != nil {
		return err
	}
	n, err := arrivalsOn(ctx, tx, s.Activity.ID, s.Day)
	if err != nil || n > 0 {
		return err
	}
	return activity.Unheld(ctx, tx, s.Activity.ID, s.Day, by)
}

// MarkNoShow records by name that somebody did not come; a standby who is there
// is marked as having stepped in.
func MarkNoShow(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	if db.MS(tx.Now) < s.Starts {
		return Signup{}, fail.New(fail.Conflict, "roster.not_started")
	}
	u, err := SignupOf(ctx, tx, shift, person)
	if err != nil {
		return u, err
	}
	if u.State != Accepted {
		return u, fail.New(fail.Conflict, "roster.not_absent")
	}
	u.State = NoShow
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := s.postFor(tx, u, Absent, 1, "", actor.Person); err != nil {
		return u, err
	}
	if u.Place == Primary {
		if err := markStepIn(ctx, tx, s); err != nil {
			return u, err
		}
	}
	if err := tell(tx, s, u.Person, "roster.no_show", string(u.ID)); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.no_show", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": person}})
}

// markStepIn marks the first standby who has arrived: after the start she
// keeps her standby place.
func markStepIn(ctx context.Context, tx *db.Tx, s Shift) error {
	all, err := SignupsOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.Place == Standby && u.State == CheckedIn && !u.SteppedIn {
			u.SteppedIn = true
			return update(ctx, tx, s, &u)
		}
	}
	return nil
}

// WalkUp records somebody who came without a sign-up. She takes no place: the
// shift shows as served over plan.
func WalkUp(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person, unit id.ID) (Signup, error) {
	s, err := permitDesk(ctx, tx, actor, shift)
	if err != nil {
		return Signup{}, err
	}
	who, err := people.StandingOf(ctx, tx, person)
	if err != nil {
		return Signup{}, err
	}
	person = who.ID
	if err := admit(ctx, tx, s, who); err != nil {
		return Signup{}, err
	}
	if s.State != "open" {
		return Signup{}, fail.New(fail.Conflict, "roster.cancelled")
	}
	if err := clearFor(ctx, tx, &s, person, actor.Person); err != nil {
		return Signup{}, err
	}
	u, err := newSignup(ctx, tx, s, who, Request{Shift: shift, Person: person, Place: Primary, Unit: unit})
	if err != nil {
		return u, err
	}
	u.State, u.Walkup, u.Proxy = Accepted, true, actor.Person
	if err := moveAgenda(tx, person); err != nil {
		return u, err
	}
	if err := save(ctx, tx, s, &u); err != nil {
		return u, err
	}
	return arrive(ctx, tx, actor, s, u, "walkup")
}

// clearFor ends a sign-up that was still waiting, so that the person who came
// all the same can be recorded; one that holds is refused.
func clearFor(ctx context.Context, tx *db.Tx, s *Shift, person, by id.ID) error {
	old, err := SignupOf(ctx, tx, s.ID, person)
	switch {
	case fail.KindOf(err) == fail.NotFound:
		return nil
	case err != nil:
		return err
	case old.State == Applied || old.State == Waitlisted:
		return leave(ctx, tx, s, &old, "roster.came_anyway", by)
	case !old.State.Over():
		return fail.New(fail.Conflict, "roster.already_signed")
	}
	return nil
}
