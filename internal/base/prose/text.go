package prose

import "strings"

// Plain is a document as plain text: a paragraph a line, numbers written out.
func (n Node) Plain(lang string, say Speaker) string {
	var out strings.Builder
	for _, l := range n.Lines(lang) {
		out.WriteString(strings.Repeat("  ", max(0, l.Depth-1)) + l.Number)
		if l.Number != "" && l.Depth > 0 && l.Node.Type == Paragraph && !strings.HasSuffix(l.Number, lastOfEnum(lang)) {
			out.WriteByte(' ')
		}
		out.WriteString(lineText(l.Node, say))
		out.WriteByte('\n')
	}
	return out.String()
}

// lastOfEnum is how the head of an enum list's item ends, after which nothing is put.
func lastOfEnum(lang string) string {
	head := []rune(Enum(lang, 1))
	return string(head[len(head)-1])
}

// lineText is what a line says: of a table its rows, of a picture its words.
func lineText(n Node, say Speaker) string {
	switch n.Type {
	case Table:
		var rows []string
		for _, row := range n.Content {
			var cells []string
			for _, cell := range row.Content {
				var parts []string
				cell.Walk(func(p Node) {
					if p.Type == Paragraph {
						parts = append(parts, inlineText(p.Content, say))
					}
				})
				cells = append(cells, strings.Join(parts, " "))
			}
			rows = append(rows, strings.Join(cells, "\t"))
		}
		return strings.Join(rows, "\n")
	case Picture:
		if len(n.Content) == 0 {
			return "[" + n.at().Alt + "]"
		}
		return "[" + inlineText(n.Content, say) + "]"
	}
	return inlineText(n.Content, say)
}

// inlineText is what a run of inline nodes says; a break is a new line.
func inlineText(all []Node, say Speaker) string {
	var out strings.Builder
	for _, n := range all {
		switch n.Type {
		case Text:
			out.WriteString(n.Text)
		case HardBreak:
			out.WriteByte('\n')
		case FigureNode:
			f, _ := n.Figure()
			out.WriteString(say.of(f).Text)
		}
	}
	return out.String()
}

// Words is what a document says without its numbers, for search and for a first look.
func (n Node) Words(say Speaker) string {
	var out []string
	for _, l := range n.Lines("") {
		if l.Node.Type != Title {
			out = append(out, lineText(l.Node, say))
		}
	}
	return strings.Join(out, "\n")
}

// Summary is the beginning of a document in at most so many characters: its lead, else its
// first paragraph.
func (n Node) Summary(most int, say Speaker) string {
	for _, b := range n.Content {
		if b.Type != Lead && b.Type != Paragraph {
			continue
		}
		text := []rune(strings.Join(strings.Fields(inlineText(b.Content, say)), " "))
		if len(text) > most {
			text = append(text[:most-1], '…')
		}
		if len(text) > 0 {
			return string(text)
		}
	}
	return ""
}
