package people

import (
	"net/url"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// answered is the form of one whose number has lain still.
type answered struct {
	Answer string `form:"answer" max:"60"`
	Next   string `form:"next" max:"500"`
}

// Whose asks whose a number is that has lain still: it may be another's by now. Without the
// proof that it is in her hands no answer helps.
func Whose(c *page.Ctx) error {
	return c.Render(whosePage(answered{Next: c.Query("next")}))
}

// AnswerWhose takes the answer: whoever knows is signed in.
func AnswerWhose(c *page.Ctx) error {
	in, err := page.Bind[answered](c)
	var e people.Entered
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			e, err = people.Vouch(c, tx, c.Keys, auth.Actor{Via: auth.Web}, people.Vouching{
				Ticket: c.Kept(ticketCookie), Answer: in.Answer, Label: device(c.R.UserAgent()), Replaces: page.SessionHash(c.R)})
			return err
		})
	}
	if fail.Key(err) == "people.ticket_over" {
		c.FlashWarn(fail.Key(err))
		return c.Redirect("/sign-in?next=" + url.QueryEscape(in.Next))
	}
	if err == nil {
		err = e.Refused
	}
	if err != nil {
		return c.Retry(err, whosePage(in))
	}
	c.Keep(ticketCookie, "", -time.Second)
	c.KeepSession(e.Started.Secret, e.Started.Expires)
	return c.Redirect(orHome(in.Next))
}
