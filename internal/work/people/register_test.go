package people_test

import (
	"context"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

func registerFor(c *peopletest.City, actor auth.Actor, in people.Registration) (person id.ID, err error) {
	err = c.Try(func(ctx context.Context, tx *db.Tx) error {
		var err error
		person, err = people.RegisterFor(ctx, tx, c.Keys, actor, in)
		return err
	})
	return person, err
}

func TestAStationRegistersWithoutAPhone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		admin := c.Staff("admin", c.Station, auth.Admin)
		form := people.Registration{Org: c.Station, Name: "王秀英", Birth: "1946", Contact: "０５２３－86991234", ContactOf: people.RelativeNumber,
			Category: c.Category("retired"), Skills: []int64{c.Skill("cooking")}, Paper: people.Agreed{Terms: true}}
		person, err := registerFor(c, admin, form)
		if err != nil {
			t.Fatal(err)
		}
		p := get(t, d, person)
		if p.State != people.Active || p.No != "321281000001" || p.RegisteredBy != admin.Person || p.Station != c.Station ||
			p.ContactOf != people.RelativeNumber || open(t, c, p, people.FieldContact) != "052386991234" || !p.HasSkill(c.Skill("cooking")) {
			t.Errorf("%+v", p)
		}
		if f := facts(t, d, person); len(f) != 1 || f[0].By != admin.Person {
			t.Errorf("facts %+v", f)
		}
		all, err := people.Consents(t.Context(), d, person)
		if err != nil || len(all) != 1 || all[0].Channel != people.OnPaper || all[0].GivenBy != person {
			t.Errorf("consents %+v, %v", all, err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_phone"); n != 0 {
			t.Error("somebody without a phone can sign in")
		}
		none := form
		none.Contact, none.ContactOf = "", ""
		if _, err := registerFor(c, admin, none); err != nil {
			t.Errorf("nobody to call: %v", err)
		}
		for _, x := range []struct {
			change     func(*people.Registration)
			field, key string
		}{
			{func(in *people.Registration) { in.Contact = "110" }, "contact", "ident.phone"},
			{func(in *people.Registration) { in.ContactOf = "" }, "contact_of", "people.contact_of_missing"},
			{func(in *people.Registration) { in.Paper.Terms = false }, "terms", "people.terms_missing"},
			{func(in *people.Registration) { in.Org = c.City }, "org", "people.org_registers_not"},
		} {
			in := form
			x.change(&in)
			if _, err := registerFor(c, c.Staff("a"+x.field, c.City, auth.Admin), in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		for login, actor := range map[string]auth.Actor{"sibling": c.Staff("sibling", c.Sibling, auth.Admin),
			"reviewer": c.Staff("reviewer", c.Station, auth.Reviewer), "volunteer": c.Volunteer("李娜")} {
			if _, err := registerFor(c, actor, form); fail.Key(err) != "org.out_of_reach" {
				t.Errorf("%s: %v", login, err)
			}
		}
	})
}

func TestATeamRegistersItsMembers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		leader := c.Staff("leader", c.Team, auth.Leader)
		person, err := registerFor(c, leader, people.Registration{Org: c.Team, Name: "王秀英", Category: c.Category("public"), Paper: people.Agreed{Terms: true}})
		if err != nil {
			t.Fatal(err)
		}
		p := get(t, d, person)
		units, err := people.UnitsOf(t.Context(), d, p.Standing)
		if p.Station != c.Station || err != nil || len(units) != 2 || units[1] != c.Team {
			t.Errorf("station %s, units %v, %v", p.Station, units, err)
		}
	})
}

func TestAMinorIsRegisteredWithHerGuardiansPaper(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		admin := c.Staff("admin", c.Station, auth.Admin)
		phone := c.Phone()
		form := people.Registration{Org: c.Station, Name: "周小雨", Birth: "2008-05-01", Contact: phone, ContactOf: people.GuardianNumber,
			Guardian: "周建平", Category: c.Category("student"), Paper: people.Agreed{Terms: true, Minor: true, Child: true}}
		for _, x := range []struct {
			change     func(*people.Registration)
			field, key string
		}{
			{func(in *people.Registration) { in.Guardian = "" }, "guardian", "people.guardian_name_missing"},
			{func(in *people.Registration) { in.Contact = "" }, "contact", "people.guardian_phone_missing"},
			{func(in *people.Registration) { in.Paper.Minor = false }, "minor", "people.minor_consent_missing"},
			{func(in *people.Registration) { in.Paper.Child = false }, "child", "people.child_consent_missing"},
		} {
			in := form
			x.change(&in)
			if _, err := registerFor(c, admin, in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		person, err := registerFor(c, admin, form)
		if err != nil {
			t.Fatal(err)
		}
		p := get(t, d, person)
		g := get(t, d, p.Guardian)
		if p.State != people.Active || !p.MinorConsent || g.Volunteer || g.No != "" || open(t, c, g, people.FieldName) != "周建平" {
			t.Errorf("%+v, guardian %+v", p, g)
		}
		if len(facts(t, d, g.ID)) != 0 {
			t.Error("a guardian who is no volunteer counts as one")
		}
		// the guardian joins under that number and name, and has her ward
		him := c.Join(c.Form("周建平", phone))
		if him.Person != g.ID {
			t.Errorf("the guardian is %s, not %s", him.Person, g.ID)
		}
		if how, err := people.MayActFor(t.Context(), d, him, person); how != people.AsGuardian || err != nil {
			t.Errorf("%s, %v", how, err)
		}
		if g = get(t, d, g.ID); !g.Volunteer || len(facts(t, d, g.ID)) != 1 {
			t.Errorf("the guardian wanted to be a volunteer too: %+v", g)
		}
		// a second child of the same guardian hangs on the same person
		form.Name = "周小雪"
		second, err := registerFor(c, admin, form)
		if err != nil {
			t.Fatal(err)
		}
		if p := get(t, d, second); p.Guardian != g.ID {
			t.Error("the guardian was entered twice")
		}
	})
}
