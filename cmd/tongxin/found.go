package main

import (
	"context"

	"tongxin/internal/app"
)

// found begins an installation: its office and the first accounts.
type found struct {
	keyed
	Area string `required:"" placeholder:"CODE" help:"${office_area}"`
	Name string `required:"" placeholder:"NAME" help:"${office_name}"`
}

// Run founds and tells who can sign in.
func (f found) Run(ctx context.Context, p printer) error {
	return f.alone(ctx, func(a *app.App) error {
		made, err := a.Found(ctx, f.Area, f.Name, p.lang)
		if err != nil {
			return err
		}
		p.say(p.T("cmd.found.made", "name", f.Name))
		for _, m := range made {
			row(p.out, p.T("people.role."+string(m.Role)), p.T("cmd.found.login", "login", m.Login, "password", m.Password))
		}
		p.say(p.T("cmd.found.next"))
		return nil
	})
}
