package roster

import (
	"context"
	"strconv"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Request is a sign-up as somebody asks for it. Person, Place and Unit may be
// empty: the actor herself, a primary, the unit she serves for by default.
// Callup names the call-up that brought it.
type Request struct {
	Shift  id.ID
	Person id.ID
	Place  Place
	Unit   id.ID
	Callup id.ID
	Rest   string // of staff: why she is put on it against the rules of rest
}

// staffRoles may put people on shifts of their organisation and below, and
// take them off.
var staffRoles = []auth.Role{auth.Leader, auth.Admin}

// SignUp puts a volunteer on a shift: accepted while a place is free, on the
// waiting list when it is full, applied where the activity decides each. Soft
// conflicts with her other shifts come back as shown, not refused.
func SignUp(ctx context.Context, tx *db.Tx, actor auth.Actor, in Request) (Signup, error) {
	if in.Place == "" {
		in.Place = Primary
	}
	if in.Person == "" {
		in.Person = actor.Person
	}
	s, err := openShift(ctx, tx, in.Shift)
	if err != nil {
		return Signup{}, err
	}
	who, proxy, err := permitFor(ctx, tx, actor, in.Person, s)
	if err != nil {
		return Signup{}, err
	}
	if err := admit(ctx, tx, s, who); err != nil {
		return Signup{}, err
	}
	u, err := newSignup(ctx, tx, s, who, in)
	if err != nil {
		return Signup{}, err
	}
	u.Proxy = proxy
	staff := proxy != "" && proxy != who.Guardian
	if staff {
		u.RestReason = in.Rest
	}
	if err := seat(ctx, tx, &s, &u); err != nil {
		if staff {
			err = askReason(err)
		}
		return Signup{}, err
	}
	if err := save(ctx, tx, s, &u); err != nil {
		return Signup{}, err
	}
	if u.State == Accepted {
		if err := accepted(ctx, tx, s, u, actor.Person); err != nil {
			return Signup{}, err
		}
	}
	if proxy != "" {
		if err := tell(tx, s, u.Person, "roster.proxy_"+string(u.State), string(u.ID)+"/"+string(u.State)); err != nil {
			return Signup{}, err
		}
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.signed_up", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": u.Person, "place": u.Place, "state": u.State, "proxy": proxy, "rest": u.RestReason}})
}

// openShift reads a shift that still takes people.
func openShift(ctx context.Context, tx *db.Tx, shift id.ID) (Shift, error) {
	s, err := Get(ctx, tx, shift)
	switch {
	case err != nil:
		return s, err
	case s.State == "draft":
		return s, fail.New(fail.NotFound, "roster.unknown")
	case s.State == "cancelled" || s.Activity.State == "cancelled":
		return s, fail.New(fail.Conflict, "roster.cancelled")
	case db.MS(tx.Now) >= s.Starts:
		return s, fail.New(fail.Conflict, "roster.started")
	}
	return s, nil
}

// permitFor says for whom the actor may act on the shift: for herself, for her
// dependant, or as staff of the shift's organisation for anybody. It answers
// the person's standing and who acts in her place. Whether there is such a person
// only they learn who may act for anybody.
func permitFor(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, s Shift) (people.Standing, id.ID, error) {
	who, err := people.StandingOf(ctx, tx, person)
	if fail.KindOf(err) == fail.NotFound {
		if refused := org.Permit(ctx, tx, actor, s.Activity.Org, staffRoles...); refused != nil {
			err = refused
		}
	}
	if err != nil {
		return who, "", err
	}
	if who.ID == actor.Person {
		if who.MinorOn(s.Day) {
			return who, "", fail.New(fail.Forbidden, "roster.guardian_acts")
		}
		return who, "", nil
	}
	if who.Guardian != "" && who.Guardian == actor.Person {
		return who, actor.Person, nil
	}
	return who, actor.Person, org.Permit(ctx, tx, actor, s.Activity.Org, staffRoles...)
}

// newSignup makes the row, with the unit she serves for.
func newSignup(ctx context.Context, tx *db.Tx, s Shift, who people.Standing, in Request) (Signup, error) {
	if in.Place != Primary && in.Place != Standby {
		return Signup{}, fail.Field("place", "roster.place_unknown")
	}
	unit, err := unitFor(ctx, tx, who, in.Unit)
	if err != nil {
		return Signup{}, err
	}
	return Signup{
		ID: tx.NewID(s.Home), Shift: s.ID, Person: who.ID, Place: in.Place, Unit: unit, Category: who.Category,
		Callup: in.Callup, Applied: db.MS(tx.Now), AckVersion: s.Activity.Version,
	}, nil
}

// unitFor checks the unit that she says she serves for, or chooses her default.
func unitFor(ctx context.Context, tx *db.Tx, who people.Standing, unit id.ID) (id.ID, error) {
	if unit == "" {
		return people.DefaultUnit(ctx, tx, who)
	}
	units, err := people.UnitsOf(ctx, tx, who)
	if err != nil {
		return "", err
	}
	for _, u := range units {
		if u == unit {
			return unit, nil
		}
	}
	return "", fail.Field("unit", "roster.unit_not_hers")
}

// seat decides the state of a new sign-up and takes the seat or the number on
// the waiting list.
func seat(ctx context.Context, tx *db.Tx, s *Shift, u *Signup) error {
	if s.Activity.ByReview {
		u.State = Applied
		return nil
	}
	ok, err := takeSeat(ctx, tx, s, u)
	if err != nil {
		return err
	}
	if ok {
		u.State, u.Accepted = Accepted, db.MS(tx.Now)
		return nil
	}
	old, err := SignupOf(ctx, tx, s.ID, u.Person)
	if err == nil && old.ID != u.ID && !old.State.Over() {
		return fail.New(fail.Conflict, "roster.already_signed") // rather than that it is full: by her, too
	}
	if err != nil && fail.KindOf(err) != fail.NotFound {
		return err
	}
	return queue(ctx, tx, s, u)
}

// takeSeat takes a place of the shift and her time, in that order; false when
// the shift is full. An overlap with another primary post of hers is refused.
func takeSeat(ctx context.Context, tx *db.Tx, s *Shift, u *Signup) (bool, error) {
	ok, err := occupy(ctx, tx, s, u.Place)
	if err != nil || !ok {
		return false, err
	}
	return true, takeTime(ctx, tx, *s, u)
}

// takeTime moves her agenda and refuses what overlaps, or leaves too little rest.
func takeTime(ctx context.Context, tx *db.Tx, s Shift, u *Signup) error {
	if err := moveAgenda(tx, u.Person); err != nil {
		return err
	}
	if u.Place != Primary {
		return nil
	}
	other, err := conflict(ctx, tx, s, u.Person)
	if err != nil {
		return err
	}
	if other != "" {
		return fail.New(fail.Conflict, "roster.overlap")
	}
	return keepRest(ctx, tx, s, u)
}

// conflict finds a primary post of hers that overlaps the shift beyond the grace.
func conflict(ctx context.Context, r db.Reader, s Shift, person id.ID) (id.ID, error) {
	return conflictOf(ctx, r, s, person, false)
}

func conflictOf(ctx context.Context, r db.Reader, s Shift, person id.ID, planned bool) (id.ID, error) {
	set, err := config.Load(ctx, r)
	if err != nil {
		return "", err
	}
	return conflicting(ctx, r, s, person, set.OverlapGrace.Milliseconds(), planned)
}

// queue puts her on the waiting list.
func queue(ctx context.Context, tx *db.Tx, s *Shift, u *Signup) error {
	if u.Place == Standby {
		return fail.New(fail.Conflict, "roster.standby_full")
	}
	if !s.Activity.Waitlist {
		return fail.New(fail.Conflict, "roster.full")
	}
	n, err := nextInQueue(ctx, tx, s.Home, s.ID)
	u.State, u.Queue = Waitlisted, n
	return err
}

// accepted posts what an acceptance makes countable, for primaries.
func accepted(ctx context.Context, tx *db.Tx, s Shift, u Signup, by id.ID) error {
	if u.Place != Primary {
		return nil
	}
	if err := s.postFor(tx, u, SignedUp, 1, "", by); err != nil {
		return err
	}
	return fill(ctx, tx, s, by)
}

// fill posts that the shift is full for the first time.
func fill(ctx context.Context, tx *db.Tx, s Shift, by id.ID) error {
	if s.Taken < s.Places || s.Filled != 0 {
		return nil
	}
	first, err := markFilled(ctx, tx, s)
	if err != nil || !first {
		return err
	}
	return s.post(tx, Filled, (db.MS(tx.Now)-s.Published)/60_000, by)
}

// Decide answers an application: accepted into a free place or onto the
// waiting list, or declined with a reason. One that breaks the rules of rest is
// accepted with a reason only.
func Decide(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID, accept bool, reason string) (Signup, error) {
	s, err := openShift(ctx, tx, shift)
	if err != nil {
		return Signup{}, err
	}
	if err := org.Permit(ctx, tx, actor, s.Activity.Org, staffRoles...); err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	if err != nil {
		return u, err
	}
	if u.State != Applied {
		return u, fail.New(fail.Conflict, "roster.decided_already")
	}
	if accept {
		u.RestReason = reason
		err = askReason(acceptApplied(ctx, tx, s, &u))
	} else {
		u.State, u.Reason, err = Declined, reason, needReason(reason)
	}
	if err != nil {
		return u, err
	}
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if u.State == Accepted {
		if err := accepted(ctx, tx, s, u, actor.Person); err != nil {
			return u, err
		}
	}
	if err := tell(tx, s, u.Person, "roster."+string(u.State), string(u.ID)+"/"+string(u.State)); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.decided", Subject: s.ID, Org: s.Activity.Org,
		Before: map[string]any{"person": person, "state": Applied}, After: map[string]any{"person": person, "state": u.State, "rest": u.RestReason}})
}

func acceptApplied(ctx context.Context, tx *db.Tx, s Shift, u *Signup) error {
	who, err := people.StandingOf(ctx, tx, u.Person)
	if err != nil {
		return err
	}
	if err := admit(ctx, tx, s, who); err != nil {
		return err
	}
	u.Category = who.Category
	s.Activity.ByReview = false
	return seat(ctx, tx, &s, u)
}

func needReason(reason string) error {
	if reason == "" {
		return fail.Field("reason", "roster.reason_needed")
	}
	return nil
}

// tell writes one line into her inbox about a shift; `once` says what must not
// be told twice.
func tell(tx *db.Tx, s Shift, person id.ID, kind, once string, more ...any) error {
	return notice.Tell(tx, person, kind, s.ID, kind+"/"+once, append([]any{"title", s.Activity.Title, "starts", s.Starts, "ends", s.Ends}, more...)...)
}

// stamp spells a moment in what tells one notice or job from the next.
func stamp(ms int64) string { return strconv.FormatInt(ms, 36) }
