package people

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// Vouching is the answer of one whose number has lain still: her volunteer number or her name.
type Vouching struct {
	Ticket   string // the proof that the number is in her hands, from [Enter]
	Answer   string
	Label    string // of the device
	Replaces []byte
}

// Vouch signs in whoever holds a number and knows whose record it opens. Wrong answers count
// and there are few of them in a day: whoever has the number of somebody else goes to a
// station, and so does she whose number somebody else has ([Rebind]).
func Vouch(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Vouching) (Entered, error) {
	phone, err := TicketPhone(keys, in.Ticket, tx.Now)
	if err != nil {
		return Entered{}, err
	}
	hash := phoneHash(keys, phone)
	person, err := personBy(ctx, tx, byPhone, hash)
	if err == nil && person == "" {
		err = fail.New(fail.Conflict, "people.ticket_over")
	}
	if err != nil {
		return Entered{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Entered{}, err
	}
	counted, err := countDoubt(tx, person, set.DoubtTries)
	if err != nil {
		return Entered{}, err
	}
	if !counted {
		return Entered{Refused: fail.New(fail.TooMany, "people.doubt_over")}, nil
	}
	right, err := knows(ctx, tx, keys, person, in.Answer)
	if err != nil {
		return Entered{}, err
	}
	if !right {
		return Entered{Refused: fail.Field("answer", "people.doubt_wrong")}, audit.Record(tx, actor, audit.Entry{Action: "people.doubted", Subject: person})
	}
	if err := forgetDoubt(tx, person); err != nil {
		return Entered{}, err
	}
	started, err := arrive(tx, actor, set, person, hash, in.Label, in.Replaces)
	return Entered{Started: started}, err
}

// knows reports whether an answer is the volunteer number or the whole name of a person.
func knows(ctx context.Context, r db.Reader, keys *crypt.Keys, person id.ID, answer string) (bool, error) {
	p, err := Get(ctx, r, person)
	if err != nil {
		return false, err
	}
	name, err := p.Open(keys, FieldName)
	if err != nil {
		return false, err
	}
	given := nameKey(dots.Replace(ident.Line(answer)))
	return given != "" && given == nameKey(name) || p.No != "" && ident.Fold(answer) == p.No, nil
}

// IdentityProof is by what staff knew somebody who came about her number.
type IdentityProof string

// IdentityProofs are all of them.
func IdentityProofs() []IdentityProof {
	return []IdentityProof{"idcard", "household", "social_card", "two_know_her"}
}

// Label is the message key of a proof's words.
func (p IdentityProof) Label() string { return "people.proof." + string(p) }

// Rebinding is a station's form about the number with which somebody signs in.
type Rebinding struct {
	Person id.ID
	Phone  string // the new number; "" where she has none: nobody signs in to her record then
	Proof  IdentityProof
}

// Rebind gives a person another number to sign in with, or none, where hers changed hands or
// was lost. An administrator over her record says by what staff knew her; every session of hers ends.
func Rebind(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Rebinding) error {
	p, err := Get(ctx, tx, in.Person)
	if err != nil {
		return err
	}
	if err := permit(ctx, tx, actor, p.Standing, auth.Admin); err != nil {
		return err
	}
	if p.ID == actor.Person {
		return fail.New(fail.Forbidden, "people.rebind_own")
	}
	phone, errPhone := "", error(nil)
	if ident.Fold(in.Phone) != "" {
		phone, errPhone = checkMobile(in.Phone)
	}
	var errProof error
	if !slices.Contains(IdentityProofs(), in.Proof) {
		errProof = fail.Field("proof", "people.proof_missing")
	}
	if err := fail.Join(errPhone, errProof); err != nil {
		return err
	}
	if p.State != Active {
		return fail.New(fail.Conflict, "people.closed")
	}
	if err := rebind(ctx, tx, keys, p, phone); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.rebound", Subject: p.ID, Org: p.Station,
		Before: map[string]any{"contact": p.contact}, After: map[string]any{"proof": in.Proof, "bound": phone != ""}})
}

// rebind lets go of all numbers of a person, takes the new one, and writes it down as her
// contact number where her old one was.
func rebind(ctx context.Context, tx *db.Tx, keys *crypt.Keys, p Person, phone string) error {
	old, err := phonesOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, hash := range old {
		if err := dropPhone(tx, hash); err != nil {
			return err
		}
	}
	if err := dropAsks(tx, p.ID); err != nil {
		return err
	}
	if phone != "" {
		if free, err := takePhone(tx, phoneHash(keys, phone), p.ID); err != nil || !free {
			return orTaken(err, fail.Field("phone", "people.rebind_taken"))
		}
	}
	if err := forgetDoubt(tx, p.ID); err != nil {
		return err
	}
	if err := endSessions(tx, p.ID, []byte{}); err != nil || p.ContactOf != OwnNumber {
		return err
	}
	p.contact = seal(keys, p.ID, FieldContact, phone)
	if phone == "" {
		p.contact, p.ContactOf = nil, ""
	}
	if saved, err := saveEdited(tx, p, p.Rev); err != nil || !saved {
		return orTaken(err, fail.New(fail.Conflict, "people.changed_meanwhile"))
	}
	name, err := p.Open(keys, FieldName)
	if err != nil {
		return err
	}
	return putTokens(tx, p.ID, tokens(keys, name, phone))
}

// SignsIn reports whether a person has a number to sign in with.
func SignsIn(ctx context.Context, r db.Reader, person id.ID) (bool, error) {
	all, err := phonesOf(ctx, r, person)
	return len(all) > 0, err
}
