package prose

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
)

// The bounds of a document.
const (
	MaxText  = 40_000  // characters that a reader reads
	MaxBytes = 4 << 20 // of its JSON
	MaxNodes = 20_000
	MaxDepth = 16
	MaxRows  = 500 // of a table
	MaxCells = 30  // of a row, and the furthest that a cell may span
	MaxShort = 300 // characters of an alt text, a source, a measure word
	maxLink  = 2_000
)

// kind is what the schema says of a type of node.
type kind struct {
	holds []string
	min   int                 // so many at least
	attrs func(a Attrs) Attrs // what of the attributes belongs to it
	right func(a Attrs) bool  // whether their values can be
	marks []string            // that what it holds may bear
}

var (
	inlines = []string{Text, HardBreak, FigureNode}
	blocks  = []string{Heading, Paragraph, EnumList, BulletList, OrderedList, Table, Picture, Quote}
	inCell  = []string{Paragraph, EnumList, BulletList, OrderedList}
	all     = []string{Strong, Em, Link, Topic, Quoted}
	few     = []string{Link, Quoted}
)

var schema = map[string]kind{
	Doc:         {holds: slices.Concat([]string{Title, Lead}, blocks)},
	Title:       {holds: inlines, marks: few},
	Lead:        {holds: inlines, marks: all},
	Heading:     {holds: inlines, marks: few, attrs: func(a Attrs) Attrs { return Attrs{Level: a.Level, Numbered: a.Numbered} }, right: func(a Attrs) bool { return a.Level >= 1 && a.Level <= 3 }},
	Paragraph:   {holds: inlines, marks: all, attrs: func(a Attrs) Attrs { return Attrs{Numbered: a.Numbered} }},
	EnumList:    {holds: []string{ListItem}, min: 1},
	BulletList:  {holds: []string{ListItem}, min: 1},
	OrderedList: {holds: []string{ListItem}, min: 1, attrs: func(a Attrs) Attrs { return Attrs{Order: a.Order} }, right: func(a Attrs) bool { return a.Order >= 0 && a.Order < 10_000 }},
	ListItem:    {holds: inCell, min: 1},
	Table:       {holds: []string{TableRow}, min: 1},
	TableRow:    {holds: []string{TableHeader, TableCell}}, // none where all its places are spanned from above
	TableHeader: {holds: inCell, min: 1, attrs: spans, right: spanRight},
	TableCell:   {holds: inCell, min: 1, attrs: spans, right: spanRight},
	Picture:     {holds: inlines, marks: few, attrs: func(a Attrs) Attrs { return Attrs{Picture: a.Picture, Alt: a.Alt} }, right: func(a Attrs) bool { return pictureRe.MatchString(a.Picture) && short(a.Alt) }},
	Quote:       {holds: []string{Paragraph}, min: 1, attrs: func(a Attrs) Attrs { return Attrs{Source: a.Source} }, right: func(a Attrs) bool { return short(a.Source) }},
	Text:        {},
	HardBreak:   {},
	FigureNode:  {attrs: func(a Attrs) Attrs { return Attrs{Figure: a.Figure} }, right: func(a Attrs) bool { return a.Figure != nil && a.Figure.right() }},
}

var (
	pictureRe = regexp.MustCompile(`^[0-9]{6}-[0-9a-z]{1,32}$`)
	keyRe     = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)
	idRe      = regexp.MustCompile(`^([0-9]{6}-[0-9a-z]{1,32})?$`)
)

func spans(a Attrs) Attrs { return Attrs{Colspan: a.Colspan, Rowspan: a.Rowspan} }

func spanRight(a Attrs) bool {
	return a.Colspan >= 0 && a.Colspan <= MaxCells && a.Rowspan >= 0 && a.Rowspan <= MaxRows
}

func short(s string) bool { return utf8.RuneCountInString(s) <= MaxShort }

// right says whether a figure could be one: whether its indicator is known, the figures know.
func (f Figure) right() bool {
	for _, n := range []int64{f.Area, f.Campaign, f.Category, f.Service, f.D} {
		if n < 0 {
			return false
		}
	}
	for _, one := range []string{f.Org, f.Unit, f.Callup, f.Subject} {
		if !idRe.MatchString(one) {
			return false
		}
	}
	return keyRe.MatchString(f.Key) && isDay(f.From) && isDay(f.To) && (f.Form == "" || slices.Contains(Forms, f.Form)) &&
		utf8.RuneCountInString(f.Measure) <= 20
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return s == "" || err == nil
}

func inline(kind string) bool { return slices.Contains(inlines, kind) }

// checker goes through a document once, puts right what means the same, and refuses the rest.
type checker struct {
	nodes, text int
}

// check goes through a node and what it holds.
func (c *checker) check(n *Node, depth int) error {
	k, known := schema[n.Type]
	c.nodes++
	switch {
	case !known:
		return fail.Field("doc", "prose.unknown_part")
	case c.nodes > MaxNodes:
		return fail.Field("doc", "prose.too_many_parts", "max", MaxNodes)
	case depth > MaxDepth:
		return fail.Field("doc", "prose.too_deep", "max", MaxDepth)
	case len(n.Content) < k.min:
		return fail.Field("doc", "prose.empty_part")
	case (n.Text != "") != (n.Type == Text):
		return fail.Field("doc", "prose.unknown_part")
	case len(n.Marks) > 0 && !inline(n.Type):
		return fail.Field("doc", "prose.mark_place")
	}
	if err := n.checkAttrs(k); err != nil {
		return err
	}
	if n.Type == Text {
		c.text += utf8.RuneCountInString(n.Text)
	}
	if n.Type == FigureNode {
		c.text += 2 // a number has its length too, whatever it comes to say
	}
	return c.children(n, k, depth)
}

func (n *Node) checkAttrs(k kind) error {
	a := n.at()
	a.Colwidth = nil
	if a.Colspan == 1 {
		a.Colspan = 0
	}
	if a.Rowspan == 1 {
		a.Rowspan = 0
	}
	a.Alt, a.Source = plain(a.Alt), plain(a.Source)
	own := Attrs{}
	if k.attrs != nil {
		own = k.attrs(a)
	}
	if !reflect.DeepEqual(own, a) || k.right != nil && !k.right(a) {
		if n.Type == FigureNode {
			return fail.Field("doc", "prose.figure_wrong")
		}
		return fail.Field("doc", "prose.attributes")
	}
	n.Attrs = nil
	if !reflect.DeepEqual(own, Attrs{}) {
		n.Attrs = &own
	}
	return nil
}

func (c *checker) children(n *Node, k kind, depth int) error {
	if n.Type == TableRow && len(n.Content) > MaxCells || n.Type == Table && len(n.Content) > MaxRows {
		return fail.Field("doc", "prose.table_size", "rows", MaxRows, "cells", MaxCells)
	}
	var kept []Node
	breaks := 0
	for i := range n.Content {
		child := n.Content[i]
		if _, known := schema[child.Type]; !known {
			return fail.Field("doc", "prose.unknown_part")
		}
		if !slices.Contains(k.holds, child.Type) {
			return fail.Field("doc", "prose.part_place")
		}
		if child.Type == Text {
			if child.Text = plain(child.Text); child.Text == "" {
				continue
			}
		}
		if err := checkMarks(&child, k.marks); err != nil {
			return err
		}
		if err := c.check(&child, depth+1); err != nil {
			return err
		}
		if child.Type == HardBreak {
			breaks++
		}
		kept = join(kept, child)
	}
	if n.Type == Title && breaks > 1 {
		return fail.Field("doc", "prose.title_lines")
	}
	n.Content = kept
	return n.order()
}

// order: the title comes first, then the lead, each once; an item begins with its paragraph.
func (n *Node) order() error {
	for i, child := range n.Content {
		switch {
		case child.Type == Title && i > 0,
			child.Type == Lead && i > 0 && n.Content[i-1].Type != Title,
			n.Type == ListItem && i == 0 && child.Type != Paragraph:
			return fail.Field("doc", "prose.part_place")
		}
	}
	return nil
}

// join appends a node; texts with the same marks become one.
func join(to []Node, n Node) []Node {
	if last := len(to) - 1; n.Type == Text && last >= 0 && to[last].Type == Text && reflect.DeepEqual(to[last].Marks, n.Marks) {
		to[last].Text += n.Text
		return to
	}
	return append(to, n)
}

func checkMarks(n *Node, may []string) error {
	seen := map[string]bool{}
	for i := range n.Marks {
		m := &n.Marks[i]
		at := MarkAttrs{}
		if m.Attrs != nil {
			at = *m.Attrs
		}
		at.Source = plain(at.Source)
		switch {
		case !slices.Contains(may, m.Type) || seen[m.Type],
			m.Type != Link && at.Href != "", m.Type != Quoted && at.Source != "",
			!short(at.Source):
			return fail.Field("doc", "prose.mark_place")
		case m.Type == Link && !goodLink(at.Href):
			return fail.Field("doc", "prose.link")
		}
		seen[m.Type] = true
		m.Attrs = nil
		if at != (MarkAttrs{}) {
			m.Attrs = &at
		}
	}
	if len(n.Marks) == 0 {
		n.Marks = nil
	}
	return nil
}

// goodLink: a place on the web, or one of ours.
func goodLink(href string) bool {
	u, err := url.Parse(href)
	if err != nil || len(href) > maxLink || !utf8.ValidString(href) || strings.ContainsAny(href, " \t\r\n\\") {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != "" && u.User == nil
	case "":
		return strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//")
	}
	return false
}

// plain takes away what nobody can see: control characters, and those that turn the
// direction of a text.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff, r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
}
