package articles

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/article"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// MaxForm bounds a form with a text: every Han character is nine bytes of it.
const MaxForm = 3*prose.MaxBytes + 1<<20

// paper is a text in the editor.
type paper struct {
	article.Article
	OrgName   string
	Doc       prose.Node
	Orgs      []ui.Option // of a new one
	Campaigns []ui.Option
	Theirs    []prose.Change // what somebody else saved meanwhile, against what is in the field
	TheirName string
	Max       int
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
	if p.Doc, err = p.Document(); err != nil {
		return p, err
	}
	names, err := org.Names(c, c.DB, []id.ID{p.Org})
	p.OrgName = names[p.Org]
	if err != nil {
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
	if doc := c.R.PostForm.Get("doc"); doc != "" {
		said.Doc, err = prose.Parse([]byte(doc))
	} else {
		said.Doc, err = prose.FromMarks(c.R.PostForm.Get("text"), before)
	}
	return in, said, err
}

// Save keeps what was written, and goes on to the text. Where somebody else saved meanwhile
// the editor comes back with both.
func Save(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return err
	}
	in, said, err := written(c, p.Doc)
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
	if fail.Key(err) == "article.changed_meanwhile" {
		now, e := article.Get(c, c.DB, p.ID)
		if e != nil {
			return e
		}
		theirs, e := now.Document()
		if e != nil {
			return e
		}
		p.Theirs, p.Rev = prose.Compare(c.Lang, theirs, said.Doc, figure.Speaker(c.Lang, nowhere)), now.Rev
		c.R.PostForm.Set("rev", strconv.FormatInt(now.Rev, 10))
	}
	if said.Doc.Type == prose.Doc {
		p.Doc = said.Doc
	}
	return c.Retry(err, editPage(p))
}

// answer answers what the editor asks while one writes.
func answer(c *page.Ctx, v any, err error) error {
	status := 200
	if err != nil {
		kind := fail.KindOf(err)
		if kind == fail.Internal {
			return err
		}
		text := c.T(fail.Key(err), fail.Args(err)...)
		if fields := fail.Fields(err); len(fields) > 0 {
			text = c.T(fields[0].Key, fields[0].Args...)
		}
		status, v = fail.Status(err), map[string]any{"error": text, "conflict": fail.Key(err) == "article.changed_meanwhile"}
	}
	c.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.W.Header().Set("Cache-Control", "no-store")
	c.W.WriteHeader(status)
	if err := json.NewEncoder(c.W).Encode(v); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// Keep saves a draft while one writes.
func Keep(c *page.Ctx) error {
	p, err := paperOf(c)
	if err != nil {
		return answer(c, nil, err)
	}
	in, said, err := written(c, p.Doc)
	rev := int64(0)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			rev, err = article.Save(c, tx, c.Actor, p.ID, in.Rev, said)
			return err
		})
	}
	return answer(c, map[string]any{"rev": rev, "at": c.T("articles.kept_at", "at", clock(c.Now))}, err)
}

// Paste makes a document of what was pasted.
func Paste(c *page.Ctx) error {
	if err := c.Form(); err != nil {
		return answer(c, nil, err)
	}
	doc, err := prose.FromHTML(c.R.PostForm.Get("html"))
	return answer(c, map[string]any{"doc": doc}, err)
}

// way is a way to say a figure.
type way struct {
	Form string `json:"form"`
	D    int64  `json:"d"`
	Text string `json:"text"`
}

// part is a figure's split.
type part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Figure answers a figure that is to be put into a text: its value, its basis, its parts, and
// how it can be spoken.
func Figure(c *page.Ctx) error {
	v, err := asked(c)
	return answer(c, v, err)
}

func asked(c *page.Ctx) (map[string]any, error) {
	q, err := figure.Parse(c, c.DB, c.Query("key"), figure.Words{Org: c.Query("org"), Campaign: c.Query("campaign"), From: c.Query("from"), To: c.Query("to"), By: string(figure.ByOrg)})
	if err != nil {
		return nil, err
	}
	if err := figure.Permit(c, c.DB, c.Actor, &q); err != nil {
		return nil, err
	}
	a, err := c.Figures.At(c, q)
	if err != nil {
		return nil, err
	}
	unit, measure := a.Indicator.Unit, c.Query("measure")
	var ways []way
	for _, s := range figure.Propose(a.Value / figure.Scale(unit)) {
		if s.HoldsOf(unit, a.Value) && (a.Value > 0 || s.Form == figure.Exact) {
			ways = append(ways, way{string(s.Form), s.D, s.Print(c.Lang, measure)})
		}
	}
	splits := []part{}
	for _, s := range a.Splits[:min(len(a.Splits), mostParts)] {
		n, _ := figure.Screen(c.Lang, unit, s.Value)
		splits = append(splits, part{s.Name, n})
	}
	value, word := figure.Screen(c.Lang, unit, a.Value)
	f := prose.Figure{Key: q.Indicator, Org: string(q.Org), Campaign: q.Campaign, From: q.From, To: q.To}
	return map[string]any{"value": value, "unit": word, "basis": figure.Basis(c.Lang, a.Indicator), "at": c.T("articles.as_of", "at", stamp(c.Lang, a.Time)),
		"splits": splits, "ways": ways, "href": figureHref(f, true), "attrs": f}, nil
}

// mostParts is how many parts of a figure the panel shows.
const mostParts = 6

// indicator is one that can be put into a text.
type indicator struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Basis   string `json:"basis"`
	Measure string `json:"measure"`
}

// indicators are those that a text can say; a share is said in words.
func indicators(ctx context.Context) string {
	var all []indicator
	lang := ui.Lang(ctx)
	for _, i := range ledger.Indicators() {
		if i.Unit != "ratio" {
			_, word := figure.Screen(lang, i.Unit, 1)
			all = append(all, indicator{i.Key, figure.Name(lang, i), figure.Basis(lang, i), word})
		}
	}
	return inJSON(all)
}

// choosable are a text's campaigns for the panel.
func (p paper) choosable() string {
	all := []map[string]any{}
	for _, o := range p.Campaigns {
		if n, err := strconv.ParseInt(o.Value, 10, 64); err == nil {
			all = append(all, map[string]any{"id": n, "name": strings.TrimSpace(o.Label)})
		}
	}
	return inJSON(all)
}

// said are what the figures of a text say, in the order of reading.
func (p paper) said(ctx context.Context) string {
	say := figure.Speaker(ui.Lang(ctx), nowhere)
	all := []string{}
	for _, f := range p.Doc.Figures() {
		all = append(all, say(f).Text)
	}
	return inJSON(all)
}

func inJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // nothing in it can fail
	}
	return string(b)
}
