package bulletins

import (
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// composed is a text that the program drafts of a unit.
func composed(c *page.Ctx, i bulletin.Issue, of id.ID) (string, error) {
	if of == "" {
		return "", fail.Field("unit", "web.form.choose")
	}
	if err := org.Permit(c, c.DB, c.Actor, of); err != nil {
		return "", err
	}
	doc, err := bulletin.Compose(c, c.DB, c.Figures, i, of)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(doc)
	return string(text), err
}

// writing is a text on its page.
type writing struct {
	bulletin.Article
	Issue   bulletin.Issue
	OrgName string
	Doc     prose.Node
	Moved   []bulletin.Trouble
	Loose   []prose.Loose
	Edits   bool // for whoever edits the issue
	Open    bool // it may be written
}

func readText(c *page.Ctx) (w writing, err error) {
	at, err := id.Parse(c.Path("article"))
	if err != nil {
		return w, err
	}
	if w.Article, err = bulletin.ArticleOf(c, c.DB, at); err != nil {
		return w, err
	}
	if w.Issue, err = bulletin.Get(c, c.DB, w.Article.Issue); err != nil {
		return w, err
	}
	may, err := bulletin.Writes(c, c.DB, c.Actor, w.Issue, w.Article)
	if err == nil && !may {
		err = fail.New(fail.NotFound, "bulletin.article_unknown")
	}
	if err != nil {
		return w, err
	}
	if w.Edits, err = org.Reaches(c, c.DB, c.Actor, w.Issue.Org, bulletin.Writing...); err != nil {
		return w, err
	}
	names, err := org.Names(c, c.DB, []id.ID{w.Org})
	if err != nil {
		return w, err
	}
	w.OrgName = names[w.Org]
	w.Open = w.Issue.State == bulletin.Planned && (w.Edits || w.State == bulletin.Invited || w.State == bulletin.Drafted || w.State == bulletin.Returned)
	return w, w.readDoc(c)
}

func (w *writing) readDoc(c *page.Ctx) (err error) {
	w.Doc = prose.New(prose.Doc)
	if w.Article.Doc != "" {
		if w.Doc, err = prose.Parse([]byte(w.Article.Doc)); err != nil {
			return err
		}
	}
	w.Loose = w.Doc.Unbound()
	if w.Moved, err = bulletin.Look(c, c.Figures, w.ID, w.Doc); loading(err) {
		return nil
	}
	return err
}

// Text shows a text, for whoever writes it.
func Text(c *page.Ctx) error {
	w, err := readText(c)
	if err != nil {
		return err
	}
	return c.Render(textPage(w))
}

// typed is the form of a text.
type typed struct {
	Rev    int64  `form:"rev"`
	Reason string `form:"reason" max:"500"`
}

// onText runs a command on a text and comes back to it, or to its issue.
func onText(c *page.Ctx, flash string, back func(w writing) string, do func(tx *db.Tx, w writing, f typed) error) error {
	w, err := readText(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[typed](c)
	if err == nil {
		err = c.Write(w.ID.Home(), func(tx *db.Tx) error { return do(tx, w, f) })
	}
	if err != nil {
		return c.Retry(err, textPage(w))
	}
	c.Flash(flash)
	return c.Redirect(back(w))
}

func stay(w writing) string    { return textPath(w.ID) }
func toList(writing) string    { return "/desk/bulletins" }
func toIssue(w writing) string { return deskPath(w.Issue.ID) }

// Respeak says its figures as they are now.
func Respeak(c *page.Ctx) error {
	w, err := readText(c)
	if err != nil {
		return err
	}
	doc, err := bulletin.Respeak(c, c.Figures, w.Doc)
	if err != nil {
		return err
	}
	return onText(c, "bulletins.respoken", stay, func(tx *db.Tx, w writing, f typed) error {
		return bulletin.Rewrite(c, tx, c.Actor, w.ID, f.Rev, doc)
	})
}

// Redraft has the program write it anew; what it was is kept.
func Redraft(c *page.Ctx) error {
	w, err := readText(c)
	if err != nil {
		return err
	}
	doc, err := bulletin.Compose(c, c.DB, c.Figures, w.Issue, w.Org)
	if err != nil {
		return err
	}
	return onText(c, "bulletins.redrafted", stay, func(tx *db.Tx, w writing, f typed) error {
		return bulletin.Rewrite(c, tx, c.Actor, w.ID, f.Rev, doc)
	})
}

// HandIn gives it to whoever edits the issue.
func HandIn(c *page.Ctx) error {
	return onText(c, "bulletins.handed_in", toList, func(tx *db.Tx, w writing, _ typed) error { return bulletin.HandIn(c, tx, c.Actor, w.ID) })
}

// Accept takes it into the issue.
func Accept(c *page.Ctx) error {
	return onText(c, "bulletins.accepted", toIssue, func(tx *db.Tx, w writing, _ typed) error { return bulletin.Accept(c, tx, c.Actor, w.ID) })
}

// SendBack returns it with a reason.
func SendBack(c *page.Ctx) error {
	return onText(c, "bulletins.text_returned", toIssue, func(tx *db.Tx, w writing, f typed) error {
		return bulletin.SendBack(c, tx, c.Actor, w.ID, f.Reason)
	})
}

// Remove takes it out of the issue.
func Remove(c *page.Ctx) error {
	return onText(c, "bulletins.removed", toIssue, func(tx *db.Tx, w writing, _ typed) error { return bulletin.Remove(c, tx, c.Actor, w.ID) })
}

// Up moves it up in the contents.
func Up(c *page.Ctx) error {
	return onText(c, "bulletins.moved", toIssue, func(tx *db.Tx, w writing, _ typed) error { return bulletin.Shift(c, tx, c.Actor, w.ID, true) })
}

// letter is an issue that came in.
type letter struct {
	bulletin.Delivery
	Body     bulletin.Body
	AnswerBy string
}

func readLetter(c *page.Ctx) (l letter, err error) {
	at, err := id.Parse(c.Path("delivery"))
	if err != nil {
		return l, err
	}
	if l.Delivery, err = bulletin.DeliveryOf(c, c.DB, at); err != nil {
		return l, err
	}
	if err = org.Permit(c, c.DB, c.Actor, l.Org); err != nil {
		return l, err
	}
	i, err := bulletin.Get(c, c.DB, l.Issue)
	if err != nil {
		return l, err
	}
	l.AnswerBy = i.AnswerBy
	l.Body, err = i.Read()
	return l, err
}

// Received shows an issue that came in, to be read and answered.
func Received(c *page.Ctx) error {
	l, err := readLetter(c)
	if err != nil {
		return err
	}
	return c.Render(letterPage(l))
}

func onLetter(c *page.Ctx, flash string, do func(tx *db.Tx, l letter, w words) error) error {
	l, err := readLetter(c)
	if err != nil {
		return err
	}
	w, err := page.Bind[words](c)
	if err == nil {
		err = c.Write(l.ID.Home(), func(tx *db.Tx) error { return do(tx, l, w) })
	}
	if err != nil {
		return c.Retry(err, letterPage(l))
	}
	c.Flash(flash)
	return c.Redirect("/desk/bulletin-received/" + string(l.ID))
}

// Take says that it was read.
func Take(c *page.Ctx) error {
	return onLetter(c, "bulletins.taken", func(tx *db.Tx, l letter, _ words) error { return bulletin.Take(c, tx, c.Actor, l.ID) })
}

// Answer answers it.
func Answer(c *page.Ctx) error {
	return onLetter(c, "bulletins.replied", func(tx *db.Tx, l letter, w words) error { return bulletin.Reply(c, tx, c.Actor, l.ID, w.Text) })
}
