package orgs

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	xlsx "tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// perPage is how many registrations a page of the queue holds.
const perPage = 30

// queue is the page of registrations that wait.
type queue struct {
	Waiting []org.Waiting
	Next    string
}

// Pending lists the registrations on the reader's desk, most urgent first.
func Pending(c *page.Ctx) error {
	if c.WantsFile() {
		return givePending(c)
	}
	waiting, next, err := org.Queue(c, c.DB, c.Actor, db.MS(c.Now), c.Query("after"), perPage)
	if err != nil {
		return err
	}
	return c.Render(pendingPage(queue{waiting, next}))
}

// givePending answers the registrations that wait as a file, all pages.
func givePending(c *page.Ctx) error {
	f := page.List{Kind: "registrations", Name: c.T("orgs.pending") + " " + db.Day(c.Now), Heads: c.Words("orgs.name", "orgs.type", "orgs.credit_code", "orgs.file_under", "orgs.file_desk", "orgs.file_due")}
	return c.Give(f, func(put page.Put) error {
		for after := ""; ; {
			waiting, next, err := org.Queue(c, c.DB, c.Actor, db.MS(c.Now), after, perPage)
			if err != nil {
				return err
			}
			for _, w := range waiting {
				cells := append(xlsx.Texts(w.Name, c.T(w.Type().Label()), w.CreditCode, w.Under.Name, w.Desk.Name), xlsx.Moment(db.Time(w.Due).In(i18n.Zone())))
				if err := put(cells...); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				return nil
			}
		}
	})
}

// Approve takes a registration into the tree.
func Approve(c *page.Ctx) error {
	o, err := in(c)
	if err != nil {
		return err
	}
	if err := c.Write(o.Home, func(tx *db.Tx) error { return org.Approve(c, tx, c.Actor, o.ID) }); err != nil {
		return err
	}
	c.Flash("orgs.approved_now", "name", o.Name)
	return c.Redirect("/desk/orgs/pending")
}

// returning is the form of a return.
type returning struct {
	Reason string `form:"reason"`
}

// Return gives a registration back with the reason.
func Return(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[returning](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error { return org.Return(c, tx, c.Actor, s.ID, f.Reason) })
	}
	if err != nil {
		return c.Retry(err, showPage(s))
	}
	c.Flash("orgs.returned_now", "name", s.Name)
	return c.Redirect("/desk/orgs/pending")
}
