package settings

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people"
)

// letters are the notices that cannot be sent.
type letters struct {
	Channel notice.Channel
	All     []notice.Delivery
	Names   map[id.ID]string // masked
	Next    string
	Counts  map[notice.Channel]map[notice.State]int64
}

type letterForm struct {
	Delivery id.ID `path:"delivery"`
}

// DeadLetters lists what a person must look at.
func DeadLetters(c *page.Ctx) error {
	l, err := lettersOf(c)
	if err != nil {
		return err
	}
	return c.Render(lettersPage(l))
}

func lettersOf(c *page.Ctx) (l letters, err error) {
	l.Channel = notice.Channel(c.Query("channel"))
	if l.All, l.Next, err = notice.DeadLetters(c, c.DB, c.Actor, l.Channel, c.Query("after")); err != nil {
		return l, err
	}
	var who []id.ID
	for _, d := range l.All {
		who = append(who, d.Person)
	}
	if l.Names, err = people.Names(c, c.DB, c.Keys, who); err != nil {
		return l, err
	}
	for person, name := range l.Names {
		l.Names[person] = people.Label(name, false)
	}
	all, err := notice.CountAll(c, c.DB, c.Now)
	l.Counts = map[notice.Channel]map[notice.State]int64{}
	for _, n := range all {
		if l.Counts[n.Channel] == nil {
			l.Counts[n.Channel] = map[notice.State]int64{}
		}
		l.Counts[n.Channel][n.State] = n.N
	}
	return l, err
}

// Release has one tried again.
func Release(c *page.Ctx) error {
	in, err := page.Bind[letterForm](c)
	if err != nil {
		return err
	}
	if err := c.Write(in.Delivery.Home(), func(tx *db.Tx) error { return notice.Release(c, tx, c.Actor, in.Delivery) }); err != nil {
		return err
	}
	c.Flash("letters.released")
	return c.Redirect("/desk/dead-letters")
}

// ReleaseAll has all of a channel tried again, some at a time.
func ReleaseAll(c *page.Ctx) error {
	if err := c.Form(); err != nil {
		return err
	}
	var all int64
	for more := true; more; {
		err := c.DB.Write(c, func(tx *db.Tx) (err error) {
			var n int64
			n, more, err = notice.ReleaseSome(c, tx, c.Actor, notice.Channel(c.R.PostForm.Get("channel")))
			tx.After(func() { all += n })
			return err
		})
		if err != nil {
			return err
		}
	}
	c.Flash("letters.released_n", "n", all)
	return c.Redirect("/desk/dead-letters")
}

// GiveUp leaves one for good, with a reason.
func GiveUp(c *page.Ctx) error {
	in, err := page.Bind[letterForm](c)
	if err == nil {
		err = c.Write(in.Delivery.Home(), func(tx *db.Tx) error {
			return notice.GiveUp(c, tx, c.Actor, in.Delivery, c.R.PostForm.Get(string(in.Delivery)+".why"))
		})
	}
	if err == nil {
		c.Flash("letters.gone")
		return c.Redirect("/desk/dead-letters")
	}
	if fail.KindOf(err) != fail.Invalid {
		return err
	}
	l, readErr := lettersOf(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(at(string(in.Delivery), err), lettersPage(l))
}
