package app

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// operator is the product itself, at the command line of the machine it runs on.
var operator = auth.Actor{Person: auth.SystemID, Via: auth.CLI}

// Token makes a token for a machine that acts in one role at an organisation, which is named
// by its id, its name, or the code of the division whose office, centre, institute or station
// it is. The secret is known to nobody else.
func (a *App) Token(ctx context.Context, at, role, label string) (secret string, err error) {
	r, err := auth.ParseRole(role)
	if err != nil {
		return "", err
	}
	o, err := FindOrg(ctx, a.DB, at)
	if err != nil {
		return "", err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		secret, _, err = people.NewToken(ctx, tx, a.Keys, operator, people.Token{Org: o.ID, Role: r, Label: label})
		return err
	})
	return secret, err
}

// FindOrg finds an organisation by its id, the code of its division, or its name.
func FindOrg(ctx context.Context, r db.Reader, s string) (org.Org, error) {
	if at, err := id.Parse(s); err == nil {
		return org.Get(ctx, r, at)
	}
	var all []org.Org
	var err error
	if code, e := area.Parse(s); e == nil {
		all, err = org.ByArea(ctx, r, code)
	} else {
		all, err = org.ByName(ctx, r, s)
	}
	var seats []org.Org
	for _, o := range all {
		if o.Tier != org.Point || len(all) == 1 {
			seats = append(seats, o)
		}
	}
	switch {
	case err != nil:
		return org.Org{}, err
	case len(seats) == 0:
		return org.Org{}, fail.New(fail.NotFound, "app.org_unknown")
	case len(seats) > 1:
		return org.Org{}, fail.New(fail.Conflict, "app.org_ambiguous", "n", len(seats))
	}
	return seats[0], nil
}

// NewPassword gives an account another password, which must be changed at the next sign-in,
// and opens its lock.
func (a *App) NewPassword(ctx context.Context, login string) (password string, err error) {
	person, err := people.WorkerByLogin(ctx, a.DB, a.Keys, operator, login)
	if err == nil && person == "" {
		err = fail.New(fail.NotFound, "app.login_unknown")
	}
	if err != nil {
		return "", err
	}
	password = auth.RandomPassword()
	hash, err := people.NewPassword(ctx, a.DB, login, password)
	if err != nil {
		return "", err
	}
	return password, a.DB.Write(ctx, func(tx *db.Tx) error { return people.ResetPassword(ctx, tx, operator, person, hash) })
}
