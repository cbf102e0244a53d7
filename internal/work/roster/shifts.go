package roster

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// planRoles may write an organisation's rosters.
var planRoles = []auth.Role{auth.Leader, auth.Admin, auth.Editor}

// longest is the longest shift that can be written down: a day and night. What
// is longer is several shifts.
const longest = 24 * time.Hour

// Plan is what a shift is given: its times, and its own places (0: the post's).
type Plan struct {
	Post          id.ID
	Starts, Ends  time.Time
	Places        int64
	StandbyPlaces int64
	PostStandbys  bool // take the post's standby places

	series id.ID // that makes it
}

// AddShift adds a shift to a post of an activity; on a published activity it is
// open at once.
func AddShift(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID, in Plan) (Shift, error) {
	a, err := activity.Get(ctx, tx, activityID)
	if err != nil {
		return Shift{}, err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, planRoles...); err != nil {
		return Shift{}, err
	}
	p, err := activity.PostOf(ctx, tx, in.Post)
	if err != nil {
		return Shift{}, err
	}
	if p.Activity != a.ID {
		return Shift{}, fail.New(fail.NotFound, "activity.post_unknown")
	}
	if in.Places == 0 {
		in.Places = p.Places
	}
	if in.PostStandbys {
		in.StandbyPlaces = p.StandbyPlaces
	}
	if err := in.check(tx.Now); err != nil {
		return Shift{}, err
	}
	s := Shift{Home: a.Home, ID: tx.NewID(a.Home), Post: p.ID, Starts: db.MS(in.Starts), Ends: db.MS(in.Ends), Day: db.Day(in.Starts),
		Places: in.Places, StandbyPlaces: in.StandbyPlaces, State: "draft", Series: in.series, Rev: 1}
	s.Activity.ID = a.ID
	if err := insertShift(ctx, tx, s); err != nil {
		return s, err
	}
	switch a.State {
	case activity.Published:
		err = openAll(ctx, tx, a.ID, actor.Person)
	case activity.Draft, activity.Returned:
		err = respan(ctx, tx, a.ID)
	default:
		err = fail.New(fail.Conflict, "roster.activity_closed")
	}
	if err != nil {
		return s, err
	}
	return s, audit.Record(tx, actor, audit.Entry{Action: "roster.shift_added", Subject: s.ID, Org: a.Org, After: in})
}

// check refuses times and places that cannot be.
func (p Plan) check(now time.Time) error {
	var wrong []error
	if !p.Ends.After(p.Starts) {
		wrong = append(wrong, fail.Field("ends", "roster.ends_before_start"))
	} else if p.Ends.Sub(p.Starts) > longest {
		wrong = append(wrong, fail.Field("ends", "roster.too_long", "hours", int64(longest/time.Hour)))
	}
	if !p.Starts.After(now) {
		wrong = append(wrong, fail.Field("starts", "roster.starts_in_past"))
	}
	if p.Places < 1 || p.Places > 9999 {
		wrong = append(wrong, fail.Field("places", "roster.places_wrong"))
	}
	if p.StandbyPlaces < 0 || p.StandbyPlaces > 9999 {
		wrong = append(wrong, fail.Field("standby_places", "roster.standby_places_wrong"))
	}
	return fail.Join(wrong...)
}

// openAll opens the draft shifts of a published activity: each posts its places
// and gets the job that closes what is left open at its end.
func openAll(ctx context.Context, tx *db.Tx, activityID id.ID, by id.ID) error {
	shifts, err := Of(ctx, tx, activityID)
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if s.State != "draft" {
			continue
		}
		if db.MS(tx.Now) >= s.Starts {
			return fail.New(fail.Conflict, "roster.publish_late")
		}
		if err := markOpen(ctx, tx, s); err != nil {
			return err
		}
		if err := s.post(tx, Places, s.Places, by); err != nil {
			return err
		}
		if err := planClose(ctx, tx, s); err != nil {
			return err
		}
	}
	return respan(ctx, tx, activityID)
}

// Edit is a shift as it shall be. ToWaitlist names who moves to the waiting
// list where places are lowered below what is taken.
type Edit struct {
	Starts, Ends  time.Time
	Places        int64
	StandbyPlaces int64
	ToWaitlist    []id.ID

	ofSeries bool // the whole series changes
}

// ChangeShift changes times and places of a shift that has not started.
// Everybody on it is told the difference; who cannot come at the new time, for
// another primary post of hers, is taken off and told so.
func ChangeShift(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, rev int64, in Edit) (Shift, error) {
	s, err := permitPlan(ctx, tx, actor, shift)
	if err != nil {
		return s, err
	}
	if s.Rev != rev {
		return s, fail.New(fail.Conflict, "roster.changed_meanwhile")
	}
	plan := Plan{Starts: in.Starts, Ends: in.Ends, Places: in.Places, StandbyPlaces: in.StandbyPlaces}
	if err := plan.check(tx.Now); err != nil {
		return s, err
	}
	if s.State == "draft" {
		return s, replan(ctx, tx, actor, s, in)
	}
	before := s
	if err := makeRoom(ctx, tx, &s, in, actor.Person); err != nil {
		return s, err
	}
	if err := move(ctx, tx, &s, in, actor.Person); err != nil {
		return s, err
	}
	if err := tellChange(ctx, tx, before, s); err != nil {
		return s, err
	}
	if err := refill(ctx, tx, s); err != nil {
		return s, err
	}
	if err := respan(ctx, tx, s.Activity.ID); err != nil {
		return s, err
	}
	return s, audit.Record(tx, actor, audit.Entry{Action: "roster.shift_changed", Subject: s.ID, Org: s.Activity.Org,
		Before: before.plain(), After: s.plain()})
}

// plain is what the audit keeps of a shift.
func (s Shift) plain() map[string]any {
	return map[string]any{"starts": s.Starts, "ends": s.Ends, "places": s.Places, "standby_places": s.StandbyPlaces, "state": s.State}
}

func permitPlan(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID) (Shift, error) {
	s, err := Get(ctx, tx, shift)
	if err != nil {
		return s, err
	}
	if err := org.Permit(ctx, tx, actor, s.Activity.Org, planRoles...); err != nil {
		return s, err
	}
	if s.State == "cancelled" {
		return s, fail.New(fail.Conflict, "roster.cancelled")
	}
	if s.State == "open" && db.MS(tx.Now) >= s.Starts {
		return s, fail.New(fail.Conflict, "roster.started")
	}
	return s, nil
}

// replan changes a shift that nobody has seen yet.
func replan(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, in Edit) error {
	before := s.plain()
	s.set(in)
	if err := updateShift(ctx, tx, s); err != nil {
		return err
	}
	if err := respan(ctx, tx, s.Activity.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.shift_changed", Subject: s.ID, Org: s.Activity.Org, Before: before, After: s.plain()})
}

func (s *Shift) set(in Edit) {
	s.Starts, s.Ends, s.Day = db.MS(in.Starts), db.MS(in.Ends), db.Day(in.Starts)
	s.Places, s.StandbyPlaces = in.Places, in.StandbyPlaces
	s.Own = s.Own || s.Series != "" && !in.ofSeries
}

// makeRoom moves the named people to the waiting list until those who are left
// fit into the places that remain.
func makeRoom(ctx context.Context, tx *db.Tx, s *Shift, in Edit, by id.ID) error {
	for _, person := range in.ToWaitlist {
		u, err := SignupOf(ctx, tx, s.ID, person)
		if err != nil {
			return err
		}
		if u.Place != Primary || (u.State != Accepted && u.State != Offered) {
			return fail.New(fail.Conflict, "roster.not_on_it")
		}
		if err := vacate(ctx, tx, s, Primary); err != nil {
			return err
		}
		if u.State == Accepted {
			if err := s.reverseFor(tx, u.Person, SignedUp, by); err != nil {
				return err
			}
		}
		n, err := nextInQueue(ctx, tx, s.Home, s.ID)
		if err != nil {
			return err
		}
		s.Waiting++
		u.State, u.Queue, u.OfferedUntil, u.Accepted = Waitlisted, n, 0, 0
		if err := update(ctx, tx, *s, &u); err != nil {
			return err
		}
		if err := tell(tx, *s, u.Person, "roster.moved_to_waitlist", string(u.ID)+"/"+stamp(db.MS(tx.Now))); err != nil {
			return err
		}
	}
	if in.Places < s.Taken {
		return fail.Field("places", "roster.places_below_taken", "taken", s.Taken, "n", s.Taken-in.Places)
	}
	if in.StandbyPlaces < s.StandbyTaken {
		return fail.Field("standby_places", "roster.standbys_below_taken", "taken", s.StandbyTaken)
	}
	return nil
}

// move writes the new times and places, and posts anew what counts by them.
func move(ctx context.Context, tx *db.Tx, s *Shift, in Edit, by id.ID) error {
	before := *s
	s.set(in)
	if err := updateShift(ctx, tx, *s); err != nil {
		return err
	}
	s.Rev++
	if before.Day != s.Day || before.Places != s.Places {
		if _, err := ledger.Reverse(tx, Places, s.ID, "", before.Day, by); err != nil {
			return err
		}
		if err := s.post(tx, Places, s.Places, by); err != nil {
			return err
		}
	}
	if before.Starts == s.Starts && before.Ends == s.Ends {
		return nil
	}
	if err := planClose(ctx, tx, *s); err != nil {
		return err
	}
	return moveEach(ctx, tx, before, s, by)
}

// moveEach carries the people of a shift to its new time.
func moveEach(ctx context.Context, tx *db.Tx, before Shift, s *Shift, by id.ID) error {
	all, err := SignupsOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.Place != Primary || u.State != Accepted {
			continue
		}
		why, err := unfit(ctx, tx, *s, u.Person)
		if err != nil {
			return err
		}
		if why != nil && !(brokenRest(why) && u.RestReason != "") {
			if err := takeOff(ctx, tx, before, s, u, brief(why), by); err != nil {
				return err
			}
			continue
		}
		if before.Day == s.Day {
			continue
		}
		if err := before.reverseFor(tx, u.Person, SignedUp, by); err != nil {
			return err
		}
		if err := s.postFor(tx, u, SignedUp, 1, "", by); err != nil {
			return err
		}
	}
	return nil
}

// takeOff ends the sign-up of somebody who cannot come at the new time.
func takeOff(ctx context.Context, tx *db.Tx, before Shift, s *Shift, u Signup, why string, by id.ID) error {
	if err := before.reverseFor(tx, u.Person, SignedUp, by); err != nil {
		return err
	}
	if err := vacate(ctx, tx, s, Primary); err != nil {
		return err
	}
	u.State, u.Reason = Withdrawn, why
	if err := update(ctx, tx, *s, &u); err != nil {
		return err
	}
	return tell(tx, *s, u.Person, "roster.moved_off", string(u.ID)+"/"+stamp(s.Starts))
}

// tellChange shows everybody who is still on the shift what changed, once.
func tellChange(ctx context.Context, tx *db.Tx, before, after Shift) error {
	if before.Starts == after.Starts && before.Ends == after.Ends {
		return nil
	}
	all, err := SignupsOf(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.State.Over() {
			continue
		}
		if err := tellMoved(tx, before, after, u.Person); err != nil {
			return err
		}
	}
	return nil
}

// CancelShift cancels a shift that has not started; everybody on it is told
// why.
func CancelShift(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, reason string) error {
	if err := needReason(reason); err != nil {
		return err
	}
	s, err := permitPlan(ctx, tx, actor, shift)
	if err != nil {
		return err
	}
	if err := cancel(ctx, tx, s, reason, actor.Person); err != nil {
		return err
	}
	if err := respan(ctx, tx, s.Activity.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.shift_cancelled", Subject: s.ID, Org: s.Activity.Org,
		Before: s.plain(), After: map[string]any{"reason": reason}})
}

// cancel ends a shift and every sign-up on it.
func cancel(ctx context.Context, tx *db.Tx, s Shift, reason string, by id.ID) error {
	if err := markCancelled(ctx, tx, &s, reason); err != nil {
		return err
	}
	all, err := SignupsOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.State.Over() {
			continue
		}
		if err := leave(ctx, tx, &s, &u, "roster.cancelled", by); err != nil {
			return err
		}
		if err := tell(tx, s, u.Person, "roster.cancelled", string(s.ID)); err != nil {
			return err
		}
	}
	if _, err := jobs.Cancel(tx, s.ID, closeKey(s)); err != nil {
		return err
	}
	_, err = ledger.Reverse(tx, Places, s.ID, "", s.Day, by)
	return err
}
