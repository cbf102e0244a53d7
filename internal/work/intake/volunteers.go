package intake

import (
	"context"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/people"
)

var volunteerList = list{
	columns: []column{{"name", asName, true}, {"idno", asCitizen, false}, {"birth", asDay, false}, {"contact", asPhone, false},
		{"contact_of", asLine, false}, {"category", asLine, false}, {"guardian", asName, false}, {"org", asLine, false}},
	fields: map[string]string{"minor": "guardian", "child": "guardian", "political": "category"},
	check:  checkVolunteer,
	mark:   markVolunteer,
	known:  knownVolunteer,
	enter:  enterVolunteer,
	undo:   undoVolunteer,
}

func checkVolunteer(ctx context.Context, c *checker, b *Body) error {
	if _, err := c.org(ctx, b, "org"); err != nil {
		return err
	}
	if err := people.CheckName(b.value("name")); err != nil && !b.has("name") {
		b.fault("name", fail.Key(err), fail.Args(err)...)
	}
	w, err := c.volunteerWords(ctx)
	if err != nil {
		return err
	}
	if _, chosen := b.Cells["category"]; chosen {
		b.choose("category", "intake.category_unknown", w.categories)
	} else if w.usual != "" {
		b.set("category", w.usual)
	}
	if b.value("contact_of") == "" && b.value("contact") != "" {
		b.set("contact_of", string(people.OwnNumber))
	} else {
		b.choose("contact_of", "intake.contact_of_unknown", w.contactOf)
	}
	c.age(b)
	return nil
}

// volunteerWords are the words that may stand in some columns, to what they mean.
type volunteerWords struct {
	categories, contactOf map[string]string
	usual                 string // the category of whoever has none
}

// volunteerWords reads the words once for a turn.
func (c *checker) volunteerWords(ctx context.Context) (*volunteerWords, error) {
	if c.words != nil {
		return c.words, nil
	}
	w := &volunteerWords{categories: map[string]string{}, contactOf: map[string]string{}}
	categories, err := people.Categories(ctx, c.r)
	if err != nil {
		return nil, err
	}
	for _, k := range categories {
		if k.Open {
			w.categories[k.Name] = strconv.FormatInt(k.ID, 10)
		}
		if k.Slug == "public" {
			w.usual = strconv.FormatInt(k.ID, 10)
		}
	}
	for _, of := range []people.ContactOf{people.OwnNumber, people.RelativeNumber, people.GuardianNumber} {
		for _, lang := range i18n.Languages() {
			w.contactOf[i18n.T(lang, "intake.contact_of."+string(of))] = string(of)
		}
	}
	c.words = w
	return w, nil
}

// age holds the day of birth against the identity number, and asks for a minor's guardian.
func (c *checker) age(b *Body) {
	if b.has("idno") || b.has("birth") {
		return
	}
	birth := b.value("birth")
	if n := b.value("idno"); n != "" {
		own := ident.Citizen(n).Birth()
		if birth != "" && birth != own {
			b.fault("birth", "intake.birth_differs")
		}
		birth = own
	}
	if birth > c.today {
		b.fault("birth", "intake.birth_future")
		return
	}
	if age, ok := ident.AgeOn(birth, c.today); !ok || age >= 18 {
		return
	}
	if b.value("guardian") == "" {
		b.fault("guardian", "intake.guardian_missing")
	}
	if b.value("contact") == "" {
		b.fault("contact", "people.guardian_phone_missing")
	}
}

func markVolunteer(_ Batch, b Body) []string {
	if n := b.value("idno"); n != "" {
		return []string{n}
	}
	return []string{b.value("name"), b.value("birth"), b.value("contact")}
}

// knownVolunteer finds her by her identity number in the whole country, else by her telephone
// number and name in the subtree.
func knownVolunteer(ctx context.Context, c *checker, b Body) (id.ID, error) {
	if n := b.value("idno"); n != "" {
		return people.KnownIDNo(ctx, c.r, c.keys, ident.Citizen(n))
	}
	if b.value("contact") == "" {
		return "", nil
	}
	found, err := people.Find(ctx, c.r, c.keys, c.actor, people.Filter{Org: c.b.Org, Query: b.value("contact"), Limit: 20})
	if err != nil {
		return "", orRefusal(err)
	}
	for _, p := range found.People {
		name, err := p.Open(c.keys, people.FieldName)
		if err != nil || name == b.value("name") {
			return p.ID, err
		}
	}
	return "", nil
}

func enterVolunteer(ctx context.Context, tx *db.Tx, e *entering, b Body) (id.ID, error) {
	at, err := orgNamed(ctx, tx, e.b, b.value("org"))
	if err != nil {
		return "", err
	}
	return people.RegisterStep(ctx, tx, e.w.keys, e.actor, people.Registration{Org: at, Name: b.value("name"), Birth: b.value("birth"), IDNo: b.value("idno"),
		Contact: b.value("contact"), ContactOf: people.ContactOf(b.value("contact_of")), Category: b.number("category"), Guardian: b.value("guardian"),
		Paper: people.Agreed{Terms: e.b.Paper, Political: e.b.Paper, IDNumber: e.b.Paper, Minor: e.b.Paper, Child: e.b.Paper, Lang: e.b.Lang}})
}

func undoVolunteer(ctx context.Context, tx *db.Tx, e *entering, made id.ID) error {
	used, err := personUsed(ctx, tx, made)
	if err == nil && used {
		err = fail.New(fail.Conflict, "intake.person_used")
	}
	if err != nil {
		return err
	}
	return people.UnregisterStep(ctx, tx, e.actor, made)
}
