package people

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/area"
)

// OfAge is the kind of job that ends a guardian's part on the ward's 18th birthday.
const OfAge = "people.of_age"

// Ask is a minor who joined by herself and names the actor's number as her guardian's.
// Until the guardian has typed the name it is masked: the number may be a stranger's.
type Ask struct {
	Person id.ID
	Name   string // masked
	Area   area.Code
	Child  bool // under 14: a second consent
}

// Asks are the minors who wait for the actor's consent.
func Asks(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, now time.Time) ([]Ask, error) {
	hashes, err := phonesOf(ctx, r, actor.Person)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, hash := range hashes {
		some, err := asked(ctx, r, hash, askGuardian)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	var all []Ask
	for _, person := range ids {
		p, err := Get(ctx, r, person)
		if err != nil {
			return nil, err
		}
		if p.State != Pending {
			continue
		}
		a, err := p.asAsk(keys, db.Day(now))
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (p Person) asAsk(keys *crypt.Keys, today string) (Ask, error) {
	name, err := p.Open(keys, FieldName)
	if err != nil {
		return Ask{}, err
	}
	b, err := p.bornAs(keys)
	return Ask{Person: p.ID, Name: Mask(FieldName, name), Area: p.Area, Child: b.isChild(today)}, err
}

// bornAs opens when she was born.
func (p Person) bornAs(keys *crypt.Keys) (born, error) {
	text, err := p.Open(keys, FieldBirth)
	if err != nil {
		return born{}, err
	}
	b := born{year: p.BirthYear}
	if len(text) == len(time.DateOnly) {
		b.day = text
	}
	return b, nil
}

// Answer is what a guardian answers to an [Ask]. The name, typed whole, shows that she
// knows the child.
type Answer struct {
	Person id.ID
	Name   string
	Agreed Agreed
}

// GuardianConsent is a yes: the minor becomes active and her ward.
func GuardianConsent(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Answer) error {
	p, b, err := answered(ctx, tx, keys, actor, in)
	if err != nil {
		return err
	}
	kinds, err := in.Agreed.guardianKinds(b, db.Day(tx.Now))
	if err == nil {
		err = isAdult(ctx, tx, actor.Person)
	}
	if err != nil {
		return err
	}
	if fresh, err := setGuardian(tx, p.ID, actor.Person); err != nil || !fresh {
		return orTaken(err, fail.New(fail.Conflict, "people.ask_over"))
	}
	if err := dropAsks(tx, p.ID); err != nil {
		return err
	}
	if err := agree(tx, p.ID, actor.Person, OnWeb, in.Agreed.Lang, kinds...); err != nil {
		return err
	}
	if err := begin(ctx, tx, actor, p.Standing, true); err != nil {
		return err
	}
	if err := untilOfAge(tx, p.Standing); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.guardian_consented", Subject: p.ID, Org: p.Station,
		After: map[string]any{"guardian": actor.Person, "consents": kinds}})
}

// GuardianRefusal is a guardian's no: what the minor gave is deleted.
func GuardianRefusal(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Answer) error {
	p, _, err := answered(ctx, tx, keys, actor, in)
	if err != nil {
		return err
	}
	if err := blank(tx, p.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.guardian_refused", Subject: p.ID, Org: p.Station})
}

// answered checks that the actor is asked, and knows whom.
func answered(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Answer) (Person, born, error) {
	asks, err := Asks(ctx, tx, keys, actor, tx.Now)
	if err != nil {
		return Person{}, born{}, err
	}
	for _, a := range asks {
		if a.Person != in.Person {
			continue
		}
		p, err := Get(ctx, tx, a.Person)
		if err != nil {
			return p, born{}, err
		}
		name, err := p.Open(keys, FieldName)
		if err == nil && nameKey(name) != nameKey(in.Name) {
			err = fail.Field("name", "people.ask_name")
		}
		if err != nil {
			return p, born{}, err
		}
		b, err := p.bornAs(keys)
		return p, b, err
	}
	return Person{}, born{}, fail.New(fail.NotFound, "people.ask_unknown")
}

// isAdult refuses a guardian who is not known to be 18 or older.
func isAdult(ctx context.Context, tx *db.Tx, person id.ID) error {
	p, err := StandingOf(ctx, tx, person)
	switch {
	case err != nil:
		return err
	case p.AdultOn == "":
		return fail.New(fail.Conflict, "people.guardian_age_unknown")
	case !p.AdultKnown(db.Day(tx.Now)):
		return fail.New(fail.Forbidden, "people.guardian_minor")
	}
	return nil
}

// untilOfAge plans the end of a guardian's part.
func untilOfAge(tx *db.Tx, p Standing) error {
	if !p.MinorOn(db.Day(tx.Now)) {
		return nil
	}
	day, err := time.ParseInLocation(time.DateOnly, p.AdultOn, i18n.Zone())
	if err != nil {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: OfAge, Key: OfAge + "/" + string(p.ID), Ref: p.ID, At: day})
}

// ComeOfAge ends a guardian's part on the ward's birthday; package app gives it to the jobs.
func ComeOfAge(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	p, err := StandingOf(ctx, tx, j.Ref)
	if err != nil || p.Guardian == "" || !p.AdultKnown(db.Day(tx.Now)) {
		return err
	}
	if err := freeWard(tx, p.ID); err != nil {
		return err
	}
	return audit.Record(tx, auth.System, audit.Entry{Action: "people.came_of_age", Subject: p.ID, Org: p.Station,
		Before: map[string]any{"guardian": p.Guardian}})
}

// Dependant is the form with which somebody registers one for whom she acts: a child, or an
// adult without a phone who agreed to it.
type Dependant struct {
	Name     string
	Birth    string // a minor's must be known
	IDNo     string
	Area     area.Code
	Category int64
	Skills   []int64
	Agreed   Agreed
}

// RegisterDependant enters a ward of the actor, who agrees for her at once.
func RegisterDependant(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Dependant) (id.ID, error) {
	if err := isAdult(ctx, tx, actor.Person); err != nil {
		return "", err
	}
	own, err := Get(ctx, tx, actor.Person)
	if err != nil {
		return "", err
	}
	phone, err := own.Open(keys, FieldContact)
	if err != nil {
		return "", err
	}
	today := db.Day(tx.Now)
	d := draft{contact: phone, contactOf: RelativeNumber, area: in.Area, skills: in.Skills, volunteer: true, guardian: actor.Person,
		by: actor.Person, givenBy: actor.Person, channel: OnWeb, lang: in.Agreed.Lang}
	err = d.fill(ctx, tx, given{in.Name, in.Birth, in.IDNo, in.Category, in.Agreed}, today)
	if err := fail.Join(err, d.actedFor(in.Agreed, today)); err != nil {
		return "", err
	}
	person, err := enter(ctx, tx, keys, actor, d)
	if err != nil {
		return "", err
	}
	if err := untilOfAge(tx, Standing{ID: person, AdultOn: d.birth.adultOn(today)}); err != nil {
		return "", err
	}
	return person, audit.Record(tx, actor, audit.Entry{Action: "people.dependant_registered", Subject: person, After: d.told()})
}

// actedFor adds the consents that a ward needs: a guardian's, or an adult's own.
func (d *draft) actedFor(a Agreed, today string) error {
	switch {
	case !d.birth.known():
		return fail.Field("birth", "people.birth_missing")
	case d.birth.minor(today):
		d.contactOf = GuardianNumber
		kinds, err := a.guardianKinds(d.birth, today)
		d.consents = append(d.consents, kinds...)
		return err
	case !a.Proxy:
		return fail.Field("proxy", "people.proxy_consent_missing")
	}
	d.consents = append(d.consents, Proxy)
	return nil
}

// Renew gives a guardian's consent again after it was withdrawn.
func Renew(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, ward id.ID, a Agreed) error {
	p, err := Get(ctx, tx, ward)
	if err != nil {
		return err
	}
	if p.Guardian == "" || p.Guardian != actor.Person {
		return fail.New(fail.Forbidden, "people.guardian_only")
	}
	b, err := p.bornAs(keys)
	if err != nil {
		return err
	}
	if p.MinorConsent || !b.minor(db.Day(tx.Now)) {
		return fail.New(fail.Conflict, "people.consent_given")
	}
	kinds, err := a.guardianKinds(b, db.Day(tx.Now))
	if err != nil {
		return err
	}
	if err := agree(tx, ward, actor.Person, OnWeb, a.Lang, kinds...); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.guardian_consented", Subject: ward, Org: p.Station,
		After: map[string]any{"consents": kinds}})
}
