package roster

import (
	"cmp"
	"slices"

	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Telling is hours told afterwards on a shift that is being told.
type Telling struct {
	Backfill
	t   *Sheet
	who *Volunteer
}

// Tell writes hours down afterwards, by the leader.
func (t *Sheet) Tell(at int64, who *Volunteer, in Told, by id.ID) *Telling {
	who.Taken++
	b := &Telling{t: t, who: who, Backfill: Backfill{ID: t.l.tx.NewID(t.Home), Shift: t.ID, Person: who.ID, Arrived: in.Arrived,
		Departed: in.Departed, Minutes: served(t.Shift, in.Arrived, in.Departed, t.l.set.CheckInOpens), Reason: in.Reason, Unit: in.Unit,
		Author: by, AuthorOrg: t.Activity.Org, State: "pending", Created: at}}
	t.backfills = append(t.backfills, b)
	return b
}

// Refuse is the second person's no.
func (b *Telling) Refuse(at int64, note string, by id.ID) {
	b.State, b.Note, b.DecidedBy, b.Decided = "refused", note, by, at
}

// Confirm is the second person's yes: the hours come onto the roster and into the ledger, in
// place of what stood there.
func (b *Telling) Confirm(at int64, by id.ID) {
	b.State, b.DecidedBy, b.Decided = "confirmed", by, at
	b.who.Taken++
	u := b.seat(at)
	u.Unit, u.State, u.Arrived, u.Departed, u.Minutes, u.Grade = b.Unit, Settled, b.Arrived, b.Departed, b.Minutes, ledger.Confirmed
	u.reverse(Arrived, u.came, by, at)
	u.arrived(by, at)
	u.reverse(Minutes, u.served, by, at)
	u.postMinutes(by, at)
	b.t.tell(u.Person, "roster.hours_entered", string(b.ID), at)
}

// seat is her row on the shift, a new one where she has none.
func (b *Telling) seat(at int64) *Seat {
	i := slices.IndexFunc(b.t.seats, func(u *Seat) bool { return u.Person == b.Person })
	if i >= 0 {
		u := b.t.seats[i]
		u.Rev++
		return u
	}
	u := b.t.seat(b.who, b.Unit, at)
	u.Walkup, u.Proxy, u.ArrivedBy, u.AckVersion = true, b.Author, "told", 0
	return u
}

// inOrder is the order in which a roster is read.
func inOrder(seats []*Seat) []*Seat {
	all := slices.Clone(seats)
	slices.SortFunc(all, func(a, b *Seat) int {
		return cmp.Or(cmp.Compare(a.Accepted, b.Accepted), cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.ID, b.ID))
	})
	return all
}
