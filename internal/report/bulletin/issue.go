package bulletin

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// State is where an issue stands.
type State string

// The states, as drawn in the package's comment.
const (
	Planned   State = "draft"
	InReview  State = "review"
	Approved  State = "approved"
	Published State = "published"
	Dropped   State = "dropped"
)

// Who may do what: Writing plan and edit, Reviewing agree or return, Signing publish,
// Answering write what a unit is asked for, read and answer what it receives.
var (
	Writing   = []auth.Role{auth.Admin, auth.Editor, auth.Signer}
	Reviewing = []auth.Role{auth.Admin, auth.Reviewer, auth.Signer}
	Signing   = []auth.Role{auth.Admin, auth.Signer}
	Answering = []auth.Role{auth.Admin, auth.Editor, auth.Leader}
)

// reviewers is how many have to agree before an issue is published.
const reviewers = 2

// Issue is one of a bulletin.
type Issue struct {
	ID        id.ID
	Org       id.ID
	Name      string // of the bulletin
	Year      int64
	Number    int64
	Total     int64
	Day       string
	Theme     string
	Campaign  int64
	From, To  string
	ReportTo  string // as printed, a line each
	CopyTo    string
	Receivers string // the groups and single organisations it goes to
	AnswerBy  string // the day by which receivers are asked to answer; empty: they need not
	Corrects  id.ID

	State     State
	Round     int64
	Reason    string
	Author    id.ID
	Signer    id.ID
	Created   int64
	Submitted int64
	Approved  int64
	Published int64
	Body      string
	Hash      string
	Signature string
	Key       string
	Rev       int64
}

// In is what is typed about an issue.
type In struct {
	Name     string
	Number   int64
	Total    int64
	Day      string
	Theme    string
	Campaign int64
	From, To string
	ReportTo string
	CopyTo   string
	AnswerBy string
}

const (
	maxName, maxTheme, maxTo = 30, 100, 2000
	maxNumber                = 99_999
)

func (in In) normal() In {
	in.Name, in.Theme = ident.Line(in.Name), ident.Line(in.Theme)
	in.ReportTo, in.CopyTo = ident.Lines(in.ReportTo), ident.Lines(in.CopyTo)
	return in
}

// check says what is wrong with the input itself, each thing at its field.
func (in In) check() error {
	var errs []error
	length := func(field, text string, least, most int) {
		if n := utf8.RuneCountInString(text); n < least || n > most {
			errs = append(errs, fail.Field(field, "bulletin.length", "min", least, "max", most))
		}
	}
	length("name", in.Name, 2, maxName)
	length("theme", in.Theme, 2, maxTheme)
	length("report_to", in.ReportTo, 0, maxTo)
	length("copy_to", in.CopyTo, 0, maxTo)
	for field, n := range map[string]int64{"number": in.Number, "total": in.Total} {
		if n < 1 || n > maxNumber {
			errs = append(errs, fail.Field(field, "bulletin.number", "max", maxNumber))
		}
	}
	if _, err := time.Parse(time.DateOnly, in.Day); err != nil {
		errs = append(errs, fail.Field("day", "bulletin.day"))
	}
	if in.AnswerBy != "" && in.AnswerBy < in.Day {
		errs = append(errs, fail.Field("answer_by", "bulletin.answer_by"))
	}
	if in.From != "" && in.To != "" && in.To < in.From {
		errs = append(errs, fail.Field("to", "bulletin.days"))
	}
	return fail.Join(errs...)
}

// put writes what was typed into the issue.
func (i *Issue) put(in In) {
	day, _ := time.Parse(time.DateOnly, in.Day)
	i.Name, i.Year, i.Number, i.Total, i.Day, i.Theme = in.Name, int64(day.Year()), in.Number, in.Total, in.Day, in.Theme
	i.Campaign, i.From, i.To, i.ReportTo, i.CopyTo, i.AnswerBy = in.Campaign, in.From, in.To, in.ReportTo, in.CopyTo, in.AnswerBy
}

// refuse says why a step cannot be taken in the state of an issue.
func (i Issue) refuse(from ...State) error {
	if slices.Contains(from, i.State) {
		return nil
	}
	return fail.New(fail.Conflict, "bulletin.not_while."+string(i.State))
}

// ask is what drafts for the issue are about.
func (i Issue) ask(at id.ID) Ask {
	return Ask{Org: at, Campaign: i.Campaign, From: i.From, To: i.To}
}

// Lines are the lines of a printed list.
func Lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// ArticleState is where a text of an issue stands.
type ArticleState string

// The states, as drawn in the package's comment.
const (
	Invited   ArticleState = "invited"
	Drafted   ArticleState = "draft"
	Submitted ArticleState = "submitted"
	Returned  ArticleState = "returned"
	Accepted  ArticleState = "accepted"
	Removed   ArticleState = "removed"
)

// Article is a text of an issue.
type Article struct {
	ID        id.ID
	Issue     id.ID
	Org       id.ID // the unit whose text it is
	Place     int64
	Brief     string
	Doc       string // JSON
	State     ArticleState
	Source    id.ID
	Author    id.ID
	Created   int64
	Due       int64
	Submitted int64
	Accepted  int64
	Reason    string
	Edited    int64 // when it was written last
	Rev       int64
}

func (a Article) refuse(from ...ArticleState) error {
	if slices.Contains(from, a.State) {
		return nil
	}
	return fail.New(fail.Conflict, "bulletin.article_not_while."+string(a.State))
}

// Review is what a reviewer said of an issue.
type Review struct {
	Round    int64
	Reviewer id.ID
	Agreed   bool
	Comment  string
	At       int64
}
