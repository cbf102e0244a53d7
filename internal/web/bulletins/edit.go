package bulletins

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// paper is a text in the editor.
type paper struct {
	writing
	Sheet editor.Sheet
}

func paperOf(c *page.Ctx) (p paper, err error) {
	if p.writing, err = readText(c); err != nil {
		return p, err
	}
	at := textPath(p.ID)
	p.Sheet = editor.Sheet{Doc: p.Doc, Org: p.Org, OrgName: p.OrgName, Save: at + "/draft", Picture: at + "/pictures"}
	return p, p.Sheet.Prepare(c)
}

// Edit opens a text in the editor.
func Edit(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	if !p.Open {
		return c.Redirect(textPath(p.ID))
	}
	return c.Render(editPage(p))
}

// Save keeps what was written, and goes on to the text. Where somebody else saved meanwhile
// the editor comes back with both.
func Save(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	doc, f, err := p.typed(c)
	if err == nil {
		err = c.Write(p.ID.Home(), func(tx *db.Tx) error {
			_, err := bulletin.Write(c, tx, c.Actor, p.ID, f.Rev, doc)
			return err
		})
	}
	if err != nil {
		return p.again(c, doc, err)
	}
	c.Flash("bulletins.text_saved")
	return c.Redirect(textPath(p.ID))
}

func (p paper) typed(c *page.Ctx) (doc prose.Node, f typed, err error) {
	if f, err = page.Bind[typed](c); err == nil {
		doc, err = editor.Typed(c, p.Doc)
	}
	return doc, f, err
}

// again shows the editor with what was typed, and what is wrong with it.
func (p paper) again(c *page.Ctx, doc prose.Node, err error) error {
	if doc.Type == prose.Doc {
		p.Sheet.Doc = doc
	}
	if editor.Meanwhile(err) {
		p.Sheet.Against(c, p.Doc, p.Rev)
	}
	return c.Retry(err, editPage(p))
}

// Keep saves a text while one writes.
func Keep(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return editor.Answer(c, nil, err)
	}
	doc, f, err := p.typed(c)
	rev := int64(0)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			rev, err = bulletin.Write(c, tx, c.Actor, p.ID, f.Rev, doc)
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
	w, err := readText(c)
	if err != nil {
		return "", err
	}
	p, err := editor.Sent(c)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		at, err = bulletin.AddPicture(c, tx, c.Actor, w.ID, p)
		return err
	})
	return at, err
}

// Look: everybody looks at the pictures of a published issue, staff at those of an issue that
// they reach, and of a text that is asked of them.
func Look(c *page.Ctx, owner id.ID) (open bool, err error) {
	a, err := bulletin.ArticleOf(c, c.DB, owner)
	if err != nil {
		return false, err
	}
	i, err := bulletin.Get(c, c.DB, a.Issue)
	if err != nil || i.State == bulletin.Published && a.State == bulletin.Accepted {
		return err == nil, err
	}
	ok, err := org.Reaches(c, c.DB, c.Actor, i.Org)
	if err == nil && !ok {
		ok, err = org.Reaches(c, c.DB, c.Actor, a.Org)
	}
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "bulletin.article_unknown")
	}
	return false, err
}

// past is what a text was.
type past struct {
	writing
	All    []revision
	One    *bulletin.Revision
	Change []prose.Change // from it to the text as it is
}

// revision is what a text was, with who wrote it.
type revision struct {
	bulletin.Revision
	Name string
}

// pastIn is the revision that is looked at, or restored.
type pastIn struct {
	N   int64 `form:"n"`
	Rev int64 `form:"rev"`
}

func pastOf(c *page.Ctx) (p past, in pastIn, err error) {
	if p.writing, err = readText(c); err != nil {
		return p, in, err
	}
	if err = p.read(c); err != nil {
		return p, in, err
	}
	in, err = page.Bind[pastIn](c)
	if err != nil || in.N == 0 {
		return p, in, err
	}
	one, err := bulletin.RevisionOf(c, c.DB, p.ID, in.N)
	if err != nil {
		return p, in, err
	}
	was, err := prose.Parse([]byte(one.Doc))
	p.One, p.Change = &one, prose.Compare(i18n.Chinese, was, p.Doc, editor.Plainly(i18n.Chinese))
	return p, in, err
}

func (p *past) read(c *page.Ctx) error {
	all, err := bulletin.Revisions(c, c.DB, p.ID)
	if err != nil {
		return err
	}
	who := make([]id.ID, len(all))
	for n, v := range all {
		who[n] = v.Author
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	for _, v := range all {
		p.All = append(p.All, revision{v, names[v.Author]})
	}
	return err
}

// History lists what a text was; one of them is compared with the text as it is.
func History(c *page.Ctx) error {
	p, _, err := pastOf(c)
	if err != nil {
		return err
	}
	return c.Render(historyPage(p))
}

// Restore makes a text again what it was.
func Restore(c *page.Ctx) error {
	p, in, err := pastOf(c)
	if err == nil {
		err = c.Write(p.ID.Home(), func(tx *db.Tx) error { return bulletin.Restore(c, tx, c.Actor, p.ID, in.Rev, in.N) })
	}
	if err != nil {
		return c.Retry(err, historyPage(p))
	}
	c.Flash("bulletins.restored")
	return c.Redirect(textPath(p.ID))
}

// beside is a text beside the one of the last issue.
type beside struct {
	writing
	Last   bulletin.Issue
	Found  bool // there is a last issue, with a text of the unit
	Change []prose.Change
}

// Compare shows a text beside what its unit had in the last issue that was published.
func Compare(c *page.Ctx) error {
	b := beside{}
	var err error
	if b.writing, err = readText(c); err != nil {
		return err
	}
	var was prose.Node
	if b.Last, was, b.Found, err = bulletin.LastText(c, c.DB, b.Issue, b.Org); err != nil {
		return err
	}
	if b.Found {
		b.Change = prose.Compare(i18n.Chinese, was, b.Doc, editor.Plainly(i18n.Chinese))
	}
	return c.Render(besidePage(b))
}
