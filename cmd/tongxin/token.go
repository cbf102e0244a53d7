package main

import (
	"context"
	"errors"

	"tongxin/internal/app"
	"tongxin/internal/base/fail"
)

// token makes a bearer token for a machine.
type token struct {
	keyed
	Org  string `required:"" placeholder:"CODE|NAME" help:"${org}"`
	Role string `required:"" placeholder:"ROLE" help:"${role}"`
}

// Run prints the token, and nothing else, so that it can be piped.
func (t token) Run(ctx context.Context, p printer) error {
	return t.alone(ctx, func(a *app.App) error {
		secret, err := a.Token(ctx, t.Org, t.Role, p.T("cmd.token.label"))
		if err == nil {
			p.say(secret)
		}
		return err
	})
}

// password gives an account for the desk another password.
type password struct {
	keyed
	Login string `required:"" placeholder:"LOGIN" help:"${login}"`
}

// Run prints the password.
func (w password) Run(ctx context.Context, p printer) error {
	return w.alone(ctx, func(a *app.App) error {
		plain, err := a.NewPassword(ctx, w.Login)
		if err == nil {
			p.say(p.T("cmd.password.made", "login", w.Login, "password", plain))
		}
		return err
	})
}

// alone opens the database to write for one act. A SQLite file has one writer: beside a
// running server such acts are the settings page's.
func (k keyed) alone(ctx context.Context, act func(*app.App) error) error {
	a, err := app.Open(ctx, app.Config{DSN: k.DB, Keys: k.Keys})
	if fail.Key(err) == "db.locked" {
		return fail.Wrap(err, fail.Unavailable, "cmd.beside")
	}
	if err != nil {
		return err
	}
	return errors.Join(act(a), a.Close())
}
