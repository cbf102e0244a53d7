package roster

import (
	"cmp"
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// touched names what watches of shifts are told.
const touched = "roster.shift"

func touch(tx *db.Tx, shift id.ID) { tx.Touch(touched, string(shift)) }

// listed names what watches of the people on a shift are told.
const listed = "roster.signup"

func touchList(tx *db.Tx, shift id.ID) { tx.Touch(listed, string(shift)) }

func insertShift(_ context.Context, tx *db.Tx, s Shift) error {
	touch(tx, s.ID)
	_, err := tx.Exec(`INSERT INTO roster_shift (home, id, activity, post, starts, ends, day, places, standby_places, state, series)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.Home, s.ID, s.Activity.ID, s.Post, s.Starts, s.Ends, s.Day, s.Places, s.StandbyPlaces, s.State, s.Series)
	return err
}

// updateShift writes times and places, if nobody changed the shift meanwhile.
func updateShift(_ context.Context, tx *db.Tx, s Shift) error {
	touch(tx, s.ID)
	n, err := tx.Exec(`UPDATE roster_shift SET starts = $1, ends = $2, day = $3, places = $4, standby_places = $5, own = $9, changed = $10, rev = rev + 1
		WHERE home = $6 AND id = $7 AND rev = $8 AND taken <= $4 AND standby_taken <= $5`,
		s.Starts, s.Ends, s.Day, s.Places, s.StandbyPlaces, s.Home, s.ID, s.Rev, s.Own, db.MS(tx.Now))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.changed_meanwhile")
	}
	return err
}

func markOpen(_ context.Context, tx *db.Tx, s Shift) error {
	touch(tx, s.ID)
	_, err := tx.Exec(`UPDATE roster_shift SET state = 'open', published = $1, rev = rev + 1 WHERE home = $2 AND id = $3 AND state = 'draft'`,
		db.MS(tx.Now), s.Home, s.ID)
	return err
}

func markCancelled(_ context.Context, tx *db.Tx, s *Shift, reason string) error {
	touch(tx, s.ID)
	n, err := tx.Exec(`UPDATE roster_shift SET state = 'cancelled', reason = $1, changed = $4, rev = rev + 1 WHERE home = $2 AND id = $3 AND state <> 'cancelled'`,
		reason, s.Home, s.ID, db.MS(tx.Now))
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.cancelled")
	}
	s.State, s.Reason = "cancelled", reason
	return err
}

func markClosed(_ context.Context, tx *db.Tx, s Shift) error {
	_, err := tx.Exec(`UPDATE roster_shift SET closed = $1 WHERE home = $2 AND id = $3`, db.MS(tx.Now), s.Home, s.ID)
	return err
}

// markFilled answers whether this is the first time that the shift is full.
func markFilled(_ context.Context, tx *db.Tx, s Shift) (bool, error) {
	touch(tx, s.ID)
	n, err := tx.Exec(`UPDATE roster_shift SET filled = $1 WHERE home = $2 AND id = $3 AND filled = 0`, db.MS(tx.Now), s.Home, s.ID)
	return n == 1, err
}

// clearPost deletes the shifts of a post that were cancelled before anybody saw them.
func clearPost(_ context.Context, tx *db.Tx, post id.ID) error {
	_, err := tx.Exec(`DELETE FROM roster_shift WHERE home = $1 AND post = $2 AND state = 'cancelled' AND published = 0`, post.Home(), post)
	return err
}

// lockShifts locks an activity's shifts in id order, before any of their people.
func lockShifts(_ context.Context, tx *db.Tx, activity id.ID) error {
	shifts, err := Of(tx.Context(), tx, activity)
	if err != nil {
		return err
	}
	for _, s := range byID(shifts) {
		touch(tx, s.ID)
		if _, err := tx.Exec(`UPDATE roster_shift SET rev = rev + 1 WHERE home = $1 AND id = $2`, s.Home, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// occupy takes a seat if one is free, as the row stands when it is locked.
func occupy(_ context.Context, tx *db.Tx, s *Shift, p Place) (bool, error) {
	touch(tx, s.ID)
	q := `UPDATE roster_shift SET taken = taken + 1 WHERE home = $1 AND id = $2 AND state = 'open' AND taken < places
		RETURNING taken, places, filled`
	if p == Standby {
		q = `UPDATE roster_shift SET standby_taken = standby_taken + 1 WHERE home = $1 AND id = $2 AND state = 'open'
			AND standby_taken < standby_places RETURNING standby_taken, standby_places, filled`
	}
	var taken, places, filled int64
	err := tx.QueryRow(tx.Context(), q, s.Home, s.ID).Scan(&taken, &places, &filled)
	if db.NoRows(err) {
		return false, nil
	}
	if p == Standby {
		s.StandbyTaken, s.StandbyPlaces = taken, places
	} else {
		s.Taken, s.Places, s.Filled = taken, places, filled
	}
	return err == nil, err
}

// vacate gives a seat back.
func vacate(_ context.Context, tx *db.Tx, s *Shift, p Place) error {
	touch(tx, s.ID)
	if p == Standby {
		s.StandbyTaken--
		_, err := tx.Exec(`UPDATE roster_shift SET standby_taken = standby_taken - 1 WHERE home = $1 AND id = $2`, s.Home, s.ID)
		return err
	}
	return tx.QueryRow(tx.Context(), `UPDATE roster_shift SET taken = taken - 1 WHERE home = $1 AND id = $2
		RETURNING taken, places, waiting`, s.Home, s.ID).Scan(&s.Taken, &s.Places, &s.Waiting)
}

// nextInQueue gives the next number of the waiting list.
func nextInQueue(_ context.Context, tx *db.Tx, home string, shift id.ID) (n int64, err error) {
	touch(tx, shift)
	err = tx.QueryRow(tx.Context(), `UPDATE roster_shift SET queue = queue + 1, waiting = waiting + 1
		WHERE home = $1 AND id = $2 AND state = 'open' RETURNING queue`, home, shift).Scan(&n)
	if db.NoRows(err) {
		err = fail.New(fail.Conflict, "roster.cancelled")
	}
	return n, err
}

func leaveQueue(_ context.Context, tx *db.Tx, s *Shift) error {
	touch(tx, s.ID)
	return tx.QueryRow(tx.Context(), `UPDATE roster_shift SET waiting = waiting - 1 WHERE home = $1 AND id = $2
		RETURNING waiting, taken, places`, s.Home, s.ID).Scan(&s.Waiting, &s.Taken, &s.Places)
}

// moveAgenda moves the person's one row: whoever takes of her time waits here
// for whoever does so already.
func moveAgenda(tx *db.Tx, person id.ID) error {
	n, err := tx.Exec(`INSERT INTO roster_agenda (home, person, rev) VALUES ($1, $2, 1)
		ON CONFLICT (home, person) DO UPDATE SET rev = roster_agenda.rev + 1 WHERE NOT roster_agenda.closed`, person.Home(), person)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.person_merged")
	}
	return err
}

// save inserts a sign-up, or uses the person's earlier row on the shift anew
// where nothing holds her to it any more.
func save(_ context.Context, tx *db.Tx, s Shift, u *Signup) error {
	touchList(tx, s.ID)
	if u.State == Applied || u.State == Waitlisted { // her time is not taken yet, but the row is hers
		if err := moveAgenda(tx, u.Person); err != nil {
			return err
		}
	}
	err := tx.QueryRow(tx.Context(), `INSERT INTO roster_signup
		(home, id, shift, person, place, state, unit, category, callup, proxy, queue, offered_until, reason, applied, accepted,
		arrived, arrived_by, departed, minutes, grade, walkup, ack_version, rest_reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (home, shift, person) DO UPDATE SET place = $5, state = $6, unit = $7, category = $8, callup = $9, proxy = $10,
		queue = $11, offered_until = 0, reason = '', applied = $12, accepted = $13, arrived = $14, arrived_by = $15, departed = $16,
		minutes = $17, grade = $18, walkup = $19, stepped_in = FALSE, left_early = FALSE, ack_version = $20, rest_reason = $21,
		device = '', ended = 0, rev = roster_signup.rev + 1
		WHERE roster_signup.state IN ('withdrawn', 'declined', 'lapsed')
		RETURNING id, rev`,
		s.Home, u.ID, s.ID, u.Person, u.Place, u.State, u.Unit, u.Category, u.Callup, u.Proxy, u.Queue, u.Applied, u.Accepted,
		u.Arrived, u.ArrivedBy, u.Departed, u.Minutes, u.Grade, u.Walkup, u.AckVersion, u.RestReason).Scan(&u.ID, &u.Rev)
	if db.NoRows(err) {
		return fail.New(fail.Conflict, "roster.already_signed")
	}
	return err
}

// update writes a sign-up back, if nobody changed it meanwhile.
func update(_ context.Context, tx *db.Tx, s Shift, u *Signup) error {
	touchList(tx, s.ID)
	u.Ended = map[bool]int64{true: cmp.Or(u.Ended, db.MS(tx.Now))}[u.idle()]
	n, err := tx.Exec(`UPDATE roster_signup SET place = $1, state = $2, unit = $3, category = $4, queue = $5, offered_until = $6,
		reason = $7, accepted = $8, arrived = $9, arrived_by = $10, departed = $11, minutes = $12, grade = $13, stepped_in = $14,
		left_early = $15, ack_version = $16, rest_reason = $17, device = $18, ended = $19, rev = rev + 1 WHERE home = $20 AND id = $21 AND rev = $22`,
		u.Place, u.State, u.Unit, u.Category, u.Queue, u.OfferedUntil, u.Reason, u.Accepted, u.Arrived, u.ArrivedBy, u.Departed,
		u.Minutes, u.Grade, u.SteppedIn, u.LeftEarly, u.AckVersion, u.RestReason, u.Device, u.Ended, s.Home, u.ID, u.Rev)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "roster.changed_meanwhile")
	}
	u.Rev++
	return err
}

func insertBackfill(_ context.Context, tx *db.Tx, b Backfill) error {
	_, err := tx.Exec(`INSERT INTO roster_backfill (home, id, shift, person, arrived, departed, minutes, reason, unit, author, author_org, state, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		b.ID.Home(), b.ID, b.Shift, b.Person, b.Arrived, b.Departed, b.Minutes, b.Reason, b.Unit, b.Author, b.AuthorOrg, b.State, b.Created)
	return err
}

func decideBackfill(_ context.Context, tx *db.Tx, b Backfill) error {
	n, err := tx.Exec(`UPDATE roster_backfill SET state = $1, decided_by = $2, decided = $3, note = $4
		WHERE home = $5 AND id = $6 AND state = 'pending'`, b.State, b.DecidedBy, b.Decided, b.Note, b.ID.Home(), b.ID)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.decided_already")
	}
	return err
}

func countGuess(_ context.Context, tx *db.Tx, person id.ID, window time.Duration) error {
	now := db.MS(tx.Now)
	_, err := tx.Exec(`INSERT INTO roster_guess (home, person, since, tries) VALUES ($1, $2, $3, 1)
		ON CONFLICT (home, person) DO UPDATE SET tries = CASE WHEN roster_guess.since < $4 THEN 1 ELSE roster_guess.tries + 1 END,
		since = CASE WHEN roster_guess.since < $4 THEN $3 ELSE roster_guess.since END`,
		person.Home(), person, now, now-window.Milliseconds())
	return err
}

func forgetGuesses(_ context.Context, tx *db.Tx, person id.ID) error {
	_, err := tx.Exec(`DELETE FROM roster_guess WHERE home = $1 AND person = $2`, person.Home(), person)
	return err
}

// markSeen notes on a person's sign-ups for an activity which version of it she has seen.
func markSeen(ctx context.Context, tx *db.Tx, activity, person id.ID, version int64) (int, error) {
	rows, err := tx.Query(ctx, `UPDATE roster_signup SET ack_version = $1, rev = rev + 1 WHERE home = $2 AND person = $3 AND ack_version < $1
		AND shift IN (SELECT s.id FROM roster_shift s WHERE s.home = $2 AND s.activity = $4) RETURNING shift`, version, activity.Home(), person, activity)
	shifts, err := db.Collect(rows, err, db.Value[id.ID])
	for _, shift := range shifts {
		touchList(tx, shift)
	}
	return len(shifts), err
}
