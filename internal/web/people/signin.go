package people

import (
	"net/url"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// ticketCookie holds the sealed proof of a number for the form with which one joins.
const ticketCookie = "ticket"

// signIn is what the two forms of signing in carry.
type signIn struct {
	Phone string `form:"phone" max:"40"`
	Code  string `form:"code" max:"20"`
	Next  string `form:"next" max:"500"`
	Shown string // the code, in the demonstration
	Wait  string // why no new code was sent
}

// SignIn asks for a phone number.
func SignIn(c *page.Ctx) error {
	next := c.Query("next")
	if c.SignedIn() {
		return c.Redirect(orHome(next))
	}
	return c.Render(phonePage(signIn{Next: next}))
}

func orHome(next string) string {
	if next == "" {
		return "/"
	}
	return next
}

// SendCode sends a one-time code to a number and asks for it. Whoever has the number gets
// the same answer; a second press within a minute gets the form again, not a new code.
func SendCode(c *page.Ctx) error {
	in, err := page.Bind[signIn](c)
	if err != nil {
		return c.Retry(err, phonePage(in))
	}
	var code people.Code
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		code, err = people.RequestCodeFrom(c, tx, c.Keys, in.Phone, c.Sender())
		return err
	})
	switch {
	case fail.Key(err) == "people.code_wait":
		in.Wait = c.T(fail.Key(err), fail.Args(err)...)
	case err != nil:
		return c.Retry(err, phonePage(in))
	default:
		if in.Shown, err = deliver(c, code); err != nil {
			return err
		}
	}
	return c.Render(codePage(in))
}

func deliver(c *page.Ctx, code people.Code) (string, error) {
	if c.Site.SendCode == nil {
		return "", fail.New(fail.Unavailable, "signin.no_sender")
	}
	return c.Site.SendCode(c, code.Phone, code.Digits)
}

// EnterCode takes the code: whose number is known is signed in, anybody else goes on to join.
func EnterCode(c *page.Ctx) error {
	in, err := page.Bind[signIn](c)
	if err != nil {
		return c.Retry(err, codePage(in))
	}
	var e people.Entered
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		e, err = people.Enter(c, tx, c.Keys, auth.Actor{Via: auth.Web}, people.Entry{
			Phone: in.Phone, Code: in.Code, Label: device(c.R.UserAgent()), Replaces: page.SessionHash(c.R)})
		return err
	})
	if err == nil {
		err = e.Refused
	}
	if err != nil {
		return c.Retry(err, codePage(in))
	}
	if e.Ticket != "" {
		c.Keep(ticketCookie, e.Ticket, time.Hour)
		if e.Doubt {
			return c.Redirect("/sign-in/whose?next=" + url.QueryEscape(in.Next))
		}
		return c.Redirect("/join?next=" + url.QueryEscape(in.Next))
	}
	c.KeepSession(e.Started.Secret, e.Started.Expires)
	return c.Redirect(orHome(in.Next))
}

// SignOut ends the session.
func SignOut(c *page.Ctx) error {
	if hash := page.SessionHash(c.R); hash != nil && c.SignedIn() {
		err := c.DB.Write(c, func(tx *db.Tx) error { return people.EndSession(c, tx, c.Actor, hash) })
		if err != nil && fail.KindOf(err) != fail.NotFound {
			return err
		}
	}
	c.DropSession()
	c.Flash("signin.out")
	return c.Redirect("/")
}

// devices are the parts of a browser's name by which one knows the device, the first that fits.
var devices = [][2]string{{"MicroMessenger", "wechat"}, {"Android", "android"}, {"iPhone", "iphone"}, {"iPad", "ipad"},
	{"Windows", "windows"}, {"Macintosh", "mac"}, {"Linux", "linux"}}

// device is a word for the device that a browser runs on; the rest of its name is not kept.
func device(agent string) string {
	for _, d := range devices {
		if strings.Contains(agent, d[0]) {
			return d[1]
		}
	}
	return "other"
}
