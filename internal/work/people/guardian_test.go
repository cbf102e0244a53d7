package people_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// minor joins by herself and names a guardian's number.
func minor(c *peopletest.City, name, birth, guardian string) auth.Actor {
	in := c.Form(name, c.Phone())
	in.Birth, in.GuardianPhone, in.Category = birth, guardian, c.Category("student")
	return c.Join(in)
}

func asks(t *testing.T, d *db.DB, c *peopletest.City, actor auth.Actor, now time.Time) []people.Ask {
	t.Helper()
	all, err := people.Asks(t.Context(), d, c.Keys, actor, now)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func consent(c *peopletest.City, actor auth.Actor, in people.Answer) error {
	return c.Try(func(ctx context.Context, tx *db.Tx) error { return people.GuardianConsent(ctx, tx, c.Keys, actor, in) })
}

func TestAMinorWaitsForHerGuardian(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		her := minor(c, "周小雨", "2005-05-01", phone) // the guardian has not joined yet
		p := get(t, d, her.Person)
		if p.State != people.Pending || p.Volunteer || p.No != "" || p.AdultOn != "2023-05-01" || len(facts(t, d, her.Person)) != 0 {
			t.Fatalf("%+v", p)
		}
		guardian := c.Join(c.Form("周建平", phone))
		all := asks(t, d, c, guardian, clock.Now())
		if len(all) != 1 || all[0].Name != "周*" || all[0].Child || all[0].Person != her.Person {
			t.Fatalf("asks %+v", all)
		}
		yes := people.Answer{Person: her.Person, Name: "周小雨", Agreed: people.Agreed{Minor: true}}
		for what, x := range map[string]struct {
			actor  auth.Actor
			change func(*people.Answer)
			key    string
		}{
			"a stranger":         {c.Volunteer("李娜"), func(*people.Answer) {}, "people.ask_unknown"},
			"herself":            {her, func(*people.Answer) {}, "people.ask_unknown"},
			"nobody":             {auth.Actor{}, func(*people.Answer) {}, "people.ask_unknown"},
			"another name":       {guardian, func(a *people.Answer) { a.Name = "周小明" }, "people.ask_name"},
			"without the tick":   {guardian, func(a *people.Answer) { a.Agreed.Minor = false }, "people.minor_consent_missing"},
			"another's question": {guardian, func(a *people.Answer) { a.Person = guardian.Person }, "people.ask_unknown"},
		} {
			in := yes
			x.change(&in)
			if err := consent(c, x.actor, in); fail.Key(err) != x.key {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := consent(c, guardian, yes); err != nil {
			t.Fatal(err)
		}
		p = get(t, d, her.Person)
		if p.State != people.Active || !p.Volunteer || p.Guardian != guardian.Person || !p.MinorConsent || len(facts(t, d, her.Person)) != 1 {
			t.Errorf("%+v", p)
		}
		if err := consent(c, guardian, yes); fail.Key(err) != "people.ask_unknown" {
			t.Errorf("twice: %v", err)
		}
		if wards, err := people.Dependants(t.Context(), d, guardian.Person); err != nil || len(wards) != 1 || wards[0].ID != her.Person {
			t.Errorf("wards %v, %v", wards, err)
		}
	})
}

func TestAChildUnderFourteenNeedsASecondConsent(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		guardian := c.Join(c.Form("周建平", phone))
		her := minor(c, "周小雨", "2006-03-01", phone) // 14 tomorrow
		if all := asks(t, d, c, guardian, clock.Now()); len(all) != 1 || !all[0].Child {
			t.Fatalf("asks %+v", all)
		}
		in := people.Answer{Person: her.Person, Name: "周小雨", Agreed: people.Agreed{Minor: true}}
		if err := consent(c, guardian, in); !has(err, "child", "people.child_consent_missing") {
			t.Errorf("with one consent: %v", err)
		}
		in.Agreed.Child = true
		if err := consent(c, guardian, in); err != nil {
			t.Fatal(err)
		}
		all, err := people.Consents(t.Context(), d, her.Person)
		if err != nil {
			t.Fatal(err)
		}
		given := map[people.ConsentKind]id.ID{}
		for _, k := range all {
			given[k.Kind] = k.GivenBy
		}
		if given[people.Terms] != her.Person || given[people.Minor] != guardian.Person || given[people.Child] != guardian.Person {
			t.Errorf("consents %v", given)
		}
		// the guardian takes it back, the child cannot
		withdraw := func(actor auth.Actor) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.Withdraw(ctx, tx, actor, her.Person, people.Minor)
			})
		}
		if err := withdraw(her); fail.Key(err) != "people.guardian_only" {
			t.Errorf("the child: %v", err)
		}
		if err := withdraw(guardian); err != nil {
			t.Fatal(err)
		}
		if s, err := people.StandingOf(t.Context(), d, her.Person); err != nil || s.MinorConsent || s.State != people.Active {
			t.Errorf("%+v, %v", s, err)
		}
		renew := func(actor auth.Actor, a people.Agreed) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error { return people.Renew(ctx, tx, c.Keys, actor, her.Person, a) })
		}
		if err := renew(her, in.Agreed); fail.Key(err) != "people.guardian_only" {
			t.Errorf("the child renews: %v", err)
		}
		if err := renew(guardian, people.Agreed{Minor: true}); !has(err, "child", "people.child_consent_missing") {
			t.Errorf("half of it: %v", err)
		}
		if err := renew(guardian, in.Agreed); err != nil {
			t.Errorf("again: %v", err)
		}
		if s, err := people.StandingOf(t.Context(), d, her.Person); err != nil || !s.MinorConsent {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestAGuardianMayRefuse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		guardian := c.Join(c.Form("周建平", phone))
		her := minor(c, "周小雨", "2005-05-01", phone)
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.GuardianRefusal(ctx, tx, c.Keys, guardian, people.Answer{Person: her.Person, Name: "周小雨"})
		})
		p := get(t, d, her.Person)
		if p.State != people.Closed || p.Has(people.FieldName) || p.Has(people.FieldContact) || p.Has(people.FieldBirth) || p.BirthYear != 0 {
			t.Errorf("%+v", p)
		}
		for _, table := range []string{"people_phone", "people_ask", "people_session"} {
			if n := count(t, d, "SELECT COUNT(*) FROM "+table+" WHERE person = $1", her.Person); n != 0 {
				t.Errorf("%d rows left in %s", n, table)
			}
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_token_hash WHERE person = $1", her.Person); n != 0 {
			t.Errorf("%d tokens left", n)
		}
		if len(asks(t, d, c, guardian, clock.Now())) != 0 {
			t.Error("the question is still there")
		}
	})
}

func TestDependants(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		guardian := c.Volunteer("周建平")
		form := people.Dependant{Name: "周小雨", Birth: "2008-05-01", Area: orgtest.StationArea, Category: c.Category("student"),
			Agreed: people.Agreed{Terms: true, Minor: true, Child: true}}
		register := func(actor auth.Actor, in people.Dependant) (person id.ID, err error) {
			err = c.Try(func(ctx context.Context, tx *db.Tx) error {
				person, err = people.RegisterDependant(ctx, tx, c.Keys, actor, in)
				return err
			})
			return person, err
		}
		for _, x := range []struct {
			change     func(*people.Dependant)
			field, key string
		}{
			{func(in *people.Dependant) { in.Birth = "" }, "birth", "people.birth_missing"},
			{func(in *people.Dependant) { in.Agreed.Minor = false }, "minor", "people.minor_consent_missing"},
			{func(in *people.Dependant) { in.Agreed.Child = false }, "child", "people.child_consent_missing"},
			{func(in *people.Dependant) { in.Birth = "1946" }, "proxy", "people.proxy_consent_missing"},
			{func(in *people.Dependant) { in.Category = c.Category("party_member") }, "category", "people.category_minor"},
			{func(in *people.Dependant) { in.Agreed.Terms = false }, "terms", "people.terms_missing"},
		} {
			in := form
			x.change(&in)
			if _, err := register(guardian, in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		ward, err := register(guardian, form)
		if err != nil {
			t.Fatal(err)
		}
		p := get(t, d, ward)
		own := get(t, d, guardian.Person)
		if p.State != people.Active || !p.Volunteer || p.Guardian != guardian.Person || p.ContactOf != people.GuardianNumber ||
			open(t, c, p, people.FieldContact) != open(t, c, own, people.FieldContact) || !p.MinorConsent {
			t.Errorf("%+v", p)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_phone WHERE person = $1", ward); n != 0 {
			t.Error("a ward has a sign-in number")
		}
		for actor, want := range map[id.ID]string{ward: people.AsSelf, guardian.Person: people.AsGuardian} {
			if how, err := people.MayActFor(t.Context(), d, auth.Actor{Person: actor}, ward); how != want || err != nil {
				t.Errorf("%s: %s, %v", actor, how, err)
			}
		}
		if _, err := people.MayActFor(t.Context(), d, c.Volunteer("李娜"), ward); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("a stranger: %v", err)
		}
		// a mother without a phone, who agreed and may end it
		in := form
		in.Name, in.Birth, in.Category, in.Agreed = "王秀英", "1946", c.Category("retired"), people.Agreed{Terms: true, Proxy: true}
		mother, err := register(guardian, in)
		if err != nil {
			t.Fatal(err)
		}
		if p := get(t, d, mother); p.ContactOf != people.RelativeNumber || p.Guardian != guardian.Person || p.MinorOn("2020-02-28") {
			t.Errorf("%+v", p)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Withdraw(ctx, tx, auth.Actor{Person: mother}, mother, people.Proxy)
		})
		if _, err := people.MayActFor(t.Context(), d, guardian, mother); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("after she ended it: %v", err)
		}
	})
}

func TestWhoMayBeAGuardian(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		form := people.Dependant{Name: "周小雨", Birth: "2008-05-01", Area: orgtest.StationArea, Category: c.Category("student"),
			Agreed: people.Agreed{Terms: true, Minor: true, Child: true}}
		in := c.Form("张玉兰", c.Phone())
		in.Birth = ""
		unknown := c.Join(in)
		young := minor(c, "周小雨", "2005-05-01", c.Phone())
		for actor, key := range map[id.ID]string{unknown.Person: "people.guardian_age_unknown", young.Person: "people.guardian_minor", "": "people.unknown"} {
			err := c.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := people.RegisterDependant(ctx, tx, c.Keys, auth.Actor{Person: actor}, form)
				return err
			})
			if fail.Key(err) != key {
				t.Errorf("%q: %v, want %s", actor, err, key)
			}
		}
		birth := func(actor auth.Actor, day string) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.SetBirth(ctx, tx, c.Keys, actor, actor.Person, day)
			})
		}
		if err := birth(unknown, "2004"); !has(err, "birth", "people.birth_minor") {
			t.Errorf("a minor who says so late: %v", err)
		}
		if err := birth(unknown, ""); !has(err, "birth", "people.birth_missing") {
			t.Errorf("nothing: %v", err)
		}
		if err := birth(unknown, "1975"); err != nil {
			t.Fatal(err)
		}
		if err := birth(unknown, "1976-01-01"); !has(err, "birth", "people.birth_known") {
			t.Errorf("another year: %v", err)
		}
		if err := birth(unknown, "1975-06-01"); err != nil {
			t.Errorf("the day of the year that is known: %v", err)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.RegisterDependant(ctx, tx, c.Keys, unknown, form)
			return err
		})
	})
}

func TestAGuardiansPartEndsOnTheBirthday(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		guardian := c.Volunteer("周建平")
		ward := c.Ward(guardian, "周小雨", "2002-03-02")
		adult := c.Ward(guardian, "王秀英", "1946-01-01")
		run := jobs.NewRunner(d)
		people.Schedule(run, nil, nil)
		due := func() {
			t.Helper()
			if err := run.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		clock.Set(time.Date(2020, 3, 1, 23, 59, 59, 0, dbtest.Start.Location()))
		due()
		if p := get(t, d, ward); p.Guardian != guardian.Person {
			t.Error("the part ended a day early")
		}
		clock.Add(time.Second)
		due()
		if p := get(t, d, ward); p.Guardian != "" || p.MinorOn("2020-03-02") {
			t.Errorf("the part goes on: %+v", p)
		}
		if _, err := people.MayActFor(t.Context(), d, guardian, ward); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("the guardian of an adult: %v", err)
		}
		if p := get(t, d, adult); p.Guardian != guardian.Person {
			t.Error("an adult dependant was let go")
		}
	})
}
