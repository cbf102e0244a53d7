package bulletin

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	_ "tongxin/internal/report/guidance" // templates name its indicators
	_ "tongxin/internal/work/report"     // and these
)

// standard is the template with which an installation begins.
//
//go:embed template.txt
var standard string

// Standard is the text of the template with which an installation begins.
func Standard() string { return standard }

// The marks at the beginning of a template's lines.
const (
	markRemark  = ";"
	markTitle   = "#"
	markLead    = ">"
	markSection = "="
	markPoint   = "*"
	markSay     = "-"
	markElse    = "|"
)

const (
	maxTemplate = 20_000 // characters
	maxLines    = 400
	maxListed   = 20
)

// Template is how a unit drafts: sentences with places for words and figures. A sentence is
// written only where the ledger has something for each of its places; where it has not, the
// alternatives below it are tried in order.
type Template struct {
	title    []choice
	lead     []choice
	sections []section
}

// section is a heading with its points; it is written if one of them is.
type section struct {
	heading []piece
	points  []point
}

// point is a topic with its sentences.
type point struct {
	topic []piece
	says  []choice
}

// choice is a sentence and what is said in its place where it cannot be.
type choice [][]piece

// piece is text, a slot, or an optional part that is left out where one of its slots is empty.
type piece struct {
	text     string
	slot     *slot
	optional []piece
}

// slot is a place for a word, a figure, or a list of figures.
type slot struct {
	word      string
	indicator *ledger.Indicator
	measure   string
	round     bool
	service   string
	after     bool      // over the days after the period instead of those of it
	by        figure.By // a list: of the parts of the figure
	names     bool      // of the list only what the parts are called
	most      int
}

// words are the slots that are no figures.
var words = []string{"place", "whole", "org", "campaign", "from", "to", "incomplete",
	"appeal.day", "appeal.org", "appeal.title", "call.day", "call.org", "call.title", "due"}

// Words are the names of the slots that are no figures, in the order in which help shows them.
func Words() []string { return slices.Clone(words) }

// parser reads a template line by line.
type parser struct {
	t    Template
	into *[]choice // where sentences go; nil before the first mark that takes any
}

// ParseTemplate reads a template. What is wrong is told with its line.
func ParseTemplate(text string) (Template, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	lines := strings.Split(text, "\n")
	if n := utf8.RuneCountInString(text); n > maxTemplate || len(lines) > maxLines {
		return Template{}, fail.Field("text", "bulletin.template.long", "max", maxTemplate, "lines", maxLines)
	}
	p := parser{}
	for i, line := range lines {
		if err := p.line(strings.TrimSpace(line)); err != nil {
			return p.t, fail.Field("text", fail.Key(err), "line", i+1)
		}
	}
	switch {
	case len(p.t.title) == 0:
		return p.t, fail.Field("text", "bulletin.template.no_title")
	case len(p.t.sections) == 0:
		return p.t, fail.Field("text", "bulletin.template.no_section")
	}
	return p.t, nil
}

func wrong(key string) error { return fail.New(fail.Invalid, "bulletin.template."+key) }

// line takes one line.
func (p *parser) line(line string) error {
	if line == "" || strings.HasPrefix(line, markRemark) {
		return nil
	}
	mark, rest := line[:1], strings.TrimSpace(line[1:])
	pieces, err := parsePieces(rest)
	if err != nil {
		return err
	}
	if len(pieces) == 0 {
		return wrong("empty")
	}
	switch mark {
	case markTitle:
		p.into = &p.t.title
		p.add(pieces)
	case markLead:
		p.into = &p.t.lead
		p.add(pieces)
	case markSection:
		p.t.sections = append(p.t.sections, section{heading: pieces})
		p.into = nil
	case markPoint:
		if len(p.t.sections) == 0 {
			return wrong("point_first")
		}
		s := &p.t.sections[len(p.t.sections)-1]
		s.points = append(s.points, point{topic: pieces})
		p.into = &s.points[len(s.points)-1].says
	case markSay:
		if p.into == nil || p.into == &p.t.title || p.into == &p.t.lead {
			return wrong("say_first")
		}
		p.add(pieces)
	case markElse:
		if p.into == nil || len(*p.into) == 0 {
			return wrong("else_first")
		}
		last := &(*p.into)[len(*p.into)-1]
		*last = append(*last, pieces)
	default:
		return wrong("mark")
	}
	return nil
}

func (p *parser) add(pieces []piece) { *p.into = append(*p.into, choice{pieces}) }

var slotRe = regexp.MustCompile(`^\{[^{}\[\]]*\}`)

// parsePieces reads a sentence: text, slots in braces, optional parts in brackets.
func parsePieces(text string) (all []piece, err error) {
	for text != "" {
		switch text[0] {
		case '{':
			m := slotRe.FindString(text)
			if m == "" {
				return nil, wrong("brace")
			}
			s, err := parseSlot(m[1 : len(m)-1])
			if err != nil {
				return nil, err
			}
			all, text = append(all, piece{slot: &s}), text[len(m):]
		case '[':
			end := strings.IndexByte(text, ']')
			if end < 0 || strings.IndexByte(text[1:end], '[') >= 0 {
				return nil, wrong("bracket")
			}
			inner, err := parsePieces(text[1:end])
			if err != nil {
				return nil, err
			}
			all, text = append(all, piece{optional: inner}), text[end+1:]
		case '}', ']':
			return nil, wrong("brace")
		default:
			n := strings.IndexAny(text, "{}[]")
			if n < 0 {
				n = len(text)
			}
			all, text = append(all, piece{text: text[:n]}), text[n:]
		}
	}
	return all, nil
}

// parseSlot reads what stands between braces: a word; an indicator with its measure word; or
// each:PART or names:PART before an indicator, for a list. ~ lets the number be rounded, after
// takes the days after the period, service=KIND one kind of service, a number at most so many.
func parseSlot(text string) (s slot, err error) {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return s, wrong("brace")
	}
	if slices.Contains(words, fields[0]) {
		if len(fields) > 1 {
			return s, wrong("option")
		}
		return slot{word: fields[0]}, nil
	}
	if how, by, ok := strings.Cut(fields[0], ":"); ok {
		if s.by = figure.By(by); how != "each" && how != "names" || !slices.Contains(lists, s.by) || len(fields) < 2 {
			return s, wrong("list")
		}
		s.names, s.most = how == "names", 5
		fields = fields[1:]
	}
	if s.indicator = ledger.IndicatorOf(fields[0]); s.indicator == nil {
		return s, wrong("unknown")
	}
	for _, option := range fields[1:] {
		if err := s.option(option); err != nil {
			return s, err
		}
	}
	if s.measure == "" && !s.names && s.indicator.Unit != "ratio" {
		return s, wrong("measure")
	}
	return s, nil
}

// lists are the parts that a list may be of.
var lists = []figure.By{figure.ByOrg, figure.ByUnit, figure.ByService, figure.ByCategory}

func (s *slot) option(text string) error {
	n, notNumber := strconv.Atoi(text)
	kind, isService := strings.CutPrefix(text, "service=")
	switch {
	case text == "~":
		s.round = true
	case text == "after":
		s.after = true
	case isService:
		s.service = kind
	case notNumber == nil && s.by != "" && n >= 1 && n <= maxListed:
		s.most = n
	case notNumber == nil || s.measure != "" || text[0] < utf8.RuneSelf && !ledgerWord(text):
		return wrong("option")
	default:
		s.measure = text
	}
	return nil
}

// ledgerWord says whether a measure word is one of letters alone.
func ledgerWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
}
