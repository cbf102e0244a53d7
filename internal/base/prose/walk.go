package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Walk goes through a node and all below it, in the order of reading.
func (n Node) Walk(f func(Node)) {
	f(n)
	for _, c := range n.Content {
		c.Walk(f)
	}
}

// Map makes the node anew with every node below it, and itself, changed by f, what it holds
// first.
func (n Node) Map(f func(Node) Node) Node {
	if len(n.Content) > 0 {
		content := make([]Node, len(n.Content))
		for i, c := range n.Content {
			content[i] = c.Map(f)
		}
		n.Content = content
	}
	return f(n)
}

// Figures are the figures of a text in the order of reading.
func (n Node) Figures() (all []Figure) {
	n.Walk(func(n Node) {
		if f, ok := n.Figure(); ok {
			all = append(all, f)
		}
	})
	return all
}

// WithFigures makes a document anew with each figure changed.
func (n Node) WithFigures(change func(Figure) Figure) Node {
	return n.Map(func(n Node) Node {
		if f, ok := n.Figure(); ok {
			n.Attrs = &Attrs{Figure: new(change(f))}
		}
		return n
	})
}

// Pictures are the ids of the pictures of a text.
func (n Node) Pictures() (ids []string) {
	n.Walk(func(n Node) {
		if n.Type == Picture {
			ids = append(ids, n.at().Picture)
		}
	})
	return ids
}

// WithPictures makes a document anew with each picture's id changed.
func (n Node) WithPictures(change func(id string) string) Node {
	return n.Map(func(n Node) Node {
		if n.Type == Picture {
			a := n.at()
			a.Picture = change(a.Picture)
			n.Attrs = &a
		}
		return n
	})
}

// Length is how many characters a reader reads, figures apart.
func (n Node) Length() int {
	length := 0
	n.Walk(func(n Node) { length += utf8.RuneCountInString(n.Text) })
	return length
}

// Empty says whether there is nothing to read.
func (n Node) Empty() bool {
	empty := true
	n.Walk(func(n Node) {
		empty = empty && strings.TrimSpace(n.Text) == "" && n.Type != FigureNode && n.Type != Picture
	})
	return empty
}

// Loose is a number that stands in a text by itself: neither bound to the ledger nor marked
// as said by a named source.
type Loose struct {
	Digits string
	Around string // some text on both sides
}

// What makes digits no claim: an ordinal before them, or a word of the calendar or the clock
// after them. The editor is handed the same.
const (
	Ordinal  = "\u7b2c"                                           // the sign of an ordinal
	Calendar = "\u5e74\u6708\u65e5\u53f7\u65f6\u70b9\u5206\u5c4a" // year month day number hour o'clock minute session
)

// Unbound lists the loose numbers of a text. Days, hours and ordinals are no claims.
func (n Node) Unbound() (all []Loose) {
	n.Walk(func(block Node) {
		if len(block.Content) == 0 || !inline(block.Content[0].Type) {
			return
		}
		var line strings.Builder // what may hold loose digits; a bound number ends what stands before it
		for _, c := range block.Content {
			_, quoted := c.Mark(Quoted)
			switch {
			case c.Type == Text && !quoted:
				line.WriteString(c.Text)
			default:
				line.WriteByte('\n')
			}
		}
		all = append(all, loose(line.String())...)
	})
	return all
}

// loose finds the digits of a line that are claims.
func loose(line string) (all []Loose) {
	text := []rune(line)
	for i := 0; i < len(text); i++ {
		if !unicode.IsDigit(text[i]) {
			continue
		}
		from := i
		for i < len(text) && (unicode.IsDigit(text[i]) || i+1 < len(text) && unicode.IsDigit(text[i+1]) && strings.ContainsRune(".,:\uff1a\uff0c\uff0e", text[i])) {
			i++
		}
		digits := string(text[from:i])
		if from > 0 && strings.ContainsRune(Ordinal, text[from-1]) || i < len(text) && strings.ContainsRune(Calendar, text[i]) ||
			strings.ContainsAny(digits, ":\uff1a") || from > 0 && isLatin(text[from-1]) || i < len(text) && isLatin(text[i]) {
			continue
		}
		all = append(all, Loose{digits, strings.ReplaceAll(string(text[max(0, from-10):min(len(text), i+10)]), "\n", "…")})
	}
	return all
}

// isLatin: COVID19 and A4 are names.
func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
