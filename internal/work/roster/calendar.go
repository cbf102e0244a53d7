package roster

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// keptFor is how long after its time a shift stays in calendars, cancelled ones too: a copy in a
// phone is corrected only by what is still there.
const keptFor = 30 * 24 * time.Hour

// mostDated is how many shifts a calendar has.
const mostDated = 1000

// Dated is a shift as a calendar has it.
type Dated struct {
	Shift
	Signup   Signup // hers, in her own calendar
	Sequence int64  // grows with every change of the shift, its activity and her sign-up
	Changed  int64  // the latest moment that the records tell of a change
}

// Off says whether it does not take place, for her or at all.
func (d Dated) Off() bool {
	return d.State == "cancelled" || d.Activity.State == "cancelled" || d.Signup.idle()
}

// Sure says whether she is on it: an application and a place on the waiting list are not.
func (d Dated) Sure() bool {
	switch d.Signup.State {
	case Applied, Waitlisted, Offered:
		return false
	}
	return true
}

// MakeCalendar makes the calendar of somebody's own shifts, or of her ward's, and answers its id and
// the secret of its address, which is shown once. One that she had ends.
func MakeCalendar(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID) (calendar id.ID, secret string, err error) {
	who, err := ownCalendar(ctx, tx, actor, person)
	if err != nil {
		return "", "", err
	}
	if _, err := endCalendars(tx, who.ID); err != nil {
		return "", "", err
	}
	secret, _ = auth.NewSecret()
	calendar = tx.NewID(who.Home)
	if err := insertCalendar(tx, calendar, who.ID, hashCalendar(keys, secret)); err != nil {
		return "", "", err
	}
	return calendar, secret, audit.Record(tx, actor, audit.Entry{Action: "roster.calendar_made", Subject: who.ID, Org: who.Station})
}

// EndCalendar ends it: its address shows nothing any more.
func EndCalendar(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	who, err := ownCalendar(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if n, err := endCalendars(tx, who.ID); err != nil || n == 0 {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.calendar_ended", Subject: who.ID, Org: who.Station})
}

// ownCalendar permits herself and her guardian.
func ownCalendar(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) (people.Standing, error) {
	how, err := people.MayActFor(ctx, tx, actor, person)
	if err == nil && how == people.AsStaff {
		err = fail.New(fail.Forbidden, "web.not_yours")
	}
	if err != nil {
		return people.Standing{}, err
	}
	return people.StandingOf(ctx, tx, person)
}

// hashCalendar is how the secret of an address is kept.
func hashCalendar(keys *crypt.Keys, secret string) []byte { return keys.Hash("calendar", secret) }

// OpenCalendar answers whose calendar an address is. One that was ended or replaced, one that never
// was, and one of an account that was closed are not there.
func OpenCalendar(ctx context.Context, r db.Reader, keys *crypt.Keys, calendar id.ID, secret string) (id.ID, error) {
	person, err := calendarBy(ctx, r, calendar, hashCalendar(keys, secret))
	if err != nil {
		return "", err
	}
	who, err := people.StandingOf(ctx, r, person)
	if err == nil && who.State != people.Active {
		err = fail.New(fail.NotFound, "roster.calendar_gone")
	}
	return who.ID, err
}

// since is the moment from which on a calendar shows what ends.
func since(now time.Time) int64 { return db.MS(now.Add(-keptFor)) }

// Calendar lists what a person signed up for, as her calendar has it.
func Calendar(ctx context.Context, r db.Reader, person id.ID, now time.Time) ([]Dated, error) {
	return datedOf(ctx, r, person, since(now))
}

// CalendarOfActivity lists the shifts of an activity for everybody.
func CalendarOfActivity(ctx context.Context, r db.Reader, activity id.ID, now time.Time) ([]Dated, error) {
	return datedIn(ctx, r, "a.id", activity, since(now))
}

// CalendarOfOrg lists the shifts of an organisation's own activities for everybody.
func CalendarOfOrg(ctx context.Context, r db.Reader, org id.ID, now time.Time) ([]Dated, error) {
	return datedIn(ctx, r, "a.org", org, since(now))
}
