package people

import (
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// farewell is what the page of closing an account shows: what is open, what stays, and how
// long it can be taken back.
type farewell struct {
	subject
	Open    roster.Open
	Closing people.Closing
	Days    int
}

// Closing shows what closing an account means, and asks for the name.
func Closing(c *page.Ctx) error {
	f, err := leaving(c)
	if err != nil {
		return err
	}
	return c.Render(closingPage(f))
}

func leaving(c *page.Ctx) (f farewell, err error) {
	if f.subject, err = about(c); err != nil {
		return f, err
	}
	return f, f.load(c)
}

func (f *farewell) load(c *page.Ctx) (err error) {
	if f.Open, err = roster.OpenOf(c, c.DB, f.ID); err != nil {
		return err
	}
	if f.Closing, err = people.ClosingOf(c, c.DB, f.ID); err != nil {
		return err
	}
	set, err := config.Load(c, c.DB)
	f.Days = int(set.CloseWait.Hours() / 24)
	return err
}

// AskToClose asks that the account be closed.
func AskToClose(c *page.Ctx) error {
	f, err := leaving(c)
	if err != nil {
		return err
	}
	if err = c.Named(f.FullName); err == nil {
		err = c.Write(f.Home, func(tx *db.Tx) error { _, err := people.AskToClose(c, tx, c.Actor, f.ID); return err })
	}
	if err != nil {
		return c.Retry(err, closingPage(f))
	}
	c.Flash("me.close_asked")
	return c.Redirect("/my/data/close" + f.query())
}

// KeepOpen takes that back.
func KeepOpen(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Home, func(tx *db.Tx) error { return people.KeepOpen(c, tx, c.Actor, s.ID) }); err != nil {
		return err
	}
	c.Flash("me.close_taken_back")
	return c.Redirect("/my/data" + s.query())
}
