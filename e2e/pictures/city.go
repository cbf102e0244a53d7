package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/seed"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// moment is when the pictures are taken: the afternoon of the bulletin's day.
var moment = time.Date(2020, 2, 28, 14, 26, 0, 0, time.FixedZone("", 8*3600))

// city is the small city, served by this process for as long as it takes to draw it.
type city struct {
	app      *app.App
	url      string
	accounts []seed.Account
	close    func() error
}

// openCity makes the city in a folder of its own and serves it as the demonstration does.
func openCity(ctx context.Context) (c *city, err error) {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	dsn := "file:" + filepath.Join(dir, "city.db")
	made, err := seed.Run(ctx, seed.Options{DSN: dsn, Scale: seed.Small, Seed: 1, Clock: moment, OneFactor: true})
	if err != nil {
		return nil, err
	}
	at, err := app.Listen{Addr: "127.0.0.1:0"}.Bind()
	if err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Config{DSN: dsn, Now: config.NewClock(moment).Now, ClockSet: true, Demo: true})
	if err != nil {
		return nil, errors.Join(err, at.Close())
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- a.Serve(serving, at) }()
	c = &city{app: a, url: strings.TrimSuffix(at.URL(), "/"), accounts: made.Accounts}
	c.close = func() error {
		stop()
		return errors.Join(<-served, a.Close(), os.RemoveAll(dir))
	}
	return c, nil
}

// signIn begins a session of an account and answers its cookie.
func (c *city) signIn(ctx context.Context, who seed.Account) (*http.Cookie, error) {
	begin := c.byPhone
	if who.Login != "" {
		begin = c.byPassword
	}
	s, err := begin(ctx, who)
	return &http.Cookie{Name: page.SessionCookie, Value: s.Secret, Path: "/"}, err
}

func (c *city) byPassword(ctx context.Context, who seed.Account) (s people.Started, err error) {
	var try people.Attempt
	err = c.app.DB.Write(ctx, func(tx *db.Tx) (err error) {
		try, err = people.Try(ctx, tx, c.app.Keys, who.Login)
		return err
	})
	if err != nil {
		return s, err
	}
	proof, err := try.Check(ctx, who.Password)
	if err != nil {
		return s, err
	}
	err = c.app.DB.Write(ctx, func(tx *db.Tx) (err error) {
		s, err = people.EnterStaff(ctx, tx, auth.Actor{Via: auth.Web}, proof, "Chromium", nil)
		return err
	})
	return s, err
}

func (c *city) byPhone(ctx context.Context, who seed.Account) (s people.Started, err error) {
	err = c.app.DB.Write(ctx, func(tx *db.Tx) error {
		code, err := people.RequestCode(ctx, tx, c.app.Keys, who.Phone)
		if err != nil {
			return err
		}
		in, err := people.Enter(ctx, tx, c.app.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: who.Phone, Code: code.Digits, Label: "Chromium"})
		if err == nil {
			err = in.Refused
		}
		s = in.Started
		return err
	})
	if err == nil && s.Secret == "" {
		err = fail.New(fail.NotFound, "people.unknown")
	}
	return s, err
}
