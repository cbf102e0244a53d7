package articles

import (
	"strconv"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/article"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// paper is a text in the editor.
type paper struct {
	article.Article
	Sheet     editor.Sheet
	Orgs      []ui.Option // of a new one
	Campaigns []ui.Option
}

// newIn is the form of a new text.
type newIn struct {
	Org      id.ID        `form:"org"`
	Kind     article.Kind `form:"kind" max:"20"`
	Title    string       `form:"title" max:"80"`
	Campaign int64        `form:"campaign"`
}

// New is the form of a new text.
func New(c *page.Ctx) error {
	p, err := blank(c)
	if err != nil {
		return err
	}
	return c.Render(newPage(p))
}

func blank(c *page.Ctx) (p paper, err error) {
	ids := c.Actor.Orgs(article.Writing...)
	names, err := org.Names(c, c.DB, ids)
	for _, at := range ids {
		if names[at] != "" {
			p.Orgs = append(p.Orgs, ui.Option{Value: string(at), Label: names[at]})
		}
	}
	if len(p.Orgs) > 0 && err == nil {
		p.Org = id.ID(p.Orgs[0].Value)
		err = p.choices(c)
	}
	return p, err
}

func (p *paper) choices(c *page.Ctx) error {
	all, err := campaign.Choices(c, c.DB, p.Org)
	p.Campaigns = []ui.Option{{Value: "", Label: c.T("articles.no_campaign")}}
	for _, k := range all {
		p.Campaigns = append(p.Campaigns, ui.Option{Value: strconv.FormatInt(k.ID, 10), Label: k.Name})
	}
	return err
}

// Create begins a text and opens it in the editor.
func Create(c *page.Ctx) error {
	p, err := blank(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[newIn](c)
	var made id.ID
	if err == nil {
		doc := prose.New(prose.Doc)
		if in.Title != "" {
			doc = prose.New(prose.Doc, prose.TitleOf(in.Title))
		}
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return article.Create(c, tx, c.Actor, in.Org, article.In{Kind: in.Kind, Campaign: in.Campaign, Doc: doc})
		})
	}
	if err != nil {
		return c.Retry(err, newPage(p))
	}
	return c.Redirect(deskPath(made) + "/edit")
}

// Edit opens a text in the editor.
func Edit(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	if !p.Editable() {
		return c.Redirect(deskPath(p.ID))
	}
	return c.Render(editPage(p))
}

func paperOf(c *page.Ctx) (p paper, err error) {
	if p.Article, err = opened(c); err != nil {
		return p, err
	}
	if err = org.Permit(c, c.DB, c.Actor, p.Org, article.Writing...); err != nil {
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
	return p, p.choices(c)
}

// editIn is the form of the editor, but for its text.
type editIn struct {
	Rev      int64        `form:"rev"`
	Kind     article.Kind `form:"kind" max:"20"`
	Campaign int64        `form:"campaign"`
	Wanted   time.Time    `form:"wanted"`
	Note     string       `form:"note" max:"400"`
	Do       string       `form:"do" max:"10"`
}

// written reads the form: the text as the editor sends it, or with simple marks.
func written(c *page.Ctx, before prose.Node) (in editIn, said article.In, err error) {
	in, err = page.Bind[editIn](c)
	if err != nil {
		return in, said, err
	}
	said = article.In{Kind: in.Kind, Campaign: in.Campaign, Wanted: in.Wanted, Note: in.Note}
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
			_, err := article.Save(c, tx, c.Actor, p.ID, in.Rev, said)
			return err
		})
	}
	if err != nil {
		return p.again(c, in, said, err)
	}
	c.Flash("articles.saved")
	return c.Redirect(deskPath(p.ID))
}

// again shows the editor with what was typed, and what is wrong with it.
func (p paper) again(c *page.Ctx, in editIn, said article.In, err error) error {
	if said.Doc.Type == prose.Doc {
		p.Sheet.Doc = said.Doc
	}
	if editor.Meanwhile(err) {
		now, e := article.Get(c, c.DB, p.ID)
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
			rev, err = article.Save(c, tx, c.Actor, p.ID, in.Rev, said)
			return err
		})
	}
	return editor.Kept(c, rev, err)
}
