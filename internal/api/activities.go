package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

func (s *Site) activities() {
	register(s.api, huma.Operation{
		OperationID: "listActivities", Method: http.MethodGet, Path: prefix + "/activities", Tags: []string{"activities"},
		Summary: "Open activities", Description: "Published activities that are not over, the first to begin first.",
		Errors: []int{422},
	}, s.listActivities)
	register(s.api, huma.Operation{
		OperationID: "getActivity", Method: http.MethodGet, Path: prefix + "/activities/{id}", Tags: []string{"activities"},
		Summary: "An activity with its posts and shifts", Description: "One that was published, whether it is still to come, over or cancelled.",
		Errors: []int{404},
	}, s.getActivity)
}

// activitiesQuery are the questions to a list of activities.
type activitiesQuery struct {
	Area     string    `query:"area" example:"321281000000" doc:"Where it takes place: this division or below; a code of 12 digits, or 2, 4, 6 or 9"`
	Service  int64     `query:"service" minimum:"1" doc:"Number of a kind of service"`
	Campaign int64     `query:"campaign" minimum:"1" doc:"Number of a campaign: of it or what is below it"`
	From     time.Time `query:"from" doc:"Runs at or after this moment"`
	To       time.Time `query:"to" doc:"Begins before this moment"`
	After    string    `query:"after" pattern:"^[0-9]{1,15}\\.[0-9]{6}-[0-9a-z]{16}$" doc:"Where to go on: next of the page before"`
	Limit    int       `query:"limit" minimum:"1" maximum:"30" default:"30" doc:"Most on a page"`
}

type activitiesAnswer struct {
	Body struct {
		Activities []ActivityRow `json:"activities"`
		Next       string        `json:"next,omitempty" doc:"after of the next page; absent on the last"`
	}
}

// ActivityRow is an activity as lists show it.
type ActivityRow struct {
	ID       id.ID        `json:"id"`
	Title    string       `json:"title"`
	Org      Named[id.ID] `json:"org" doc:"The organiser"`
	Service  Named[int64] `json:"service" doc:"The kind of service"`
	Campaign int64        `json:"campaign,omitempty" doc:"Number of its campaign"`
	Place    string       `json:"place" doc:"Where, in words"`
	Area     string       `json:"area" doc:"Where: division code of 12 digits"`
	State    string       `json:"state" enum:"published,settled,cancelled" doc:"Settled: over, its hours counted"`
	Phase    string       `json:"phase,omitempty" enum:"coming,running,ended" doc:"By the clock; absent when cancelled"`
	Starts   time.Time    `json:"starts" doc:"When its first shift begins"`
	Ends     time.Time    `json:"ends" doc:"When its last shift ends"`
	Signup   string       `json:"signup" enum:"open,approval" doc:"open: accepted while a place is free; approval: the leader decides on each"`
	Waitlist bool         `json:"waitlist" doc:"Whether there is a waiting list when a shift is full"`
	Risky    bool         `json:"risky" doc:"Not for minors"`
}

// Named is the id or number of something with its name.
type Named[T any] struct {
	ID   T      `json:"id"`
	Name string `json:"name"`
}

func (s *Site) listActivities(ctx context.Context, in *activitiesQuery) (*activitiesAnswer, error) {
	at, err := parseArea(in.Area)
	if err != nil {
		return nil, err
	}
	f := activity.Filter{Area: at, Service: in.Service, Campaign: in.Campaign, From: ms(in.From), To: ms(in.To), Limit: in.Limit}
	now := s.DB.Now()
	rows, next, err := activity.Open(ctx, s.DB, now, f, in.After)
	if err != nil {
		return nil, err
	}
	out := &activitiesAnswer{}
	out.Body.Next, out.Body.Activities = next, make([]ActivityRow, len(rows))
	for i, r := range rows {
		out.Body.Activities[i] = activityRow(r.Activity, r.OrgName, r.ServiceName, now)
	}
	return out, nil
}

func activityRow(a activity.Activity, org, service string, now time.Time) ActivityRow {
	return ActivityRow{
		ID: a.ID, Title: a.Title, Org: Named[id.ID]{a.Org, org}, Service: Named[int64]{a.Service, service}, Campaign: a.Campaign,
		Place: a.Place, Area: a.Area.String(), State: string(a.State), Phase: string(a.Phase(now)), Starts: moment(a.Starts), Ends: moment(a.Ends),
		Signup: string(a.Signup), Waitlist: a.Waitlist, Risky: a.Risky,
	}
}

type activityPath struct {
	ID string `path:"id" example:"321281-01jd3k8zq4w7c2xv"`
}

type activityAnswer struct{ Body Activity }

// Activity is an activity with all that is public of it.
type Activity struct {
	ActivityRow
	Content    string  `json:"content" doc:"What is done"`
	Conditions string  `json:"conditions,omitempty" doc:"Who may take part"`
	How        string  `json:"how,omitempty" doc:"How to sign up"`
	Risks      string  `json:"risks,omitempty"`
	Protection string  `json:"protection,omitempty" doc:"What is offered against the risks"`
	Contact    string  `json:"contact,omitempty" doc:"Telephone of the organiser's office"`
	Reason     string  `json:"reason,omitempty" doc:"Why it was cancelled"`
	Version    int64   `json:"version" doc:"1 at publication, one more with each change"`
	Posts      []Post  `json:"posts"`
	Shifts     []Shift `json:"shifts" doc:"By time"`
}

// Post is one kind of duty.
type Post struct {
	ID           id.ID    `json:"id"`
	Name         string   `json:"name"`
	Duty         string   `json:"duty,omitempty" doc:"What there is to do"`
	MinAge       int64    `json:"min_age,omitempty" doc:"Years; absent: no limit"`
	MaxAge       int64    `json:"max_age,omitempty" doc:"Years; absent: no limit"`
	Skill        string   `json:"skill,omitempty" doc:"What one must be able to do"`
	Certificates []string `json:"certificates,omitempty" doc:"What one must hold on the day, seen by the organiser's staff"`
	Risky        bool     `json:"risky" doc:"Not for minors"`
}

// Shift is one turn of a post.
type Shift struct {
	ID            id.ID     `json:"id"`
	Post          id.ID     `json:"post"`
	Starts        time.Time `json:"starts"`
	Ends          time.Time `json:"ends"`
	State         string    `json:"state" enum:"open,cancelled"`
	Places        int64     `json:"places" doc:"For primaries"`
	Taken         int64     `json:"taken" doc:"Of places, offers that wait to be confirmed included"`
	StandbyPlaces int64     `json:"standby_places" doc:"For standbys, who step in"`
	StandbyTaken  int64     `json:"standby_taken"`
	Waiting       int64     `json:"waiting" doc:"People on the waiting list"`
}

func (s *Site) getActivity(ctx context.Context, in *activityPath) (out *activityAnswer, err error) {
	key, err := id.Parse(in.ID)
	if err != nil {
		return nil, fail.New(fail.NotFound, "activity.unknown")
	}
	err = s.DB.Snapshot(ctx, func(r db.Reader) error {
		a, err := publicActivity(ctx, r, key)
		if err != nil {
			return err
		}
		out = &activityAnswer{}
		out.Body, err = describe(ctx, r, a, s.DB.Now())
		return err
	})
	return out, err
}

// publicActivity reads an activity that everybody may see.
func publicActivity(ctx context.Context, r db.Reader, key id.ID) (activity.Activity, error) {
	a, err := activity.Get(ctx, r, key)
	if err == nil && a.Published == 0 {
		err = fail.New(fail.NotFound, "activity.unknown")
	}
	return a, err
}

func describe(ctx context.Context, r db.Reader, a activity.Activity, now time.Time) (Activity, error) {
	o, err := org.Get(ctx, r, a.Org)
	if err != nil {
		return Activity{}, err
	}
	service, err := activity.ServiceOf(ctx, r, a.Service)
	if err != nil {
		return Activity{}, err
	}
	out := Activity{
		ActivityRow: activityRow(a, o.Name, service.Name, now), Content: a.Content, Conditions: a.Conditions, How: a.How,
		Risks: a.Risks, Protection: a.Protection, Contact: a.Contact, Version: a.Version,
	}
	if a.State == activity.Cancelled {
		out.Reason = a.Reason
	}
	if out.Posts, err = posts(ctx, r, a.ID); err != nil {
		return out, err
	}
	out.Shifts, err = shifts(ctx, r, a.ID)
	return out, err
}

func posts(ctx context.Context, r db.Reader, of id.ID) ([]Post, error) {
	all, err := activity.Posts(ctx, r, of)
	if err != nil {
		return nil, err
	}
	skills, err := people.Skills(ctx, r)
	names := map[int64]string{}
	for _, k := range skills {
		names[k.ID] = k.Name
	}
	if err != nil {
		return nil, err
	}
	kinds, err := people.CertificateNames(ctx, r)
	out := make([]Post, len(all))
	for i, p := range all {
		out[i] = Post{p.ID, p.Name, p.Duty, p.MinAge, p.MaxAge, names[p.Skill], nil, p.Risky}
		for _, k := range p.Certificates.List() {
			out[i].Certificates = append(out[i].Certificates, kinds[k])
		}
	}
	return out, err
}

// shifts are those that were ever open.
func shifts(ctx context.Context, r db.Reader, of id.ID) ([]Shift, error) {
	all, err := roster.Of(ctx, r, of)
	out := make([]Shift, 0, len(all))
	for _, t := range all {
		if t.State == "draft" {
			continue
		}
		out = append(out, Shift{
			t.ID, t.Post, moment(t.Starts), moment(t.Ends), t.State, t.Places, t.Taken, t.StandbyPlaces, t.StandbyTaken, t.Waiting,
		})
	}
	return out, err
}

// parseArea reads a division's code; none is 0.
func parseArea(digits string) (area.Code, error) {
	if digits == "" {
		return 0, nil
	}
	at, err := area.Parse(digits)
	return at, fail.At("area", err)
}

// moment is a time as it is told: in the product's zone. One that is not known is absent.
func moment(ms int64) time.Time { return db.Time(ms).In(i18n.Zone()) }

// ms is a moment as it is stored, 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return db.MS(t)
}
