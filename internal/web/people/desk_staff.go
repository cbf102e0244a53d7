package people

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// crew is a page of accounts.
type crew struct {
	Org   id.ID
	Where string
	Orgs  []ui.Option
	All   []people.Worker
	Names map[id.ID]string // of organisations
	Next  string
}

type crewLookup struct {
	Org   id.ID  `form:"org"`
	Login string `form:"login" max:"60"`
	After string `form:"after" max:"40"`
}

// Staff lists the accounts of a subtree for the security administration.
func Staff(c *page.Ctx) error {
	in, err := page.Bind[crewLookup](c)
	if err != nil {
		return err
	}
	if in.Login != "" {
		return findStaff(c, in.Login)
	}
	w, err := crewOf(c, in)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return w.give(c)
	}
	return c.Render(crewPage(w))
}

// findStaff opens the account of a login name.
func findStaff(c *page.Ctx, login string) error {
	person, err := people.WorkerByLogin(c, c.DB, c.Keys, c.Actor, login)
	if err != nil {
		return err
	}
	if person == "" {
		c.FlashWarn("staff.none")
		return c.Redirect("/desk/staff")
	}
	return c.Redirect("/desk/staff/" + string(person))
}

func crewOf(c *page.Ctx, in crewLookup) (w crew, err error) {
	if w.Org, w.Where, w.Orgs, err = guarded(c, in.Org); err != nil {
		return w, err
	}
	all, next, err := people.Workers(c, c.DB, c.Keys, c.Actor, w.Org, id.ID(in.After), perPage)
	if err != nil {
		return w, err
	}
	w.All, w.Next = all, string(next)
	var ids []id.ID
	for _, one := range all {
		ids = append(ids, grantOrgs(one.Grants)...)
	}
	w.Names, err = org.Names(c, c.DB, ids)
	return w, err
}

// guarded is the organisation that the security administration looks at, by default its own.
func guarded(c *page.Ctx, at id.ID) (id.ID, string, []ui.Option, error) {
	seats, err := org.Seats(c, c.DB, c.Actor, auth.SecurityAdmin)
	if err != nil {
		return "", "", nil, err
	}
	if len(seats) == 0 {
		return "", "", nil, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if at == "" {
		at = seats[0].Org
	}
	o, err := org.Get(c, c.DB, at)
	if err != nil {
		return "", "", nil, err
	}
	options, err := nearby(c, seats, o)
	return at, o.Name, options, err
}

// account is the form with which an account is made.
type accountForm struct {
	Org   id.ID  `form:"org"`
	Name  string `form:"name" max:"60"`
	Login string `form:"login" max:"60"`
	Role  string `form:"role" max:"20"`

	Where string
	Orgs  []ui.Option
}

// NewStaff asks for an account.
func NewStaff(c *page.Ctx) error {
	in, err := page.Bind[accountForm](c)
	if err == nil {
		in.Org, in.Where, in.Orgs, err = guarded(c, in.Org)
	}
	if err != nil {
		return err
	}
	return c.Render(newStaffPage(in))
}

// CreateStaff makes an account with a password that is shown once and must be changed.
func CreateStaff(c *page.Ctx) error {
	in, err := page.Bind[accountForm](c)
	if err != nil {
		return err
	}
	if in.Org, in.Where, in.Orgs, err = guarded(c, in.Org); err != nil {
		return err
	}
	plain, pw, err := randomPassword(c)
	if err != nil {
		return err
	}
	var person id.ID
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		person, err = people.CreateStaff(c, tx, c.Keys, c.Actor, people.Staff{Org: in.Org, Name: in.Name, Login: in.Login,
			Password: pw, MustChange: true, Roles: []auth.Role{auth.Role(in.Role)}})
		return err
	})
	if err != nil {
		return c.Retry(err, newStaffPage(in))
	}
	return handOver(c, person, plain)
}

func randomPassword(c *page.Ctx) (string, people.Password, error) {
	plain := auth.RandomPassword()
	pw, err := people.NewPassword(c, c.DB, "", plain)
	return plain, pw, err
}

// handOver shows an account with its new password, this once.
func handOver(c *page.Ctx, person id.ID, plain string) error {
	w, err := workerOf(c, person)
	if err != nil {
		return err
	}
	w.Password = plain
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Render(workerPage(w))
}

// worker is one account.
type worker struct {
	people.Worker
	Names    map[id.ID]string // of organisations
	Orgs     []ui.Option
	Password string // new, shown once
	Own      bool
}

// ShowStaff shows one account.
func ShowStaff(c *page.Ctx) error {
	in, err := page.Bind[whom](c)
	if err != nil {
		return err
	}
	w, err := workerOf(c, in.ID)
	if err != nil {
		return err
	}
	return c.Render(workerPage(w))
}

func workerOf(c *page.Ctx, person id.ID) (w worker, err error) {
	if w.Worker, err = people.WorkerOf(c, c.DB, c.Keys, c.Actor, person); err != nil {
		return w, err
	}
	if w.Names, err = org.Names(c, c.DB, grantOrgs(w.Grants)); err != nil {
		return w, err
	}
	_, _, w.Orgs, err = guarded(c, "")
	return w, err
}

type grant struct {
	ID   id.ID  `path:"person"`
	Org  id.ID  `form:"org"`
	Role string `form:"role" max:"20"`
}

// GrantRole gives an account a role.
func GrantRole(c *page.Ctx) error {
	return changeRole(c, func(tx *db.Tx, in grant) error {
		return people.Grant(c, tx, c.Actor, in.ID, auth.Grant{Org: in.Org, Role: auth.Role(in.Role)})
	})
}

// RevokeRole takes a role from an account.
func RevokeRole(c *page.Ctx) error {
	return changeRole(c, func(tx *db.Tx, in grant) error {
		return people.RevokeRole(c, tx, c.Actor, in.ID, auth.Grant{Org: in.Org, Role: auth.Role(in.Role)})
	})
}

func changeRole(c *page.Ctx, f func(*db.Tx, grant) error) error {
	in, err := page.Bind[grant](c)
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return f(tx, in) })
	}
	if err == nil {
		c.Flash("me.saved")
		return c.Redirect("/desk/staff/" + string(in.ID))
	}
	w, readErr := workerOf(c, in.ID)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, workerPage(w))
}

// ResetPassword gives an account a new password that is shown once.
func ResetPassword(c *page.Ctx) error {
	in, err := page.Bind[whom](c)
	if err != nil {
		return err
	}
	plain, pw, err := randomPassword(c)
	if err != nil {
		return err
	}
	if err := c.DB.Write(c, func(tx *db.Tx) error { return people.ResetPassword(c, tx, c.Actor, in.ID, pw) }); err != nil {
		return err
	}
	return handOver(c, in.ID, plain)
}

// ResetFactor forgets an account's authenticator.
func ResetFactor(c *page.Ctx) error {
	in, err := page.Bind[whom](c)
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return people.ResetFactor(c, tx, c.Actor, in.ID) })
	}
	if err != nil {
		return err
	}
	c.Flash("staff.factor_reset")
	return c.Redirect("/desk/staff/" + string(in.ID))
}

// RemoveStaff takes an account and all its roles away, once its login name is typed.
func RemoveStaff(c *page.Ctx) error {
	in, err := page.Bind[whom](c)
	if err != nil {
		return err
	}
	w, err := workerOf(c, in.ID)
	if err != nil {
		return err
	}
	if err = c.Named(w.LoginName); err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return people.RemoveAccount(c, tx, c.Actor, in.ID) })
	}
	if err != nil {
		return c.Retry(err, workerPage(w))
	}
	c.Flash("staff.removed")
	return c.Redirect("/desk/staff")
}
