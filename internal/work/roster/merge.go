package roster

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/people"
)

// MergeStep moves a duplicate's turns, with what they made countable, to the survivor. What
// she holds under both records counts once: the turn served first of all, then a place over a
// wait for it, else the survivor's; the other becomes merged and gives up its seat.
var MergeStep = people.MergeStep{Area: "roster", Merge: merge, Undo: undo,
	Moves: []string{"roster_signup.person", "roster_signup.came_from", "roster_agenda.person", "roster_backfill.person", "roster_backfill.author"},
	Stays: map[string]string{"roster_signup.proxy": stays, "roster_backfill.decided_by": stays, "roster_guess.person": "ends by itself",
		"roster_ask.person": stays, "roster_ask.author": stays, "roster_series.author": stays, "roster_dismissal.author": stays,
		"roster_template.author": stays, "roster_calendar.person": "it ends, and she makes another"}}

const stays = "who did it is history; the id leads to the survivor"

// What the step notes.
const (
	notedAgenda = "agenda"
	notedTurn   = "turn"   // moved
	notedDouble = "double" // held under both, made to stand for nothing
	notedTold   = "told"   // hours told for her
	notedAuthor = "author" // hours that she told
	mergeAtOnce = 5        // turns in one transaction
	doubled     = "roster.held_twice"
)

// personal are the kinds of facts on one person.
var personal = []*ledger.Kind{SignedUp, Arrived, Minutes, Absent}

// merge moves some turns, after nobody can take of the duplicate's time any more.
func merge(ctx context.Context, tx *db.Tx, m *people.Move) (more bool, err error) {
	if fresh, err := closeAgenda(tx, m.From); err != nil || fresh {
		return true, errors.Join(err, m.Note(notedAgenda, m.From, nil))
	}
	if _, err := endCalendars(tx, m.From); err != nil { // she makes one of what is together now
		return false, err
	}
	turns, err := turnsOf(ctx, tx, m.From, mergeAtOnce)
	if err != nil {
		return false, err
	}
	for _, u := range turns {
		if err := lockShift(tx, u.Shift); err != nil {
			return false, err
		}
	}
	if err := moveAgenda(tx, m.To); err != nil {
		return false, err
	}
	for _, u := range turns {
		if err := mergeTurn(ctx, tx, m, u.ID); err != nil {
			return false, err
		}
	}
	if len(turns) > 0 {
		return true, nil
	}
	return mergeTold(ctx, tx, m)
}

// mergeTurn moves one turn, read anew now that its shift is locked.
func mergeTurn(ctx context.Context, tx *db.Tx, m *people.Move, signup id.ID) error {
	u, err := signupByID(ctx, tx, signup)
	if err != nil || u.Person != m.From || u.State.Over() {
		return err
	}
	s, err := Get(ctx, tx, u.Shift)
	if err != nil {
		return err
	}
	own, held, err := heldBy(ctx, tx, s.ID, m.To)
	if err != nil {
		return err
	}
	both := held && !own.State.Over()
	if both && !u.outweighs(own) {
		return double(ctx, tx, m, s, u)
	}
	if u.Place == Primary && u.State == Accepted && !u.Walkup {
		other, err := conflict(ctx, tx, s, m.To)
		if err != nil {
			return err
		}
		if other != "" { // she cannot be at both
			return double(ctx, tx, m, s, u)
		}
	}
	if both {
		if err := double(ctx, tx, m, s, own); err != nil {
			return err
		}
	}
	return moveTurn(tx, m, u, own.ID)
}

// outweighs says whether a turn stands although she has another of the same shift: one that was
// served, and a place over a wait for it, over an application and over a standby's.
func (u Signup) outweighs(own Signup) bool {
	switch {
	case u.State.Served() || own.State.Served():
		return !own.State.Served()
	case u.State != Accepted || u.Place != Primary:
		return false
	}
	return own.State == Applied || own.State == Waitlisted || own.State == Offered || own.State == Accepted && own.Place == Standby
}

// moved is what is noted of a turn that went to the survivor; hers on the same shift, if there
// was one, stands in its place.
type moved struct {
	CameFrom id.ID `json:"came_from"`
	Swapped  id.ID `json:"swapped"`
}

func moveTurn(tx *db.Tx, m *people.Move, u Signup, swapped id.ID) error {
	if err := m.Note(notedTurn, u.ID, moved{u.CameFrom, swapped}); err != nil {
		return err
	}
	came := u.CameFrom
	if came == "" {
		came = m.From
	}
	if err := exchange(tx, u, swapped, m.To, came); err != nil {
		return err
	}
	return hand(tx, u.Shift, m.From, m.To, m.By)
}

// exchange gives a sign-up to a person, and another on the same shift to whose it was.
func exchange(tx *db.Tx, u Signup, swapped, to, came id.ID) error {
	if swapped != "" {
		if err := giveTo(tx, swapped, ""); err != nil {
			return err
		}
	}
	if err := giveTurn(tx, u, to, came); err != nil || swapped == "" {
		return err
	}
	return giveTo(tx, swapped, u.Person)
}

// hand posts what lives on one person's turn anew under another.
func hand(tx *db.Tx, shift, from, to, by id.ID) error {
	for _, k := range personal {
		if _, err := ledger.Hand(tx, k, shift, from, to, by); err != nil {
			return err
		}
	}
	return nil
}

// twice is what is noted of a turn held under both records.
type twice struct {
	State  State    `json:"state"`
	Reason string   `json:"reason"`
	Kinds  []string `json:"kinds"` // of the facts that it had
}

// double makes a turn stand for nothing.
func double(ctx context.Context, tx *db.Tx, m *people.Move, s Shift, u Signup) error {
	was := twice{State: u.State, Reason: u.Reason}
	for _, k := range personal {
		had, err := ledger.Reverse(tx, k, s.ID, u.Person, s.Day, m.By)
		if err != nil {
			return err
		}
		if had {
			was.Kinds = append(was.Kinds, k.Key)
		}
	}
	if err := m.Note(notedDouble, u.ID, was); err != nil {
		return err
	}
	if u.State == Waitlisted {
		if err := leaveQueue(ctx, tx, &s); err != nil {
			return err
		}
	}
	if u.seated() {
		if err := vacate(ctx, tx, &s, u.Place); err != nil {
			return err
		}
	}
	if err := setTurn(tx, u, Merged, doubled); err != nil {
		return err
	}
	return refill(ctx, tx, s)
}

// mergeTold moves hours told for the duplicate and by it.
func mergeTold(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	about, err := toldFor(ctx, tx, m.From, mergeAtOnce)
	if err != nil {
		return false, err
	}
	by, err := toldBy(ctx, tx, m.From, mergeAtOnce)
	if err != nil {
		return false, err
	}
	for _, b := range about {
		if err := errors.Join(m.Note(notedTold, b, nil), giveTold(tx, b, m.To)); err != nil {
			return false, err
		}
	}
	for _, b := range by {
		if err := errors.Join(m.Note(notedAuthor, b, nil), giveAuthor(tx, b, m.To)); err != nil {
			return false, err
		}
	}
	return len(about)+len(by) > 0, nil
}

// undo moves one thing back.
func undo(ctx context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	switch was.What {
	case notedAgenda:
		return openAgenda(tx, m.From)
	case notedTold:
		return giveTold(tx, was.Ref, m.From)
	case notedAuthor:
		return giveAuthor(tx, was.Ref, m.From)
	case notedTurn:
		return undoTurn(ctx, tx, m, was)
	case notedDouble:
		return undoDouble(ctx, tx, m, was)
	}
	return errors.New("roster: nothing is known of moving " + was.What)
}

func undoTurn(ctx context.Context, tx *db.Tx, m *people.Move, w people.Moved) error {
	var was moved
	if err := w.Into(&was); err != nil {
		return err
	}
	u, err := signupByID(ctx, tx, w.Ref)
	if err != nil {
		return err
	}
	if err := hand(tx, u.Shift, m.To, m.From, m.By); err != nil {
		return err
	}
	return exchange(tx, u, was.Swapped, m.From, was.CameFrom)
}

// undoDouble gives a turn back what it was, where that can still be: a seat that somebody
// else has meanwhile is lost, and she is told so.
func undoDouble(ctx context.Context, tx *db.Tx, m *people.Move, w people.Moved) error {
	var was twice
	if err := w.Into(&was); err != nil {
		return err
	}
	u, err := signupByID(ctx, tx, w.Ref)
	if err != nil {
		return err
	}
	if err := lockShift(tx, u.Shift); err != nil {
		return err
	}
	s, err := Get(ctx, tx, u.Shift)
	if err != nil {
		return err
	}
	u.State = was.State
	ok, err := regain(ctx, tx, &s, u)
	if err != nil {
		return err
	}
	if !ok {
		if err := setTurn(tx, u, Withdrawn, "roster.place_lost"); err != nil {
			return err
		}
		return tell(tx, s, u.Person, "roster.place_lost", string(u.ID)+"/"+stamp(db.MS(tx.Now)))
	}
	if err := setTurn(tx, u, was.State, was.Reason); err != nil {
		return err
	}
	for _, k := range personal {
		for _, key := range was.Kinds {
			if k.Key != key {
				continue
			}
			if _, err := ledger.Revive(tx, k, s.ID, u.Person, m.By); err != nil {
				return err
			}
		}
	}
	return nil
}

// regain takes again the seat or the number on the waiting list that a turn had, and her time.
func regain(ctx context.Context, tx *db.Tx, s *Shift, u Signup) (bool, error) {
	if s.State != "open" {
		return false, nil
	}
	if u.Place == Primary && u.State == Accepted && !u.Walkup {
		if other, err := conflictOf(ctx, tx, *s, u.Person, true); err != nil || other != "" {
			return false, err
		}
	}
	if u.State == Waitlisted {
		return true, rejoinQueue(tx, *s)
	}
	if !u.seated() {
		return true, nil
	}
	return occupy(ctx, tx, s, u.Place)
}
