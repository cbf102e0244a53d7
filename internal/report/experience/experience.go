package experience

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
)

// State is where an experience stands.
type State string

// The states, as drawn in the package's comment.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Chosen    State = "chosen"
)

// Who may do what.
var (
	Writing  = []auth.Role{auth.Admin, auth.Editor, auth.Leader}
	Choosing = []auth.Role{auth.Admin, auth.Reviewer, auth.Editor}
	Adopting = []auth.Role{auth.Admin, auth.Editor}
)

// Experience is what a unit did that others could do. Moments are unix ms, 0 for never.
type Experience struct {
	ID        id.ID
	Org       id.ID
	Title     string
	Theme     string
	Doc       string // the text, as JSON
	Indicator string
	Service   int64
	Desk      id.ID
	State     State
	Author    id.ID
	Created   int64
	Edited    int64
	Submitted int64
	Chosen    int64
	Raised    int64
	Reason    string
	Rev       int64
}

// Open says whether it may be written.
func (e Experience) Open() bool { return e.State == Draft || e.State == Returned }

// Document is its text.
func (e Experience) Document() (prose.Node, error) { return document(e.Doc) }

func document(text string) (prose.Node, error) {
	if text == "" {
		return prose.New(prose.Doc), nil
	}
	return prose.Parse([]byte(text))
}

// In is what is written.
type In struct {
	Theme     string
	Doc       prose.Node
	Indicator string
	Service   int64
}

// Bounds, in characters.
const (
	minTitle, maxTitle = 2, 60
	minTheme, maxTheme = 2, 20
	minText            = 20
	maxWord            = 500
)

func (in *In) check() error {
	in.Theme = ident.Line(in.Theme)
	errs := []error{length("theme", in.Theme, minTheme, maxTheme)}
	if n := utf8.RuneCountInString(titleOf(in.Doc)); n > maxTitle {
		errs = append(errs, fail.Field("doc", "experience.title", "min", minTitle, "max", maxTitle))
	}
	if i := ledger.IndicatorOf(in.Indicator); in.Indicator != "" && (i == nil || i.Unit == "ratio") {
		errs = append(errs, fail.Field("indicator", "experience.indicator"))
	}
	return fail.Join(errs...)
}

// complete refuses a text that is not ready to be read above.
func complete(doc prose.Node) error {
	var errs []error
	if utf8.RuneCountInString(titleOf(doc)) < minTitle {
		errs = append(errs, fail.Field("doc", "experience.title", "min", minTitle, "max", maxTitle))
	}
	said := prose.New(prose.Doc, slices.DeleteFunc(slices.Clone(doc.Content), func(n prose.Node) bool { return n.Type == prose.Title || n.Type == prose.Heading })...)
	if said.Length() < minText {
		errs = append(errs, fail.Field("doc", "experience.text", "min", minText))
	}
	doc.Walk(func(n prose.Node) {
		if n.Type == prose.Picture && n.Attrs.Alt == "" {
			errs = append(errs, fail.Field("doc", "experience.alt_missing"))
		}
	})
	return fail.Join(errs...)
}

// titleOf is a text's title in one line, each figure as the number that it says.
func titleOf(doc prose.Node) string { return strings.Join(doc.Titles(nil), " ") }

func length(field, text string, least, most int) error {
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return fail.Field(field, "experience.length", "min", least, "max", most)
	}
	return nil
}

func (e *Experience) put(in In) {
	e.Title, e.Theme, e.Doc, e.Indicator, e.Service = titleOf(in.Doc), in.Theme, string(in.Doc.JSON()), in.Indicator, in.Service
}

// refuse says why a step cannot be taken in the state of an experience.
func (e Experience) refuse(from ...State) error {
	if slices.Contains(from, e.State) {
		return nil
	}
	return fail.New(fail.Conflict, "experience.not_while."+string(e.State))
}

// Adoption is that a unit does likewise.
type Adoption struct {
	ID         id.ID
	Experience id.ID
	Org        id.ID
	Note       string
	Author     id.ID
	Day        string
	At         int64
}

// Mention is one in the media.
type Mention struct {
	ID         id.ID
	Org        id.ID
	Experience id.ID // that it tells of; "": of none
	Title      string
	Source     string
	Day        string
	Link       string
	Author     id.ID
	At         int64
	Withdrawn  int64
	Reason     string
}

func (m Mention) check(today string) error {
	errs := []error{length("title", m.Title, 2, 100), length("source", m.Source, 2, 40)}
	if _, err := time.Parse(time.DateOnly, m.Day); err != nil || m.Day > today {
		errs = append(errs, fail.Field("day", "experience.mention_day"))
	}
	if at, err := url.Parse(m.Link); m.Link != "" && (err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || len(m.Link) > 500) {
		errs = append(errs, fail.Field("link", "experience.link"))
	}
	return fail.Join(errs...)
}
