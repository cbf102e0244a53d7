package prose

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML makes a document of what was pasted: headings, paragraphs, lists, tables, quotes,
// bold, links stay; scripts, styles, frames, forms, far pictures and whatever else go. What is
// more than a document may hold is refused as [Checked] refuses it.
func FromHTML(text string) (Node, error) {
	if len(text) > MaxBytes {
		return Parse(make([]byte, MaxBytes+1))
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return Parse(nil)
	}
	r := reader{}
	r.read(root, nil, 0)
	r.end()
	doc := New(Doc, r.blocks...)
	return Checked(doc)
}

// reader makes blocks of elements. Inline nodes gather until a block begins or ends.
type reader struct {
	blocks []Node
	line   []Node
	listed bool // Word wrote the paragraph as an item of a list
}

// gone are elements of which nothing stays, not even their text.
var gone = []atom.Atom{atom.Script, atom.Style, atom.Head, atom.Title, atom.Iframe, atom.Object, atom.Embed, atom.Noscript, atom.Template,
	atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Button, atom.Input, atom.Audio, atom.Video, atom.Canvas, atom.Link, atom.Meta, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext}

// breaking are elements that begin and end a block.
var breaking = []atom.Atom{atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Nav, atom.Address,
	atom.Dl, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption, atom.Pre, atom.Form, atom.Fieldset, atom.Body, atom.Html, atom.Center, atom.Hr, atom.Li, atom.Caption}

// read goes through an element; marks are what the elements around it say of its text.
func (r *reader) read(n *html.Node, marks []Mark, depth int) {
	switch {
	case n.Type == html.TextNode:
		r.text(n.Data, marks)
		return
	case n.Type == html.CommentNode || depth > 200 || n.Type == html.ElementNode && (slices.Contains(gone, n.DataAtom) || hidden(n)):
		return
	}
	inside := func() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			r.read(c, marks, depth+1)
		}
	}
	switch n.DataAtom {
	case atom.Br:
		r.line = append(r.line, New(HardBreak))
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.end()
		inside()
		r.heading(min(3, int(n.Data[1]-'0')))
	case atom.Ul, atom.Ol:
		r.end()
		r.list(n, depth)
	case atom.Table:
		r.end()
		r.table(n, depth)
	case atom.Blockquote:
		r.end()
		if inner := paragraphs(flatten(n, depth+1)); len(inner) > 0 {
			r.blocks = append(r.blocks, New(Quote, inner...))
		}
	default:
		marks = marksOf(n, marks)
		if slices.Contains(breaking, n.DataAtom) {
			r.end()
			r.listed = strings.Contains(style(n), "mso-list:l")
			inside()
			r.end()
			return
		}
		inside()
	}
}

// hidden: Word hides its list marks so, and so do those who hide what they say.
func hidden(n *html.Node) bool {
	s := style(n)
	return strings.Contains(s, "display:none") || strings.Contains(s, "mso-list:ignore") || strings.Contains(s, "visibility:hidden")
}

// style is an element's own style, small and without spaces, each setting after a semicolon.
func style(n *html.Node) string {
	return ";" + strings.Join(strings.Fields(strings.ToLower(attr(n, "style"))), "")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

var boldRe = regexp.MustCompile(`;font-weight:(bold|[6-9]00)`)

func marksOf(n *html.Node, marks []Mark) []Mark {
	add := func(m Mark) {
		if !slices.ContainsFunc(marks, func(had Mark) bool { return had.Type == m.Type }) {
			marks = append(slices.Clip(marks), m)
		}
	}
	switch n.DataAtom {
	case atom.B, atom.Strong:
		if !strings.Contains(style(n), ";font-weight:normal") { // a clipboard of Google wraps all in such a b
			add(Mark{Type: Strong})
		}
	case atom.I, atom.Em:
		add(Mark{Type: Em})
	case atom.A:
		if href := strings.TrimSpace(attr(n, "href")); goodLink(href) && !strings.HasPrefix(href, "/") {
			add(Mark{Link, &MarkAttrs{Href: href}})
		}
	}
	if boldRe.MatchString(style(n)) {
		add(Mark{Type: Strong})
	}
	return marks
}

// text adds words to the line; runs of white space are one space, none at its beginning.
func (r *reader) text(s string, marks []Mark) {
	s = strings.Map(func(c rune) rune {
		if c == '\u200b' || c == '\u00ad' {
			return -1
		}
		return c
	}, plain(strings.ReplaceAll(s, "\u00a0", " ")))
	words := strings.Join(strings.Fields(s), " ")
	if words == "" {
		if s == "" || len(r.line) == 0 {
			return
		}
		words = " "
	} else {
		if strings.HasPrefix(s, " ") && len(r.line) > 0 {
			words = " " + words
		}
		if strings.HasSuffix(s, " ") {
			words += " "
		}
	}
	r.line = append(r.line, Node{Type: Text, Text: words, Marks: marks})
}

// take is the line so far, without space and breaks around it.
func (r *reader) take() []Node {
	line := r.line
	r.line = nil
	empty := func(n Node) bool { return n.Type == HardBreak || strings.TrimSpace(n.Text) == "" }
	for len(line) > 0 && empty(line[0]) {
		line = line[1:]
	}
	for len(line) > 0 && empty(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	if len(line) > 0 {
		line[0].Text = strings.TrimLeft(line[0].Text, " \u3000")
		last := &line[len(line)-1]
		last.Text = strings.TrimRight(last.Text, " \u3000")
	}
	return line
}

// end makes a paragraph of the line so far: or a heading, where it is numbered as one and
// short; or an item of the list before it, where Word wrote one as a paragraph.
func (r *reader) end() {
	line, listed := r.take(), r.listed
	if r.listed = false; len(line) == 0 {
		return
	}
	said := inlineText(line, nil)
	for i, re := range numbered {
		m := re.FindString(said)
		if m == "" || !strings.HasPrefix(line[0].Text, m) || utf8.RuneCountInString(said) > 40 || strings.ContainsAny(said[len(m):], "\u3002\n") {
			continue
		}
		line[0].Text = strings.TrimPrefix(line[0].Text, m)
		r.blocks = append(r.blocks, H(i+1, true, bare(line)...))
		return
	}
	if m := bullet.FindString(line[0].Text); m != "" || listed {
		line[0].Text = strings.TrimPrefix(line[0].Text, m)
		item := New(ListItem, P(line...))
		if last := len(r.blocks) - 1; last >= 0 && r.blocks[last].Type == BulletList {
			r.blocks[last].Content = append(r.blocks[last].Content, item)
		} else {
			r.blocks = append(r.blocks, New(BulletList, item))
		}
		return
	}
	r.blocks = append(r.blocks, P(line...))
}

// numbered are how documents number their headings, by level: Chinese figures with a comma,
// the same between brackets.
var numbered = []*regexp.Regexp{
	regexp.MustCompile(`^[\x{4e00}\x{4e8c}\x{4e09}\x{56db}\x{4e94}\x{516d}\x{4e03}\x{516b}\x{4e5d}\x{5341}]{1,3}\x{3001}\s*`),
	regexp.MustCompile(`^[(\x{ff08}][\x{4e00}\x{4e8c}\x{4e09}\x{56db}\x{4e94}\x{516d}\x{4e03}\x{516b}\x{4e5d}\x{5341}]{1,3}[)\x{ff09}]\s*`),
}

var bullet = regexp.MustCompile(`^[\x{b7}\x{2022}\x{25cf}\x{25a0}\x{f0b7}\x{f06c}]\s*`)

// bare is a line without the marks that headings do not bear.
func bare(line []Node) []Node {
	for i := range line {
		line[i].Marks = slices.DeleteFunc(slices.Clone(line[i].Marks), func(m Mark) bool { return !slices.Contains(few, m.Type) })
	}
	return line
}

func (r *reader) heading(level int) {
	line := r.take()
	if len(line) == 0 {
		return
	}
	isNumbered := false
	for i, re := range numbered {
		if m := re.FindString(line[0].Text); m != "" {
			line[0].Text, level, isNumbered = strings.TrimPrefix(line[0].Text, m), i+1, true
		}
	}
	r.blocks = append(r.blocks, H(level, isNumbered, bare(line)...))
}

// flatten is what an element holds, as blocks of its own.
func flatten(n *html.Node, depth int) []Node {
	var r reader
	if depth < 200 {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			r.read(c, nil, depth+1)
		}
	}
	r.end()
	return r.blocks
}

// paragraphs makes of any blocks those that a quote, an item or a cell may hold.
func paragraphs(blocks []Node) (out []Node) {
	for _, b := range blocks {
		switch b.Type {
		case Paragraph:
			out = append(out, b)
		case Heading:
			out = append(out, P(b.Content...))
		default:
			for _, l := range New(Doc, b).Lines("") {
				if l.Node.Type == Paragraph {
					out = append(out, l.Node)
				}
				if l.Node.Type == Table {
					l.Node.Walk(func(n Node) {
						if n.Type == Paragraph {
							out = append(out, n)
						}
					})
				}
			}
		}
	}
	return out
}

// list reads items; lists within items stay lists, to a few levels.
func (r *reader) list(n *html.Node, depth int) {
	list := New(BulletList)
	if n.DataAtom == atom.Ol {
		list.Type = OrderedList
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		var content []Node
		for _, b := range flatten(c, depth+1) {
			if deep := levels(b); (b.Type == BulletList || b.Type == OrderedList) && deep <= 4 && len(content) > 0 {
				content = append(content, b)
			} else {
				content = append(content, paragraphs([]Node{b})...)
			}
		}
		if len(content) > 0 {
			list.Content = append(list.Content, New(ListItem, content...))
		}
	}
	if len(list.Content) > 0 {
		r.blocks = append(r.blocks, list)
	}
}

// levels is how many lists stand within each other.
func levels(n Node) int {
	deepest := 0
	for _, c := range n.Content {
		deepest = max(deepest, levels(c))
	}
	if n.Type == BulletList || n.Type == OrderedList {
		deepest++
	}
	return deepest
}

// table reads rows; a table of a single cell is only a frame around what it holds.
func (r *reader) table(n *html.Node, depth int) {
	table := New(Table)
	var rows func(n *html.Node)
	rows = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Thead, atom.Tbody, atom.Tfoot:
				rows(c)
			case atom.Tr:
				if row := tableRow(c, depth+1); len(row.Content) > 0 {
					table.Content = append(table.Content, row)
				}
			case atom.Caption:
				r.blocks = append(r.blocks, paragraphs(flatten(c, depth+1))...)
			}
		}
	}
	rows(n)
	switch {
	case len(table.Content) == 0:
	case len(table.Content) == 1 && len(table.Content[0].Content) == 1:
		r.blocks = append(r.blocks, slices.DeleteFunc(table.Content[0].Content[0].Content, emptyParagraph)...)
	default:
		r.blocks = append(r.blocks, table)
	}
}

func emptyParagraph(n Node) bool { return n.Type == Paragraph && len(n.Content) == 0 }

func tableRow(n *html.Node, depth int) Node {
	row := New(TableRow)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		cell := New(TableCell, paragraphs(flatten(c, depth))...)
		if c.DataAtom == atom.Th {
			cell.Type = TableHeader
		}
		if len(cell.Content) == 0 {
			cell.Content = []Node{P()}
		}
		cell.Attrs = &Attrs{Colspan: span(attr(c, "colspan"), MaxCells), Rowspan: span(attr(c, "rowspan"), MaxRows)}
		row.Content = append(row.Content, cell)
	}
	return row
}

// span is how far a cell reaches, within reason.
func span(text string, most int) int {
	n := 0
	for _, c := range text {
		if c < '0' || c > '9' || n > most {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return min(n, most)
}
