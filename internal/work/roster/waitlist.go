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
	"tongxin/internal/work/people"
)

// jobLapse withdraws an offer that was not confirmed in time.
const jobLapse = "roster.lapse"

// Withdraw takes a volunteer off a shift. She (or her guardian) may until the
// deadline, and after it while a standby can step in; staff may until the
// start, with a reason. A primary's place goes to a
// standby, else to the waiting list.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID, reason string) (Signup, error) {
	s, err := openShift(ctx, tx, shift)
	if err != nil {
		return Signup{}, err
	}
	u, freed, err := step(ctx, tx, actor, &s, person, reason)
	if err != nil {
		return u, err
	}
	return u, follow(ctx, tx, s, freed)
}

// TakeOff takes several off a shift for one reason: all of them or none. Who follows is looked for
// when all have gone, so that no place is offered to somebody who is about to go as well.
func TakeOff(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, who []id.ID, reason string) error {
	if len(who) == 0 {
		return fail.Field("who", "roster.nobody_picked")
	}
	s, err := openShift(ctx, tx, shift)
	if err != nil {
		return err
	}
	freed := 0
	for _, person := range who {
		_, n, err := step(ctx, tx, actor, &s, person, reason)
		if err != nil {
			return err
		}
		freed += n
	}
	return follow(ctx, tx, s, freed)
}

// step takes one off a shift and says how many primaries' places that gave up.
func step(ctx context.Context, tx *db.Tx, actor auth.Actor, s *Shift, person id.ID, reason string) (u Signup, freed int, err error) {
	staff, err := permitWithdraw(ctx, tx, actor, *s, person)
	if err != nil {
		return u, 0, err
	}
	if u, err = SignupOf(ctx, tx, s.ID, person); err != nil {
		return u, 0, err
	}
	if err := mayLeave(ctx, tx, *s, u, staff, reason); err != nil {
		return u, 0, err
	}
	before := u.State
	if before == Accepted && u.Place == Primary {
		freed = 1
	}
	if err := leave(ctx, tx, s, &u, reason, actor.Person); err != nil {
		return u, 0, err
	}
	if staff {
		if err := tell(tx, *s, u.Person, "roster.taken_off", string(u.ID)+"/"+stamp(db.MS(tx.Now))); err != nil {
			return u, 0, err
		}
	}
	return u, freed, audit.Record(tx, actor, audit.Entry{Action: "roster.withdrawn", Subject: s.ID, Org: s.Activity.Org,
		Before: map[string]any{"person": person, "state": before}, After: map[string]any{"person": person, "state": u.State}})
}

// follow gives places that primaries gave up to standbys, and what is left to the waiting list.
func follow(ctx context.Context, tx *db.Tx, s Shift, freed int) error {
	for range freed {
		if moved, err := stepIn(ctx, tx, &s); err != nil {
			return err
		} else if !moved {
			break
		}
	}
	return refill(ctx, tx, s)
}

// permitWithdraw answers whether it is staff that takes her off.
func permitWithdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, person id.ID) (staff bool, err error) {
	who, proxy, err := permitFor(ctx, tx, actor, person, s)
	if fail.Key(err) == "roster.guardian_acts" {
		err = nil // a minor may always step back herself
	}
	return proxy != "" && proxy != who.Guardian, err
}

// mayLeave refuses what cannot be withdrawn any more, or not without a reason.
func mayLeave(ctx context.Context, tx *db.Tx, s Shift, u Signup, staff bool, reason string) error {
	switch u.State {
	case Applied, Waitlisted, Offered, Accepted:
	case Withdrawn:
		return fail.New(fail.Conflict, "roster.withdrawn_already")
	default:
		return fail.New(fail.Conflict, "roster.not_on_it")
	}
	if staff {
		return needReason(reason)
	}
	return inTime(ctx, tx, s, u)
}

// inTime refuses a late withdrawal that would leave the post empty.
func inTime(ctx context.Context, tx *db.Tx, s Shift, u Signup) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	if u.State != Accepted || u.Place == Standby || db.MS(tx.Now) <= s.Starts-set.WithdrawBefore.Milliseconds() {
		return nil
	}
	standbys, err := standbysOf(ctx, tx, s)
	if err != nil {
		return err
	}
	if len(standbys) == 0 {
		return fail.New(fail.Conflict, "roster.withdraw_late", "hours", int64(set.WithdrawBefore/time.Hour))
	}
	return nil
}

// leave ends a sign-up that has not been served and gives back what it held.
func leave(ctx context.Context, tx *db.Tx, s *Shift, u *Signup, reason string, by id.ID) error {
	if u.State == Waitlisted {
		if err := leaveQueue(ctx, tx, s); err != nil {
			return err
		}
	}
	if u.seated() {
		if err := vacate(ctx, tx, s, u.Place); err != nil {
			return err
		}
	}
	if u.State == Accepted && u.Place == Primary {
		if err := s.reverseFor(tx, u.Person, SignedUp, by); err != nil {
			return err
		}
	}
	u.State, u.Reason, u.OfferedUntil, u.Queue = Withdrawn, reason, 0, 0
	return update(ctx, tx, *s, u)
}

// refill offers every free primary place of the shift to the waiting list.
// Whatever frees or adds a place calls it.
func refill(ctx context.Context, tx *db.Tx, s Shift) error {
	if s.State != "open" || db.MS(tx.Now) >= s.Starts {
		return nil
	}
	for s.Taken < s.Places {
		if moved, err := offerNext(ctx, tx, &s); err != nil || !moved {
			return err
		}
	}
	return nil
}

// stepIn makes the first standby who can a primary, when one gave up her place
// before the start.
func stepIn(ctx context.Context, tx *db.Tx, s *Shift) (bool, error) {
	standbys, err := standbysOf(ctx, tx, *s)
	if err != nil {
		return false, err
	}
	for _, u := range standbys {
		if why, err := unfit(ctx, tx, *s, u.Person); err != nil {
			return false, err
		} else if why != nil {
			continue
		}
		if err := vacate(ctx, tx, s, Standby); err != nil {
			return false, err
		}
		if ok, err := occupy(ctx, tx, s, Primary); err != nil || !ok {
			return false, err
		}
		u.Place, u.Accepted = Primary, db.MS(tx.Now)
		if err := update(ctx, tx, *s, &u); err != nil {
			return false, err
		}
		if err := accepted(ctx, tx, *s, u, auth.System.Person); err != nil {
			return false, err
		}
		return true, tell(tx, *s, u.Person, "roster.stepped_in", string(u.ID)+"/"+stamp(db.MS(tx.Now)))
	}
	return false, nil
}

// unfit moves her agenda and says why she cannot be a primary of the shift now,
// nil if she can.
func unfit(ctx context.Context, tx *db.Tx, s Shift, person id.ID) (why, err error) {
	who, err := people.StandingOf(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	if why, err := barred(ctx, tx, s, who); why != nil || err != nil {
		return why, err
	}
	if err := moveAgenda(tx, person); err != nil {
		return nil, err
	}
	other, err := conflict(ctx, tx, s, person)
	if err != nil || other != "" {
		return fail.New(fail.Conflict, "roster.overlap"), err
	}
	return rested(ctx, tx, s, person)
}

// offerNext offers a free place to the first on the waiting list who can still
// take it; those who cannot are told why and lapse. False when nobody is left.
func offerNext(ctx context.Context, tx *db.Tx, s *Shift) (bool, error) {
	for s.Waiting > 0 {
		u, ok, err := firstInQueue(ctx, tx, *s)
		if err != nil || !ok {
			return false, err
		}
		if err := leaveQueue(ctx, tx, s); err != nil {
			return false, err
		}
		why, err := unfit(ctx, tx, *s, u.Person)
		if err != nil {
			return false, err
		}
		if why != nil {
			if err := skip(ctx, tx, *s, &u, brief(why)); err != nil {
				return false, err
			}
			continue
		}
		return offer(ctx, tx, s, &u)
	}
	return false, nil
}

// skip ends a wait that cannot be fulfilled, and says why.
func skip(ctx context.Context, tx *db.Tx, s Shift, u *Signup, why string) error {
	u.State, u.Reason, u.Queue = Lapsed, why, 0
	if err := update(ctx, tx, s, u); err != nil {
		return err
	}
	return tell(tx, s, u.Person, "roster.skipped", string(u.ID)+"/"+stamp(db.MS(tx.Now)))
}

// brief is the key of a sentence that says, without figures, why a wait ended.
func brief(why error) string {
	switch key := fail.Key(why); key {
	case "roster.certificate_missing", "roster.certificate_unconfirmed", "roster.certificate_expires":
		return "roster.skipped_certificate"
	case "roster.rest_longest", "roster.rest_apart", "roster.rest_nights":
		return "roster.skipped_rest"
	case "roster.too_young", "roster.too_old":
		return "roster.skipped_age"
	default:
		return key
	}
}

// offer holds a seat for her until she confirms or the offer lapses.
func offer(ctx context.Context, tx *db.Tx, s *Shift, u *Signup) (bool, error) {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return false, err
	}
	if ok, err := occupy(ctx, tx, s, Primary); err != nil || !ok {
		return false, err
	}
	u.State, u.Queue = Offered, 0
	u.OfferedUntil = min(db.MS(tx.Now)+set.OfferFor.Milliseconds(), s.Starts)
	if err := update(ctx, tx, *s, u); err != nil {
		return false, err
	}
	at := db.Time(u.OfferedUntil)
	if err := jobs.Add(tx, jobs.Job{Kind: jobLapse, Key: "lapse/" + string(u.ID) + "/" + stamp(u.OfferedUntil), Ref: u.ID, At: at}); err != nil {
		return false, err
	}
	return true, tell(tx, *s, u.Person, "roster.offered", string(u.ID)+"/"+stamp(u.OfferedUntil), "until_at", u.OfferedUntil)
}

// Confirm takes the place that was offered from the waiting list.
func Confirm(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID) (Signup, error) {
	s, err := openShift(ctx, tx, shift)
	if err != nil {
		return Signup{}, err
	}
	who, _, err := permitFor(ctx, tx, actor, person, s)
	if err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	switch {
	case err != nil:
		return u, err
	case u.State == Accepted:
		return u, nil // confirmed already: a repeated tap is no error
	case u.State != Offered:
		return u, fail.New(fail.Conflict, "roster.not_offered")
	case db.MS(tx.Now) > u.OfferedUntil:
		return u, fail.New(fail.Conflict, "roster.offer_expired")
	}
	if err := admit(ctx, tx, s, who); err != nil {
		return u, err
	}
	if err := takeTime(ctx, tx, s, &u); err != nil {
		return u, err
	}
	u.State, u.Accepted, u.OfferedUntil, u.Category = Accepted, db.MS(tx.Now), 0, who.Category
	if err := update(ctx, tx, s, &u); err != nil {
		return u, err
	}
	if err := accepted(ctx, tx, s, u, actor.Person); err != nil {
		return u, err
	}
	return u, audit.Record(tx, actor, audit.Entry{Action: "roster.confirmed", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": person, "state": u.State}})
}

// lapse is the job that ends an offer nobody confirmed, and offers the place to
// the next.
func lapse(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	u, err := signupByID(ctx, tx, j.Ref)
	if err != nil || u.State != Offered || u.OfferedUntil > db.MS(tx.Now) {
		return err
	}
	s, err := Get(ctx, tx, u.Shift)
	if err != nil {
		return err
	}
	if err := vacate(ctx, tx, &s, Primary); err != nil {
		return err
	}
	u.State, u.Reason, u.OfferedUntil = Lapsed, "roster.offer_expired", 0
	if err := update(ctx, tx, s, &u); err != nil {
		return err
	}
	if err := tell(tx, s, u.Person, "roster.lapsed", string(u.ID)+"/"+stamp(db.MS(tx.Now))); err != nil {
		return err
	}
	if err := audit.Record(tx, auth.System, audit.Entry{Action: "roster.lapsed", Subject: s.ID, Org: s.Activity.Org,
		After: map[string]any{"person": u.Person}}); err != nil {
		return err
	}
	return refill(ctx, tx, s)
}
