package bulletin

import (
	"context"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
)

// Ask is what a draft is to be about: an organisation with all below it, perhaps a campaign,
// the days, as of a moment.
type Ask struct {
	Org      id.ID
	Campaign int64
	From, To string
	AsOf     figure.AsOf
}

// Run is a piece of a sentence: text, or a bound figure.
type Run struct {
	Text   string
	Figure *Figure // nil: text only
}

// Figure is a figure in a text: what it counts, how it is spoken, and what it was then. Text
// is how it is written, with its measure word.
type Figure struct {
	Query   figure.Query
	Spoken  figure.Spoken
	Measure string
	Value   int64
}

// Point is one of the numbered points of a section.
type Point struct {
	Topic string
	Runs  []Run
}

// Section is a heading with its points.
type Section struct {
	Heading string
	Points  []Point
}

// Outline is what a program wrote: for a person to edit and to sign.
type Outline struct {
	Title    []string // its lines
	Lead     []Run
	Sections []Section
	Seq      int64 // of the last fact that it knew
}

// Draft writes an outline from the ledger, by a template. Nothing is said of what is not
// there, and every number is a bound figure with a spoken form that holds.
func Draft(ctx context.Context, r db.Reader, e *figure.Engine, t Template, a Ask) (Outline, error) {
	if a.From != "" && a.To != "" && a.To < a.From {
		return Outline{}, fail.Field("to", "bulletin.days")
	}
	w, err := newWriter(ctx, r, e, a)
	if err != nil {
		return Outline{}, err
	}
	o := Outline{Seq: w.ask.AsOf.Seq}
	for _, line := range t.title {
		runs, err := w.choice(line)
		if err != nil {
			return o, err
		}
		if len(runs) > 0 {
			o.Title = append(o.Title, plain(runs))
		}
	}
	if o.Lead, err = w.sentences(t.lead); err != nil {
		return o, err
	}
	for _, s := range t.sections {
		one, err := w.section(s)
		if err != nil {
			return o, err
		}
		if len(one.Points) > 0 {
			o.Sections = append(o.Sections, one)
		}
	}
	return o, nil
}

func (w *writer) section(s section) (out Section, err error) {
	heading, _, err := w.pieces(s.heading)
	if err != nil {
		return out, err
	}
	out.Heading = plain(heading)
	for _, p := range s.points {
		runs, err := w.sentences(p.says)
		if err != nil {
			return out, err
		}
		topic, _, err := w.pieces(p.topic)
		if err != nil {
			return out, err
		}
		if len(runs) > 0 {
			out.Points = append(out.Points, Point{plain(topic), runs})
		}
	}
	return out, nil
}

// sentences writes those that can be said, one after the other.
func (w *writer) sentences(all []choice) (runs []Run, err error) {
	for _, c := range all {
		some, err := w.choice(c)
		if err != nil {
			return nil, err
		}
		runs = append(runs, some...)
	}
	return runs, nil
}

// choice writes the first of a sentence and its alternatives that can be said; none: nothing.
func (w *writer) choice(c choice) ([]Run, error) {
	for _, pieces := range c {
		runs, ok, err := w.pieces(pieces)
		if err != nil || ok {
			return runs, err
		}
	}
	return nil, nil
}

// pieces writes a sentence; false where one of its slots is empty.
func (w *writer) pieces(pieces []piece) (runs []Run, ok bool, err error) {
	for _, p := range pieces {
		some, ok := []Run{{Text: p.text}}, true
		switch {
		case p.optional != nil:
			if some, ok, err = w.pieces(p.optional); !ok {
				some, ok = nil, true
			}
		case p.slot != nil:
			some, ok, err = w.slot(*p.slot)
		}
		if err != nil || !ok {
			return nil, false, err
		}
		runs = append(runs, some...)
	}
	return runs, true, nil
}

func plain(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Figures lists the figures of an outline in the order of its text.
func (o Outline) Figures() (all []Figure) {
	add := func(runs []Run) {
		for _, r := range runs {
			if r.Figure != nil {
				all = append(all, *r.Figure)
			}
		}
	}
	add(o.Lead)
	for _, s := range o.Sections {
		for _, p := range s.Points {
			add(p.Runs)
		}
	}
	return all
}

// Text is the outline as the office prints it: the title over its lines, the lead, and the
// numbered sections, whose points are counted in words.
func (o Outline) Text() string {
	var b strings.Builder
	for _, line := range o.Title {
		b.WriteString(line + "\n")
	}
	if len(o.Lead) > 0 {
		b.WriteString("\n" + plain(o.Lead) + "\n")
	}
	for i, s := range o.Sections {
		b.WriteString("\n" + i18n.T(i18n.Chinese, "bulletin.section", "n", i+1, "heading", s.Heading))
		for k, p := range s.Points {
			b.WriteString(Ordinal(k, len(s.Points)) + p.Topic + plain(p.Runs))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Ordinal is the word with which a point begins; a point that stands alone has none.
func Ordinal(k, of int) string {
	numerals := []rune(i18n.T(i18n.Chinese, "bulletin.numerals"))
	if of < 2 || k >= len(numerals) {
		return ""
	}
	return i18n.T(i18n.Chinese, "bulletin.point", "n", string(numerals[k]))
}
