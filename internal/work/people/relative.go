package people

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Relatives are the adults who let the holder of the actor's number act for them, and for whom
// nobody acts yet. Until she has typed the name it is masked: the number may be a stranger's.
func Relatives(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor) ([]Ask, error) {
	hashes, err := phonesOf(ctx, r, actor.Person)
	if err != nil {
		return nil, err
	}
	var all []Ask
	for _, hash := range hashes {
		ids, err := asked(ctx, r, hash, askRelative)
		if err != nil {
			return nil, err
		}
		for _, person := range ids {
			p, err := Get(ctx, r, person)
			if err != nil {
				return nil, err
			}
			if p.State != Active || p.Guardian != "" || p.ID == actor.Person {
				continue
			}
			name, err := p.Open(keys, FieldName)
			if err != nil {
				return nil, err
			}
			all = append(all, Ask{Person: p.ID, Name: Mask(FieldName, name), Area: p.Area})
		}
	}
	return all, nil
}

// LetActFor lets the holder of a number act for the actor, an adult, as soon as that one
// agrees: an elderly mother whose daughter signs her up. [Withdraw] of the proxy ends it.
func LetActFor(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, phone, lang string, agreed bool) error {
	p, err := of(ctx, tx, actor, actor.Person)
	if err != nil {
		return err
	}
	number, err := checkMobile(phone)
	if err == nil && !agreed {
		err = fail.Field("proxy", "people.proxy_consent_missing")
	}
	if err != nil {
		return err
	}
	switch {
	case p.Guardian != "":
		return fail.New(fail.Conflict, "people.proxy_already")
	case p.MinorOn(db.Day(tx.Now)):
		return fail.New(fail.Conflict, "people.proxy_minor")
	}
	if own, err := personBy(ctx, tx, byPhone, phoneHash(keys, number)); err != nil || own == p.ID {
		return orTaken(err, fail.Field("phone", "people.proxy_own"))
	}
	if err := dropAsksOf(tx, p.ID, askRelative); err != nil {
		return err
	}
	if _, err := endConsents(tx, p.ID, Proxy); err != nil {
		return err
	}
	if err := agree(tx, p.ID, p.ID, OnWeb, lang, Proxy); err != nil {
		return err
	}
	if err := putAsk(tx, phoneHash(keys, number), p.ID, askRelative); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.proxy_offered", Subject: p.ID, Org: p.Station})
}

// TakeOn is the relative's yes: she acts for the adult from now on. The name, typed whole,
// shows that she knows her.
func TakeOn(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, name string) error {
	p, err := relative(ctx, tx, keys, actor, person)
	if err != nil {
		return err
	}
	own, err := p.Open(keys, FieldName)
	if err == nil && nameKey(own) != nameKey(name) {
		err = fail.Field("name", "people.ask_name")
	}
	if err == nil {
		err = isAdult(ctx, tx, actor.Person)
	}
	if err != nil {
		return err
	}
	if fresh, err := takeWard(tx, p.ID, actor.Person); err != nil || !fresh {
		return orTaken(err, fail.New(fail.Conflict, "people.proxy_already"))
	}
	if err := dropAsksOf(tx, p.ID, askRelative); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.proxy_taken", Subject: p.ID, Org: p.Station, After: map[string]any{"guardian": actor.Person}})
}

// Decline is the relative's no.
func Decline(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID) error {
	p, err := relative(ctx, tx, keys, actor, person)
	if err != nil {
		return err
	}
	if err := dropAsksOf(tx, p.ID, askRelative); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.proxy_declined", Subject: p.ID, Org: p.Station})
}

func relative(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID) (Person, error) {
	all, err := Relatives(ctx, tx, keys, actor)
	if err != nil {
		return Person{}, err
	}
	for _, a := range all {
		if a.Person == person {
			return Get(ctx, tx, person)
		}
	}
	return Person{}, fail.New(fail.NotFound, "people.ask_unknown")
}
