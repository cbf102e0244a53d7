package bulletins

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/assets"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
)

func plain(n int64) string { return strconv.FormatInt(n, 10) }

func deskPath(issue id.ID) string   { return "/desk/bulletins/" + string(issue) }
func publicPath(issue id.ID) string { return "/bulletins/" + string(issue) }
func textPath(article id.ID) string { return "/desk/bulletin-texts/" + string(article) }

// loading says whether something is not known yet because figures are being loaded.
func loading(err error) bool { return fail.Key(err) == "figure.loading" }

func crumbs(ctx context.Context, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Href: "/desk/bulletins", Label: ui.T(ctx, "bulletins.title")}}, more...)
}

// numbered is what an issue is called in a list.
func numbered(ctx context.Context, i bulletin.Issue) string {
	return ui.T(ctx, "bulletins.line", "name", i.Name, "n", plain(i.Number), "theme", i.Theme)
}

func stateSign(s bulletin.State) string {
	switch s {
	case bulletin.Published:
		return "ok"
	case bulletin.Dropped:
		return "left"
	}
	return "wait"
}

func articleSign(s bulletin.ArticleState) string {
	switch s {
	case bulletin.Accepted:
		return "ok"
	case bulletin.Returned:
		return "stop"
	}
	return "wait"
}

func moment(ctx context.Context, ms int64) string {
	if ms == 0 {
		return ""
	}
	return i18n.DayTime(ui.Lang(ctx), db.Time(ms))
}

func typedMoment(t time.Time) string { return t.In(i18n.Zone()).Format("2006-01-02T15:04") }

func dueBy(ctx context.Context) string { return typedMoment(ui.Now(ctx).Add(72 * time.Hour)) }

// groupOptions are those to whom an issue may go.
func groupOptions(ctx context.Context) (all []ui.Option) {
	for _, g := range bulletin.Groups() {
		label := "bulletins.above"
		if g != bulletin.Above {
			label = "org.type_full." + string(g)
		}
		all = append(all, ui.Option{Value: string(g), Label: ui.T(ctx, label)})
	}
	return all
}

// wrongs is a refusal in words.
func wrongs(ctx context.Context, err error) string {
	if err == nil {
		return ""
	}
	return i18n.T(ui.Lang(ctx), fail.Key(err), fail.Args(err)...)
}

// rendered is a text as HTML; from is the number of its first figure among those of its issue,
// 0 where they open nothing.
func rendered(t bulletin.Text, issue id.ID, from int, src func(string) string) templ.Component {
	n := from + len(prose.New(prose.Doc, t.Doc.Part(prose.Title)).Figures())
	say := func(f prose.Figure) prose.Spoken {
		s := bulletin.Say(f)
		if from > 0 {
			s.Href = publicPath(issue) + "/figures/" + strconv.Itoa(n)
		}
		n++
		return s
	}
	return templ.Raw(t.Doc.HTML(prose.Page{Lang: i18n.Chinese, Say: say, Picture: src, Top: 2, NoTitle: true}))
}

// atDesk is a text whose figures open at the desk.
func atDesk(doc prose.Node) templ.Component {
	say := figure.Speaker(i18n.Chinese, func(f prose.Figure) string { return editor.Href(f, true) })
	return templ.Raw(doc.HTML(prose.Page{Lang: i18n.Chinese, Say: say, Picture: editor.PicturePath, Top: 3, NoTitle: true}))
}

// firsts are the numbers of the first figures of the texts of an issue.
func firsts(b bulletin.Body) []int {
	all, n := make([]int, len(b.Articles)), 1
	for k, t := range b.Articles {
		all[k] = n
		n += len(t.Doc.Figures())
	}
	return all
}

// lineOf is a figure that moved, in a sentence.
func lineOf(ctx context.Context, t bulletin.Trouble) string {
	name := t.Figure.Name(ui.Lang(ctx))
	switch {
	case t.Gone:
		return ui.T(ctx, "bulletin.figure_gone", "key", t.Figure.Query.Indicator)
	case t.Few:
		return ui.T(ctx, "bulletins.moved_few", "said", t.Figure.Text(), "name", name)
	case !t.Holds:
		return ui.T(ctx, "bulletins.moved_broken", "said", t.Figure.Text(), "name", name, "now", t.Would)
	}
	return ui.T(ctx, "bulletins.moved_holds", "said", t.Figure.Text(), "name", name, "now", i18n.Number(t.Now))
}

// broken says whether one of them has to be said anew.
func broken(all []bulletin.Trouble) bool {
	for _, t := range all {
		if !t.Holds || t.Few || t.Gone {
			return true
		}
	}
	return false
}

// looseWords are the numbers of a text behind which nothing stands.
func looseWords(all []prose.Loose) string {
	words := make([]string, 0, len(all))
	for _, l := range all {
		words = append(words, l.Digits)
	}
	return strings.Join(words, " ")
}

// sheetOf is an issue on paper as a page of its own, with its style within.
func sheetOf(c *page.Ctx, s issued) (string, error) {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>` + assets.Sheet("bulletin") + `</style></head><body class="paper-body">`)
	pictures, err := s.Body.Illustrations(c, c.DB)
	if err != nil {
		return "", err
	}
	within := func(id string) string { // the page is printed where nothing can be fetched
		if p, ok := pictures[id]; ok {
			return "data:" + p.Kind + ";base64," + base64.StdEncoding.EncodeToString(p.Content)
		}
		return ""
	}
	if err := sheet(s.Body, within).Render(c, &b); err != nil {
		return "", err
	}
	b.WriteString(`</body></html>`)
	return b.String(), nil
}

// entryHref is where a text of an issue leads: to its page while it may be edited.
func entryHref(s shown, e entry) string {
	if s.Writes && s.State != bulletin.Published {
		return textPath(e.ID)
	}
	return ""
}

func entryTitle(ctx context.Context, e entry) string {
	if e.Title == "" {
		return ui.T(ctx, "bulletins.untitled")
	}
	return e.Title
}

func verdict(ctx context.Context, v said) string {
	key := "bulletins.objects"
	if v.Agreed {
		key = "bulletins.agrees"
	}
	return ui.T(ctx, key, "round", plain(v.Round))
}

func reminded(ctx context.Context, d bulletin.Delivery) string {
	if d.Reminders == 0 {
		return ""
	}
	return ui.T(ctx, "bulletins.reminded_n", "n", plain(d.Reminders))
}

func chosen(i bulletin.Issue) []string { return strings.Split(i.Receivers, ",") } // and single ones, which are no choice of the list

func backOf(s issued) string {
	if s.Preview {
		return deskPath(s.ID)
	}
	return "/bulletins"
}

func textCrumbs(ctx context.Context, w writing) []ui.Link {
	here := ui.Link{Label: w.OrgName}
	if w.Edits {
		return crumbs(ctx, ui.Link{Href: deskPath(w.Issue.ID), Label: numbered(ctx, w.Issue)}, here)
	}
	return crumbs(ctx, here)
}

// drafting is what the program does with a text: it drafts it, or does so anew.
func drafting(w writing) string {
	if w.Article.Doc == "" {
		return "bulletins.compose"
	}
	return "bulletins.redraft"
}

// under are the crumbs of a page below a text.
func under(ctx context.Context, w writing, here string) []ui.Link {
	all := textCrumbs(ctx, w)
	all[len(all)-1].Href = textPath(w.ID)
	return append(all, ui.Link{Label: here})
}

// indicators are those that a template may name.
func indicators() (all []*ledger.Indicator) {
	for _, i := range ledger.Indicators() {
		if !strings.Contains(i.Key, "drill") {
			all = append(all, i)
		}
	}
	return all
}
