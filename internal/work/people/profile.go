package people

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// of permits the actor to act for a person and reads her record.
func of(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) (Person, error) {
	if _, err := MayActFor(ctx, tx, actor, person); err != nil {
		return Person{}, err
	}
	p, err := Get(ctx, tx, person)
	if err == nil && p.State == Closed {
		err = fail.New(fail.Conflict, "people.closed")
	}
	return p, err
}

// channelOf: what staff enters was signed on paper.
func channelOf(actor auth.Actor, person id.ID, p Person) (id.ID, Channel) {
	if actor.Person == person || actor.Person == p.Guardian {
		return actor.Person, OnWeb
	}
	return person, OnPaper
}

// Choice is the category that a person chooses. A political one needs her own consent.
type Choice struct {
	Category int64
	Agreed   Agreed
}

// SetCategory changes a person's main category. Facts keep the one she had.
func SetCategory(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, in Choice) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	c, err := choice(ctx, tx, keys, p, in)
	if err != nil {
		return err
	}
	if _, err := endConsents(tx, person, Political); err != nil {
		return err
	}
	if c.Political {
		by, channel := channelOf(actor, person, p)
		if err := agree(tx, person, by, channel, in.Agreed.Lang, Political); err != nil {
			return err
		}
	}
	if err := setCategory(tx, person, c.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.category_set", Subject: person, Org: p.Station,
		Before: map[string]any{"category": p.Category}, After: map[string]any{"category": c.ID}})
}

func choice(ctx context.Context, tx *db.Tx, keys *crypt.Keys, p Person, in Choice) (Category, error) {
	c, err := CategoryOf(ctx, tx, in.Category)
	if err != nil {
		return c, err
	}
	b, err := p.bornAs(keys)
	if err != nil {
		return c, err
	}
	return c, c.allows(b, in.Agreed.Political, db.Day(tx.Now))
}

// BecomeVolunteer makes a volunteer of a person who so far only acted for her family or
// worked at the desk.
func BecomeVolunteer(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, in Choice) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if p.Volunteer || p.State != Active || p.Area == 0 {
		return fail.New(fail.Conflict, "people.volunteer_already")
	}
	if err := SetCategory(ctx, tx, keys, actor, person, in); err != nil {
		return err
	}
	p.Category = in.Category
	if err := begin(ctx, tx, actor, p.Standing, true); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.volunteer_begun", Subject: person, Org: p.Station})
}

// AddSkill notes what a person says that she can do.
func AddSkill(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, skill int64) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if err := learn(ctx, tx, person, skill); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.skill_added", Subject: person, Org: p.Station, After: map[string]any{"skill": skill}})
}

func learn(ctx context.Context, tx *db.Tx, person id.ID, skill int64) error {
	open, err := skillOpen(ctx, tx, skill)
	if err == nil && !open {
		err = fail.Field("skill", "people.skill_unknown")
	}
	if err == nil {
		_, err = putSkill(tx, person, skill)
	}
	return err
}

// RemoveSkill takes a skill back.
func RemoveSkill(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, skill int64) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	if had, err := dropSkill(tx, person, skill); err != nil || !had {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.skill_removed", Subject: person, Org: p.Station, Before: map[string]any{"skill": skill}})
}

// Belong makes a person a member of a unit, department, organisation or team.
func Belong(ctx context.Context, tx *db.Tx, actor auth.Actor, person, to id.ID) error {
	if _, err := of(ctx, tx, actor, person); err != nil {
		return err
	}
	o, err := org.Get(ctx, tx, to)
	if err != nil {
		return err
	}
	if !o.Alive() || o.Kind == org.Practice {
		return fail.Field("org", "people.org_takes_no_members")
	}
	if fresh, err := putMember(tx, person, to); err != nil || !fresh {
		return orTaken(err, fail.New(fail.Conflict, "people.member_already"))
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.belonged", Subject: person, Org: to, After: map[string]any{"org": to}})
}

// Leave ends a membership: the person's own doing, her guardian's, or the organisation's.
func Leave(ctx context.Context, tx *db.Tx, actor auth.Actor, person, from id.ID) error {
	if _, err := MayActFor(ctx, tx, actor, person); err != nil {
		if err := org.Permit(ctx, tx, actor, from, keepers...); err != nil {
			return err
		}
	}
	if had, err := dropMember(tx, person, from); err != nil || !had {
		return orTaken(err, fail.New(fail.Conflict, "people.member_not"))
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.left", Subject: person, Org: from, Before: map[string]any{"org": from}})
}

// Edit is what can be changed of a person's own data.
type Edit struct {
	Rev       int64
	Name      string
	Contact   string
	ContactOf ContactOf
	Area      area.Code // within her home; her station follows
}

// Change changes a person's name, contact number and place.
func Change(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, in Edit) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	before := p
	name, errName := cleanName(in.Name)
	number, whose, errContact := contact(in.Contact, in.ContactOf)
	if err := fail.Join(errName, errContact, p.moveTo(ctx, tx, in.Area)); err != nil {
		return err
	}
	p.name, p.contact, p.ContactOf = seal(keys, person, FieldName, name), seal(keys, person, FieldContact, number), whose
	if saved, err := saveEdited(tx, p, in.Rev); err != nil || !saved {
		return orTaken(err, fail.New(fail.Conflict, "people.changed_meanwhile"))
	}
	if err := putTokens(tx, p.ID, tokens(keys, name, number)); err != nil {
		return err
	}
	if err := compare(ctx, tx, keys, p.ID); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.changed", Subject: person, Org: p.Station, Before: before.kept(), After: p.kept()})
}

// kept is what the audit trail keeps of an edit; sealed fields stay sealed.
func (p Person) kept() map[string]any {
	return map[string]any{"name": p.name, "contact": p.contact, "contact_of": p.ContactOf, "area": p.Area, "station": p.Station}
}

// moveTo changes where she lives, within her home, which never changes.
func (p *Person) moveTo(ctx context.Context, tx *db.Tx, at area.Code) (err error) {
	if at == p.Area {
		return nil
	}
	if err := checkArea(ctx, tx, at); err != nil {
		return err
	}
	if at.Home() != p.Home {
		return fail.Field("area", "people.area_other_home")
	}
	p.Area = at
	p.Station, err = stationAt(ctx, tx, at)
	return err
}

// SetBirth says when a person was born, which is not known yet or only by its year.
func SetBirth(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, birth string) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	b, err := parseBirth(birth, db.Day(tx.Now))
	if err == nil && !b.known() {
		err = fail.Field("birth", "people.birth_missing")
	}
	if err != nil {
		return err
	}
	if p.BirthYear != 0 && p.BirthYear != b.year {
		return fail.Field("birth", "people.birth_known")
	}
	if err := p.bear(tx, keys, actor, b, "people.birth_set"); err != nil {
		return err
	}
	return compare(ctx, tx, keys, p.ID)
}

// bear writes a birth. One that shows a minor without a guardian is refused: a guardian
// registers her.
func (p Person) bear(tx *db.Tx, keys *crypt.Keys, actor auth.Actor, b born, action string) error {
	if b.minor(db.Day(tx.Now)) && p.Guardian == "" {
		return fail.Field("birth", "people.birth_minor")
	}
	p.BirthYear, p.AdultOn = b.year, b.adultOn(db.Day(tx.Now))
	if p.AdultOn <= db.Day(tx.Now) { // known late: she counts as the adult that she said she was
		p.AdultOn = min(p.AdultOn, db.Day(db.Time(p.Created)))
	}
	p.birth = seal(keys, p.ID, FieldBirth, b.text())
	if err := saveBirth(tx, p); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: p.ID, Org: p.Station,
		After: map[string]any{"birth": p.birth, "idno": p.idno}})
}

// SetIDNo keeps a person's identity number, with her consent to it, and what it tells of
// her birth.
func SetIDNo(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, idno string, a Agreed) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	b, err := p.bornAs(keys)
	if err != nil {
		return err
	}
	c, err := citizen(idno, a.IDNumber, db.Day(tx.Now))
	if err == nil && c == "" {
		err = fail.Field("idno", "people.idno_missing")
	}
	if err != nil {
		return err
	}
	if b, err = b.fromID(c); err != nil {
		return fail.Field("idno", "people.birth_mismatch")
	}
	if err := dropIDNo(tx, person); err != nil {
		return err
	}
	if free, err := takeIDNo(tx, keys.Hash("people.idno", string(c)), person); err != nil || !free {
		return orTaken(err, fail.Field("idno", "people.idno_taken"))
	}
	if _, err := endConsents(tx, person, IDNumber); err != nil {
		return err
	}
	by, channel := channelOf(actor, person, p)
	if err := agree(tx, person, by, channel, a.Lang, IDNumber); err != nil {
		return err
	}
	p.Sex, p.idno = int64(c.Sex()), seal(keys, person, FieldIDNo, string(c))
	return p.bear(tx, keys, actor, b, "people.idno_set")
}
