package prose

import (
	"html"
	"strconv"
	"strings"

	"tongxin/internal/base/i18n"
)

// Spoken is what a figure says, and what its reader can do with it.
type Spoken struct {
	Text  string
	Href  string // where it opens; empty: nowhere
	Note  string // what it is, in a few words, for whoever asks
	Loose bool   // declared by somebody, or not holding any more: shown as such
}

// Speaker says what a figure says. Nil: the bare number.
type Speaker func(Figure) Spoken

func (say Speaker) of(f Figure) Spoken {
	if say == nil {
		return Spoken{Text: i18n.Number(f.D) + f.Measure}
	}
	return say(f)
}

// Page is how a document becomes HTML.
type Page struct {
	Lang    string
	Say     Speaker
	Picture func(id string) (src string) // nil or empty: the picture is left out, its words stay
	Top     int                          // the level of its title among the headings of the page; 0 is 1
	NoTitle bool                         // the page has a title of its own
}

// HTML renders a document: escaped, with classes only, nothing that loads or runs but its
// pictures.
func (n Node) HTML(p Page) string {
	p.Top = max(p.Top, 1)
	w := &writer{Page: p, head: p.Top + 1}
	for _, block := range n.Content {
		w.block(block)
	}
	return w.String()
}

type writer struct {
	strings.Builder
	Page
	head int // the level of its first headings
	count
}

// tag writes what stands between the two tags of an element, on lines of its own.
func (w *writer) tag(name, attrs string, inside func()) {
	w.WriteString("<" + name + attrs + ">")
	inside()
	w.WriteString("</" + name + ">\n")
}

func (w *writer) block(n Node) {
	a := n.at()
	number := w.number(w.Lang, n)
	line := func() {
		if number != "" {
			w.WriteString(`<span class="pr-n">` + html.EscapeString(number) + `</span>`)
		}
		w.inline(n.Content)
	}
	switch n.Type {
	case Title:
		if !w.NoTitle {
			w.tag("h"+strconv.Itoa(w.Top), ` class="pr-title"`, line)
		}
	case Lead:
		w.tag("p", ` class="pr-lead"`, line)
	case Heading:
		w.tag("h"+strconv.Itoa(min(6, w.head+a.Level-1)), ` class="pr-h`+strconv.Itoa(a.Level)+`"`, line)
	case Paragraph:
		w.tag("p", "", line)
	case EnumList:
		w.items("ol", ` class="pr-enum"`, n)
	case BulletList:
		w.items("ul", "", n)
	case OrderedList:
		w.items("ol", start(a.Order), n)
	case Table:
		w.WriteString(`<div class="pr-table" tabindex="0">`)
		w.tag("table", "", func() { w.rows(n) })
		w.WriteString("</div>\n")
	case Picture:
		w.picture(n)
	case Quote:
		w.tag("blockquote", "", func() {
			w.blocks(n.Content)
			if a.Source != "" {
				w.tag("footer", "", func() { w.WriteString(html.EscapeString("—— " + a.Source)) })
			}
		})
	}
}

func (w *writer) blocks(all []Node) {
	for _, b := range all {
		w.block(b)
	}
}

func start(order int) string {
	if order > 1 {
		return ` start="` + strconv.Itoa(order) + `"`
	}
	return ""
}

func (w *writer) items(name, attrs string, n Node) {
	w.tag(name, attrs, func() {
		for i, item := range n.Content {
			w.tag("li", "", func() {
				if n.Type == EnumList {
					w.WriteString(`<span class="pr-n">` + html.EscapeString(Enum(w.Lang, i+1)) + `</span>`)
				}
				w.flow(item)
			})
		}
	})
}

// flow writes what an item or a cell holds; a single paragraph without its tags.
func (w *writer) flow(n Node) {
	for i, c := range n.Content {
		if i == 0 && c.Type == Paragraph && !c.at().Numbered {
			if w.inline(c.Content); len(n.Content) > 1 {
				w.WriteString("\n")
			}
			continue
		}
		w.block(c)
	}
}

func (w *writer) rows(n Node) {
	for _, row := range n.Content {
		w.tag("tr", "", func() {
			for _, cell := range row.Content {
				name, a := "td", cell.at()
				attrs := ""
				if cell.Type == TableHeader {
					name, attrs = "th", ` scope="col"`
				}
				if a.Colspan > 1 {
					attrs += ` colspan="` + strconv.Itoa(a.Colspan) + `"`
				}
				if a.Rowspan > 1 {
					attrs += ` rowspan="` + strconv.Itoa(a.Rowspan) + `"`
				}
				w.tag(name, attrs, func() { w.flow(cell) })
			}
		})
	}
}

func (w *writer) picture(n Node) {
	src := ""
	if w.Picture != nil {
		src = w.Picture(n.at().Picture)
	}
	w.tag("figure", "", func() {
		if src != "" {
			w.WriteString(`<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(n.at().Alt) + `" loading="lazy">`)
		}
		if len(n.Content) > 0 {
			w.tag("figcaption", "", func() { w.inline(n.Content) })
		}
	})
}

func (w *writer) inline(all []Node) {
	for _, n := range all {
		var after []string
		for _, m := range n.Marks {
			at := MarkAttrs{}
			if m.Attrs != nil {
				at = *m.Attrs
			}
			before, end := markTags(m.Type, at)
			w.WriteString(before)
			after = append(after, end)
		}
		_, linked := n.Mark(Link)
		switch n.Type {
		case Text:
			w.WriteString(html.EscapeString(n.Text))
		case HardBreak:
			w.WriteString("<br>")
		case FigureNode:
			f, _ := n.Figure()
			w.figure(w.Say.of(f), linked)
		}
		for i := len(after) - 1; i >= 0; i-- {
			w.WriteString(after[i])
		}
	}
}

func markTags(kind string, at MarkAttrs) (before, after string) {
	switch kind {
	case Strong:
		return "<strong>", "</strong>"
	case Topic:
		return `<strong class="pr-topic">`, "</strong>"
	case Em:
		return "<em>", "</em>"
	case Quoted:
		return `<span class="pr-quoted" title="` + html.EscapeString(at.Source) + `">`, "</span>"
	case Link:
		return `<a href="` + html.EscapeString(at.Href) + `" rel="noopener nofollow">`, "</a>"
	}
	return "", ""
}

func (w *writer) figure(s Spoken, linked bool) {
	class := "fg"
	if s.Loose {
		class = "fg fg-loose"
	}
	note := ""
	if s.Note != "" {
		note = ` title="` + html.EscapeString(s.Note) + `"`
	}
	if s.Href == "" || linked { // no door within a door
		w.WriteString(`<span class="` + class + `"` + note + `>` + html.EscapeString(s.Text) + `</span>`)
		return
	}
	w.WriteString(`<a class="` + class + `" href="` + html.EscapeString(s.Href) + `"` + note + `>` + html.EscapeString(s.Text) + `</a>`)
}
