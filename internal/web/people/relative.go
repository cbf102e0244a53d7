package people

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// letting is the form with which an adult lets a relative act for her.
type letting struct {
	Phone string `form:"phone" max:"40"`
	Proxy bool   `form:"proxy"`
}

// LetActFor lets the holder of a number act for the reader.
func LetActFor(c *page.Ctx) error {
	in, err := page.Bind[letting](c)
	if err == nil {
		err = c.Write(c.Actor.Person.Home(), func(tx *db.Tx) error {
			return people.LetActFor(c, tx, c.Keys, c.Actor, in.Phone, c.Lang, in.Proxy)
		})
	}
	return relatives(c, err, "me.let_done")
}

// TakeOn is the relative's yes.
func TakeOn(c *page.Ctx) error {
	in, err := page.Bind[answer](c)
	if err == nil {
		err = c.Write(in.Person.Home(), func(tx *db.Tx) error { return people.TakeOn(c, tx, c.Keys, c.Actor, in.Person, in.Name) })
	}
	return relatives(c, err, "me.taken_on")
}

// Decline is the relative's no.
func Decline(c *page.Ctx) error {
	in, err := page.Bind[answer](c)
	if err == nil {
		err = c.Write(in.Person.Home(), func(tx *db.Tx) error { return people.Decline(c, tx, c.Keys, c.Actor, in.Person) })
	}
	return relatives(c, err, "me.declined")
}

// relatives goes back to the family, or shows what was wrong there.
func relatives(c *page.Ctx, err error, said string) error {
	if fail.Key(err) == "people.guardian_age_unknown" {
		c.FlashWarn(fail.Key(err))
		return c.Redirect("/my/data/identity")
	}
	if err != nil {
		fam, readErr := familyOf(c)
		if readErr != nil {
			return readErr
		}
		return c.Retry(err, familyPage(fam))
	}
	c.Flash(said)
	return c.Redirect("/my/family")
}
