package editor

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/people"
)

// MaxForm bounds a form with a text: every Han character is nine bytes of it.
const MaxForm = 3*prose.MaxBytes + 1<<20

// Sheet is a text in the editor.
type Sheet struct {
	Doc     prose.Node
	Org     id.ID // whose text it is: figures begin with its numbers
	OrgName string
	Save    string // where a draft is kept while one writes
	Picture string // where a picture goes
	Theirs  []prose.Change

	campaigns, services, categories []choice
}

// choice is one of a list in the panel.
type choice struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Prepare reads what the panel lets one choose from.
func (s *Sheet) Prepare(c *page.Ctx) error {
	all, err := campaign.Choices(c, c.DB, s.Org)
	if err != nil {
		return err
	}
	for _, k := range all {
		s.campaigns = append(s.campaigns, choice{k.ID, strings.TrimSpace(k.Name)})
	}
	services, err := activity.Services(c, c.DB)
	if err != nil {
		return err
	}
	for _, k := range services {
		s.services = append(s.services, choice{k.ID, k.Name})
	}
	categories, err := people.Categories(c, c.DB)
	for _, k := range categories {
		s.categories = append(s.categories, choice{k.ID, k.Name})
	}
	return err
}

// Against shows what somebody else saved meanwhile beside what was typed; rev is what the
// form saves over next.
func (s *Sheet) Against(c *page.Ctx, theirs prose.Node, rev int64) {
	s.Theirs = prose.Compare(c.Lang, theirs, s.Doc, Plainly(c.Lang))
	c.R.PostForm.Set("rev", strconv.FormatInt(rev, 10))
}

// Typed reads the text of a form: as the editor sends it, or with simple marks.
func Typed(c *page.Ctx, before prose.Node) (prose.Node, error) {
	if doc := c.R.PostForm.Get("doc"); doc != "" {
		return prose.Parse([]byte(doc))
	}
	return prose.FromMarks(c.R.PostForm.Get("text"), before)
}

// Meanwhile says whether a command was refused because somebody else saved first.
func Meanwhile(err error) bool {
	return fail.KindOf(err) == fail.Conflict && strings.HasSuffix(fail.Key(err), ".changed_meanwhile")
}

// Answer answers what the editor asks while one writes.
func Answer(c *page.Ctx, v any, err error) error {
	status := 200
	if err != nil {
		if fail.KindOf(err) == fail.Internal {
			return err
		}
		text := c.T(fail.Key(err), fail.Args(err)...)
		if fields := fail.Fields(err); len(fields) > 0 {
			text = c.T(fields[0].Key, fields[0].Args...)
		}
		status, v = fail.Status(err), map[string]any{"error": text, "conflict": Meanwhile(err)}
	}
	c.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.W.Header().Set("Cache-Control", "no-store")
	c.W.WriteHeader(status)
	if err := json.NewEncoder(c.W).Encode(v); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// Kept answers that a draft was saved, as which revision.
func Kept(c *page.Ctx, rev int64, err error) error {
	return Answer(c, map[string]any{"rev": rev, "at": c.T("editor.kept_at", "at", i18n.Clock(c.Now))}, err)
}

// Paste makes a document of what was pasted.
func Paste(c *page.Ctx) error {
	if err := c.Form(); err != nil {
		return Answer(c, nil, err)
	}
	doc, err := prose.FromHTML(c.R.PostForm.Get("html"))
	return Answer(c, map[string]any{"doc": doc}, err)
}

// Plainly says figures that open nowhere.
func Plainly(lang string) prose.Speaker {
	return figure.Speaker(lang, func(prose.Figure) string { return "" })
}

// said are what the figures of a text say, in the order of reading.
func (s Sheet) said(ctx context.Context) string {
	say := Plainly(ui.Lang(ctx))
	all := []string{}
	for _, f := range s.Doc.Figures() {
		all = append(all, say(f).Text)
	}
	return inJSON(all)
}

// docText is the document for the editor: what it sent, where that was refused.
func (s Sheet) docText(ctx context.Context) string {
	if r := ui.From(ctx).Refused; r != nil && r.Typed.Get("doc") != "" {
		return r.Typed.Get("doc")
	}
	return string(s.Doc.JSON())
}

// plainText is what stands in the plain field: what was typed, else the text with its marks.
func (s Sheet) plainText(ctx context.Context) string {
	if r := ui.From(ctx).Refused; r != nil && r.Typed.Get("text") != "" {
		return r.Typed.Get("text")
	}
	return s.Doc.ToMarks()
}

// words are the editor's sentences.
func words(ctx context.Context) string {
	out := map[string]any{}
	for _, k := range []string{"label", "title", "lead", "body", "h1", "h2", "sub", "point", "strong", "em", "link", "enum", "bullet", "ordered", "figure", "quoted", "picture", "table", "quote",
		"row", "column", "row_off", "column_off", "table_off", "undo", "redo", "close", "ok", "href", "source", "file", "alt", "alt_missing", "picture_do", "sending", "saving", "offline", "loose",
		"find", "indicators", "indicator", "any", "none", "scope", "campaign", "from", "to", "measure", "records", "how", "figure_change", "narrower", "area", "area_hint", "service", "category"} {
		out[k] = ui.T(ctx, "editor.word."+k)
	}
	tips := map[string]string{}
	for _, k := range []string{"h1", "h2", "sub", "point", "enum", "figure", "quoted"} {
		tips[k] = ui.T(ctx, "editor.tip."+k)
	}
	out["tips"] = tips
	return inJSON(out)
}

func inJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // nothing in it can fail
	}
	return string(b)
}
