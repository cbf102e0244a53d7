package article

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/prose"
)

// State is where the working text stands; doc.go draws how they follow.
type State string

// The states.
const (
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Scheduled State = "scheduled"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// States lists them in the order of pages.
func States() []State { return []State{Draft, Submitted, Returned, Scheduled, Published, Withdrawn} }

// editable says whether somebody is still writing.
func (s State) editable() bool { return s == Draft || s == Returned }

// Kind is what sort of text it is.
type Kind string

// The kinds.
const (
	News         Kind = "article"
	Announcement Kind = "announcement"
	Story        Kind = "story"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{News, Announcement, Story} }

// In is what is written.
type In struct {
	Kind     Kind
	Campaign int64
	Wanted   time.Time // when it is to be published; zero: as soon as it may
	Note     string    // what a correction corrects
	Doc      prose.Node
}

// Article is a row of article_article. Moments are unix ms, 0 for never.
type Article struct {
	ID, Org     id.ID
	Kind        Kind
	Campaign    int64
	Title       string // of the working text
	Doc         string // the working text, as JSON
	Note        string
	Wanted      int64
	State       State
	Reason      string
	Author      id.ID
	Editor      id.ID
	Edited      int64
	Submitted   int64
	Due         int64
	ReviewerOrg id.ID
	Raised      int64
	Published   int64
	Version     int64
	Changed     int64
	Withdrawn   int64
	Shown       Shown
	Created     int64
	Rev         int64
}

// Shown is what a list says of the version that everybody reads.
type Shown struct{ Title, Summary, Cover string }

// Live says whether everybody may read it.
func (a Article) Live() bool { return a.Version > 0 && a.Withdrawn == 0 }

// Correcting says whether its working text is a correction.
func (a Article) Correcting() bool { return a.Live() && a.State != Published }

// Editable says whether somebody is still writing.
func (a Article) Editable() bool { return a.State.editable() }

// Overdue says whether its review is late.
func (a Article) Overdue(now time.Time) bool { return a.State == Submitted && db.MS(now) >= a.Due }

// Writing are the roles that write and submit, Deciding those that decide on it.
var (
	Writing  = []auth.Role{auth.Editor, auth.Leader, auth.Admin}
	Deciding = []auth.Role{auth.Reviewer, auth.Admin}
)

// Bounds of what is typed, in characters, and how far ahead one may publish.
const (
	minTitle  = 2
	maxTitle  = 80
	maxNote   = 300
	minReason = 2
	maxReason = 300
	ahead     = 366 * 24 * time.Hour
	summary   = 90
)

// check tidies what was written and refuses, field by field, what cannot be.
func (in *In) check(now time.Time) error {
	in.Note = ident.Lines(in.Note)
	var errs []error
	if !slices.Contains(Kinds(), in.Kind) {
		errs = append(errs, fail.Field("kind", "article.kind_unknown"))
	}
	if n := utf8.RuneCountInString(in.Note); n > maxNote {
		errs = append(errs, fail.Field("note", "article.text_long", "max", maxNote, "n", n))
	}
	if in.Wanted.After(now.Add(ahead)) {
		errs = append(errs, fail.Field("wanted", "article.wanted_far"))
	}
	if n := utf8.RuneCountInString(titleOf(in.Doc)); n > maxTitle {
		errs = append(errs, fail.Field("doc", "article.title_long", "max", maxTitle, "n", n))
	}
	return fail.Join(errs...)
}

// complete refuses what is not ready to be read by everybody.
func (a Article) complete(doc prose.Node, note string) error {
	var errs []error
	if utf8.RuneCountInString(titleOf(doc)) < minTitle {
		errs = append(errs, fail.Field("doc", "article.title_missing"))
	}
	body := prose.New(prose.Doc, slices.DeleteFunc(slices.Clone(doc.Content), func(n prose.Node) bool { return n.Type == prose.Title })...)
	if body.Empty() {
		errs = append(errs, fail.Field("doc", "article.text_missing"))
	}
	doc.Walk(func(n prose.Node) {
		switch {
		case n.Type == prose.Picture && n.Attrs.Alt == "":
			errs = append(errs, fail.Field("doc", "article.alt_missing"))
		case n.Type == prose.Quote && (n.Attrs == nil || n.Attrs.Source == ""):
			errs = append(errs, fail.Field("doc", "article.source_missing"))
		}
	})
	if a.Correcting() && note == "" {
		errs = append(errs, fail.Field("note", "article.note_missing"))
	}
	return fail.Join(errs...)
}

// titleOf is a text's title in one line, each figure as the number that it says.
func titleOf(doc prose.Node) string { return strings.Join(doc.Titles(nil), " ") }

func reasonFor(text string) (string, error) {
	text = ident.Lines(text)
	switch n := utf8.RuneCountInString(text); {
	case n < minReason:
		return text, fail.Field("reason", "article.reason_missing")
	case n > maxReason:
		return text, fail.Field("reason", "article.text_long", "max", maxReason, "n", n)
	}
	return text, nil
}

// refuse says why nothing can be done with an article in its state.
func refuse(a Article) error { return fail.New(fail.Conflict, "article.not_while."+string(a.State)) }
