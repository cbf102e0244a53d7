package people

import (
	"context"
	"fmt"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
)

// askKind is what the holder of a number is asked to answer for.
type askKind string

const (
	askGuardian askKind = "guardian" // that the minor takes part
	askSelf     askKind = "self"     // that she is the one whom a station registered
	askRelative askKind = "relative" // that she acts for an adult who agreed to it
)

// Joining is the form with which somebody joins by her own phone.
type Joining struct {
	Ticket        string // the proof that the number is hers, from [Enter]
	Name          string
	Birth         string // a day, a year, or nothing; a minor must say
	IDNo          string // optional
	Area          area.Code
	Category      int64
	Skills        []int64
	GuardianPhone string // of a minor
	FamilyOnly    bool   // she acts for her family and is no volunteer herself
	Agreed        Agreed
	Label         string // of the device
	Replaces      []byte
}

// Join makes a person of whoever proved a number and starts her session. One under 18 waits
// for the guardian whose number she gives. One whom a station registered under the same
// number and name takes over that record instead of making another.
func Join(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Joining) (Started, error) {
	phone, err := TicketPhone(keys, in.Ticket, tx.Now)
	if err != nil {
		return Started{}, err
	}
	d, err := in.draft(ctx, tx, keys, phone)
	if err != nil {
		return Started{}, err
	}
	known, err := personBy(ctx, tx, byPhone, phoneHash(keys, phone))
	if err == nil && known != "" {
		err = fail.New(fail.Conflict, "people.phone_taken")
	}
	if err != nil {
		return Started{}, err
	}
	person, err := claim(ctx, tx, keys, phone, d)
	if err == nil && person == "" {
		person, err = enter(ctx, tx, keys, actor, d)
	}
	if err != nil {
		return Started{}, err
	}
	if free, err := takePhone(tx, phoneHash(keys, phone), person); err != nil || !free {
		return Started{}, orTaken(err, fail.New(fail.Conflict, "people.phone_taken"))
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Started{}, err
	}
	actor.Person = person
	if err := audit.Record(tx, actor, audit.Entry{Action: "people.joined", Subject: person, After: d.told()}); err != nil {
		return Started{}, err
	}
	return start(tx, person, VolunteerSession, in.Label, in.Replaces, set.VolunteerSession, set.VolunteerIdle)
}

func orTaken(err, taken error) error {
	if err != nil {
		return err
	}
	return taken
}

// draft is a person about to be entered, checked.
type draft struct {
	name, contact string
	contactOf     ContactOf
	birth         born
	idno          ident.Citizen
	area          area.Code
	station       id.ID
	category      int64
	skills        []int64
	volunteer     bool
	guardian      id.ID  // known already, so that the person is active at once
	ask           string // the guardian's number, who is asked
	by            id.ID  // who registers her, "" herself
	givenBy       id.ID  // who agreed, "" herself
	channel       Channel
	lang          string
	consents      []ConsentKind
}

// told is what the audit trail keeps of a new person.
func (d draft) told() map[string]any {
	return map[string]any{"area": d.area, "station": d.station, "category": d.category, "volunteer": d.volunteer,
		"guardian": d.guardian, "consents": d.consents, "channel": d.channel}
}

// draft checks the form, field by field.
func (in Joining) draft(ctx context.Context, tx *db.Tx, keys *crypt.Keys, phone string) (draft, error) {
	today := db.Day(tx.Now)
	d := draft{contact: phone, contactOf: OwnNumber, area: in.Area, skills: in.Skills, volunteer: !in.FamilyOnly,
		channel: OnWeb, lang: in.Agreed.Lang}
	err := d.fill(ctx, tx, given{in.Name, in.Birth, in.IDNo, in.Category, in.Agreed}, today)
	return d, fail.Join(err, d.askGuardian(in.GuardianPhone, phone, today))
}

// given is what every form that enters a person has.
type given struct {
	name, birth, idno string
	category          int64
	agreed            Agreed
}

// fill checks what every such form has and puts it into the draft.
func (d *draft) fill(ctx context.Context, tx *db.Tx, g given, today string) error {
	var errName, errBirth, errID, errTerms error
	d.name, errName = cleanName(g.name)
	d.birth, errBirth = parseBirth(g.birth, today)
	if d.idno, errID = citizen(g.idno, g.agreed.IDNumber, today); errID == nil && errBirth == nil && d.idno != "" {
		d.birth, errBirth = d.birth.fromID(d.idno)
	}
	if !g.agreed.Terms {
		errTerms = fail.Field("terms", "people.terms_missing")
	}
	d.consents = []ConsentKind{Terms}
	if d.idno != "" {
		d.consents = append(d.consents, IDNumber)
	}
	errArea := checkArea(ctx, tx, d.area)
	errCategory := d.choose(ctx, tx, g, today)
	if errArea == nil && d.station == "" {
		d.station, errArea = stationAt(ctx, tx, d.area)
	}
	return fail.Join(errName, errBirth, errID, errArea, errCategory, errTerms)
}

// choose checks the category of a volunteer, with the consent that a political one needs.
func (d *draft) choose(ctx context.Context, tx *db.Tx, g given, today string) error {
	if !d.volunteer {
		return nil
	}
	c, err := CategoryOf(ctx, tx, g.category)
	if err == nil {
		err = c.allows(d.birth, g.agreed.Political, today)
	}
	if err == nil && c.Political {
		d.consents = append(d.consents, Political)
	}
	d.category = c.ID
	return err
}

// allows refuses a category that is closed, one that needs a consent, and a political one
// for a minor.
func (c Category) allows(b born, agreed bool, today string) error {
	switch {
	case !c.Open:
		return fail.Field("category", "people.category_missing")
	case c.Political && b.minor(today):
		return fail.Field("category", "people.category_minor")
	case c.Political && !agreed:
		return fail.Field("political", "people.political_consent_missing")
	}
	return nil
}

// citizen checks an identity number, which may be missing, and the consent to keep it.
func citizen(s string, agreed bool, today string) (ident.Citizen, error) {
	if ident.Fold(s) == "" {
		return "", nil
	}
	c, err := ident.ParseCitizen(s, today)
	switch {
	case err != nil:
		return "", fail.Field("idno", fail.Key(err))
	case !agreed:
		return "", fail.Field("idno_consent", "people.idno_consent_missing")
	}
	return c, nil
}

// askGuardian checks the number of a minor's guardian.
func (d *draft) askGuardian(guardian, own, today string) error {
	if !d.birth.minor(today) {
		return nil
	}
	phone, err := ident.Mobile(guardian)
	switch {
	case err != nil:
		return fail.Field("guardian_phone", "people.guardian_phone_missing")
	case phone == own:
		return fail.Field("guardian_phone", "people.guardian_phone_own")
	}
	d.ask = phone
	return nil
}

// claim finds the record that a station made under this number and name, for her to take
// over; if it is no volunteer's yet it becomes one.
func claim(ctx context.Context, tx *db.Tx, keys *crypt.Keys, phone string, d draft) (id.ID, error) {
	ids, err := asked(ctx, tx, phoneHash(keys, phone), askSelf)
	if err != nil {
		return "", err
	}
	for _, person := range ids {
		p, err := Get(ctx, tx, person)
		if err != nil {
			return "", err
		}
		own, err := p.Open(keys, FieldName)
		if err != nil {
			return "", err
		}
		if p.State == Active && nameKey(own) == nameKey(d.name) {
			if err := dropAsks(tx, person); err != nil {
				return "", err
			}
			return p.ID, p.taken(ctx, tx, d)
		}
	}
	return "", nil
}

// taken gives a record to the one whose it is.
func (p Person) taken(ctx context.Context, tx *db.Tx, d draft) error {
	if err := dropAsks(tx, p.ID); err != nil {
		return err
	}
	if err := agree(tx, p.ID, p.ID, OnWeb, d.lang, Terms); err != nil || p.Volunteer || !d.volunteer {
		return err
	}
	if slices.Contains(d.consents, Political) {
		if err := agree(tx, p.ID, p.ID, OnWeb, d.lang, Political); err != nil {
			return err
		}
	}
	p.Category = d.category
	if err := setCategory(tx, p.ID, d.category); err != nil {
		return err
	}
	return begin(ctx, tx, auth.Actor{Person: p.ID}, p.Standing, true)
}

// enter writes a new person with her consents, and makes her active unless she waits for a
// guardian.
func enter(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, d draft) (id.ID, error) {
	p := d.person(tx.NewID(d.area.Home()), db.Day(tx.Now), keys)
	waits := d.ask != "" // for her guardian
	if !waits {
		if err := p.begun(tx, d.volunteer); err != nil {
			return "", err
		}
	}
	if err := insertPerson(tx, p); err != nil {
		return "", err
	}
	if err := addTokens(tx, p.ID, tokens(keys, d.name, d.contact)); err != nil {
		return "", err
	}
	if d.idno != "" {
		if free, err := takeIDNo(tx, keys.Hash("people.idno", string(d.idno)), p.ID); err != nil || !free {
			return "", orTaken(err, fail.Field("idno", "people.idno_taken"))
		}
	}
	for _, s := range d.skills {
		if err := learn(ctx, tx, p.ID, s); err != nil {
			return "", err
		}
	}
	by := d.givenBy
	if by == "" {
		by = p.ID
	}
	if err := agree(tx, p.ID, by, d.channel, d.lang, d.consents...); err != nil {
		return "", err
	}
	if err := compareRecord(ctx, tx, keys, p); err != nil {
		return "", err
	}
	if waits {
		if err := openHome(tx, p.Home); err != nil {
			return "", err
		}
		return p.ID, putAsk(tx, phoneHash(keys, d.ask), p.ID, askGuardian)
	}
	if !d.volunteer {
		return p.ID, nil
	}
	if actor.Person == "" {
		actor.Person = p.ID
	}
	return p.ID, postRegistered(ctx, tx, actor, p.Standing)
}

// begun makes a record that is not written yet an active one's, and a volunteer's with her number.
func (p *Person) begun(tx *db.Tx, volunteer bool) error {
	p.State, p.Volunteer = Active, volunteer
	if !volunteer {
		return nil
	}
	n, err := nextNumber(tx, p.Home)
	p.No = volunteerNo(p.Home, n)
	return err
}

// person is the record that a draft becomes: pending until it is begun, at once or by her guardian.
func (d draft) person(person id.ID, today string, keys *crypt.Keys) Person {
	p := Person{ContactOf: d.contactOf, RegisteredBy: d.by, Standing: Standing{ID: person, Home: person.Home(), State: Pending,
		BirthYear: d.birth.year, AdultOn: d.birth.adultOn(today), Category: d.category, Area: d.area, Station: d.station, Guardian: d.guardian}}
	if d.idno != "" {
		p.Sex = int64(d.idno.Sex())
	}
	p.name, p.contact = seal(keys, person, FieldName, d.name), seal(keys, person, FieldContact, d.contact)
	p.birth, p.idno = seal(keys, person, FieldBirth, d.birth.text()), seal(keys, person, FieldIDNo, string(d.idno))
	return p
}

// begin makes a person who is on record active, and a volunteer with a number and a fact unless she is none.
func begin(ctx context.Context, tx *db.Tx, actor auth.Actor, p Standing, volunteer bool) error {
	if !volunteer {
		_, err := setState(tx, p.ID, Pending, Active)
		return err
	}
	n, err := nextNumber(tx, p.Home)
	if err != nil {
		return err
	}
	fresh, err := enrol(tx, p.ID, volunteerNo(p.Home, n))
	if err != nil {
		return err
	}
	if !fresh {
		return fail.New(fail.Conflict, "people.volunteer_already")
	}
	return postRegistered(ctx, tx, actor, p)
}

// volunteerNo is the number of the n-th volunteer of a home.
func volunteerNo(home string, n int64) string { return fmt.Sprintf("%s%06d", home, n) }

// tokens are the keyed hashes by which a person is found.
func tokens(keys *crypt.Keys, name, contact string) [][]byte {
	all := [][]byte{nameHash(keys, name)}
	for _, p := range pairs(name) {
		all = append(all, pairHash(keys, p))
	}
	if contact != "" {
		all = append(all, contactHash(keys, contact))
	}
	return all
}

func nameHash(keys *crypt.Keys, name string) []byte { return keys.Hash("people.name", nameKey(name)) }

func pairHash(keys *crypt.Keys, pair string) []byte { return keys.Hash("people.pair", pair) }

func contactHash(keys *crypt.Keys, phone string) []byte { return keys.Hash("people.contact", phone) }
