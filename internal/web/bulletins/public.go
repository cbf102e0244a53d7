package bulletins

import (
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// Public lists the published issues.
func Public(c *page.Ctx) error {
	all, err := bulletin.Public(c, c.DB, "", listed)
	if err != nil {
		return err
	}
	return c.Render(publicList(all))
}

// issued is a published issue for everybody, or the preview of one that is not.
type issued struct {
	bulletin.Issue
	Body        bulletin.Body
	Corrections []bulletin.Listed
	Preview     bool
}

func published(c *page.Ctx) (s issued, err error) {
	at, err := id.Parse(c.Path("issue"))
	if err != nil {
		return s, err
	}
	if s.Issue, err = bulletin.Get(c, c.DB, at); err != nil {
		return s, err
	}
	if s.State != bulletin.Published {
		return s, fail.New(fail.NotFound, "bulletin.unknown")
	}
	if s.Body, err = s.Read(); err != nil {
		return s, err
	}
	s.Corrections, err = bulletin.CorrectionsOf(c, c.DB, at)
	return s, err
}

// Issue shows a published issue.
func Issue(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	return c.Render(publicIssue(s))
}

// Preview shows at the desk how an issue would stand.
func Preview(c *page.Ctx) error {
	at, err := id.Parse(c.Path("issue"))
	if err != nil {
		return err
	}
	s := issued{Preview: true}
	if s.Issue, err = bulletin.Open(c, c.DB, c.Actor, at); err != nil {
		return err
	}
	if s.Body, err = bulletin.Preview(c, c.DB, s.Issue); err != nil {
		return err
	}
	return c.Render(publicIssue(s))
}

// proof is one figure of a published issue, opened.
type proof struct {
	issued
	N         int
	Statement bulletin.Statement
	Value     string
	Unit      string
	Scope     []string
	Split     []figure.Split
	Merged    int
	Again     bool // it comes out of the ledger again
	Loading   bool
}

// Figure opens a figure of a published issue: what it counts, of what, as of when, the parts,
// and whether it comes out of the ledger again.
func Figure(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Path("n"))
	if err != nil || n < 1 || n > len(s.Body.Figures) {
		return fail.New(fail.NotFound, "bulletin.unknown")
	}
	p := proof{issued: s, N: n, Statement: s.Body.Figures[n-1]}
	if err := p.read(c); err != nil {
		return err
	}
	return c.Render(proofPage(p))
}

func (p *proof) read(c *page.Ctx) error {
	f, q := p.Statement.Figure, bulletin.QueryOf(p.Statement.Figure)
	unit := ""
	if i := ledger.IndicatorOf(f.Key); i != nil {
		unit = i.Unit
	}
	p.Value, p.Unit = figure.Screen(c.Lang, unit, f.Frozen.Value)
	if f.From != "" || f.To != "" {
		p.Scope = append(p.Scope, c.T("bulletins.days", "from", day(c.Lang, f.From), "to", day(c.Lang, f.To)))
	}
	for _, at := range []id.ID{q.Org, q.Unit} {
		if at != "" {
			names, err := org.Names(c, c.DB, []id.ID{at})
			if err != nil {
				return err
			}
			p.Scope = append([]string{names[at]}, p.Scope...)
		}
	}
	kinds, err := figure.Kinds(c, c.DB, figure.Query{Service: q.Service})
	if err != nil {
		return err
	}
	p.Scope = append(p.Scope, kinds...)
	q.By = figure.ByOrg
	open, err := c.Figures.Printed(c, q)
	if loading(err) || fail.KindOf(err) == fail.Invalid {
		p.Loading = loading(err)
		return nil
	}
	if err != nil {
		return err
	}
	p.Again, p.Merged = open.Value == f.Frozen.Value, open.Merged
	for _, part := range open.Splits {
		if part.Name != "" {
			p.Split = append(p.Split, part)
		}
	}
	return nil
}

func day(lang, text string) string {
	if text == "" {
		return "…"
	}
	return i18n.DayOf(lang, text)
}

// Docx gives an issue as a document.
func Docx(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	p := bulletin.Print{Origin: c.Origin()}
	if p.Pictures, err = s.Body.Illustrations(c, c.DB); err != nil {
		return err
	}
	c.Attachment(fileName(s)+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	return s.Body.Docx(c.W, p)
}

// Plain gives an issue as text.
func Plain(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	c.Attachment(fileName(s)+".txt", "text/plain; charset=utf-8")
	_, err = c.W.Write([]byte(s.Body.Plain()))
	return err
}

func fileName(s issued) string { return s.Name + " " + s.Body.NumberLine() + " " + s.Day }

// Paper shows an issue as its pages are printed.
func Paper(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	return c.Render(paperPage(s))
}

// PDF gives an issue as PDF, printed by the browser of this machine; where there is none the
// page says so, and what to do instead.
func PDF(c *page.Ctx) error {
	s, err := published(c)
	if err != nil {
		return err
	}
	html, err := sheetOf(c, s)
	if err != nil {
		return err
	}
	pdf, err := bulletin.PrintPDF(c, html)
	if err != nil {
		return c.Retry(err, paperPage(s))
	}
	c.Attachment(fileName(s)+".pdf", "application/pdf")
	_, err = c.W.Write(pdf)
	return err
}

// publishedDay is when an issue was published.
func (s issued) publishedDay(lang string) string { return i18n.Day(lang, db.Time(s.Published)) }
