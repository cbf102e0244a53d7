package articles

import (
	"context"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/article"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// pile is the list of a desk.
type pile struct {
	article.Filter
	Waiting []article.Listed // for the reader's decision
	Rows    []article.Listed
	Next    string
	Writes  bool
}

// filterIn narrows a list.
type filterIn struct {
	State    article.State `form:"state" max:"20"`
	Kind     article.Kind  `form:"kind" max:"20"`
	Org      id.ID         `form:"org"`
	Campaign int64         `form:"campaign"`
	After    string        `form:"after" max:"60"`
}

// List shows what the reader's organisations wrote, and what waits for her decision.
func List(c *page.Ctx) error {
	in, err := page.Bind[filterIn](c)
	if err != nil {
		return err
	}
	p := pile{Filter: article.Filter{State: in.State, Kind: in.Kind, After: in.After}, Writes: c.Actor.Has(article.Writing...)}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	if p.Rows, p.Next, err = article.Desk(c, c.DB, seats, p.Filter); err != nil {
		return err
	}
	if p.Waiting, err = article.Queue(c, c.DB, c.Actor.Orgs(article.Deciding...)); err != nil {
		return err
	}
	return c.Render(listPage(p))
}

// Waiting counts what lies on somebody's desk.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (int, error) {
	return article.CountQueue(ctx, s.DB, actor.Orgs(article.Deciding...))
}

// sheet is a text at the desk.
type sheet struct {
	article.Article
	OrgName, EditorName, AuthorName string
	Campaign                        string
	Body                            string // rendered
	Loose                           []prose.Loose
	Wrong                           []figure.Wrong
	Reads                           int64
	Writes, Decides                 bool
	Second                          string // why she may not decide although it is on her desk
}

// Show is a text at the desk: how it reads, where it stands, what can be done.
func Show(c *page.Ctx) error {
	s, err := sheetOf(c)
	if err != nil {
		return err
	}
	return c.Render(sheetPage(s))
}

// opened reads an article for staff who reach it.
func opened(c *page.Ctx) (a article.Article, err error) {
	at, err := id.Parse(c.Path("article"))
	if err != nil {
		return a, err
	}
	if a, err = article.Get(c, c.DB, at); err != nil {
		return a, err
	}
	ok, err := org.Reaches(c, c.DB, c.Actor, a.Org)
	if err == nil && !ok && a.ReviewerOrg != "" {
		ok, err = org.Reaches(c, c.DB, c.Actor, a.ReviewerOrg)
	}
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "article.unknown")
	}
	return a, err
}

func sheetOf(c *page.Ctx) (s sheet, err error) {
	if s.Article, err = opened(c); err != nil {
		return s, err
	}
	doc, err := s.Document()
	if err != nil {
		return s, err
	}
	s.Body, s.Loose = doc.HTML(prosePage(c.Lang, true)), doc.Unbound()
	if s.State == article.Draft || s.State == article.Returned || s.State == article.Submitted {
		f, err := article.Freeze(c, c.DB, c.Figures, s.ID)
		if err != nil && fail.KindOf(err) == fail.Internal {
			return s, err
		}
		s.Wrong = f.Wrong
	}
	if s.Writes, err = org.Reaches(c, c.DB, c.Actor, s.Org, article.Writing...); err != nil {
		return s, err
	}
	why := article.MayDecide(c, c.DB, c.Actor, s.Article)
	if s.Decides = why == nil; !s.Decides && s.State == article.Submitted && c.Actor.Has(article.Deciding...) {
		s.Second = fail.Key(why)
	}
	return s, s.names(c)
}

// names puts names to ids.
func (s *sheet) names(c *page.Ctx) error {
	orgs, err := org.Names(c, c.DB, []id.ID{s.Org})
	if err != nil {
		return err
	}
	who, err := people.Names(c, c.DB, c.Keys, []id.ID{s.Editor, s.Author})
	if err != nil {
		return err
	}
	s.OrgName, s.EditorName, s.AuthorName = orgs[s.Org], who[s.Editor], who[s.Author]
	if s.Article.Campaign != 0 {
		k, err := campaign.Get(c, c.DB, s.Article.Campaign)
		if err != nil {
			return err
		}
		s.Campaign = k.Name
	}
	s.Reads, err = article.ReadsOf(c, c.DB, s.ID)
	return err
}

// did is what may be done with a text.
var did = map[string]func(c *page.Ctx, a article.Article, in actIn) error{
	"submit": func(c *page.Ctx, a article.Article, _ actIn) error {
		return frozen(c, a, func(tx *db.Tx, f article.Frozen) error { _, err := article.Submit(c, tx, c.Actor, a.ID, f); return err })
	},
	"approve": func(c *page.Ctx, a article.Article, _ actIn) error {
		return frozen(c, a, func(tx *db.Tx, f article.Frozen) error { return article.Approve(c, tx, c.Actor, a.ID, f) })
	},
	"return": func(c *page.Ctx, a article.Article, in actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Return(c, tx, c.Actor, a.ID, in.Reason) })
	},
	"recall": func(c *page.Ctx, a article.Article, _ actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Recall(c, tx, c.Actor, a.ID) })
	},
	"withdraw": func(c *page.Ctx, a article.Article, in actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Withdraw(c, tx, c.Actor, a.ID, in.Reason) })
	},
	"restore": func(c *page.Ctx, a article.Article, in actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Restore(c, tx, c.Actor, a.ID, in.Rev, in.N) })
	},
	"correct": func(c *page.Ctx, a article.Article, _ actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Correct(c, tx, c.Actor, a.ID) })
	},
	"drop": func(c *page.Ctx, a article.Article, _ actIn) error {
		return c.Write(a.ID.Home(), func(tx *db.Tx) error { return article.Drop(c, tx, c.Actor, a.ID) })
	},
}

// actIn is the form of what is done.
type actIn struct {
	Reason string `form:"reason" max:"400"`
	N      int64  `form:"n"` // a revision
	Rev    int64  `form:"rev"`
}

// Act does one thing with a text.
func Act(c *page.Ctx) error {
	s, err := sheetOf(c)
	if err != nil {
		return err
	}
	do := did[c.Path("did")]
	if do == nil {
		return fail.New(fail.NotFound, "web.no_such_page")
	}
	in, err := page.Bind[actIn](c)
	if err == nil {
		err = do(c, s.Article, in)
	}
	if err != nil {
		return c.Retry(err, sheetPage(s))
	}
	c.Flash("articles.did." + c.Path("did"))
	if c.Path("did") == "correct" {
		return c.Redirect(deskPath(s.ID) + "/edit")
	}
	return c.Redirect(deskPath(s.ID))
}

// frozen answers the figures of a text, and runs a command with them.
func frozen(c *page.Ctx, a article.Article, do func(tx *db.Tx, f article.Frozen) error) error {
	f, err := article.Freeze(c, c.DB, c.Figures, a.ID)
	if err != nil {
		return err
	}
	return c.Write(a.ID.Home(), func(tx *db.Tx) error { return do(tx, f) })
}

// ToSheet leads somebody who reloads the page after an act back to the text.
func ToSheet(c *page.Ctx) error {
	at, err := id.Parse(c.Path("article"))
	if err != nil {
		return err
	}
	return c.Redirect(deskPath(at))
}

func deskPath(a id.ID) string { return "/desk/articles/" + string(a) }

// past is what a text was.
type past struct {
	sheet
	All    []revision
	One    *revision
	Change []prose.Change // from it to the working text
}

// revision is one with the name of whoever made it.
type revision struct {
	article.Revision
	Who string
}

// History lists what a text was; one of them is compared with the text as it is.
func History(c *page.Ctx) error {
	s, err := sheetOf(c)
	if err != nil {
		return err
	}
	p := past{sheet: s}
	all, err := article.Revisions(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	var by []id.ID
	for _, r := range all {
		by = append(by, r.By)
	}
	who, err := people.Names(c, c.DB, c.Keys, by)
	if err != nil {
		return err
	}
	for _, r := range all {
		p.All = append(p.All, revision{r, who[r.By]})
	}
	if err := p.compare(c); err != nil {
		return err
	}
	return c.Render(historyPage(p))
}

// historyIn is the revision that is looked at.
type historyIn struct {
	N int64 `form:"n"`
}

func (p *past) compare(c *page.Ctx) error {
	in, err := page.Bind[historyIn](c)
	if err != nil || in.N == 0 {
		return err
	}
	r, err := article.RevisionOf(c, c.DB, p.ID, in.N)
	if err != nil {
		return err
	}
	was, err := r.Document()
	if err != nil {
		return err
	}
	now, err := p.Document()
	if err != nil {
		return err
	}
	p.One = &revision{Revision: r}
	p.Change = prose.Compare(c.Lang, was, now, figure.Speaker(c.Lang, nowhere))
	return nil
}

func nowhere(prose.Figure) string { return "" }

// wanted is when a text is to be published; zero for as soon as it may.
func wanted(a article.Article) time.Time {
	if a.Wanted == 0 {
		return time.Time{}
	}
	return db.Time(a.Wanted)
}
