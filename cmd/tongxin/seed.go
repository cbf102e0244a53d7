package main

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/base/i18n"
	"tongxin/internal/seed"
)

// seeds makes a world to look at and to test with, in an empty database.
type seeds struct {
	keyed
	Scale    string  `default:"small" placeholder:"SCALE" help:"${scale}"`
	Seed     uint64  `default:"1" placeholder:"N" help:"${seed_number}"`
	Clock    string  `placeholder:"RFC3339" help:"${seed_clock}"`
	Fraction float64 `placeholder:"SHARE" help:"${seed_fraction}"`
	JSON     bool    `name:"json" help:"${json}"`
}

// Run makes it and tells who can sign in.
func (s seeds) Run(ctx context.Context, p printer) error {
	at, err := clockFor(s.Scale, clocked{s.Clock})
	if err != nil {
		return err
	}
	made, err := seed.Run(ctx, seed.Options{DSN: s.DB, Keys: s.Keys, Scale: seed.Scale(s.Scale), Seed: s.Seed, Clock: at, Fraction: s.Fraction,
		Tell: p.progress})
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

// clockFor is the moment for which a world is made. A whole city has its own, which is the zero
// time here unless another was asked for.
func clockFor(scale string, c clocked) (time.Time, error) {
	if scale == string(seed.Taizhou) && c.Clock == "" {
		return time.Time{}, nil
	}
	clock, err := c.clock()
	if err != nil {
		return time.Time{}, err
	}
	return clock.Now(), nil
}

// progress tells how far the writing of a city has come.
func (p printer) progress(at seed.Progress) {
	p.warn(p.T("cmd.seed.progress", "until", i18n.DayTime(p.lang, at.Until), "rows", i18n.Number(at.Rows),
		"rate", i18n.Number(int64(float64(at.Rows)/max(at.Took.Seconds(), 0.001))), "seconds", int64(at.Took.Seconds())))
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
