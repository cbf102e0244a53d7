package prose

import (
	"strings"
)

// Node is a document or a part of one.
type Node struct {
	Type    string `json:"type"`
	Attrs   *Attrs `json:"attrs,omitempty"`
	Content []Node `json:"content,omitempty"`
	Marks   []Mark `json:"marks,omitempty"`
	Text    string `json:"text,omitempty"`
}

// The types of nodes.
const (
	Doc         = "doc"
	Title       = "title"
	Lead        = "lead"
	Heading     = "heading"
	Paragraph   = "paragraph"
	EnumList    = "enum_list"
	BulletList  = "bullet_list"
	OrderedList = "ordered_list"
	ListItem    = "list_item"
	Table       = "table"
	TableRow    = "table_row"
	TableHeader = "table_header"
	TableCell   = "table_cell"
	Picture     = "picture"
	Quote       = "quote"
	Text        = "text"
	HardBreak   = "hard_break"
	FigureNode  = "figure"
)

// Attrs are a node's attributes; each type has its own few.
type Attrs struct {
	Level    int  `json:"level,omitempty"`    // heading: 1 to 3
	Numbered bool `json:"numbered,omitempty"` // heading, paragraph
	Order    int  `json:"order,omitempty"`    // ordered_list: its first number; 0 is 1

	Colspan  int   `json:"colspan,omitempty"` // cells; 0 is 1
	Rowspan  int   `json:"rowspan,omitempty"`
	Colwidth []int `json:"colwidth,omitempty"` // editors say it; it is not kept

	Picture string `json:"picture,omitempty"` // id of a stored picture
	Alt     string `json:"alt,omitempty"`     // what it shows, for whoever cannot see it

	Source string `json:"source,omitempty"` // quote: who said it

	*Figure
}

// Mark is a way in which a piece of text is set apart.
type Mark struct {
	Type  string     `json:"type"`
	Attrs *MarkAttrs `json:"attrs,omitempty"`
}

// MarkAttrs are a mark's attributes.
type MarkAttrs struct {
	Href   string `json:"href,omitempty"`   // link
	Source string `json:"source,omitempty"` // quoted
}

// The types of marks.
const (
	Strong = "strong"
	Em     = "em"
	Link   = "link"
	Topic  = "topic"  // a topic sentence, bold
	Quoted = "quoted" // what a named source said: its digits need no record
)

// Figure is a number in a text: which indicator, over which scope, how it is spoken. What is
// empty does not narrow the scope.
type Figure struct {
	Key      string `json:"key,omitempty"` // of the indicator
	Org      string `json:"org,omitempty"`
	Unit     string `json:"unit,omitempty"` // whom they served for
	Area     int64  `json:"area,omitempty"`
	Campaign int64  `json:"campaign,omitempty"`
	Category int64  `json:"category,omitempty"`
	Service  int64  `json:"service,omitempty"`
	Callup   string `json:"callup,omitempty"`
	Subject  string `json:"subject,omitempty"`
	From     string `json:"from,omitempty"` // days, both included
	To       string `json:"to,omitempty"`

	Form    string `json:"form,omitempty"` // exact more odd near about over beyond
	D       int64  `json:"d,omitempty"`    // the number that is spoken
	Measure string `json:"measure,omitempty"`

	Frozen *Frozen `json:"frozen,omitempty"`
}

// Frozen is what a figure was when its text was published, with all that is needed to reckon
// it again.
type Frozen struct {
	Value   int64 `json:"value"`
	Seq     int64 `json:"seq"`     // as of the fact of this number
	Version int   `json:"version"` // of the indicator
	Tree    int64 `json:"tree"`    // of the tree of organisations
	Time    int64 `json:"time"`    // unix ms
}

// Forms are the ways in which a figure may be spoken; which hold when, the figures know.
var Forms = []string{"exact", "more", "odd", "near", "about", "over", "beyond"}

// New makes a node of what it holds.
func New(kind string, content ...Node) Node { return Node{Type: kind, Content: content} }

// T is text with marks.
func T(text string, marks ...string) Node {
	n := Node{Type: Text, Text: text}
	for _, m := range marks {
		n.Marks = append(n.Marks, Mark{Type: m})
	}
	return n
}

// F is a figure in a text.
func F(f Figure) Node { return Node{Type: FigureNode, Attrs: &Attrs{Figure: &f}} }

// Said quotes what a source said.
func Said(text, source string) Node {
	return Node{Type: Text, Text: text, Marks: []Mark{{Quoted, &MarkAttrs{Source: source}}}}
}

// TitleOf is a title of one line or two.
func TitleOf(lines ...string) Node {
	n := New(Title)
	for i, line := range lines {
		if i > 0 {
			n.Content = append(n.Content, New(HardBreak))
		}
		n.Content = append(n.Content, T(line))
	}
	return n
}

// H is a heading of a level; numbered, it begins with its number.
func H(level int, numbered bool, content ...Node) Node {
	return Node{Type: Heading, Attrs: &Attrs{Level: level, Numbered: numbered}, Content: content}
}

// P is a paragraph.
func P(content ...Node) Node { return New(Paragraph, content...) }

// Point is a numbered paragraph that begins with its topic sentence.
func Point(topic string, content ...Node) Node {
	n := Node{Type: Paragraph, Attrs: &Attrs{Numbered: true}}
	if topic != "" {
		n.Content = append(n.Content, T(topic, Topic))
	}
	n.Content = append(n.Content, content...)
	return n
}

// List is a list of a kind, an item for each node; what is not a block becomes a paragraph.
func List(kind string, items ...Node) Node {
	list := New(kind)
	for _, item := range items {
		if inline(item.Type) {
			item = P(item)
		}
		list.Content = append(list.Content, New(ListItem, item))
	}
	return list
}

// at is a node's attributes, never nil.
func (n Node) at() Attrs {
	if n.Attrs == nil {
		return Attrs{}
	}
	return *n.Attrs
}

// Figure is the figure that a node is.
func (n Node) Figure() (Figure, bool) {
	if n.Type != FigureNode || n.Attrs == nil || n.Attrs.Figure == nil {
		return Figure{}, false
	}
	return *n.Attrs.Figure, true
}

// Mark finds a mark on a node.
func (n Node) Mark(kind string) (Mark, bool) {
	for _, m := range n.Marks {
		if m.Type == kind {
			return m, true
		}
	}
	return Mark{}, false
}

// Part is the first node of a type right below a document; an empty one where there is none.
func (n Node) Part(kind string) Node {
	for _, c := range n.Content {
		if c.Type == kind {
			return c
		}
	}
	return Node{Type: kind}
}

// Titles are the lines of a document's title.
func (n Node) Titles(say Speaker) []string {
	var lines []string
	for _, line := range strings.Split(inlineText(n.Part(Title).Content, say), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
