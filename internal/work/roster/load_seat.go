package roster

import (
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Seat is somebody's sign-up on a shift that is being told.
type Seat struct {
	Signup
	t   *Sheet
	who *Volunteer

	signedUp, came, served ledger.Posted // those that live
}

// seat gives somebody a row on the shift.
func (t *Sheet) seat(who *Volunteer, unit id.ID, at int64) *Seat {
	u := &Seat{t: t, who: who, Signup: Signup{ID: t.l.tx.NewID(t.Home), Shift: t.ID, Person: who.ID, Place: Primary, Unit: unit,
		Category: who.Category, Applied: at, AckVersion: t.Activity.Version, Rev: 1}}
	t.seats = append(t.seats, u)
	return u
}

// SignUp puts somebody on the shift, by herself or by staff, brought by a call-up or by none:
// accepted while there is a place, else on the waiting list.
func (t *Sheet) SignUp(at int64, who *Volunteer, unit, by, callup id.ID) *Seat {
	u := t.seat(who, unit, at)
	u.Callup = callup
	if by != who.ID {
		u.Proxy = by
	}
	who.Taken++
	if t.Taken < t.Places {
		t.Taken++
		u.accept(at, by)
	} else {
		t.queue++
		t.Waiting++
		u.State, u.Queue = Waitlisted, t.queue
	}
	if u.Proxy != "" {
		t.tell(who.ID, "roster.proxy_"+string(u.State), string(u.ID)+"/"+string(u.State), at)
	}
	return u
}

// accept is the acceptance of a primary who has a place.
func (u *Seat) accept(at int64, by id.ID) {
	t := u.t
	u.State, u.Accepted = Accepted, at
	u.signedUp = u.post(SignedUp, 1, "", by, at, u.signedUp.Rev+1)
	if t.Taken == t.Places && t.Filled == 0 {
		t.Filled = at
		t.post(Filled, (at-t.Published)/60_000, by, at)
	}
}

// Withdraw takes somebody off who was accepted, by herself and in time. Her place is offered
// to the first on the waiting list, whom it answers; nil when nobody waits.
func (u *Seat) Withdraw(at int64) *Seat {
	t := u.t
	t.Taken--
	u.reverse(SignedUp, u.signedUp, u.Person, at)
	u.State, u.Ended, u.Rev = Withdrawn, at, u.Rev+1
	if t.Waiting == 0 {
		return nil
	}
	return t.offer(at)
}

// offer holds a place for the first on the waiting list.
func (t *Sheet) offer(at int64) *Seat {
	for _, u := range t.seats {
		if u.State != Waitlisted {
			continue
		}
		t.Waiting--
		t.Taken++
		u.who.Taken++ // her time is looked at when the place is offered, too
		u.State, u.Queue, u.Rev = Offered, 0, u.Rev+1
		u.OfferedUntil = min(at+t.l.set.OfferFor.Milliseconds(), t.Starts)
		t.tell(u.Person, "roster.offered", string(u.ID)+"/"+stamp(u.OfferedUntil), at, "until_at", u.OfferedUntil)
		return u
	}
	return nil
}

// Confirm takes the place that was offered.
func (u *Seat) Confirm(at int64, by id.ID) {
	u.who.Taken++
	u.OfferedUntil, u.Category, u.Rev = 0, u.who.Category, u.Rev+1
	u.accept(at, by)
}

// Arrive is a check-in, by code or by staff.
func (u *Seat) Arrive(at int64, how string, by id.ID) {
	u.State, u.Arrived, u.ArrivedBy, u.Rev = CheckedIn, at, how, u.Rev+1
	u.arrived(by, at)
}

// arrived posts an arrival and that the activity was held.
func (u *Seat) arrived(by id.ID, at int64) {
	u.came = u.post(Arrived, 1, "", by, at, u.came.Rev+1)
	u.t.hold(by, at)
}

// WalkUp is somebody who came without a sign-up.
func (t *Sheet) WalkUp(at int64, who *Volunteer, unit, by id.ID) *Seat {
	u := t.seat(who, unit, at)
	who.Taken++
	u.Walkup, u.Proxy = true, by
	u.Arrive(at, "walkup", by)
	return u
}

// Depart is a check-out.
func (u *Seat) Depart(at int64, early bool, by id.ID) {
	u.State, u.Departed, u.LeftEarly, u.Grade, u.Rev = CheckedOut, at, early, ledger.Recorded, u.Rev+1
	u.Minutes = served(u.t.Shift, u.Arrived, at, u.t.l.set.CheckInOpens)
	u.postMinutes(by, at)
}

func (u *Seat) postMinutes(by id.ID, at int64) {
	rev := u.served.Rev + 1
	u.served = ledger.Posted{Rev: u.served.Rev}
	if u.Minutes > 0 {
		u.served = u.post(Minutes, u.Minutes, u.Grade, by, at, rev)
	}
}

// NoShow records that somebody did not come.
func (u *Seat) NoShow(at int64, by id.ID) {
	u.State, u.Ended, u.Rev = NoShow, at, u.Rev+1
	u.post(Absent, 1, "", by, at, 1)
	u.t.tell(u.Person, "roster.no_show", string(u.ID), at)
}

// Close closes the check-ins that nobody closed, as the job does; by is the product itself.
func (t *Sheet) Close(at int64, by id.ID) {
	t.Closed = at
	for _, u := range inOrder(t.seats) {
		if u.State != CheckedIn {
			continue
		}
		u.State, u.Departed, u.Grade, u.Rev = Unclosed, t.Ends, ledger.Declared, u.Rev+1
		u.Minutes = served(t.Shift, u.Arrived, u.Departed, t.l.set.CheckInOpens)
		u.postMinutes(by, at)
		t.tell(u.Person, "roster.unclosed", string(u.ID), at)
	}
}

// ConfirmMinutes is the leader's word on somebody who did not check out.
func (u *Seat) ConfirmMinutes(at int64, by id.ID) {
	u.reverse(Minutes, u.served, by, at)
	u.State, u.Grade, u.Rev = Settled, ledger.Confirmed, u.Rev+1
	u.postMinutes(by, at)
	u.t.tell(u.Person, "roster.confirmed", string(u.ID), at)
}

// post writes a fact of one person on the shift.
func (u *Seat) post(kind *ledger.Kind, qty int64, grade ledger.Grade, by id.ID, at int64, rev int) ledger.Posted {
	f := u.fact(kind, qty, by)
	f.Grade = grade
	var err error
	if f.Unit, err = u.t.l.chart.On(u.Unit, u.t.Day); err != nil {
		u.t.l.note(err)
		return ledger.Posted{}
	}
	posted, err := u.t.l.facts.Post(f, at, rev)
	u.t.l.note(err)
	return posted
}

func (u *Seat) fact(kind *ledger.Kind, qty int64, by id.ID) ledger.Fact {
	f := u.t.fact(kind, qty, by)
	f.Person, f.Category, f.Callup = u.Person, u.Category, u.Callup
	return f
}

// reverse takes a fact of one person back.
func (u *Seat) reverse(kind *ledger.Kind, was ledger.Posted, by id.ID, at int64) {
	if was.ID != "" {
		u.t.l.note(u.t.l.facts.Reverse(u.fact(kind, was.Qty, by), was, at, by))
	}
}
