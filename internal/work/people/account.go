package people

import (
	"context"
	"regexp"
	"strings"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/org"
)

// Password is a new password that keeps to the policy, hashed. Hashing takes long: make it
// before a transaction begins.
type Password struct{ hash string }

// NewPassword checks a new password against the policy and hashes it.
func NewPassword(ctx context.Context, r db.Reader, login, plain string) (Password, error) {
	set, err := config.Load(ctx, r)
	if err != nil {
		return Password{}, err
	}
	if err := set.Policy().Check(plain, login); err != nil {
		return Password{}, err
	}
	hash, err := auth.HashPassword(ctx, plain)
	return Password{hash}, err
}

var loginForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,31}$`)

// cleanLogin is a login name in its one spelling.
func cleanLogin(s string) string { return strings.ToLower(ident.Fold(s)) }

// Staff is the form with which an account for the desk is made.
type Staff struct {
	Person     id.ID // an existing person; "" makes a new one
	Org        id.ID // where she works, and holds her first roles
	Name       string
	Login      string
	Password   Password
	MustChange bool // at the first sign-in
	Roles      []auth.Role
}

// CreateStaff makes an account for the desk, with its first roles.
func CreateStaff(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Staff) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, in.Org, auth.SecurityAdmin); err != nil {
		return "", err
	}
	login := cleanLogin(in.Login)
	var errLogin, errRoles error
	if !loginForm.MatchString(login) {
		errLogin = fail.Field("login", "people.login_form")
	}
	if len(in.Roles) == 0 {
		errRoles = fail.Field("role", "people.role_missing")
	}
	name, errName := cleanName(in.Name)
	if in.Person != "" {
		errName = nil
	}
	if err := fail.Join(errName, errLogin, errRoles); err != nil {
		return "", err
	}
	person, err := worker(ctx, tx, keys, in, name)
	if err != nil {
		return "", err
	}
	a := account{Person: person, login: keys.Seal("people_account", "login_ct", person, login), hash: in.Password.hash, mustChange: in.MustChange}
	if free, err := putAccount(tx, a, loginHash(keys, login)); err != nil || !free {
		return "", orTaken(err, fail.Field("login", "people.login_taken"))
	}
	if err := audit.Record(tx, actor, audit.Entry{Action: "people.staff_created", Subject: person, Org: in.Org,
		After: map[string]any{"login": a.login, "org": in.Org}}); err != nil {
		return "", err
	}
	for _, role := range in.Roles {
		if err := Grant(ctx, tx, actor, person, auth.Grant{Org: in.Org, Role: role}); err != nil {
			return "", err
		}
	}
	return person, nil
}

// worker is the person behind a new account, who may have been there before.
func worker(ctx context.Context, tx *db.Tx, keys *crypt.Keys, in Staff, name string) (id.ID, error) {
	if in.Person != "" {
		p, err := StandingOf(ctx, tx, in.Person)
		if err == nil && p.State != Active {
			err = fail.New(fail.Conflict, "people.closed")
		}
		return in.Person, err
	}
	person := tx.NewID(in.Org.Home())
	p := Person{Standing: Standing{ID: person, Home: person.Home(), State: Active}, name: seal(keys, person, FieldName, name)}
	return person, insertPerson(tx, p)
}

// Grant gives a role, which only the security administration does, and never to itself.
func Grant(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, g auth.Grant) error {
	if err := permitRole(ctx, tx, actor, person, g.Org); err != nil {
		return err
	}
	if _, err := auth.ParseRole(string(g.Role)); err != nil || !g.Role.Staff() {
		return fail.Field("role", "people.role_missing")
	}
	if _, err := lockPerson(tx, person); err != nil {
		return err
	}
	a, err := accountOf(ctx, tx, person)
	if err != nil {
		return err
	}
	if a.Person == "" {
		return fail.New(fail.Conflict, "people.no_account")
	}
	held, err := grantsOf(ctx, tx, person)
	if err == nil {
		err = auth.Exclusive(held, g.Role)
	}
	if err != nil {
		return err
	}
	if fresh, err := putRole(tx, actor, person, g); err != nil || !fresh {
		return orTaken(err, fail.New(fail.Conflict, "people.role_held"))
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.role_granted", Subject: person, Org: g.Org, After: g})
}

// RevokeRole takes a role back; sessions that run lose it with the next request.
func RevokeRole(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, g auth.Grant) error {
	if err := permitRole(ctx, tx, actor, person, g.Org); err != nil {
		return err
	}
	if had, err := dropRole(tx, person, g); err != nil || !had {
		return orTaken(err, fail.New(fail.Conflict, "people.role_not_held"))
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.role_revoked", Subject: person, Org: g.Org, Before: g})
}

func permitRole(ctx context.Context, r db.Reader, actor auth.Actor, person, at id.ID) error {
	if actor.Person == person {
		return fail.New(fail.Forbidden, "people.own_roles")
	}
	return org.Permit(ctx, r, actor, at, auth.SecurityAdmin)
}

// permitAccount refuses an actor who does not reach every organisation at which the account
// holds a role: a county does not reset the password of the city.
func permitAccount(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID) error {
	if actor.Person == person {
		return fail.New(fail.Forbidden, "people.own_account")
	}
	a, err := accountOf(ctx, r, person)
	if err != nil {
		return err
	}
	if a.Person == "" {
		return fail.New(fail.NotFound, "people.no_account")
	}
	held, err := grantsOf(ctx, r, person)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		seat, err := seatOf(ctx, r, homeArea(person.Home()))
		if err != nil || seat == "" {
			return orTaken(err, fail.New(fail.Forbidden, "org.out_of_reach"))
		}
		held = []auth.Grant{{Org: seat}}
	}
	for _, g := range held {
		if err := org.Permit(ctx, r, actor, g.Org, auth.SecurityAdmin); err != nil {
			return err
		}
	}
	return nil
}

// ResetPassword gives an account a password that must be changed at the next sign-in, opens
// its lock and ends its sessions.
func ResetPassword(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, p Password) error {
	if err := permitAccount(ctx, tx, actor, person); err != nil {
		return err
	}
	if err := savePassword(tx, person, p.hash, true); err != nil {
		return err
	}
	return sweep(tx, actor, person, "people.password_reset")
}

// ResetFactor forgets an account's second factor, which is set up anew at the next sign-in.
func ResetFactor(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	if err := permitAccount(ctx, tx, actor, person); err != nil {
		return err
	}
	if err := saveFactor(tx, person, nil, 0); err != nil {
		return err
	}
	return sweep(tx, actor, person, "people.factor_reset")
}

// RemoveAccount takes from a person her account and all her roles. She stays a volunteer if
// she was one.
func RemoveAccount(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	if err := permitAccount(ctx, tx, actor, person); err != nil {
		return err
	}
	if err := dropAccount(tx, person); err != nil {
		return err
	}
	return sweep(tx, actor, person, "people.account_removed")
}

// sweep ends all sessions of an account that changed, and tells the audit trail.
func sweep(tx *db.Tx, actor auth.Actor, person id.ID, action string) error {
	if err := endSessions(tx, person, []byte{}); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: person})
}
