package prose

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ToMarks writes a document with simple marks, for whoever edits it in a plain field:
//
//	# a line of the title        > the lead, or a quote further down
//	== heading  === second  ==== third level (with one more space, "==  ", it is numbered)
//	* point with a topic sentence, which ends at its first full stop
//	- item        1. item        + item of an enum list
//	**strong**    {{3}} what this field cannot show: the third thing of the document as it was
//
// Between paragraphs there is an empty line. Nothing is lost: whatever has no mark of its own
// is kept by its number, for [FromMarks].
func (n Node) ToMarks() string {
	m := marker{}
	var parts []string
	for i, b := range n.Content {
		if part := m.write(b, n.Content[:i]); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

// marker numbers what has to be kept, in the order of reading.
type marker struct{ kept []Node }

func (m *marker) keep(n Node) string {
	m.kept = append(m.kept, n)
	return fmt.Sprintf("{{%d}}", len(m.kept))
}

// write writes a block so that reading it again gives the same; what cannot be written so is
// kept.
func (m *marker) write(n Node, above []Node) string {
	try := marker{slices.Clone(m.kept)}
	if part := try.block(n); part == "" || !strings.Contains(part, "\n\n") && reflect.DeepEqual(try.part(part, above), []Node{n}) {
		*m = try
		return part
	}
	return m.keep(n)
}

var listMark = map[string]string{BulletList: "- ", OrderedList: "1. ", EnumList: "+ "}

func (m *marker) block(n Node) string {
	a := n.at()
	switch n.Type {
	case Title:
		return "# " + strings.ReplaceAll(m.inline(n.Content), "\n", "\n# ")
	case Lead:
		return "> " + strings.ReplaceAll(m.inline(n.Content), "\n", " ")
	case Heading:
		mark := strings.Repeat("=", a.Level+1) + " "
		if a.Numbered {
			mark += " "
		}
		return mark + m.inline(n.Content)
	case Paragraph:
		if a.Numbered {
			return "* " + m.inline(n.Content)
		}
		return m.inline(n.Content)
	case BulletList, OrderedList, EnumList:
		if !flat(n) {
			return m.keep(n)
		}
		var items []string
		for _, item := range n.Content {
			items = append(items, listMark[n.Type]+m.inline(item.Content[0].Content))
		}
		return strings.Join(items, "\n")
	}
	return m.keep(n)
}

// flat: a list of single paragraphs.
func flat(list Node) bool {
	return !slices.ContainsFunc(list.Content, func(item Node) bool { return len(item.Content) != 1 })
}

func (m *marker) inline(all []Node) string {
	var out strings.Builder
	for _, n := range all {
		kind := ""
		if len(n.Marks) == 1 {
			kind = n.Marks[0].Type
		}
		switch {
		case n.Type == HardBreak && len(n.Marks) == 0:
			out.WriteByte('\n')
		case n.Type == Text && (len(n.Marks) == 0 || kind == Topic) && !special.MatchString(n.Text):
			out.WriteString(n.Text)
		case n.Type == Text && kind == Strong && !special.MatchString(n.Text):
			out.WriteString("**" + n.Text + "**")
		default:
			out.WriteString(m.keep(n))
		}
	}
	return out.String()
}

// special is text that would be read as marks.
var special = regexp.MustCompile(`\*\*|\{\{`)

// FromMarks reads what was typed in a plain field. Before is the document from which the
// field came: {{n}} means what was kept of it.
func FromMarks(text string, before Node) (Node, error) {
	m := marker{}
	for i, b := range before.Content {
		m.write(b, before.Content[:i])
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	doc := New(Doc)
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.Trim(part, "\n"); strings.TrimSpace(part) != "" {
			doc.Content = append(doc.Content, m.part(part, doc.Content)...)
		}
	}
	return Checked(doc)
}

var (
	alone     = regexp.MustCompile(`^\{\{(\d{1,4})\}\}$`)
	headingRe = regexp.MustCompile(`^(={2,4}) ( ?)(\S.*)$`)
	listRe    = regexp.MustCompile(`^(- |\+ |\d{1,3}\. )`)
)

// part reads what stands between two empty lines.
func (m *marker) part(part string, above []Node) []Node {
	if found := alone.FindStringSubmatch(part); found != nil {
		if n, ok := m.find(found[1]); ok && !inline(n.Type) {
			return []Node{n}
		}
	}
	switch h := headingRe.FindStringSubmatch(part); {
	case h != nil:
		return []Node{H(len(h[1])-1, h[2] != "", bare(m.read(h[3]))...)}
	case strings.HasPrefix(part, "# ") && len(above) == 0:
		return []Node{New(Title, bare(m.read(strings.ReplaceAll(part[2:], "\n# ", "\n")))...)}
	case strings.HasPrefix(part, "> ") && (len(above) == 0 || len(above) == 1 && above[0].Type == Title):
		return []Node{New(Lead, m.read(part[2:])...)}
	case strings.HasPrefix(part, "> "):
		return []Node{New(Quote, P(m.read(strings.ReplaceAll(part[2:], "\n> ", "\n"))...))}
	case strings.HasPrefix(part, "* "):
		return []Node{m.point(part[2:])}
	case listRe.MatchString(part):
		return m.lists(part)
	}
	return []Node{P(m.read(part)...)}
}

// point reads a numbered paragraph: its first sentence is its topic.
func (m *marker) point(text string) Node {
	line := m.read(text)
	if len(line) == 0 || line[0].Type != Text || len(line[0].Marks) > 0 {
		return Point("", line...)
	}
	stop := strings.IndexAny(line[0].Text, "\u3002.")
	if stop < 0 {
		return Point("", line...)
	}
	_, size := utf8.DecodeRuneInString(line[0].Text[stop:])
	topic, rest := line[0].Text[:stop+size], line[0].Text[stop+size:]
	if line[0].Text = rest; rest == "" {
		line = line[1:]
	}
	return Point(topic, line...)
}

// lists reads lines that each begin an item, or go on with the item above.
func (m *marker) lists(part string) (all []Node) {
	for line := range strings.SplitSeq(part, "\n") {
		mark := listRe.FindString(line)
		last := len(all) - 1
		if mark == "" {
			item := &all[last].Content[len(all[last].Content)-1].Content[0]
			item.Content = append(append(item.Content, New(HardBreak)), m.read(line)...)
			continue
		}
		kind := OrderedList
		switch mark {
		case "- ":
			kind = BulletList
		case "+ ":
			kind = EnumList
		}
		if last < 0 || all[last].Type != kind {
			all = append(all, New(kind))
			last++
		}
		all[last].Content = append(all[last].Content, New(ListItem, P(m.read(line[len(mark):])...)))
	}
	return all
}

func (m *marker) find(number string) (Node, bool) {
	i, err := strconv.Atoi(number)
	if err != nil || i < 1 || i > len(m.kept) {
		return Node{}, false
	}
	return m.kept[i-1], true
}

var inlineRe = regexp.MustCompile(`\*\*([^*\n]+)\*\*|\{\{(\d{1,4})\}\}|\n`)

// read reads a line with its marks.
func (m *marker) read(line string) (all []Node) {
	for line != "" {
		at := inlineRe.FindStringSubmatchIndex(line)
		if at == nil {
			return append(all, T(line))
		}
		if at[0] > 0 {
			all = append(all, T(line[:at[0]]))
		}
		switch {
		case at[2] >= 0:
			all = append(all, T(line[at[2]:at[3]], Strong))
		case at[4] >= 0:
			if n, ok := m.find(line[at[4]:at[5]]); ok && inline(n.Type) {
				all = append(all, n)
			} else {
				all = append(all, T(line[at[0]:at[1]]))
			}
		default:
			all = append(all, New(HardBreak))
		}
		line = line[at[1]:]
	}
	return all
}
