package app

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Account is one that was made, with the password that must be changed at the first sign-in.
type Account struct {
	Role            auth.Role
	Login, Password string
}

// first are the accounts with which an installation begins: the three administrators, who
// exclude one another, and the office's own. The names are to be changed to people's.
var first = []Account{
	{Role: auth.SecurityAdmin, Login: "security"}, {Role: auth.SystemAdmin, Login: "system"},
	{Role: auth.Auditor, Login: "auditor"}, {Role: auth.Admin, Login: "admin"},
}

// Found begins an installation: it loads the divisions of a province or a city, founds its
// office and makes the first accounts. It refuses where there is an office already.
func (a *App) Found(ctx context.Context, code, name, lang string) ([]Account, error) {
	at, err := area.Parse(code)
	if err != nil {
		return nil, err
	}
	if _, known := area.Lookup(at); !known || at.Level() > area.City {
		return nil, fail.New(fail.Invalid, "app.office_area")
	}
	if used, err := anyOrg(ctx, a.DB); err != nil || used {
		return nil, orElse(err, fail.New(fail.Conflict, "app.office_there"))
	}
	for _, part := range area.Parts(at) {
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := area.Load(tx, part)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return a.open(ctx, org.In{Kind: org.Practice, Tier: org.Office, Name: name, Area: at}, lang)
}

// open founds the office and makes its accounts, all or nothing.
func (a *App) open(ctx context.Context, in org.In, lang string) ([]Account, error) {
	made := make([]Account, len(first))
	hashes := make([]people.Password, len(first))
	for i, f := range first {
		f.Password = auth.RandomPassword()
		hash, err := people.NewPassword(ctx, a.DB, f.Login, f.Password)
		if err != nil {
			return nil, err
		}
		made[i], hashes[i] = f, hash
	}
	return made, a.DB.Write(ctx, func(tx *db.Tx) error {
		office, err := org.Found(ctx, tx, operator, in)
		for i := 0; i < len(made) && err == nil; i++ {
			err = a.employ(ctx, tx, office, made[i], hashes[i], lang)
		}
		return err
	})
}

func (a *App) employ(ctx context.Context, tx *db.Tx, office id.ID, m Account, hash people.Password, lang string) error {
	_, err := people.CreateStaff(ctx, tx, a.Keys, operator, people.Staff{
		Org: office, Name: i18n.T(lang, "people.role."+string(m.Role)), Login: m.Login, Password: hash, MustChange: true, Roles: []auth.Role{m.Role},
	})
	return err
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
