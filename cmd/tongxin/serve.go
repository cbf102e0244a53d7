package main

import (
	"context"
	"errors"

	"tongxin/internal/app"
	"tongxin/internal/base/i18n"
)

// serve runs an installation until a signal stops it.
type serve struct {
	keyed
	listening
	clocked
	Log  string `placeholder:"FORMAT" default:"text" enum:"text,json,none" help:"${log}"`
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"${addr}"`
}

// Run serves.
func (s serve) Run(ctx context.Context, p printer) error {
	clock, err := s.clock()
	if err != nil {
		return err
	}
	at, err := s.at(s.Addr).Bind()
	if err != nil {
		return err
	}
	c := app.Config{DSN: s.DB, Keys: s.Keys, Now: clock.Now, ClockSet: clock.Set(), Log: logger(s.Log)}
	a, err := app.Open(ctx, c)
	if err != nil {
		return errors.Join(err, at.Close())
	}
	return p.serving(ctx, a, at)
}

// serving says where, serves, and closes.
func (p printer) serving(ctx context.Context, a *app.App, at *app.Bound) error {
	p.say(p.T("cmd.serving", "url", at.URL()))
	if a.ClockSet {
		p.say(p.T("cmd.clock_set", "now", i18n.DayTime(p.lang, a.DB.Now())))
	}
	err := a.Serve(ctx, at)
	if err = errors.Join(err, a.Close()); err == nil {
		p.say(p.T("cmd.stopped"))
	}
	return err
}
