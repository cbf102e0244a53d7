package roster

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice"
)

// accountClosed is the reason written where her account was closed.
const accountClosed = "roster.account_closed"

// CloseStep takes a person whose account is closed off what she has not served, tells who leads
// it, and refuses hours that nobody has confirmed. What she served stays.
func CloseStep(ctx context.Context, tx *db.Tx, person id.ID) (more bool, err error) {
	if _, err := closeAgenda(tx, person); err != nil {
		return false, err
	}
	if _, err := endCalendars(tx, person); err != nil {
		return false, err
	}
	turns, err := opensOf(ctx, tx, person, mergeAtOnce)
	if err != nil {
		return false, err
	}
	for _, u := range turns {
		if err := lockShift(tx, u.Shift); err != nil {
			return false, err
		}
	}
	for _, u := range turns {
		if err := giveUp(ctx, tx, u.ID); err != nil {
			return false, err
		}
	}
	if len(turns) > 0 {
		return true, nil
	}
	return false, refuseTold(tx, person)
}

// giveUp ends one sign-up, and gives its place to the next.
func giveUp(ctx context.Context, tx *db.Tx, signup id.ID) error {
	u, err := signupByID(ctx, tx, signup)
	if err != nil || u.State.Over() {
		return err
	}
	s, err := Get(ctx, tx, u.Shift)
	if err != nil {
		return err
	}
	before := u.State
	if err := leave(ctx, tx, &s, &u, accountClosed, auth.System.Person); err != nil {
		return err
	}
	if db.MS(tx.Now) < s.Starts {
		if before == Accepted && u.Place == Primary {
			if _, err := stepIn(ctx, tx, &s); err != nil {
				return err
			}
		}
		if err := refill(ctx, tx, s); err != nil {
			return err
		}
	}
	if s.Activity.Leader == "" || s.Activity.Leader == u.Person {
		return nil
	}
	return notice.Tell(tx, s.Activity.Leader, "roster.account_closed", s.ID, "roster.account_closed/"+string(u.ID),
		"title", s.Activity.Title, "starts", s.Starts, "ends", s.Ends)
}

// Open is what a person would give up by closing her account.
type Open struct {
	Turns int64 // sign-ups that are not served
	Told  int64 // hours that wait for a second person
}

// OpenOf counts what is open of a person.
func OpenOf(ctx context.Context, r db.Reader, person id.ID) (Open, error) {
	return countOpen(ctx, r, person)
}
