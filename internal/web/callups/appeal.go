package callups

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
)

// appealIn is the form of an appeal.
type appealIn struct {
	Org    id.ID  `form:"org"`
	Title  string `form:"title"`
	Text   string `form:"text"`
	Signed string `form:"signed"`
	Reason string `form:"reason"`
}

func (in appealIn) said() callup.AppealIn {
	return callup.AppealIn{Title: in.Title, Text: in.Text, Signed: in.Signed}
}

// paper is an appeal as its page shows it.
type paper struct {
	callup.Appeal
	OrgName string
	Orgs    []ui.Option
	Writes  bool
	Issues  bool
}

// NewAppeal asks for an appeal.
func NewAppeal(c *page.Ctx) error {
	p, err := newPaper(c)
	if err != nil {
		return err
	}
	return c.Render(appealForm(p))
}

func newPaper(c *page.Ctx) (p paper, err error) {
	if p.Orgs, err = from(c, callup.Writing...); err == nil && len(p.Orgs) == 0 {
		err = fail.New(fail.Forbidden, "web.not_yours")
	}
	if err == nil {
		p.Org, p.Signed = first(p.Orgs), p.Orgs[0].Label
	}
	return p, err
}

// CreateAppeal keeps a new appeal as a draft.
func CreateAppeal(c *page.Ctx) error {
	p, err := newPaper(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[appealIn](c)
	if err := org.Permit(c, c.DB, c.Actor, in.Org, callup.Writing...); err != nil {
		return err
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) { return callup.DraftAppeal(c, tx, c.Actor, in.Org, in.said()) })
	}
	if err != nil {
		return c.Retry(err, appealForm(p))
	}
	return c.Redirect("/desk/appeals/" + string(made))
}

// ShowAppeal is an appeal at the desk.
func ShowAppeal(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	return c.Render(appealPage(p))
}

func paperOf(c *page.Ctx) (p paper, err error) {
	at, err := id.Parse(c.Path("appeal"))
	if err != nil {
		return p, err
	}
	if p.Appeal, err = callup.GetAppeal(c, c.DB, at); err != nil {
		return p, err
	}
	if err = org.Permit(c, c.DB, c.Actor, p.Org); err != nil {
		return p, err
	}
	if p.Writes, err = org.Reaches(c, c.DB, c.Actor, p.Org, callup.Writing...); err != nil {
		return p, err
	}
	if p.Issues, err = org.Reaches(c, c.DB, c.Actor, p.Org, callup.Issuing...); err != nil {
		return p, err
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Org})
	p.OrgName = names[p.Org]
	return p, err
}

// onAppeal does something with an appeal and comes back to it.
func onAppeal(c *page.Ctx, said string, do func(tx *db.Tx, p paper, in appealIn) error) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[appealIn](c)
	if err == nil {
		err = c.Write(p.ID.Home(), func(tx *db.Tx) error { return do(tx, p, in) })
	}
	if err != nil {
		return c.Retry(err, appealPage(p))
	}
	c.Flash(said)
	return c.Redirect("/desk/appeals/" + string(p.ID))
}

// SaveAppeal rewrites a draft.
func SaveAppeal(c *page.Ctx) error {
	return onAppeal(c, "callups.saved", func(tx *db.Tx, p paper, in appealIn) error {
		return callup.ReviseAppeal(c, tx, c.Actor, p.ID, in.said())
	})
}

// PublishAppeal shows it to all, once its title was typed.
func PublishAppeal(c *page.Ctx) error {
	return onAppeal(c, "callups.published", func(tx *db.Tx, p paper, _ appealIn) error {
		if err := c.Named(p.Title); err != nil {
			return err
		}
		return callup.Publish(c, tx, c.Actor, p.ID)
	})
}

// RecallAppeal takes it back.
func RecallAppeal(c *page.Ctx) error {
	return onAppeal(c, "callups.withdrawn", func(tx *db.Tx, p paper, in appealIn) error {
		return callup.Recall(c, tx, c.Actor, p.ID, in.Reason)
	})
}

// Appeal is an appeal for everybody.
func Appeal(c *page.Ctx) error {
	at, err := id.Parse(c.Path("appeal"))
	if err != nil {
		return err
	}
	p := paper{}
	if p.Appeal, err = callup.GetAppeal(c, c.DB, at); err != nil {
		return err
	}
	if p.State == callup.Draft || p.State == callup.Withdrawn && p.Published == 0 {
		return fail.New(fail.NotFound, "callup.appeal_unknown")
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Org})
	if err != nil {
		return err
	}
	p.OrgName = names[p.Org]
	return c.Render(appealPublic(p))
}
