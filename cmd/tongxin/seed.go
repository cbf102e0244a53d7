package main

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/seed"
)

// seeds makes a world to look at and to test with, in an empty database.
type seeds struct {
	keyed
	Scale string `default:"small" placeholder:"SCALE" help:"${scale}"`
	Seed  uint64 `default:"1" placeholder:"N" help:"${seed_number}"`
	Clock string `placeholder:"RFC3339" help:"${seed_clock}"`
	JSON  bool   `name:"json" help:"${json}"`
}

// Run makes it and tells who can sign in.
func (s seeds) Run(ctx context.Context, p printer) error {
	at, err := clocked{s.Clock}.clock()
	if err != nil {
		return err
	}
	made, err := seed.Run(ctx, seed.Options{DSN: s.DB, Keys: s.Keys, Scale: seed.Scale(s.Scale), Seed: s.Seed, Clock: at.Now()})
	if err != nil {
		return err
	}
	if s.JSON {
		return json.NewEncoder(p.out).Encode(made.Accounts)
	}
	p.made(made)
	p.accounts(made.Accounts)
	return nil
}

// made tells how much there is now.
func (p printer) made(m seed.Made) {
	c := m.Counts
	p.say(p.T("cmd.seed.made", "orgs", c.Orgs, "people", c.People, "activities", c.Activities, "shifts", c.Shifts, "signups", c.Signups,
		"arrivals", c.Arrivals, "seconds", m.Took.Round(10*time.Millisecond).Seconds()))
}

// accounts tells who can sign in, in columns.
func (p printer) accounts(all []seed.Account) {
	p.say("")
	p.say(p.T("cmd.seed.staff"))
	for _, a := range all {
		if a.Login != "" {
			row(p.out, p.T("people.role."+string(a.Role)), p.T("cmd.seed.login", "login", a.Login, "password", a.Password, "name", a.Name, "org", a.OrgName))
		}
	}
	p.say("")
	p.say(p.T("cmd.seed.phones"))
	for _, a := range all {
		if a.Phone != "" {
			row(p.out, p.T("people.role."+string(a.Role)), p.T("cmd.seed.phone", "phone", a.Phone, "name", a.Name))
		}
	}
}
