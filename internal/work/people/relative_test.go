package people_test

import (
	"context"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

func TestAnAdultLetsARelativeActForHer(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		m := mergersIn(t, d)
		phone := m.Phone()
		daughter := m.Join(m.Form("王小明", phone))
		stranger := m.Volunteer("李文")

		// A station registers her mother with the daughter's number, and her wish on paper.
		form := people.Registration{Org: m.Station, Name: "赵桂英", Birth: "1950", Contact: phone, ContactOf: people.RelativeNumber, Category: m.Category("public"),
			Paper: people.Agreed{Terms: true, Proxy: true, Lang: i18n.Chinese}}
		register := func(in people.Registration) (who id.ID, err error) {
			err = m.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				who, err = people.RegisterFor(ctx, tx, m.Keys, m.station, in)
				return err
			})
			return who, err
		}
		wrong := form
		wrong.ContactOf = people.OwnNumber
		_, err := register(wrong)
		refusedWith(t, err, "people.proxy_contact")
		mother, err := register(form)
		if err != nil {
			t.Fatal(err)
		}
		take := func(by auth.Actor, person id.ID, name string) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error { return people.TakeOn(ctx, tx, m.Keys, by, person, name) })
		}
		asks, err := people.Relatives(t.Context(), d, m.Keys, daughter)
		if err != nil || len(asks) != 1 || asks[0].Person != mother || asks[0].Name != "赵**" && asks[0].Name != "赵*" {
			t.Fatalf("asked are %+v, %v", asks, err)
		}
		refusedWith(t, take(stranger, mother, "赵桂英"), "people.ask_unknown")
		refusedWith(t, take(daughter, mother, "赵桂兰"), "people.ask_name")
		if err := take(daughter, mother, "赵桂英"); err != nil {
			t.Fatal(err)
		}
		if how, err := people.MayActFor(t.Context(), d, daughter, mother); how != people.AsGuardian || err != nil {
			t.Errorf("the daughter acts as %q, %v", how, err)
		}

		// A father who signs in himself lets her too, and takes it back.
		father := m.Volunteer("王大山")
		let := func(number string, agreed bool) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.LetActFor(ctx, tx, m.Keys, father, number, i18n.Chinese, agreed)
			})
		}
		refusedWith(t, let(phone, false), "people.proxy_consent_missing")
		refusedWith(t, let("12", true), "ident.mobile")
		if err := let(phone, true); err != nil {
			t.Fatal(err)
		}
		if err := take(daughter, father.Person, "王大山"); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, let(phone, true), "people.proxy_already")
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Withdraw(ctx, tx, father, father.Person, people.Proxy)
		})
		if _, err := people.MayActFor(t.Context(), d, daughter, father.Person); err == nil {
			t.Error("he took it back and she still acts for him")
		}
		if err := let(phone, true); err != nil {
			t.Fatal(err)
		}
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Decline(ctx, tx, m.Keys, daughter, father.Person)
		})
		if asks, err := people.Relatives(t.Context(), d, m.Keys, daughter); err != nil || len(asks) != 0 {
			t.Errorf("asked are %+v, %v", asks, err)
		}
		m.holds()
	})
}

func TestDuplicatesAreFoundAndRemembered(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		m := mergersIn(t, d)
		phone := m.Phone()
		her := m.Join(m.Form("王小明", phone))
		register := func(name, birth, contact string, of people.ContactOf) (who id.ID) {
			m.Write(func(ctx context.Context, tx *db.Tx) (err error) {
				who, err = people.RegisterFor(ctx, tx, m.Keys, m.station, people.Registration{Org: m.Station, Name: name, Birth: birth, Contact: contact,
					ContactOf: of, Category: m.Category("public"), Paper: people.Agreed{Terms: true, Lang: i18n.Chinese}})
				return err
			})
			return who
		}
		register("李文", "1981", phone, people.RelativeNumber) // her husband, reached by her number
		byNumber := register("王晓明", "1979", phone, people.OwnNumber)
		byName := register("王 小明", "1980-05-02", "", "")
		register("王小明", "1990", "", "")

		list := func(by auth.Actor) map[id.ID]people.Why {
			all, err := people.Duplicates(t.Context(), d, by, by.Grants[0].Org, 50)
			if err != nil {
				t.Fatal(err)
			}
			found := map[id.ID]people.Why{}
			for _, p := range all {
				other := p.First
				if other == her.Person {
					other = p.Other
				}
				found[other] = p.Why
			}
			return found
		}
		for _, by := range []auth.Actor{m.station, m.institute} {
			if got := list(by); len(got) != 2 || got[byNumber] != people.SamePhone || got[byName] != people.SameName {
				t.Errorf("found %v", got)
			}
		}
		if got := list(m.far); len(got) != 0 {
			t.Errorf("another county finds %v", got)
		}
		distinct := func(by auth.Actor) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error { return people.Distinct(ctx, tx, by, byNumber, her.Person) })
		}
		refusedWith(t, distinct(m.far), "org.out_of_reach")
		if err := distinct(m.station); err != nil {
			t.Fatal(err)
		}
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			next, err := people.CompareSome(ctx, tx, m.Keys, m.station, m.Station, "")
			if next != "" {
				t.Errorf("there is more after %s", next)
			}
			return err
		})
		if got := list(m.station); len(got) != 1 || got[byName] != people.SameName {
			t.Errorf("after one was said to be another's: %v", got)
		}
		p, _ := people.Get(t.Context(), d, her.Person)
		if got, err := people.DuplicatesOf(t.Context(), d, m.Keys, m.station, p); err != nil || len(got) != 1 {
			t.Errorf("hers are %v, %v", got, err)
		}
		merge, err := m.propose(m.station, byName, her.Person)
		if err != nil || len(list(m.station)) != 0 {
			t.Errorf("one that is proposed is listed still, %v", err)
		}
		waiting, err := people.Merges(t.Context(), d, m.institute, m.Institute, 10, people.MergeProposed)
		if err != nil || len(waiting) != 1 || waiting[0].ID != merge.ID {
			t.Errorf("proposed are %v, %v", waiting, err)
		}
	})
}
