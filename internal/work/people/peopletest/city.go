package peopletest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
)

// City is a planted tree of organisations with the categories and skills installed.
type City struct {
	orgtest.Tree
	Keys *crypt.Keys

	t testing.TB
	d *db.DB
	n int
}

// Plant makes a city in an empty database.
func Plant(t testing.TB, d *db.DB) *City {
	t.Helper()
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "test.keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	c := &City{Keys: keys, t: t, d: d}
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		if c.Tree, err = orgtest.Plant(ctx, tx); err == nil {
			err = people.Install(tx)
		}
		return err
	})
	return c
}

// Write runs a closure that must succeed.
func (c *City) Write(f func(ctx context.Context, tx *db.Tx) error) {
	c.t.Helper()
	if err := c.Try(f); err != nil {
		c.t.Fatal(err)
	}
}

// Try runs a closure and answers how it went.
func (c *City) Try(f func(ctx context.Context, tx *db.Tx) error) error {
	return c.d.Write(c.t.Context(), func(tx *db.Tx) error { return f(tx.Context(), tx) })
}

// Phone is a mobile number that this city has not given yet.
func (c *City) Phone() string {
	c.n++
	return fmt.Sprintf("138%08d", c.n)
}

// Category is the number of a category.
func (c *City) Category(slug string) int64 {
	c.t.Helper()
	all, err := people.Categories(c.t.Context(), c.d)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range all {
		if k.Slug == slug {
			return k.ID
		}
	}
	c.t.Fatalf("peopletest: no category %q", slug)
	return 0
}

// Skill is the number of a skill.
func (c *City) Skill(slug string) int64 {
	c.t.Helper()
	all, err := people.Skills(c.t.Context(), c.d)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, s := range all {
		if s.Slug == slug {
			return s.ID
		}
	}
	c.t.Fatalf("peopletest: no skill %q", slug)
	return 0
}

// Ticket proves a number with a one-time code.
func (c *City) Ticket(phone string) (ticket string) {
	c.t.Helper()
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		code, err := people.RequestCode(ctx, tx, c.Keys, phone)
		if err != nil {
			return err
		}
		in, err := people.Enter(ctx, tx, c.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: phone, Code: code.Digits})
		if err == nil {
			err = in.Refused
		}
		ticket = in.Ticket
		return err
	})
	return ticket
}

// Form is a form with which an adult joins at the planted station.
func (c *City) Form(name, phone string) people.Joining {
	c.t.Helper()
	return people.Joining{Ticket: c.Ticket(phone), Name: name, Birth: "1980-05-01", Area: orgtest.StationArea, Category: c.Category("public"),
		Agreed: people.Agreed{Terms: true, Lang: i18n.Chinese}}
}

// Volunteer joins an adult and answers how she acts.
func (c *City) Volunteer(name string) auth.Actor {
	c.t.Helper()
	return c.VolunteerAt(name, orgtest.StationArea)
}

// VolunteerAt joins an adult who lives somewhere.
func (c *City) VolunteerAt(name string, at area.Code) auth.Actor {
	c.t.Helper()
	in := c.Form(name, c.Phone())
	in.Area = at
	return c.Join(in)
}

// Join joins by a form that must be right.
func (c *City) Join(in people.Joining) auth.Actor {
	c.t.Helper()
	var s people.Started
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, err = people.Join(ctx, tx, c.Keys, auth.Actor{Via: auth.Web}, in)
		return err
	})
	return auth.Actor{Person: s.Person, Via: auth.Web}
}

// Ward registers a child born on a day, for whom a guardian acts.
func (c *City) Ward(guardian auth.Actor, name, birth string) (ward id.ID) {
	c.t.Helper()
	in := people.Dependant{Name: name, Birth: birth, Area: orgtest.StationArea, Category: c.Category("student"),
		Agreed: people.Agreed{Terms: true, Minor: true, Child: true, Proxy: true, Lang: i18n.Chinese}}
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		ward, err = people.RegisterDependant(ctx, tx, c.Keys, guardian, in)
		return err
	})
	return ward
}

// Password is what every account made by [City.Staff] has.
const Password = "Tongxin-2020"

// Staff makes an account with one role.
func (c *City) Staff(login string, at id.ID, role auth.Role) auth.Actor {
	c.t.Helper()
	pw, err := people.NewPassword(c.t.Context(), c.d, login, Password)
	if err != nil {
		c.t.Fatal(err)
	}
	var person id.ID
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		person, err = people.CreateStaff(ctx, tx, c.Keys, auth.System,
			people.Staff{Org: at, Name: "staff " + string(role), Login: login, Password: pw, Roles: []auth.Role{role}})
		return err
	})
	return auth.Actor{Person: person, Via: auth.Web, Grants: []auth.Grant{{Org: at, Role: role}}}
}
