package orgs

import (
	"context"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
)

// subject is what a form on one organisation is about.
type subject struct {
	org.Org
	Path []ui.Link
}

// about reads the organisation in the URL for a form on it.
func about(c *page.Ctx, title string) (s subject, err error) {
	if s.Org, err = in(c); err != nil {
		return s, err
	}
	s.Path, err = crumbs(c, s.ID, "/desk/orgs/")
	if err != nil {
		return s, err
	}
	s.Path[len(s.Path)-1].Href = s.href()
	s.Path = append(s.Path, ui.Link{Label: c.T(title)})
	return s, nil
}

func (s subject) href() string { return "/desk/orgs/" + string(s.ID) }

// details is the form of what an organisation says about itself.
type details struct {
	Rev        int64  `form:"rev"`
	CreditCode string `form:"credit_code"`
	Address    string `form:"address"`
	About      string `form:"about"`
	Phone      string `form:"phone"`
}

// EditForm asks for what an organisation says about itself.
func EditForm(c *page.Ctx) error {
	s, err := about(c, "orgs.edit")
	if err != nil {
		return err
	}
	return c.Render(editPage(s))
}

// Edit writes it.
func Edit(c *page.Ctx) error {
	s, err := about(c, "orgs.edit")
	if err != nil {
		return err
	}
	f, err := page.Bind[details](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error {
			return org.Describe(c, tx, c.Keys, c.Actor, s.ID, f.Rev, org.Details{CreditCode: f.CreditCode, Address: f.Address, About: f.About, Phone: f.Phone})
		})
	}
	if err != nil {
		return c.Retry(err, editPage(s))
	}
	c.Flash("orgs.edited")
	return c.Redirect(s.href())
}

// renaming is the form of a new name.
type renaming struct {
	Rev  int64  `form:"rev"`
	Name string `form:"name"`
}

// RenameForm asks for a new name.
func RenameForm(c *page.Ctx) error {
	s, err := about(c, "orgs.rename")
	if err != nil {
		return err
	}
	return c.Render(renamePage(s))
}

// Rename gives an organisation another name.
func Rename(c *page.Ctx) error {
	s, err := about(c, "orgs.rename")
	if err != nil {
		return err
	}
	f, err := page.Bind[renaming](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error { return org.Rename(c, tx, c.Actor, s.ID, f.Rev, f.Name) })
	}
	if err != nil {
		return c.Retry(err, renamePage(s))
	}
	c.Flash("orgs.renamed")
	return c.Redirect(s.href())
}

// closing is the form of an end.
type closing struct {
	Reason string `form:"reason"`
}

// CloseForm asks for the reason and for the name of what goes.
func CloseForm(c *page.Ctx) error {
	s, err := about(c, "orgs.close")
	if err != nil {
		return err
	}
	return c.Render(closePage(s))
}

// Close ends an organisation.
func Close(c *page.Ctx) error {
	s, err := about(c, "orgs.close")
	if err != nil {
		return err
	}
	f, err := page.Bind[closing](c)
	if err == nil {
		err = c.Named(s.Name)
	}
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error { return org.Close(c, tx, c.Actor, s.ID, f.Reason) })
	}
	if err != nil {
		return c.Retry(err, closePage(s))
	}
	c.Flash("orgs.closed", "name", s.Name)
	return c.Redirect(s.href())
}

// Trust lets the ordinary activities of an organisation go without review.
func Trust(c *page.Ctx) error { return trust(c, true) }

// Untrust ends that.
func Untrust(c *page.Ctx) error { return trust(c, false) }

func trust(c *page.Ctx, trusted bool) error {
	o, err := in(c)
	if err != nil {
		return err
	}
	if err := c.Write(o.Home, func(tx *db.Tx) error { return org.Trust(c, tx, c.Actor, o.ID, trusted) }); err != nil {
		return err
	}
	at := "/desk/orgs/" + string(o.ID)
	if trusted {
		c.FlashUndo(at+"/untrust", "orgs.trust_given")
	} else {
		c.FlashUndo(at+"/trust", "orgs.trust_ended")
	}
	return c.Redirect(at)
}

// target is the form of a move: where to, looked for by a text.
type target struct {
	Text   string `form:"q" max:"40"`
	Parent id.ID  `form:"parent"`
}

// moving is the page of a move.
type moving struct {
	subject
	Text    string
	Targets []org.Org
	Paths   map[id.ID]string // of the targets, from the top down
}

// MoveForm asks where to, and for the name of what moves.
func MoveForm(c *page.Ctx) error {
	f, err := page.Bind[target](c)
	if err != nil {
		return err
	}
	m, err := choose(c, f.Text)
	if err != nil {
		return err
	}
	return c.Render(movePage(m))
}

// Move hangs an organisation elsewhere.
func Move(c *page.Ctx) error {
	f, err := page.Bind[target](c)
	m, wrong := choose(c, f.Text)
	if wrong != nil {
		return wrong
	}
	if err == nil {
		err = c.Named(m.Name)
	}
	if err == nil {
		err = c.Write(m.Home, func(tx *db.Tx) error { return org.Move(c, tx, c.Actor, m.ID, f.Parent) })
	}
	if err != nil {
		return c.Retry(err, movePage(m))
	}
	c.Flash("orgs.moved")
	return c.Redirect(m.href())
}

// choose lists where an organisation may move: what is found by the text, or without one
// its parent's siblings.
func choose(c *page.Ctx, text string) (m moving, err error) {
	if m.subject, err = about(c, "orgs.move"); err != nil {
		return m, err
	}
	m.Text, m.Paths = text, map[id.ID]string{}
	found, err := candidates(c, m.Org, text)
	for _, o := range found {
		if !m.Fits(o) || len(m.Targets) == 20 {
			continue
		}
		m.Targets = append(m.Targets, o)
		if m.Paths[o.ID], err = pathText(c, o.Parent); err != nil {
			return m, err
		}
	}
	return m, err
}

// candidates are organisations that the reader administers.
func candidates(c *page.Ctx, o org.Org, text string) (found []org.Org, err error) {
	if text == "" && o.Parent != "" {
		parent, err := org.Get(c, c.DB, o.Parent)
		if err != nil || parent.Parent == "" {
			return nil, err
		}
		if ok, err := org.Reaches(c, c.DB, c.Actor, parent.Parent, auth.Admin); err != nil || !ok {
			return nil, err
		}
		found, _, err = org.List(c, c.DB, org.Filter{Under: parent.Parent, Direct: true, Limit: 200})
		return found, err
	}
	seats, err := org.Seats(c, c.DB, c.Actor, auth.Admin)
	for _, seat := range seats {
		some, _, err := org.List(c, c.DB, org.Filter{Under: seat.Org, Text: text, Limit: 200})
		if err != nil {
			return nil, err
		}
		at, err := org.Get(c, c.DB, seat.Org)
		if err != nil {
			return nil, err
		}
		if strings.Contains(at.Name, text) {
			found = append(found, at)
		}
		found = append(found, some...)
	}
	return found, err
}

func (m moving) options(ctx context.Context) []ui.Option {
	options := make([]ui.Option, len(m.Targets))
	for i, o := range m.Targets {
		options[i] = ui.Option{Value: string(o.ID), Label: o.Name, Note: m.Paths[o.ID], Side: ui.T(ctx, o.Type().Label())}
	}
	return options
}

// pathText spells the way from the top down to an organisation.
func pathText(c *page.Ctx, at id.ID) (string, error) {
	if at == "" {
		return "", nil
	}
	steps, err := org.Path(c, c.DB, at)
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.Name
	}
	return strings.Join(names, " / "), err
}

// phoneHint says what leaving the number empty means.
func phoneHint(o org.Org) string {
	if len(o.Contact) > 0 {
		return "orgs.phone_kept"
	}
	return "orgs.phone_hint"
}
