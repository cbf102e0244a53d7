package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/config"
	"tongxin/internal/seed"
)

// demo shows a small city.
type demo struct {
	listening
	clocked
	DB       string  `default:"file:tongxin-demo.db" placeholder:"DSN" help:"${demo_db}"`
	Keys     string  `env:"TONGXIN_KEYS" placeholder:"FILE" help:"${keys}"`
	Log      string  `placeholder:"FORMAT" default:"none" enum:"text,json,none" help:"${log}"`
	Scale    string  `default:"small" placeholder:"SCALE" help:"${scale}"`
	Fraction float64 `placeholder:"SHARE" help:"${seed_fraction}"`
	Addr     string  `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"${addr}"`
}

// Run makes the city where there is none, and serves it.
func (d demo) Run(ctx context.Context, p printer) error {
	clock, err := d.clock()
	if err != nil {
		return err
	}
	at, err := d.at(d.Addr).Bind()
	if err != nil {
		return err
	}
	a, err := d.open(ctx, p, clock)
	if err != nil {
		return errors.Join(err, at.Close())
	}
	return p.serving(ctx, a, at)
}

// open opens the city, made first where there is none. One that is there goes on at the time
// at which it stood, unless another was asked for.
func (d demo) open(ctx context.Context, p printer, clock *config.Clock) (*app.App, error) {
	c := app.Config{DSN: d.DB, Keys: d.Keys, Demo: true, ClockSet: clock.Set(), Log: logger(d.Log)}
	empty, err := seed.Empty(ctx, d.DB)
	switch {
	case err != nil:
		return nil, err
	case empty:
		p.say(p.T("cmd.demo.making", "db", d.DB))
		city := d.Scale == string(seed.Taizhou) && !clock.Set()
		at := clock.Now()
		if city {
			at = time.Time{} // its own
		}
		made, err := d.make(ctx, at, p.progress)
		if err != nil {
			return nil, err
		}
		p.made(made)
		p.accounts(made.Accounts)
		p.say("\n" + p.T("cmd.demo.again", "db", d.DB))
		if city {
			clock = config.NewClock(seed.CityStands)
		}
		c.Now = clock.Now
	default:
		p.say(p.T("cmd.demo.there", "db", d.DB))
		p.say(p.T("cmd.demo.phones", "volunteer", seed.VolunteerPhone, "guardian", seed.GuardianPhone))
		if clock.Set() {
			c.Now = clock.Now
		}
	}
	a, err := app.Open(ctx, c)
	if err == nil {
		a.ClockSet = a.ClockSet || time.Until(a.DB.Now()).Abs() > time.Minute
	}
	return a, err
}

// make seeds. A file is made under another name first, so that one whose making was stopped
// is never taken for a city.
func (d demo) make(ctx context.Context, now time.Time, tell func(seed.Progress)) (seed.Made, error) {
	o := seed.Options{DSN: d.DB, Keys: d.Keys, Scale: seed.Scale(d.Scale), Seed: rand.Uint64(), Clock: now, Fraction: d.Fraction, OneFactor: true, Tell: tell}
	path, file := strings.CutPrefix(d.DB, "file:")
	if !file {
		return seed.Run(ctx, o)
	}
	const parts = " -wal -shm .lock .keys"
	draft := path + ".new"
	for part := range strings.SplitSeq(parts, " ") {
		_ = os.Remove(draft + part) // of an earlier attempt
	}
	o.DSN = "file:" + draft
	made, err := seed.Run(ctx, o)
	if err != nil {
		return made, err
	}
	if d.Keys == "" {
		if err := os.Rename(draft+".keys", path+".keys"); err != nil {
			return made, err
		}
	}
	_ = os.Remove(draft + ".lock")
	return made, os.Rename(draft, path)
}
