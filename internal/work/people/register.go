package people

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Registration is the form with which a station, or another organisation, registers
// somebody on her behalf, with her consents on paper.
type Registration struct {
	Org       id.ID // that registers
	Name      string
	Birth     string
	IDNo      string
	Contact   string // optional: her own number or a relative's
	ContactOf ContactOf
	Category  int64
	Skills    []int64
	Guardian  string // a minor's guardian's name; Contact is the guardian's number then
	Paper     Agreed
}

// RegisterFor enters a person for whom staff fills in the form. She has no sign-in number;
// when the contact number is her own, she takes the record over by joining with it under
// the same name.
func RegisterFor(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Registration) (id.ID, error) {
	person, d, err := register(ctx, tx, keys, actor, in)
	if err != nil {
		return "", err
	}
	return person, audit.Record(tx, actor, audit.Entry{Action: "people.registered_for", Subject: person, Org: in.Org, After: d.told()})
}

func register(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Registration) (person id.ID, d draft, err error) {
	if err := org.Permit(ctx, tx, actor, in.Org, keepers...); err != nil {
		return "", d, err
	}
	o, err := org.Get(ctx, tx, in.Org)
	if err != nil {
		return "", d, err
	}
	if !o.Alive() || o.Area.Level() < area.County {
		return "", d, fail.Field("org", "people.org_registers_not")
	}
	if d, err = in.draft(ctx, tx, actor, o); err != nil {
		return "", d, err
	}
	if err := d.guardianOnPaper(ctx, tx, keys, in); err != nil {
		return "", d, err
	}
	if person, err = enter(ctx, tx, keys, actor, d); err != nil {
		return "", d, err
	}
	return person, d, in.settle(ctx, tx, keys, o, person, d)
}

func (in Registration) draft(ctx context.Context, tx *db.Tx, actor auth.Actor, o org.Org) (draft, error) {
	d := draft{area: o.Area, skills: in.Skills, volunteer: true, by: actor.Person, channel: OnPaper, lang: in.Paper.Lang}
	if o.Kind == org.Practice && (o.Tier == org.Station || o.Tier == org.Institute) {
		d.station = o.ID
	}
	var errContact error
	d.contact, d.contactOf, errContact = contact(in.Contact, in.ContactOf)
	if in.Paper.Proxy && errContact == nil && !ownedByRelative(d) {
		errContact = fail.Field("contact", "people.proxy_contact")
	}
	err := d.fill(ctx, tx, given{in.Name, in.Birth, in.IDNo, in.Category, in.Paper}, db.Day(tx.Now))
	if in.Paper.Proxy && !d.birth.minor(db.Day(tx.Now)) {
		d.consents = append(d.consents, Proxy)
	}
	return d, fail.Join(err, errContact)
}

// ownedByRelative reports whether the contact number is a relative's mobile, who can sign in
// with it and act for her.
func ownedByRelative(d draft) bool {
	return d.contactOf == RelativeNumber && ident.Digits(d.contact, 11) && d.contact[0] == '1'
}

// contact checks a contact number, which may be missing, and whose it is.
func contact(number string, of ContactOf) (string, ContactOf, error) {
	if ident.Fold(number) == "" {
		return "", "", nil
	}
	phone, err := ident.Phone(number)
	switch {
	case err != nil:
		return "", "", fail.Field("contact", fail.Key(err))
	case of != OwnNumber && of != RelativeNumber && of != GuardianNumber:
		return "", "", fail.Field("contact_of", "people.contact_of_missing")
	}
	return phone, of, nil
}

// guardianOnPaper finds or enters the guardian of a minor who signed the paper.
func (d *draft) guardianOnPaper(ctx context.Context, tx *db.Tx, keys *crypt.Keys, in Registration) error {
	today := db.Day(tx.Now)
	if !d.birth.minor(today) {
		return nil
	}
	name, err := cleanName(in.Guardian)
	if err != nil {
		err = fail.Field("guardian", "people.guardian_name_missing")
	}
	var errPhone error
	if d.contact == "" {
		errPhone = fail.Field("contact", "people.guardian_phone_missing")
	}
	kinds, errConsent := in.Paper.guardianKinds(d.birth, today)
	if err := fail.Join(err, errPhone, errConsent); err != nil {
		return err
	}
	d.contactOf = GuardianNumber
	d.consents = append(d.consents, kinds...)
	d.guardian, err = guardianNamed(ctx, tx, keys, name, *d)
	d.givenBy = d.guardian
	return err
}

// guardianNamed is the person who signs in with that number and bears that name, or a new
// record that she can take over.
func guardianNamed(ctx context.Context, tx *db.Tx, keys *crypt.Keys, name string, ward draft) (id.ID, error) {
	hash := phoneHash(keys, ward.contact)
	known, err := personBy(ctx, tx, byPhone, hash)
	if err != nil {
		return "", err
	}
	if known != "" {
		p, err := Get(ctx, tx, known)
		if err != nil {
			return "", err
		}
		if own, err := p.Open(keys, FieldName); err != nil || nameKey(own) == nameKey(name) {
			return known, err
		}
	}
	g := draft{name: name, contact: ward.contact, contactOf: OwnNumber, area: ward.area, station: ward.station, by: ward.by,
		channel: OnPaper, lang: ward.lang, consents: []ConsentKind{Terms}}
	person, err := enter(ctx, tx, keys, auth.Actor{}, g)
	if err != nil {
		return "", err
	}
	return person, putAsk(tx, hash, person, askSelf)
}

// settle does what follows from who registered whom: the membership, the number that may
// sign in later, the end of the guardian's part.
func (in Registration) settle(_ context.Context, tx *db.Tx, keys *crypt.Keys, o org.Org, person id.ID, d draft) error {
	if o.Kind != org.Practice {
		if _, err := putMember(tx, person, o.ID); err != nil {
			return err
		}
	}
	if d.contactOf == OwnNumber && ident.Digits(d.contact, 11) && d.contact[0] == '1' {
		if err := putAsk(tx, phoneHash(keys, d.contact), person, askSelf); err != nil {
			return err
		}
	}
	if slices.Contains(d.consents, Proxy) {
		if err := putAsk(tx, phoneHash(keys, d.contact), person, askRelative); err != nil {
			return err
		}
	}
	return untilOfAge(tx, Standing{ID: person, AdultOn: d.birth.adultOn(db.Day(tx.Now))})
}
