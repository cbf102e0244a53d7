package figure

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// Of is the question that a figure in a text asks, as of when it was frozen, or now.
func Of(f prose.Figure) Query {
	q := Query{Indicator: f.Key, Org: id.ID(f.Org), Unit: id.ID(f.Unit), Area: area.Code(f.Area), Campaign: f.Campaign, Category: f.Category,
		Service: f.Service, Callup: id.ID(f.Callup), Subject: id.ID(f.Subject), From: f.From, To: f.To}
	if f.Frozen != nil {
		q.AsOf.Seq = f.Frozen.Seq
	}
	return q
}

// FrozenOf is a figure in a text as it was frozen; nothing where it was not.
func FrozenOf(f prose.Figure) (Frozen, bool) {
	if f.Frozen == nil {
		return Frozen{}, false
	}
	return Frozen{Query: Of(f), Version: f.Frozen.Version, Tree: f.Frozen.Tree, Time: db.Time(f.Frozen.Time), Value: f.Frozen.Value}, true
}

// SpokenOf is how a figure in a text is spoken.
func SpokenOf(f prose.Figure) Spoken { return Spoken{Form(f.Form), f.D} }

// Wrong is a figure in a text that cannot stand as it is: what is said of it is not true, or
// fewer than [Few] persons stand behind it.
type Wrong struct {
	At     int // it is the text's first, second, …
	Figure prose.Figure
	Value  int64
	Few    bool
}

// FreezeText answers every figure of a text as of one moment and holds the answers fast in
// it. What cannot stand is told, and is for the caller to refuse.
func (e *Engine) FreezeText(ctx context.Context, doc prose.Node) (prose.Node, []Wrong, error) {
	all := doc.Figures()
	seq, _ := e.Seq()
	var wrong []Wrong
	frozen := make([]prose.Frozen, len(all))
	for i, f := range all {
		f.Frozen = nil
		q := Of(f)
		q.AsOf.Seq = seq
		held, err := e.Freeze(ctx, q)
		if err != nil {
			return doc, nil, fail.At("doc", err)
		}
		ind := ledger.IndicatorOf(f.Key)
		few, err := e.few(ctx, q, held.Value)
		if err != nil {
			return doc, nil, err
		}
		if few || f.Form == "" || !SpokenOf(f).HoldsOf(ind.Unit, held.Value) {
			wrong = append(wrong, Wrong{i + 1, f, held.Value, few})
		}
		frozen[i] = prose.Frozen{Value: held.Value, Seq: held.AsOf.Seq, Version: held.Version, Tree: held.Tree, Time: db.MS(held.Time)}
	}
	i := 0
	return doc.WithFigures(func(f prose.Figure) prose.Figure {
		f.Frozen = &frozen[i]
		i++
		return f
	}), wrong, nil
}

// few says whether fewer than [Few] persons stand behind a figure; of what is never told to
// everybody the value itself has to do.
func (e *Engine) few(ctx context.Context, q Query, value int64) (bool, error) {
	if !Personal(ledger.IndicatorOf(q.Indicator)) || value == 0 {
		return false, nil
	}
	if q.Category != 0 || q.Subject != "" {
		return value < Few, nil
	}
	q.AsOf = AsOf{}
	p, err := e.Public(ctx, q)
	return p.Hidden, err
}

// Speaker says figures in a text in a language; href is where one opens.
func Speaker(lang string, href func(prose.Figure) string) prose.Speaker {
	return func(f prose.Figure) prose.Spoken {
		ind := ledger.IndicatorOf(f.Key)
		if ind == nil { // nobody counts it any more
			return prose.Spoken{Text: i18n.Number(f.D) + f.Measure}
		}
		said := prose.Spoken{Text: SpokenOf(f).Say(lang, ind.Unit, f.Measure), Note: Name(lang, ind), Href: href(f)}
		if f.Frozen != nil {
			said.Note = i18n.T(lang, "figure.note", "name", said.Note, "at", i18n.DayTime(lang, time.UnixMilli(f.Frozen.Time)))
			said.Loose = !SpokenOf(f).HoldsOf(ind.Unit, f.Frozen.Value)
		}
		return said
	}
}
