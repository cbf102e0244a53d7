package experiences

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// blank is the form of a new experience.
type blank struct {
	Org  id.ID
	Orgs []ui.Option
}

// newIn is what is typed there.
type newIn struct {
	Org   id.ID  `form:"org"`
	Title string `form:"title" max:"60"`
	Theme string `form:"theme" max:"20"`
}

// New is the form of a new experience.
func New(c *page.Ctx) error {
	b, err := blankOf(c)
	if err != nil {
		return err
	}
	return c.Render(newPage(b))
}

func blankOf(c *page.Ctx) (b blank, err error) {
	if b.Orgs, err = from(c, experience.Writing...); err == nil && len(b.Orgs) > 0 {
		b.Org = id.ID(b.Orgs[0].Value)
	}
	return b, err
}

// from are the organisations in whose name the reader may act with one of the roles.
func from(c *page.Ctx, roles ...auth.Role) (all []ui.Option, err error) {
	ids := c.Actor.Orgs(roles...)
	names, err := org.Names(c, c.DB, ids)
	for _, at := range ids {
		if names[at] != "" {
			all = append(all, ui.Option{Value: string(at), Label: names[at]})
		}
	}
	return all, err
}

// Create begins one, with headings for what it has to tell, and opens it in the editor.
func Create(c *page.Ctx) error {
	b, err := blankOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[newIn](c)
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return experience.Write(c, tx, c.Actor, in.Org, experience.In{Theme: in.Theme, Doc: begun(c, in.Title)})
		})
	}
	if err != nil {
		return c.Retry(err, newPage(b))
	}
	return c.Redirect(deskPath(made) + "/edit")
}

func begun(c *page.Ctx, title string) prose.Node {
	doc := prose.New(prose.Doc)
	if title != "" {
		doc.Content = append(doc.Content, prose.TitleOf(title))
	}
	for _, part := range []string{"did", "effect", "advice"} {
		doc.Content = append(doc.Content, prose.H(1, true, prose.T(c.T("experiences.part."+part))), prose.P())
	}
	return doc
}

// paper is one in the editor.
type paper struct {
	experience.Experience
	Sheet    editor.Sheet
	Services []activity.Service
}

// Edit opens one in the editor.
func Edit(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	if !p.Open() {
		return c.Redirect(deskPath(p.ID))
	}
	return c.Render(editPage(p))
}

func paperOf(c *page.Ctx) (p paper, err error) {
	if p.Experience, err = opened(c); err != nil {
		return p, err
	}
	if err = org.Permit(c, c.DB, c.Actor, p.Org, experience.Writing...); err != nil {
		return p, err
	}
	doc, err := p.Document()
	if err != nil {
		return p, err
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Org})
	if err != nil {
		return p, err
	}
	p.Sheet = editor.Sheet{Doc: doc, Org: p.Org, OrgName: names[p.Org], Save: deskPath(p.ID) + "/draft", Picture: deskPath(p.ID) + "/pictures"}
	if err := p.Sheet.Prepare(c); err != nil {
		return p, err
	}
	p.Services, err = activity.Services(c, c.DB)
	return p, err
}

// editIn is the form of the editor, but for its text.
type editIn struct {
	Rev       int64  `form:"rev"`
	Theme     string `form:"theme" max:"20"`
	Indicator string `form:"indicator" max:"60"`
	Service   int64  `form:"service"`
}

// written reads the form.
func written(c *page.Ctx, before prose.Node) (in editIn, said experience.In, err error) {
	if in, err = page.Bind[editIn](c); err != nil {
		return in, said, err
	}
	said = experience.In{Theme: in.Theme, Indicator: in.Indicator, Service: in.Service}
	said.Doc, err = editor.Typed(c, before)
	return in, said, err
}

// Save keeps what was written, and goes on to the text. Where somebody else saved meanwhile
// the editor comes back with both.
func Save(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	in, said, err := written(c, p.Sheet.Doc)
	if err == nil {
		err = c.Write(p.ID.Home(), func(tx *db.Tx) error {
			_, err := experience.Save(c, tx, c.Actor, p.ID, in.Rev, said)
			return err
		})
	}
	if err != nil {
		return p.again(c, said, err)
	}
	c.Flash("experiences.saved")
	return c.Redirect(deskPath(p.ID))
}

// again shows the editor with what was typed, and what is wrong with it.
func (p paper) again(c *page.Ctx, said experience.In, err error) error {
	if said.Doc.Type == prose.Doc {
		p.Sheet.Doc = said.Doc
	}
	if editor.Meanwhile(err) {
		now, e := experience.Get(c, c.DB, p.ID)
		if e != nil {
			return e
		}
		theirs, e := now.Document()
		if e != nil {
			return e
		}
		p.Rev = now.Rev
		p.Sheet.Against(c, theirs, now.Rev)
	}
	return c.Retry(err, editPage(p))
}

// Keep saves a draft while one writes.
func Keep(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return editor.Answer(c, nil, err)
	}
	in, said, err := written(c, p.Sheet.Doc)
	rev := int64(0)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			rev, err = experience.Save(c, tx, c.Actor, p.ID, in.Rev, said)
			return err
		})
	}
	return editor.Kept(c, rev, err)
}

// AddPicture takes a picture for a text.
func AddPicture(c *page.Ctx) error {
	at, err := pictured(c)
	return editor.Answer(c, map[string]any{"id": at}, err)
}

func pictured(c *page.Ctx) (at id.ID, err error) {
	e, err := opened(c)
	if err != nil {
		return "", err
	}
	p, err := editor.Sent(c)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		at, err = experience.AddPicture(c, tx, c.Actor, e.ID, p)
		return err
	})
	return at, err
}

// Look: staff look at the pictures of experiences that they may see.
func Look(c *page.Ctx, owner id.ID) (open bool, err error) {
	if !c.Actor.Staff() {
		return false, fail.New(fail.NotFound, "experience.unknown")
	}
	_, err = experience.Seen(c, c.DB, c.Actor, owner)
	return false, err
}
