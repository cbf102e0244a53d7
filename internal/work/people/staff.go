package people

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// Worker is an account with its roles, opened for the security administration.
type Worker struct {
	StaffMember
	FullName  string
	LoginName string
	Grants    []auth.Grant
}

// Workers lists the accounts that hold a role at an organisation or below it, and the
// cursor of the next page.
func Workers(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, at, after id.ID, limit int) ([]Worker, id.ID, error) {
	if err := org.Permit(ctx, r, actor, at, auth.SecurityAdmin); err != nil {
		return nil, "", err
	}
	o, err := org.Get(ctx, r, at)
	if err != nil {
		return nil, "", err
	}
	members, err := staffUnder(ctx, r, o.Position, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	var next id.ID
	if len(members) > limit {
		members, next = members[:limit], members[limit-1].Person
	}
	all := make([]Worker, len(members))
	for i, m := range members {
		if all[i], err = m.open(ctx, r, keys); err != nil {
			return nil, "", err
		}
	}
	return all, next, nil
}

// WorkerOf is one account, for the security administration that reaches it.
func WorkerOf(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, person id.ID) (Worker, error) {
	if err := permitAccount(ctx, r, actor, person); err != nil {
		return Worker{}, err
	}
	m, err := staffMember(ctx, r, person)
	if err != nil {
		return Worker{}, err
	}
	return m.open(ctx, r, keys)
}

// WorkerByLogin finds an account by its login name, whichever roles it holds; "" when there
// is none that the actor reaches.
func WorkerByLogin(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, login string) (id.ID, error) {
	person, err := personBy(ctx, r, byLogin, loginHash(keys, cleanLogin(login)))
	if err != nil || person == "" || permitAccount(ctx, r, actor, person) != nil {
		return "", err
	}
	return person, nil
}

func (m StaffMember) open(ctx context.Context, r db.Reader, keys *crypt.Keys) (w Worker, err error) {
	w.StaffMember = m
	if w.FullName, err = keys.OpenField(personTable, string(FieldName), m.Person, m.Name); err != nil {
		return w, err
	}
	if w.LoginName, err = keys.OpenField("people_account", "login_ct", m.Person, m.Login); err != nil {
		return w, err
	}
	w.Grants, err = grantsOf(ctx, r, m.Person)
	return w, err
}

// GrantsOf are the roles of a person.
func GrantsOf(ctx context.Context, r db.Reader, person id.ID) ([]auth.Grant, error) {
	return grantsOf(ctx, r, person)
}
