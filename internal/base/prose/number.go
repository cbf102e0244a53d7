package prose

import (
	"strconv"

	"tongxin/internal/base/i18n"
)

// count is how far the numbers of a text's headings have come.
type count [3]int

// number is what stands before a heading or a point: 一、 （一） 1. by its level, and nothing
// where it is not numbered. Those below begin anew; points count with headings of the second
// level.
func (c *count) number(lang string, n Node) string {
	level := 0
	switch a := n.at(); {
	case n.Type == Heading:
		level = a.Level
	case n.Type == Paragraph && a.Numbered:
		level = 2
	default:
		return ""
	}
	for i := level; i < len(c); i++ {
		c[i] = 0
	}
	if !n.at().Numbered {
		return ""
	}
	c[level-1]++
	return Number(lang, level, c[level-1])
}

// Number is the n-th number of a level of headings.
func Number(lang string, level, n int) string {
	number := numeral(lang, n)
	if level == 3 {
		number = strconv.Itoa(n)
	}
	return i18n.T(lang, "prose.number."+strconv.Itoa(level), "n", number)
}

// Enum is what the n-th item of an enum list begins with: 一是.
func Enum(lang string, n int) string { return i18n.T(lang, "prose.enum", "n", numeral(lang, n)) }

// numeral is a small number as headings write it.
func numeral(lang string, n int) string {
	if lang != i18n.Chinese || n > 99 {
		return strconv.Itoa(n)
	}
	digits := []rune(i18n.T(lang, "prose.numerals")) // one to ten
	switch ten, one := n/10, n%10; {
	case n <= 10:
		return string(digits[n-1])
	case one == 0:
		return string(digits[ten-1]) + string(digits[9])
	case ten == 1:
		return string(digits[9]) + string(digits[one-1])
	default:
		return string(digits[ten-1]) + string(digits[9]) + string(digits[one-1])
	}
}

// Line is one paragraph of a document as plain layouts see it: of which kind, and with which
// number in front.
type Line struct {
	Node   Node   // the paragraph, heading, title, lead, table, picture …
	Number string // 一、 （一） 一是 1. or a bullet
	Depth  int    // how deep in lists
	Quote  string // the source, where it is quoted; "-" where that is not named
}

// Lines are the paragraphs of a document in the order of reading, lists and quotes opened up,
// each with its number: for text, and for whoever sets it in pages. A table and a picture are
// one line each.
func (n Node) Lines(lang string) []Line {
	l := lines{lang: lang}
	for _, b := range n.Content {
		l.block(b, Line{})
	}
	return l.all
}

type lines struct {
	lang string
	count
	all []Line
}

func (l *lines) block(n Node, in Line) {
	switch n.Type {
	case EnumList, BulletList, OrderedList:
		for i, item := range n.Content {
			for j, b := range item.Content {
				one := in
				if one.Depth++; j == 0 {
					one.Number = itemNumber(l.lang, n, i)
				}
				l.block(b, one)
			}
		}
	case Quote:
		in.Quote = "-"
		if source := n.at().Source; source != "" {
			in.Quote = source
		}
		for _, b := range n.Content {
			l.block(b, in)
		}
	default:
		in.Node = n
		if in.Number == "" {
			in.Number = l.number(l.lang, n)
		}
		l.all = append(l.all, in)
	}
}

func itemNumber(lang string, list Node, i int) string {
	switch list.Type {
	case EnumList:
		return Enum(lang, i+1)
	case OrderedList:
		return strconv.Itoa(max(list.at().Order, 1)+i) + "."
	}
	return "•"
}
