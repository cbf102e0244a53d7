package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

func (s *Site) figures() {
	register(s.api, huma.Operation{
		OperationID: "getFigure", Method: http.MethodGet, Path: prefix + "/figures/{key}", Tags: []string{"figures"},
		Summary: "A figure", Description: "An indicator applied to a scope, as of a moment. For staff, within what they reach.",
		Security: signedIn, Errors: []int{401, 403, 404, 422},
	}, s.getFigure)
	register(s.api, huma.Operation{
		OperationID: "listEntries", Method: http.MethodGet, Path: prefix + "/figures/{key}/entries", Tags: []string{"figures"},
		Summary:     "What a figure counts",
		Description: "Facts where facts or their quantities are counted; the persons, subjects or organisations where different ones are. Names are masked. All pages are told as of the same moment.",
		Security:    signedIn, Errors: []int{401, 403, 404, 422},
	}, s.listEntries)
}

// FigureQuery are the parameters of a figure: those of the command line.
type FigureQuery struct {
	Key      string `path:"key" example:"volunteers_taking_part"`
	Org      string `query:"org" doc:"Organised by it or one below it: id, division code or name; absent: the first at which the caller holds a role"`
	Unit     string `query:"unit" doc:"Served for it or one below it: id, division code or name"`
	Area     string `query:"area" doc:"Took place in this division or below: its code"`
	Campaign string `query:"campaign" doc:"Of this campaign or one below it: number or name"`
	Service  string `query:"service" doc:"Kind of service: number, short name or name"`
	Category string `query:"category" doc:"Category of volunteers: number, short name or name"`
	From     string `query:"from" doc:"First day, 2020-01-28"`
	To       string `query:"to" doc:"Last day"`
	AsOf     string `query:"as_of" doc:"RFC 3339, a day (its end) or seq:N; absent: now"`
	Since    string `query:"since" doc:"What is new since then: RFC 3339, a day (its beginning) or seq:N; value is then the difference, and it opens to what is new and to what counts no more"`
	AsOfToo  string `query:"as-of" doc:"The same, as the command line spells it"`
	By       string `query:"by" doc:"Splits: org, unit, area, day, week, category or service"`
}

type figureAnswer struct{ Body figure.Told }

type entriesQuery struct {
	FigureQuery
	After string `query:"after" pattern:"^[0-9]{1,10}\\.[01]\\.[0-9]{1,10}$" doc:"Where to go on: next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most on a page"`
}

type entriesAnswer struct {
	Body struct {
		Figure  figure.Told `json:"figure" doc:"What they add up to, without splits"`
		Entries []Entry     `json:"entries"`
		Next    string      `json:"next,omitempty" doc:"after of the next page; absent on the last"`
	}
}

// Entry is one of the things that a figure counts.
type Entry struct {
	ID    id.ID  `json:"id" doc:"Of the fact, person, record or organisation"`
	What  string `json:"what" enum:"fact,person,subject,org"`
	Name  string `json:"name,omitempty" doc:"Of an organisation; of a person, masked"`
	Gone  bool   `json:"gone,omitempty" doc:"It counted at the moment since which is asked, and does no more; qty is negative then"`
	Facts int64  `json:"facts" doc:"How many living facts in scope stand behind it"`
	Qty   int64  `json:"qty" doc:"What these add up to"`

	Kind     string `json:"kind,omitempty" doc:"Of a fact: its kind"`
	Day      string `json:"day,omitempty" doc:"Of a fact"`
	Subject  id.ID  `json:"subject,omitempty" doc:"Of a fact: the record that it is about"`
	Person   id.ID  `json:"person,omitempty" doc:"Of a fact"`
	Org      id.ID  `json:"org,omitempty" doc:"Of a fact: who organised it"`
	Unit     id.ID  `json:"unit,omitempty" doc:"Of a fact: whom they served for"`
	Grade    string `json:"grade,omitempty" enum:"recorded,confirmed,declared" doc:"Of a fact: how well its quantity is known"`
	Seq      int64  `json:"seq,omitempty" doc:"Of a fact: its number in the ledger"`
	Reversed bool   `json:"reversed,omitempty" doc:"Of a fact: taken back after the moment of the figure"`
}

// whats are what the entries of each measure are.
var whats = map[ledger.Measure]string{ledger.Facts: "fact", ledger.Persons: "person", ledger.Subjects: "subject", ledger.Orgs: "org"}

func (s *Site) getFigure(ctx context.Context, in *FigureQuery) (*figureAnswer, error) {
	q, err := s.question(ctx, in)
	if err != nil {
		return nil, err
	}
	a, err := s.Figures.At(ctx, q)
	if err != nil {
		return nil, err
	}
	return &figureAnswer{a.Tell(callIn(ctx).lang)}, nil
}

// question reads the parameters and keeps the caller within what she reaches.
func (s *Site) question(ctx context.Context, in *FigureQuery) (q figure.Query, err error) {
	if in.AsOf == "" {
		in.AsOf = in.AsOfToo
	}
	actor := callIn(ctx).actor
	err = s.DB.Snapshot(ctx, func(r db.Reader) error {
		if q, err = figure.Parse(ctx, r, in.Key, figure.Words{Org: in.Org, Unit: in.Unit, Area: in.Area, Campaign: in.Campaign,
			Service: in.Service, Category: in.Category, From: in.From, To: in.To, AsOf: in.AsOf, Since: in.Since, By: in.By}); err != nil {
			return err
		}
		return figure.Permit(ctx, r, actor, &q)
	})
	return q, err
}

func (s *Site) listEntries(ctx context.Context, in *entriesQuery) (*entriesAnswer, error) {
	q, err := s.question(ctx, &in.FigureQuery)
	if err != nil {
		return nil, err
	}
	page, err := s.Figures.Entries(ctx, q, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	names, err := s.entryNames(ctx, page.Entries)
	out := &entriesAnswer{}
	out.Body.Figure, out.Body.Next, out.Body.Entries = page.Answer.Tell(callIn(ctx).lang), page.Next, make([]Entry, len(page.Entries))
	for i, e := range page.Entries {
		out.Body.Entries[i] = entry(e, names[e.ID])
	}
	return out, err
}

// entryNames are the names of the persons, masked, and of the organisations of a page.
func (s *Site) entryNames(ctx context.Context, entries []figure.Entry) (map[id.ID]string, error) {
	byMeasure := map[ledger.Measure][]id.ID{}
	for _, e := range entries {
		byMeasure[e.Of] = append(byMeasure[e.Of], e.ID)
	}
	if orgs := byMeasure[ledger.Orgs]; len(orgs) > 0 {
		return org.Names(ctx, s.DB, orgs)
	}
	names, err := people.Names(ctx, s.DB, s.Keys, byMeasure[ledger.Persons])
	for at, name := range names {
		names[at] = people.Mask(people.FieldName, name)
	}
	return names, err
}

func entry(e figure.Entry, name string) Entry {
	out := Entry{ID: e.ID, What: whats[e.Of], Name: name, Facts: e.Facts, Qty: e.Qty, Gone: e.Gone}
	if f := e.Fact; f != nil {
		out.Kind, out.Day, out.Subject, out.Person, out.Org, out.Unit = f.Key, f.Day, f.Subject, f.Person, e.Org, e.Unit
		out.Grade, out.Seq, out.Reversed = string(f.Grade), f.Seq, f.Reversed
	}
	return out
}
