package people

import (
	"encoding/hex"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// safety is what the page of sign-ins shows: the devices, and of staff the account.
type safety struct {
	Sessions []people.Session
	Here     string // the session of this browser
	Desk     bool
	Login    string
	Factor   bool
	Grants   []auth.Grant
	Orgs     map[id.ID]string
	Secret   []byte // of an authenticator to set up
}

func handle(s people.Session) string { return hex.EncodeToString(s.Hash) }

// Security shows where one is signed in, and staff their account.
func Security(c *page.Ctx) error {
	s, err := safetyOf(c)
	if err != nil {
		return err
	}
	return c.Render(securityPage(s))
}

func safetyOf(c *page.Ctx) (s safety, err error) {
	hash := page.SessionHash(c.R)
	s.Here, s.Desk, s.Grants = hex.EncodeToString(hash), c.Actor.Staff(), c.Actor.Grants
	if s.Sessions, err = people.Sessions(c, c.DB, c.Actor, c.Now); err != nil || !s.Desk {
		return s, err
	}
	if s.Login, err = people.LoginOf(c, c.DB, c.Keys, c.Actor); err != nil {
		return s, err
	}
	one, err := people.OneFactor(c, c.DB, c.Actor.Person)
	if err != nil {
		return s, err
	}
	if s.Factor = !one; one {
		s.Secret = people.NewFactor(c.Keys, c.Actor, hash)
	}
	s.Orgs, err = org.Names(c, c.DB, grantOrgs(s.Grants))
	return s, err
}

func grantOrgs(grants []auth.Grant) (ids []id.ID) {
	for _, g := range grants {
		ids = append(ids, g.Org)
	}
	return ids
}

type ending struct {
	Session string `path:"session"`
}

// EndSession ends one session.
func EndSession(c *page.Ctx) error {
	in, err := page.Bind[ending](c)
	if err != nil {
		return err
	}
	hash, err := hex.DecodeString(in.Session)
	if err != nil {
		return fail.New(fail.NotFound, "people.session_unknown")
	}
	if err := c.DB.Write(c, func(tx *db.Tx) error { return people.EndSession(c, tx, c.Actor, hash) }); err != nil {
		return err
	}
	c.Flash("me.session_ended")
	return c.Redirect("/my/security")
}

// EndOthers ends all sessions but this one.
func EndOthers(c *page.Ctx) error {
	err := c.DB.Write(c, func(tx *db.Tx) error { return people.EndOthers(c, tx, c.Actor, page.SessionHash(c.R)) })
	if err != nil {
		return err
	}
	c.Flash("me.sessions_ended")
	return c.Redirect("/my/security")
}

type newPassword struct {
	Old      string `form:"old" max:"300"`
	Password string `form:"password" max:"300"`
}

// SavePassword changes one's own password.
func SavePassword(c *page.Ctx) error {
	in, err := page.Bind[newPassword](c)
	if err == nil {
		err = changePassword(c, in)
	}
	if err == nil {
		c.Flash("me.password_saved")
		return c.Redirect("/my/security")
	}
	s, readErr := safetyOf(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, securityPage(s))
}

// changePassword proves the old password and keeps a new one; hashing stands outside of
// both transactions.
func changePassword(c *page.Ctx, in newPassword) error {
	login, err := people.LoginOf(c, c.DB, c.Keys, c.Actor)
	if err != nil {
		return err
	}
	var a people.Attempt
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		a, err = people.TryOwn(c, tx, c.Actor)
		return err
	})
	if err != nil {
		return err
	}
	proof, err := a.Check(c, in.Old)
	if err != nil {
		return fail.Field("old", "me.password_old")
	}
	pw, err := people.NewPassword(c, c.DB, login, in.Password)
	if err != nil {
		return err
	}
	return c.DB.Write(c, func(tx *db.Tx) error {
		return people.SetPassword(c, tx, c.Actor, proof, pw, page.SessionHash(c.R))
	})
}

// SaveFactor sets up an authenticator of one's own accord.
func SaveFactor(c *page.Ctx) error {
	in, err := page.Bind[staffStep](c)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) error {
			return people.SetFactor(c, tx, c.Keys, c.Actor, page.SessionHash(c.R), in.Code)
		})
	}
	if err == nil {
		c.Flash("me.factor_saved")
		return c.Redirect("/my/security")
	}
	if fail.KindOf(err) != fail.Invalid {
		return err
	}
	s, readErr := safetyOf(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, securityPage(s))
}
