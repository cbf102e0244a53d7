package people

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
)

// RegisterStep is [RegisterFor] without its line in the audit trail: a step for imports, which
// write one line for all.
func RegisterStep(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Registration) (id.ID, error) {
	person, _, err := register(ctx, tx, keys, actor, in)
	return person, err
}

// UnregisterStep takes back a registration that was a mistake, a step for the undoing of
// imports: the volunteer no longer counts, her record is blanked, her number is not given
// again. Not once she has taken the record over, or somebody works with it: whether she has
// signed up for anything is for the caller to ask.
func UnregisterStep(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	if _, err := lockPerson(tx, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := permit(ctx, tx, actor, p.Standing, keepers...); err != nil {
		return err
	}
	own, err := bound(ctx, tx, person)
	switch {
	case err != nil:
		return err
	case own || p.RegisteredBy == "" || p.State == Closed || p.State == Merged:
		return fail.New(fail.Conflict, "people.record_in_use")
	}
	if _, err := ledger.Reverse(tx, Registered, person, person, "", actor.Person); err != nil {
		return err
	}
	if err := blank(tx, person); err != nil {
		return err
	}
	return unenrol(tx, person)
}

// KnownIDNo is the person whose identity number it is, in the whole country; "" is nobody.
func KnownIDNo(ctx context.Context, r db.Reader, keys *crypt.Keys, number ident.Citizen) (id.ID, error) {
	return personBy(ctx, r, byIDNo, keys.Hash("people.idno", string(number)))
}
