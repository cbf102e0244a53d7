package bulletin

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/area"
)

// Document is the outline as a text to edit: its points are items of a list, each with its
// topic sentence, and its figures are bound.
func (o Outline) Document() prose.Node {
	doc := prose.New(prose.Doc)
	if len(o.Title) > 0 {
		doc.Content = append(doc.Content, prose.TitleOf(o.Title[:min(2, len(o.Title))]...))
	}
	if len(o.Lead) > 0 {
		doc.Content = append(doc.Content, prose.New(prose.Lead, nodes(o.Lead)...))
	}
	for _, s := range o.Sections {
		doc.Content = append(doc.Content, prose.H(1, true, prose.T(s.Heading)))
		if len(s.Points) == 1 {
			doc.Content = append(doc.Content, prose.P(s.Points[0].nodes()...))
			continue
		}
		list := prose.New(prose.EnumList)
		for _, p := range s.Points {
			list.Content = append(list.Content, prose.New(prose.ListItem, prose.P(p.nodes()...)))
		}
		doc.Content = append(doc.Content, list)
	}
	return doc
}

func (p Point) nodes() []prose.Node {
	return append([]prose.Node{prose.T(p.Topic, prose.Topic)}, nodes(p.Runs)...)
}

func nodes(runs []Run) (all []prose.Node) {
	for _, r := range runs {
		switch last := len(all) - 1; {
		case r.Figure != nil:
			all = append(all, prose.F(r.Figure.bound()))
		case last >= 0 && all[last].Type == prose.Text:
			all[last].Text += r.Text
		case r.Text != "":
			all = append(all, prose.T(r.Text))
		}
	}
	return all
}

// bound is the figure as a text keeps it, with what it was when it was written.
func (f Figure) bound() prose.Figure {
	q := f.Query
	return prose.Figure{Key: q.Indicator, Org: string(q.Org), Unit: string(q.Unit), Area: int64(q.Area), Campaign: q.Campaign, Category: q.Category,
		Service: q.Service, Callup: string(q.Callup), Subject: string(q.Subject), From: q.From, To: q.To,
		Form: string(f.Spoken.Form), D: f.Spoken.D, Measure: f.Measure, Frozen: &prose.Frozen{Value: f.Value, Seq: q.AsOf.Seq}}
}

// unbound is the figure that a text keeps; as of its moment where it was frozen.
func unbound(p prose.Figure) Figure {
	f := Figure{Measure: p.Measure, Spoken: figure.Spoken{Form: figure.Form(p.Form), D: p.D}, Query: figure.Query{Indicator: p.Key, Org: id.ID(p.Org),
		Unit: id.ID(p.Unit), Area: area.Code(p.Area), Campaign: p.Campaign, Category: p.Category, Service: p.Service, Callup: id.ID(p.Callup),
		Subject: id.ID(p.Subject), From: p.From, To: p.To}}
	if p.Frozen != nil {
		f.Value, f.Query.AsOf = p.Frozen.Value, figure.AsOf{Seq: p.Frozen.Seq}
	}
	return f
}

// Say writes a figure of a text: what documents print.
func Say(p prose.Figure) prose.Spoken { return prose.Spoken{Text: unbound(p).Text()} }

// Trouble is what is wrong with a figure of a text as things stand now.
type Trouble struct {
	Article id.ID
	N       int // the figure's place among those of its text, from 0
	Figure  Figure
	Now     int64  // what it is now
	Few     bool   // fewer than figure.Few persons stand behind it
	Gone    bool   // nobody declares its indicator any more
	Holds   bool   // what is said is still true: it only moved
	Would   string // what would be said of it now
}

// Look reckons the figures of a text as things stand, and answers those that moved since they
// were written: corrections, withdrawn records, or new ones.
func Look(ctx context.Context, e *figure.Engine, article id.ID, doc prose.Node) (all []Trouble, err error) {
	for n, p := range doc.Figures() {
		f := unbound(p)
		t := Trouble{Article: article, N: n, Figure: f}
		if t.Gone = f.indicator() == nil; !t.Gone {
			q := f.Query
			q.AsOf = figure.AsOf{}
			now, err := e.Printed(ctx, q)
			if err != nil {
				return nil, err
			}
			t.Now, t.Few, t.Holds = now.Value, now.Hidden, f.Holds(now.Value)
			if p.Frozen != nil && p.Frozen.Value == t.Now && t.Holds && !t.Few {
				continue
			}
			if p.Frozen == nil && t.Holds && !t.Few {
				continue
			}
			t.Would = f.respoken(now.Value).Text()
		}
		all = append(all, t)
	}
	return all, nil
}

// respoken is the figure with another value, said in the same manner: exactly if it was.
func (f Figure) respoken(value int64) Figure {
	switch f.Value = value; {
	case f.ratio():
		f.Spoken = figure.Spoken{Form: figure.Exact, D: value}
	case f.Spoken.Form == figure.Exact:
		f.Spoken = figure.Plain(f.unit(), value)
	default:
		f.Spoken = figure.Round(f.unit(), value)
	}
	return f
}

// Respeak writes a text anew with each figure said as it is now, if what is said of it does
// not hold any more; what only moved keeps its words.
func Respeak(ctx context.Context, e *figure.Engine, doc prose.Node) (prose.Node, error) {
	var wrong error
	out := doc.WithFigures(func(p prose.Figure) prose.Figure {
		f := unbound(p)
		if f.indicator() == nil || wrong != nil {
			return p
		}
		q := f.Query
		q.AsOf = figure.AsOf{}
		now, err := e.Freeze(ctx, q)
		if err != nil {
			wrong = err
			return p
		}
		if f.Query.AsOf = now.AsOf; !f.Holds(now.Value) {
			f = f.respoken(now.Value)
		}
		f.Value = now.Value
		return f.bound()
	})
	return out, wrong
}

// Compose drafts a text for an issue: of a unit, its campaign and its days.
func Compose(ctx context.Context, r db.Reader, e *figure.Engine, i Issue, of id.ID) (prose.Node, error) {
	t, err := TemplateOf(ctx, r, of)
	if err != nil {
		return prose.Node{}, err
	}
	o, err := Draft(ctx, r, e, t, i.ask(of))
	return o.Document(), err
}

// PlainText is a text as it stands on paper.
func PlainText(doc prose.Node) string { return doc.Plain(i18n.Chinese, Say) }

// QueryOf is the question that a figure of a text answers, as of its moment where it was
// frozen.
func QueryOf(p prose.Figure) figure.Query { return unbound(p).Query }
