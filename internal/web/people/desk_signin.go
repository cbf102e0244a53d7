package people

import (
	"net/url"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// staffSignIn is the form with which staff sign in.
type staffSignIn struct {
	Login    string `form:"login" max:"60"`
	Password string `form:"password" max:"300"`
	Next     string `form:"next" max:"500"`
}

// staffStep is the form of the steps after it.
type staffStep struct {
	Code     string `form:"code" max:"20"`
	Password string `form:"password" max:"300"`
	Next     string `form:"next" max:"500"`
}

// StaffSignIn asks for login name and password.
func StaffSignIn(c *page.Ctx) error {
	next := c.Query("next")
	if c.Actor.Staff() {
		return c.Redirect(orDesk(next))
	}
	return c.Render(staffPage(staffSignIn{Next: next}))
}

func orDesk(next string) string {
	if next == "" {
		return "/desk"
	}
	return next
}

// StaffPassword takes login name and password. Hashing stands between two transactions.
func StaffPassword(c *page.Ctx) error {
	in, err := page.Bind[staffSignIn](c)
	var s people.Started
	if err == nil {
		s, err = passwordGiven(c, in)
	}
	if err != nil {
		return c.Retry(err, staffPage(in))
	}
	return goOn(c, s, in.Next)
}

func passwordGiven(c *page.Ctx, in staffSignIn) (s people.Started, err error) {
	var a people.Attempt
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		a, err = people.Try(c, tx, c.Keys, in.Login)
		return err
	})
	if err != nil {
		return s, err
	}
	proof, err := a.Check(c, in.Password)
	if err != nil {
		if noted := c.DB.Write(c, func(tx *db.Tx) error { return people.Failed(c, tx, auth.Actor{Via: auth.Web}, a) }); noted != nil {
			return s, noted
		}
		return s, err
	}
	err = c.DB.Write(c, func(tx *db.Tx) error {
		s, err = people.EnterStaff(c, tx, auth.Actor{Via: auth.Web}, proof, device(c.R.UserAgent()), page.SessionHash(c.R))
		return err
	})
	return s, err
}

// goOn keeps a session that has begun and goes to its next step, or in.
func goOn(c *page.Ctx, s people.Started, next string) error {
	c.KeepSession(s.Secret, s.Expires)
	if s.Step != people.Whole {
		return c.Redirect("/desk/sign-in/step?next=" + url.QueryEscape(next))
	}
	return c.Redirect(orDesk(next))
}

// StaffStep asks for what a half session waits for.
func StaffStep(c *page.Ctx) error {
	h, err := people.Halfway(c, c.DB, c.Keys, c.Now, page.SessionHash(c.R))
	if err != nil {
		return fromTheStart(c, err)
	}
	return c.Render(stepPage(h, staffStep{Next: c.Query("next")}))
}

// fromTheStart sends one whose half session is over to the first form.
func fromTheStart(c *page.Ctx, err error) error {
	if fail.Key(err) != "people.half_over" {
		return err
	}
	if c.Actor.Staff() {
		return c.Redirect("/desk")
	}
	c.FlashWarn("people.half_over")
	return c.Redirect("/desk/sign-in")
}

// TakeStep takes what a half session waits for.
func TakeStep(c *page.Ctx) error {
	in, err := page.Bind[staffStep](c)
	if err != nil {
		return err
	}
	h, err := people.Halfway(c, c.DB, c.Keys, c.Now, page.SessionHash(c.R))
	if err != nil {
		return fromTheStart(c, err)
	}
	var s people.Started
	if h.Step == people.StepPassword {
		s, err = passwordChosen(c, h, in)
	} else {
		s, err = codeGiven(c, in)
	}
	if err != nil {
		return c.Retry(err, stepPage(h, in))
	}
	return goOn(c, s, in.Next)
}

func passwordChosen(c *page.Ctx, h people.Half, in staffStep) (s people.Started, err error) {
	if err = h.Fresh(c, in.Password); err != nil {
		return s, err
	}
	pw, err := people.NewPassword(c, c.DB, h.Login, in.Password)
	if err != nil {
		return s, err
	}
	err = c.DB.Write(c, func(tx *db.Tx) error {
		s, err = people.ChoosePassword(c, tx, c.Keys, auth.Actor{Via: auth.Web}, page.SessionHash(c.R), pw)
		return err
	})
	return s, err
}

func codeGiven(c *page.Ctx, in staffStep) (people.Started, error) {
	var e people.Entered
	err := c.DB.Write(c, func(tx *db.Tx) (err error) {
		e, err = people.SecondFactor(c, tx, c.Keys, auth.Actor{Via: auth.Web}, page.SessionHash(c.R), in.Code)
		return err
	})
	if err == nil {
		err = e.Refused
	}
	return e.Started, err
}
