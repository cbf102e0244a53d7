package articles

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/article"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// stand is a list that everybody reads, of a unit or a campaign where it says so.
type stand struct {
	article.Filter
	OrgName, CampaignName string
	Rows                  []article.Listed
	Next                  string
}

// Public lists what is published, the latest first.
func Public(c *page.Ctx) error {
	s, err := standOf(c)
	if err != nil {
		return err
	}
	return c.Render(standPage(s))
}

func standOf(c *page.Ctx) (s stand, err error) {
	in, err := page.Bind[filterIn](c)
	if err != nil {
		return s, err
	}
	s.Filter = article.Filter{Org: in.Org, Campaign: in.Campaign, Kind: in.Kind, After: in.After}
	if in.Org != "" {
		o, err := org.Get(c, c.DB, in.Org)
		if err != nil {
			return s, err
		}
		s.OrgName = o.Name
	}
	if in.Campaign != 0 {
		k, err := campaign.Get(c, c.DB, in.Campaign)
		if err != nil {
			return s, err
		}
		s.CampaignName = k.Name
	}
	s.Rows, s.Next, err = article.ShownTo(c, c.DB, s.Filter)
	return s, err
}

// leaf is a text that everybody reads.
type leaf struct {
	article.Article
	OrgName     string
	Body        string
	Titles      []string
	Corrections []article.Revision
}

// Read is a text for everybody. Who opens it is not known, only that it was opened.
func Read(c *page.Ctx) error {
	at, err := id.Parse(c.Path("article"))
	if err != nil {
		return err
	}
	l := leaf{}
	if l.Article, err = article.Get(c, c.DB, at); err != nil {
		return err
	}
	if l.Version == 0 {
		return fail.New(fail.NotFound, "article.unknown")
	}
	names, err := org.Names(c, c.DB, []id.ID{l.Org})
	if err != nil {
		return err
	}
	l.OrgName = names[l.Org]
	if !l.Live() {
		return c.Render(gonePage(l))
	}
	if err := l.open(c); err != nil {
		return err
	}
	c.Reads.Read(l.ID, c.Now)
	return c.Render(leafPage(l))
}

func (l *leaf) open(c *page.Ctx) error {
	v, err := article.VersionOf(c, c.DB, l.ID, l.Version)
	if err != nil {
		return err
	}
	doc, err := v.Document()
	if err != nil {
		return err
	}
	p := prosePage(c.Lang, false)
	l.Titles, l.Body = doc.Titles(p.Say), doc.HTML(p)
	l.Corrections, err = article.Corrections(c, c.DB, l.ID)
	return err
}

// prosePage is how texts become HTML; the page has the title itself.
func prosePage(lang string, atDesk bool) prose.Page {
	return prose.Page{Lang: lang, NoTitle: true, Picture: editor.PicturePath,
		Say: figure.Speaker(lang, func(f prose.Figure) string { return editor.Href(f, atDesk) })}
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// onPortal is how many stories everybody's first page shows.
const onPortal = 4

// Portal is the latest that was published, on everybody's first page; nil where there is none.
func Portal(c *page.Ctx) (templ.Component, error) {
	all, _, err := article.ShownTo(c, c.DB, article.Filter{Limit: onPortal})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return portalPart(all), nil
}

func publicPath(a id.ID) string { return "/articles/" + string(a) }

func stamp(lang string, at time.Time) string { return i18n.DayTime(lang, at) }

// crumbs lead back to the list of the desk.
func crumbs(say func(string, ...any) string) []ui.Link {
	return []ui.Link{{Href: "/desk/articles", Label: say("articles.title")}}
}

// day is the day of a moment.
func day(lang string, ms int64) string { return i18n.Day(lang, db.Time(ms)) }
